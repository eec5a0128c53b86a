// Passes from transition system to transition system. Every verdict stays the same; shortest runs get no longer. Why
// that is so is argued in docs/reductions.md. All want a system for which ir::fault_in() returns nothing.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::ir {

// Transitions of one actor that differ only in their guard become one whose guard is the disjunction. This one runs
// first, and its output counts as the system that runs are lifted to: which of the guards was true is of no interest.
TransitionSystem merge_equal(const TransitionSystem& system);

struct MergeOptions {
  bool enabled = true;
  // A location goes only if that adds at most so many transitions (ways in times ways out, less those that go).
  std::size_t most_growth = 16;
};
// Composes steps at locations whose ways out are all left movers, invisible, and together always enabled: an actor no
// longer stops there (Lipton 1975). Relies on Transition::held, which claims_hold() lets an engine test on `system`.
// A lifted run ends in the violation or a few steps behind it, where the violation is of a step's first part.
Rewritten merge(const TransitionSystem& system, const MergeOptions& options = {});

// Leaves out variables on which no guard, property, assertion, hit, lock or kept variable depends, and locations that
// no path of the actor reaches; numbers locations anew. Events and symbols that read what goes, go with it.
Rewritten slice(const TransitionSystem& system);

// A variable that only one actor reads gets its initial value back wherever the actor cannot read it any more before
// writing it: states that differ in nothing else become one. Transitions keep their numbers.
TransitionSystem reset_dead(const TransitionSystem& system);

// Properties that hang on the same variables, their own observers apart, in one group: asked alone, a group needs but
// its own cone of influence, and often a small part of the states. Each property is in one group.
std::vector<std::vector<PropertyId>> groups(const TransitionSystem& system);

// The system with these properties only, in this order; transitions, marks and variables keep their numbers.
TransitionSystem only(const TransitionSystem& system, std::span<const PropertyId> properties);

// The way back over two passes: `second` was made from first.system.
Rewritten chain(const Rewritten& first, Rewritten second);

// By transition: a condition that is true in each reachable state in which the transition's actor stands at `from`,
// enabled or not, if its claims `held` are right: the actor holds these locks, and nobody holds one of them in a mode
// that is in the way. A checking mode tests it on the system before merge().
std::vector<ExprId> claims_hold(TransitionSystem& system);

}  // namespace hotproof::ir
