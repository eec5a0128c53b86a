// Copying a system while variables and locations go.
#pragma once

#include <optional>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::ir {

struct Kept {
  std::vector<bool> variables;               // by VarId
  std::vector<std::vector<bool>> locations;  // by actor, by Location; empty: all of them, numbers unchanged
  std::vector<bool> transitions{};           // by TransitionId; empty: all of them
};

// The system without what is not kept, its pool without what nobody uses. No transition that stays may touch a location
// that goes; the expressions that stay read kept variables only, but for events and symbols, which go.
// `old_variable` becomes the old ids by new ones.
TransitionSystem rebuild(const TransitionSystem& system, const Kept& kept, std::vector<VarId>& old_variable);

}  // namespace hotproof::ir
