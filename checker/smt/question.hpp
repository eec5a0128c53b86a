// What the proving engines ask of a system: can a run come to a bad state? Every property, every trigger and the
// declared ranges are such a question: what is demanded of a transition that fires is a demand on the state that it
// leaves, and a deadlock is a state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::checker::smt {

struct Question {
  enum class Kind : std::uint8_t {
    property,  // broken; or, a cover, reached
    trigger,   // a mark that some property needs so as not to be vacuous
    range      // a value outside its declared range
  };
  Kind kind = Kind::property;
  std::size_t index = 0;        // property: its number; trigger: the mark's
  ir::ExprId bad{};             // 1 bit, over the state
  bool without_faults = false;  // only runs without faults count
  bool by_a_step = false;       // the bad state is one that a step leaves which shows it: the run is one step longer
};

// These add expressions to the system's pool. `system` must have no fault (ir::fault_in).
Question about_property(ir::TransitionSystem& system, std::size_t property);
Question about_trigger(ir::TransitionSystem& system, ir::MarkId mark);
Question about_ranges(ir::TransitionSystem& system);

// The system for those runs that count for the question: where faults do not count, transitions with faults have a
// guard that is never true.
ir::TransitionSystem restricted(const ir::TransitionSystem& system, const Question& question);

// The cone of influence of a question (Clarke, Grumberg, Peled: Model Checking, 1999, section 13.1): the restricted
// system without properties and without updates of variables on which neither a guard nor the question depends. Numbers
// of variables, locations and transitions stay what they were, and so do runs: a run of the one is a run of the other,
// with the same values of all variables in the cone.
struct Cone {
  ir::TransitionSystem system;
  std::vector<bool> variables;  // by VarId: those in the cone

  // Of facts about the whole system, those that speak of the cone alone; the others are not true of `system`.
  std::vector<ir::ExprId> facts(std::span<const ir::ExprId> all) const;
};
Cone cone(const ir::TransitionSystem& system, const Question& question);

}  // namespace hotproof::checker::smt
