// Random systems with actors that may change places: for tests of what relies on that.
#pragma once

#include <optional>

#include "model/ir/system.hpp"

namespace hotproof::eval {

// The system with `copies` more actors like its first one. What only the first touches (and no invariant reads), each
// copy has for itself; what names it as a lock's owner is followed by values of their own. Nothing where its locks have
// bits for each actor, or an owner's variable has no value left.
std::optional<ir::TransitionSystem> with_twins(const ir::TransitionSystem& system, unsigned copies);

}  // namespace hotproof::eval
