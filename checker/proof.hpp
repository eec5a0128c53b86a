// Why an engine says "proved", in a form that others can check.
#pragma once

#include <cstdint>
#include <vector>

#include "model/ir/expr.hpp"

namespace hotproof::checker {

// An invariant of a system, by induction over k steps; 1 is plain induction. I is the conjunction of `clauses`, over the
// variables of the system that the engine was given. It proves a property if
// - initiation: I holds in every state that a run of fewer than k steps ends in;
// - consecution: a state that follows k states in a row, each with I, has I again;
// - safety: in a state with I nothing of the property is broken, by the state or by a transition that fires in it, and
//   every variable is in its declared range.
struct Invariant {
  ir::ExprPool pool;
  std::vector<ir::ExprId> clauses;
  std::uint32_t k = 1;
};

}  // namespace hotproof::checker
