// Invariants by induction: made from what an engine found, and checked again by solvers that know nothing of how.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "checker/proof.hpp"
#include "checker/smt/solver.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::smt {

// That every actor stands at a location that it has, where its control variable could say otherwise. No transition
// leads elsewhere, so this is inductive.
std::vector<ir::ExprId> location_lemmas(ir::TransitionSystem& system);

// `clauses` are over the state, in the system's pool; each is taken once.
std::shared_ptr<const Invariant> make_invariant(const ir::TransitionSystem& system, std::span<const ir::ExprId> clauses,
                                                std::uint32_t k);

struct InvariantCheck {
  Answer answer = Answer::unknown;  // unsat: nothing speaks against it
  std::string why;                  // sat: which demand is not met; unknown: the solver's reason
};

// The first two demands of Invariant, each asked of a fresh solver.
InvariantCheck check_induction(const ir::TransitionSystem& system, const Invariant& invariant,
                               const Patience& patience);
// No state in the invariant has `bad`, an expression over the state in the system's pool; asked of a fresh solver.
InvariantCheck check_excludes(const ir::TransitionSystem& system, ir::ExprId bad, const Invariant& invariant,
                              const Patience& patience);

}  // namespace hotproof::checker::smt
