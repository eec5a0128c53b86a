// Whether a mutant does what the tree does as it is: proved by comparing the two (docs/mutate.md, "Equivalent").
#pragma once

#include <string>

#include "cli/compare.hpp"

namespace hotproof::cli {

// Holds mutants against the tree as it is. What the tree does is found out once for each scenario.
class Equivalence {
 public:
  explicit Equivalence(const Subject& base);

  struct Answer {
    bool proved = false;
    std::string why;  // not proved: what only one of the two does, or what came in between
  };
  // In one scenario. Errors: as of compare_versions().
  Result<Answer> ask(const Subject& mutant, const Settings& settings);

 private:
  OldVersion base_;
};

}  // namespace hotproof::cli
