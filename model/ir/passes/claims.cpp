#include <map>

#include "model/ir/passes/passes.hpp"

namespace hotproof::ir {

namespace {

ExprId claim_holds(TransitionSystem& system, std::size_t actor, const LockClaim& claim) {
  ExprPool& pool = system.pool;
  const Lock& lock = system.locks[index(claim.lock)];
  const bool writes = claim.mode == LockMode::write;
  ExprId out = lock.held_write[actor];
  if (!writes) out = pool.or_(out, lock.held_read[actor]);
  for (std::size_t other = 0; other < system.actors.size(); ++other) {
    if (other == actor) continue;
    out = pool.and_(out, pool.not_(lock.held_write[other]));
    if (writes) out = pool.and_(out, pool.not_(lock.held_read[other]));
  }
  return out;
}

}  // namespace

std::vector<ExprId> claims_hold(TransitionSystem& system) {
  std::map<std::pair<ActorId, LockClaim>, ExprId> known;
  std::vector<ExprId> out;
  for (const Transition& t : system.transitions) {
    ExprId all = system.pool.truth(true);
    for (const LockClaim& claim : t.held) {
      const auto [found, fresh] = known.try_emplace({t.actor, claim});
      if (fresh) found->second = claim_holds(system, index(t.actor), claim);
      all = system.pool.and_(all, found->second);
    }
    out.push_back(all);
  }
  return out;
}

}  // namespace hotproof::ir
