// The run that people are shown: not the shortest, but the least by (faults, context switches, steps).
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "checker/result.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker {

// Compared in this order.
struct RunCost {
  std::uint32_t faults = 0;    // injected on the way
  std::uint32_t switches = 0;  // steps whose actor is not that of the step before
  std::uint32_t steps = 0;
  friend auto operator<=>(const RunCost&, const RunCost&) = default;
};
RunCost cost(const ir::TransitionSystem& system, const ir::Run& run);

struct SimplestRun {
  ir::Run run;
  RunCost cost;
  bool minimal = true;  // no run that shows the same has a lower cost
  std::string note;     // not minimal: why
};

// The least of all runs that violate the property (for a cover: that reach it). `known` is one of them, usually the
// shortest; its cost bounds the search, and it is the answer if nothing is cheaper or if a limit of time or memory ends
// the search (without a limit, memory is bounded by 4 GiB). A depth limit is not looked at. The same answer every time.
//
// Dijkstra's algorithm (Numer. Math. 1, 1959) over pairs of a state and the actor that moved last. If the known run has
// faults, the runs without are looked at first: where none shows it, whatever has more switches than the known run cannot
// lead to the answer.
SimplestRun simplest(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& known,
                     const Options& options);

}  // namespace hotproof::checker
