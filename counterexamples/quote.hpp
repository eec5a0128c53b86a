// Lines of the source around a run, kept with it: whoever shows the run need not have the tree.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace hotproof::counterexamples {

// Lines of one file that follow each other. A function of which only parts are quoted has several.
struct Quote {
  std::string file;
  std::string function;            // that they are of, as the runs name it
  std::uint32_t first = 1;         // number of the first line
  std::vector<std::string> lines;  // as the model read them, but for blanks at their ends
  std::set<std::uint32_t> added;   // numbers of those that the patch added

  friend bool operator==(const Quote&, const Quote&) = default;
};

}  // namespace hotproof::counterexamples
