// Whether a mutant does what the tree does as it is: proved by comparing the two (docs/mutate.md, "Equivalent").
#pragma once

#include <string>

#include "cli/compare.hpp"

namespace hotproof::cli {

// Holds mutants against the tree as it is. What the tree does is found out once for each scenario.
class Equivalence {
 public:
  // `reads_count`: so do reads of struct pages. They change nothing; whether one may be done where it is done is what rules
  // say, so they need not count for whoever has asked all of these.
  Equivalence(const Subject& base, bool reads_count);

  struct Answer {
    bool proved = false;
    std::string why;           // not proved: what only one of the two does, or what came in between
    bool up_to_order = false;  // proved so only: the two statements that changed places are looked at as one step
  };
  // In one scenario. `moved`: the file in which all that the mutant does is to move a statement past its neighbour; empty:
  // it is no such mutant. Errors: as of compare_versions().
  Result<Answer> ask(const Subject& mutant, const Settings& settings, const std::string& moved = "");

 private:
  SourceTree tree_;
  OldVersion base_;
};

}  // namespace hotproof::cli
