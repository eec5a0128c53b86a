// Bounded model checking: runs of length 0, 1, 2, … are asked of the SMT solver until every property is decided, a
// limit is met, or there is no longer run.
#pragma once

#include <cstdint>

#include "checker/result.hpp"
#include "checker/smt/exchange.hpp"

namespace hotproof::checker::smt {

// The length of runs that is tried where Options says none (limits.depth == 0).
inline constexpr std::uint32_t default_depth = 40;

// All properties together, depth by depth, so the run of a violation (or of a reached cover) is a shortest one and
// `depth` its length. A property that is decided drops out, the others go on.
//
// Up to the bound nothing is proved: what is open is `inconclusive` and `bounded`, with the depth that is covered. Only
// if no run is longer than k, because every run of that length is stuck, are open properties proved (or vacuous) and
// open covers violated, the latter without a run; the result is then complete.
//
// A state outside a declared range ends the search at its depth. States that break a property count only if they and
// all before them are in range; for a transition that breaks one this is asked of the state that it leaves.
//
// Every run has been replayed by the reference interpreter, and what the solver said of its last step or state has
// been compared with the interpreter; a difference is Result::internal_error and no verdict. `system` must have no
// fault (ir::fault_in). check_claims has no meaning here.
Result bounded(const ir::TransitionSystem& system, const Options& options);

// The same beside another engine: what that one has proved drops out (and is inconclusive here), its facts help, and it
// is told what is found. Without a bound, unless Options has one.
Result bounded(const ir::TransitionSystem& system, const Options& options, Exchange& exchange);

}  // namespace hotproof::checker::smt
