// Proofs of all properties of a system: facts first (lemmas.hpp), what follows from them at once, k-induction with
// them, then PDR with them.
#pragma once

#include <cstdint>

#include "checker/result.hpp"
#include "checker/smt/exchange.hpp"

namespace hotproof::checker::smt {

// Which engines may prove what does not follow from facts alone.
struct ProofPlan {
  bool facts = true;                  // look for lemmas
  std::uint32_t induction_steps = 2;  // k-induction up to this k; 0: none
  bool directed_reachability = true;  // PDR
};

// Every property is proved, or found vacuous, or (a cover) found unreachable, with an invariant as the reason; or shown
// to be violated by a run that may be longer than need be; or left inconclusive. Each invariant has been checked by
// fresh solvers, each run by the reference interpreter. A trigger counts as reached if the exchange says so, or a run
// is found.
//
// First of all the declared ranges are proved to be kept. If that does not succeed, nothing else is proved.
//
// What the exchange says is shown is not asked for; proofs and facts are told to it. `system` must have no fault
// (ir::fault_in). Options::check_claims and Limits::depth have no meaning here.
Result prove(const ir::TransitionSystem& system, const Options& options, Exchange& exchange,
             const ProofPlan& plan = {});

}  // namespace hotproof::checker::smt
