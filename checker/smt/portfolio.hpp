// All SMT engines together: what `--engine smt` is.
#pragma once

#include "checker/result.hpp"

namespace hotproof::checker::smt {

// Bounded model checking (bmc.hpp) and proofs (prove.hpp) side by side, in two threads. A violation is a shortest one,
// found by the former; only if a limit ends the search before, it may be one that the latter has found
// (PropertyResult::shortest is false then). Without limits the search ends when everything is decided. With
// Options::in_turn proofs come first, then runs.
//
// PropertyResult::engine is "bmc", "k-induction" or "pdr". If the two contradict each other, that is
// Result::internal_error. `system` must have no fault (ir::fault_in). Options::check_claims has no meaning here.
Result decide(const ir::TransitionSystem& system, const Options& options);

}  // namespace hotproof::checker::smt
