#include "model/eval/twins.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace hotproof::eval {

using namespace ir;

namespace {

class Copier {
 public:
  Copier(TransitionSystem& system, const std::set<VarId>& own, const std::set<VarId>& owners, std::uint64_t name)
      : system_(system), owners_(owners), name_(name) {
    for (const VarId var : own) {
      Variable copy = system[var];
      copy.name += "'" + std::to_string(name);
      copies_[var] = system.add_variable(copy);
    }
  }

  void copy() {
    Actor actor = system_.actors.front();
    const auto id = static_cast<ActorId>(system_.actors.size());
    actor.name += "'" + std::to_string(name_);
    Variable control = system_[actor.control];
    control.name = actor.name + ".pc";
    copies_[actor.control] = system_.add_variable(control);
    actor.control = copies_[actor.control];
    system_.actors.push_back(actor);
    for (Lock& lock : system_.locks) {
      // An owner is compared with its number alone: so the copy's is one more equation.
      lock.held_write.push_back(renamed(lock.held_write.front()));
      lock.held_read.push_back(renamed(lock.held_read.front()));
    }
    const std::size_t count = system_.transitions.size();
    for (std::size_t t = 0; t < count; ++t)
      if (system_.transitions[t].actor == ActorId{0}) copy(system_.transitions[t], id);
  }

 private:
  void copy(Transition transition, ActorId actor) {
    transition.actor = actor;
    transition.guard = renamed(transition.guard);
    for (Update& update : transition.updates) {
      update.value = renamed(update.value);
      if (owners_.contains(update.var) && system_.pool[update.value].value == 1)
        update.value = system_.pool.constant(name_, system_[update.var].width);
      if (const auto copy = copies_.find(update.var); copy != copies_.end()) update.var = copy->second;
    }
    for (Event& event : transition.events)
      for (ExprId& arg : event.args) arg = renamed(arg);
    for (Assertion& assertion : transition.assertions) assertion.holds = renamed(assertion.holds);
    for (Hit& hit : transition.hits) hit.when = renamed(hit.when);
    system_.transitions.push_back(std::move(transition));
  }

  ExprId renamed(ExprId expr) {
    for (const VarId owner : owners_)
      if (expr == system_.pool.eq(system_.read(owner), system_.pool.constant(1, system_[owner].width)))
        return system_.pool.eq(system_.read(owner), system_.pool.constant(name_, system_[owner].width));
    return system_.pool.substitute(expr, [&](VarId var, int width) {
      const auto copy = copies_.find(var);
      return system_.pool.variable(copy == copies_.end() ? var : copy->second, width);
    });
  }

  TransitionSystem& system_;
  const std::set<VarId>& owners_;
  std::uint64_t name_;  // of the copy, as a lock's owner
  std::map<VarId, VarId> copies_;
};

}  // namespace

std::optional<TransitionSystem> with_twins(const TransitionSystem& base, unsigned copies) {
  TransitionSystem system = base;
  std::set<VarId> owners, own, others;
  for (std::size_t v = 0; v < system.variables.size(); ++v)
    if (system.variables[v].role == Role::lock) {
      if (system.variables[v].width == 1 || base.actors.size() + copies > truncate(~std::uint64_t{0}, system.variables[v].width))
        return std::nullopt;
      owners.insert(static_cast<VarId>(v));
    }
  for (const Transition& transition : system.transitions) {
    const Access used = access(system, transition);
    std::set<VarId>& whose = transition.actor == ActorId{0} ? own : others;
    whose.insert(used.reads.begin(), used.reads.end());
    whose.insert(used.writes.begin(), used.writes.end());
  }
  for (const Property& property : system.properties)
    if (property.kind == PropertyKind::invariant)
      for (const VarId var : system.pool.variables(property.expr)) others.insert(var);
  for (const VarId var : system.pool.variables(system.initial_condition)) others.insert(var);
  std::erase_if(own, [&](VarId var) {
    return others.contains(var) || owners.contains(var) || system[var].role == Role::control;
  });
  for (unsigned i = 0; i < copies; ++i) Copier(system, own, owners, base.actors.size() + i + 1).copy();
  return system;
}

}  // namespace hotproof::eval
