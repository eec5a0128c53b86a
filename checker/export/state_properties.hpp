// Properties of single states as expressions.
#pragma once

#include <cstddef>
#include <map>

#include "model/ir/system.hpp"

namespace hotproof::checker::exports {

// By number of the property: what is true in a state that does not violate it. Invariants, and no-deadlock, which is made
// into an expression in the system's pool.
std::map<std::size_t, ir::ExprId> state_properties(ir::TransitionSystem& system);

}  // namespace hotproof::checker::exports
