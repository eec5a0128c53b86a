// Facts about a system that help every proof: which values each variable has, which values of two variables come
// together
// ("the lock's owner is worker0 only where worker0 stands at one of these locations"), and which do while an actor
// stands at a location ("where worker0 rests, the pages are counted if the block is online"). So who is where, who owns
// which lock, and domains are all of this form.
//
// Candidates are what is seen in a search of states that stops early. None is believed: what is handed out has been
// shown to be an invariant by plain induction, all facts together. That is Houdini (Flanagan, Leino 2001), with
// weakening in the place of dropping: where a step leads out of the candidates, the new pair of values joins what has
// been seen, as in Reps, Sagiv, Yorsh: Symbolic Implementation of the Best Transformer (VMCAI 2004). So the result is
// the strongest invariant of its form, unless a limit is met.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/smt/solver.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::smt {

struct Lemmas {
  std::vector<ir::ExprId> clauses;  // over the state, in the system's pool; empty if a limit was met
  std::string reason;               // why there are none
  std::string internal_error;       // solver and interpreter differ
  std::uint32_t rounds = 0;         // of the solver
  std::uint32_t atoms = 0;          // pairs of a variable and a value
  std::size_t states = 0;           // looked at by the interpreter
};

// Adds expressions to the system's pool. `system` must have no fault (ir::fault_in).
Lemmas prove_lemmas(ir::TransitionSystem& system, const Patience& patience);

}  // namespace hotproof::checker::smt
