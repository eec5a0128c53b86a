#include "model/ir/passes/movers.hpp"

#include <algorithm>

#include "model/ir/passes/mistake.hpp"

namespace hotproof::ir {

namespace {

constexpr std::size_t most_values_of_a_commutation = 1U << 16U;

bool meets(const std::vector<VarId>& a, const std::vector<VarId>& b) {
  return std::any_of(a.begin(), a.end(), [&](VarId var) { return std::binary_search(b.begin(), b.end(), var); });
}

void sort_unique(std::vector<VarId>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

// Two actors cannot both hold what they claim.
bool exclude(const std::vector<LockClaim>& a, const std::vector<LockClaim>& b) {
  for (const LockClaim& x : a)
    for (const LockClaim& y : b)
      if (x.lock == y.lock && (x.mode == LockMode::write || y.mode == LockMode::write)) return true;
  return false;
}

}  // namespace

ExprId holds_claim(TransitionSystem& system, ActorId actor, const LockClaim& claim) {
  const Lock& lock = system.locks[index(claim.lock)];
  const ExprId writes = lock.held_write[index(actor)];
  return claim.mode == LockMode::write ? writes : system.pool.or_(writes, lock.held_read[index(actor)]);
}

ExprId after(TransitionSystem& system, const Transition& transition, ExprId expr) {
  if (transition.updates.empty()) return expr;
  std::vector<std::pair<VarId, ExprId>> values;
  values.reserve(transition.updates.size());
  for (const Update& update : transition.updates) values.emplace_back(update.var, update.value);
  return system.pool.substitute(expr, values);
}

Movers::Movers(TransitionSystem& system)
    : system_(system),
      domains_(hotproof::ir::domains(system)),
      groups_(system.variables.size()),
      control_read_(system.actors.size(), false),
      known_(system.transitions.size(), -1) {
  for (std::size_t i = 0; i < system.transitions.size(); ++i) {
    const Transition& t = system.transitions[i];
    touches_.push_back(touch_of(t));
    const auto join = [&](VarId var, bool writes) {
      auto& groups = groups_[index(var)];
      const auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
        return group.actor == t.actor && group.writes == writes && group.held == t.held;
      });
      if (found != groups.end())
        found->members.push_back(i);
      else
        groups.push_back({t.actor, writes, t.held, {i}});
    };
    for (const VarId var : touches_.back().reads) join(var, false);
    for (const VarId var : touches_.back().writes) join(var, true);
    for (const Event& event : t.events)
      for (const ExprId arg : event.args) note_control_read(arg);
  }
  for (const Property& property : system.properties) note_control_read(property.expr);
  for (const Lock& lock : system.locks) {
    for (const ExprId expr : lock.held_write) note_control_read(expr);
    for (const ExprId expr : lock.held_read) note_control_read(expr);
  }
  for (const auto& [name, expr] : system.symbols) note_control_read(expr);
}

const std::vector<VarId>& Movers::variables(ExprId expr) {
  const auto [found, fresh] = variables_.try_emplace(expr);
  if (fresh) found->second = system_.pool.variables(expr);
  return found->second;
}

void Movers::note_control_read(ExprId expr) {
  for (const VarId var : variables(expr)) {
    if (system_[var].role != Role::control) continue;
    for (std::size_t a = 0; a < system_.actors.size(); ++a)
      if (system_.actors[a].control == var) control_read_[a] = true;
  }
}

void Movers::add_reads(Touch& touch, ExprId expr) {
  for (const VarId var : variables(expr)) {
    if (system_[var].role == Role::control)
      touch.reads_control = true;
    else
      touch.reads.push_back(var);
  }
  note_control_read(expr);
}

Movers::Touch Movers::touch_of(const Transition& transition) {
  Touch touch;
  if (mistake_for_tests() != Mistake::forget_reads) add_reads(touch, transition.guard);
  for (const Update& update : transition.updates) {
    add_reads(touch, update.value);
    touch.writes.push_back(update.var);
  }
  for (const Assertion& assertion : transition.assertions) add_reads(touch, assertion.holds);
  for (const Hit& hit : transition.hits) add_reads(touch, hit.when);
  sort_unique(touch.reads);
  sort_unique(touch.writes);
  return touch;
}

bool Movers::writes_any(std::size_t transition, const std::vector<VarId>& list) const {
  return meets(touches_[transition].writes, list);
}

