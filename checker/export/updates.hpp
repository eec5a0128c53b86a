// Updates happen at once; these languages assign one after the other.
#pragma once

#include <cstddef>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::checker::exports {

// An order of the updates (their indices) in which none reads a variable that an earlier one has assigned, but for `kept`:
// the values of these are computed, and kept aside, before the first assignment.
struct UpdateOrder {
  std::vector<std::size_t> order;
  std::vector<std::size_t> kept;  // ascending indices of updates
};
UpdateOrder order_of(const ir::ExprPool& pool, const std::vector<ir::Update>& updates);

}  // namespace hotproof::checker::exports
