#include "checker/export/state_properties.hpp"

#include "checker/result.hpp"

namespace hotproof::checker::exports {

std::map<std::size_t, ir::ExprId> state_properties(ir::TransitionSystem& system) {
  std::map<std::size_t, ir::ExprId> out;
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    if (system.properties[i].kind == ir::PropertyKind::invariant) out[i] = system.properties[i].expr;
    if (system.properties[i].kind == ir::PropertyKind::deadlock) out[i] = system.pool.not_(deadlocked(system));
  }
  return out;
}

}  // namespace hotproof::checker::exports