bool Movers::is_left_mover(std::size_t transition) {
  signed char& known = known_[transition];
  if (known >= 0) return known != 0;
  const LockEffect effect = system_.transitions[transition].lock_effect;
  const Touch& touch = touches_[transition];
  bool moves = (effect == LockEffect::none || effect == LockEffect::releases) && !touch.reads_control;
  const auto check = [&](VarId var, bool writes) {
    for (const Group& group : groups_[index(var)]) moves = moves && passes(transition, var, writes, group);
  };
  for (const VarId var : touch.reads) check(var, false);
  for (const VarId var : touch.writes) check(var, true);
  known = moves ? 1 : 0;
  return moves;
}

bool Movers::passes(std::size_t transition, VarId var, bool writes, const Group& group) {
  const Transition& t = system_.transitions[transition];
  if (group.actor == t.actor || (!writes && !group.writes) || exclude(t.held, group.held)) return true;
  if (t.lock_effect != LockEffect::releases || system_[var].role != Role::lock || !t.lock) return false;
  if (system_.locks[index(t.lock->lock)].tried) return false;
  return std::all_of(group.members.begin(), group.members.end(),
                     [&](std::size_t other) { return release_commutes(transition, other); });
}

// Claims on the lock that a transition's actor makes at `from`, as a condition on the state.
ExprId Movers::on_lock(const Transition& t, LockId lock) {
  ExprId out = system_.pool.truth(true);
  for (const LockClaim& claim : t.held) {
    if (claim.lock == lock) out = system_.pool.and_(out, holds_claim(system_, t.actor, claim));
  }
  return out;
}

// Where s and then t can fire, as far as guards and the claims on the lock that t releases tell.
ExprId Movers::can_follow(const Transition& t, const Transition& s) {
  return system_.pool.all(
      std::vector<ExprId>{on_lock(t, t.lock->lock), on_lock(s, t.lock->lock), s.guard, after(system_, s, t.guard)});
}

// t and then s can fire too, to the same effect.
ExprId Movers::commutation(const Transition& t, const Transition& s) {
  ExprPool& pool = system_.pool;
  ExprId same = pool.and_(t.guard, after(system_, t, s.guard));
  const auto unmoved = [&](ExprId expr, const Transition& by) {
    same = pool.and_(same, pool.eq(expr, after(system_, by, expr)));
  };
  for (const Assertion& assertion : s.assertions) unmoved(assertion.holds, t);
  for (const Hit& hit : s.hits) unmoved(hit.when, t);
  for (const Assertion& assertion : t.assertions) unmoved(assertion.holds, s);
  for (const Hit& hit : t.hits) unmoved(hit.when, s);
  for (const auto* list : {&t.updates, &s.updates}) {
    for (const Update& update : *list) {
      const ExprId t_last = after(system_, s, after(system_, t, system_.read(update.var)));
      const ExprId s_last = after(system_, t, after(system_, s, system_.read(update.var)));
      same = pool.and_(same, pool.eq(t_last, s_last));
    }
  }
  return same;
}

bool Movers::release_commutes(std::size_t transition, std::size_t other) {
  const Transition& t = system_.transitions[transition];
  const Transition& s = system_.transitions[other];
  std::vector<std::uint64_t> key;
  const auto add = [&](auto id) { key.push_back(static_cast<std::uint64_t>(id)); };
  for (const Transition* x : {&t, &s}) {
    add(x->actor);
    add(x->guard);
    add(on_lock(*x, t.lock->lock));
    add(x->updates.size());
    for (const Update& update : x->updates) add(update.var), add(update.value);
    add(x->assertions.size());
    for (const Assertion& assertion : x->assertions) add(assertion.holds);
    add(x->hits.size());
    for (const Hit& hit : x->hits) add(hit.when);
  }
  if (const auto found = commutes_.find(key); found != commutes_.end()) return found->second;
  const ExprId both = can_follow(t, s);
  bool commutes = contradicts(system_.pool, both);
  if (!commutes) {
    const ExprId same = system_.pool.or_(system_.pool.not_(both), commutation(t, s));
    commutes = always_true(system_.pool, same, domains_, most_values_of_a_commutation);
  }
  return commutes_[key] = commutes;
}

}  // namespace hotproof::ir
