// Exhaustive search for all values of a system's parameters at once.
//
// A parameter is a variable that is free initially and that no transition writes: a size, an address. The search goes
// through states as the explicit engine does, but a variable may hold an expression over the initial values of the free
// variables instead of a number, and each state carries a condition on them, under which it is reached: symbolic
// execution (King, CACM 19, 1976) with states in common. Guards, demands and ranges are decided by the solver under
// that condition; what depends on the parameters goes on both ways, each with a stronger condition. Expressions are kept
// in a normal form (model/ir/canonical.hpp), so that adding and subtracting a size comes back to the same state. Why the
// answer is right is argued in docs/symbolic-sizes.md.
#pragma once

#include <vector>

#include "checker/result.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker {

// Ascending. Those whose range has one value are none.
std::vector<ir::VarId> parameters(const ir::TransitionSystem& system);

// As explore(), with runs whose initial state has the least numbers that show the same (powers of two before others,
// variable by variable in their order). The search does not always end: where values grow without end, or conditions
// become finer without end, it stops and says so. A system without an initial state is "inconclusive".
Result explore_parameters(const ir::TransitionSystem& system, const Options& options);

}  // namespace hotproof::checker
