// Property directed reachability: a proof grows from counterexamples to induction, in clauses.
//
// Bradley: SAT-Based Model Checking without Unrolling (VMCAI 2011); delta frames, obligations in a queue, lifting and
// the form of the whole from Eén, Mishchenko, Brayton: Efficient Implementation of Property Directed Reachability
// (FMCAD 2011); literals are dropped as there, with counterexamples to generalization blocked on the way as in Hassan,
// Bradley, Somenzi: Better Generalization in IC3 (FMCAD 2013).
//
// Cubes are over values of variables first and over their bits then (see cube.hpp): variables of our systems are mostly
// small enumerations, and a value that matters as a whole is found with one question instead of one for each bit.
#pragma once

#include <cstdint>
#include <span>

#include "checker/smt/safety.hpp"
#include "checker/smt/solver.hpp"

namespace hotproof::checker::smt {

struct PdrOptions {
  Patience patience;
  std::uint32_t most_frames = 0;  // 0: no limit
  // A run that is found is a shortest one: obligations are met at their own level only, not at higher ones too. Proofs
  // and deep runs take longer then.
  bool shortest = false;
  bool bits = false;                  // drop single bits of what is left of a cube, too
  int counterexamples = 3;            // to generalization that are blocked for each literal; 0: none
  std::uint32_t rebuild_after = 400;  // questions until the solver is built anew
};

// Can a run come to a state in which `bad` is true? `lemmas` are true in all reachable states. Both are expressions
// over the state in the system's pool, to which clauses are added. `system` must have no fault (ir::fault_in).
//
// A run that is given has been followed by the reference interpreter, and need not be a shortest one. Nobody has
// checked the clauses.
SafetyAnswer pdr(ir::TransitionSystem& system, ir::ExprId bad, std::span<const ir::ExprId> lemmas,
                 const PdrOptions& options);

}  // namespace hotproof::checker::smt
