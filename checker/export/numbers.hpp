// How the values of variables are written where numbers are small: Promela's int holds 31 bits and a sign, Murphi's
// ranges cost a bit for each power of two. A variable is written as it is, or as an index into the list of its values.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/result.hpp"
#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::checker::exports {

struct Numbers {
  // Those that occur, ascending; empty: any of the width (which is then small enough to be written as it is).
  std::vector<std::uint64_t> values;
  bool indexed = false;    // a value is written as its place in `values`
  std::uint64_t most = 0;  // the largest number that is written
};

// The number that stands for a value; nothing for one that does not occur.
std::optional<std::uint64_t> number_of(const Numbers& numbers, std::uint64_t value);

// By variable. A control variable has its actor's locations. Of the others, values are found by propagation through the
// updates (ir::domains); if some variable of more than 8 bits has too many of them that way, all reachable states are
// explored, and each variable has exactly the values that it has in them. Error: that search did not end within
// the limits of `options`, or a value left its declared range.
Outcome<std::vector<Numbers>> numbers_of(const ir::TransitionSystem& system, const Options& options);

}  // namespace hotproof::checker::exports
