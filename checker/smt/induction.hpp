// k-induction: what holds in the first k states of every run, and follows from k states in a row in which it holds,
// holds.
//
// Sheeran, Singh, Stålmarck: Checking Safety Properties Using Induction and a SAT-Solver (FMCAD 2000). That the states
// in a row are different, which makes the method complete, is demanded only of those that the solver made equal (Eén,
// Sörensson: Temporal Induction by Incremental SAT Solving, BMC 2003).
#pragma once

#include <cstdint>
#include <span>

#include "checker/smt/safety.hpp"
#include "checker/smt/solver.hpp"

namespace hotproof::checker::smt {

struct InductionOptions {
  Patience patience;
  std::uint32_t most_steps = 0;  // 0: no limit
  bool simple_paths = false;     // demand that states differ where nothing else helps
};

// Can a run come to a state in which `bad` is true? `lemmas` are true in all reachable states. Both are expressions
// over the state in the system's pool, to which clauses are added. `system` must have no fault (ir::fault_in).
//
// A run that is given is a shortest one, followed by the reference interpreter. Where the lemmas alone exclude bad
// states, there are no clauses.
SafetyAnswer k_induction(ir::TransitionSystem& system, ir::ExprId bad, std::span<const ir::ExprId> lemmas,
                         const InductionOptions& options);

}  // namespace hotproof::checker::smt
