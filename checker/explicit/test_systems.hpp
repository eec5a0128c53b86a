// Small systems made by hand, for the tests of this folder.
#pragma once

#include <string>
#include <vector>

#include "checker/result.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::explicit_state::testing {

class SystemBuilder {
 public:
  ir::TransitionSystem system;

  ir::ActorId actor(const std::string& name, std::uint32_t locations, std::vector<ir::Location> resting = {}) {
    ir::Variable control{.name = name + ".pc", .width = 16, .role = ir::Role::control};
    control.high = locations - 1;
    const ir::VarId var = system.add_variable(control);
    system.actors.push_back({name, var, 0, locations, std::move(resting)});
    return static_cast<ir::ActorId>(system.actors.size() - 1);
  }
  ir::VarId variable(const std::string& name, int width, std::uint64_t low = 0, std::uint64_t high = 0) {
    return system.add_variable({.name = name, .width = width, .initial = low, .low = low, .high = high});
  }
  ir::Transition& step(ir::ActorId actor, ir::Location from, ir::Location to, const std::string& text = "step") {
    ir::Transition transition;
    transition.actor = actor;
    transition.from = from;
    transition.to = to;
    transition.text = text;
    system.transitions.push_back(transition);
    return system.transitions.back();
  }
  // var := var + 1, while var < limit.
  ir::Transition& count(ir::ActorId actor, ir::VarId var, std::uint64_t limit) {
    ir::Transition& transition = step(actor, 0, 0, "count");
    transition.guard = less(var, limit);
    transition.updates.push_back({var, system.pool.binary(ir::Op::add, system.read(var), number(var, 1))});
    return transition;
  }
  ir::ExprId number(ir::VarId var, std::uint64_t value) { return system.pool.constant(value, system[var].width); }
  ir::ExprId less(ir::VarId var, std::uint64_t value) {
    return system.pool.binary(ir::Op::ult, system.read(var), number(var, value));
  }
  ir::ExprId is(ir::VarId var, std::uint64_t value) { return system.pool.eq(system.read(var), number(var, value)); }
  ir::Property& property(ir::PropertyKind kind, const std::string& id = {}) {
    const std::string numbered = "p" + std::to_string(system.properties.size());
    system.properties.push_back({.id = id.empty() ? numbered : id, .kind = kind});
    return system.properties.back();
  }
  void invariant(ir::ExprId holds) { property(ir::PropertyKind::invariant).expr = holds; }
  ir::MarkId mark(const std::string& name) {
    system.marks.push_back(name);
    return static_cast<ir::MarkId>(system.marks.size() - 1);
  }
};

// `counters` actors that count from 0 to `limit` each, in any order: (limit + 1)^counters states.
inline SystemBuilder counters(int count, std::uint64_t limit, int width = 16) {
  SystemBuilder out;
  for (int i = 0; i < count; ++i) {
    const ir::ActorId actor = out.actor("counter" + std::to_string(i), 1, {0});
    out.count(actor, out.variable("x" + std::to_string(i), width, 0, limit), limit);
  }
  return out;
}

// Two actors that take two mutexes in opposite orders and give them back.
inline SystemBuilder opposite_orders() {
  SystemBuilder out;
  for (int actor = 0; actor < 2; ++actor) out.actor("actor" + std::to_string(actor), 4, {0});
  ir::VarId holder[2];  // 0: nobody, else the actor's number plus one
  for (int i = 0; i < 2; ++i) {
    holder[i] = out.variable("lock" + std::to_string(i), 2, 0, 2);
    ir::Lock lock;
    lock.name = "lock" + std::to_string(i);
    for (std::uint64_t actor = 0; actor < 2; ++actor) {
      lock.held_write.push_back(out.is(holder[i], actor + 1));
      lock.held_read.push_back(out.system.pool.truth(false));
    }
    out.system.locks.push_back(lock);
  }
  for (std::uint32_t actor = 0; actor < 2; ++actor) {
    for (std::uint32_t at = 0; at < 4; ++at) {
      const std::uint32_t lock = (actor + at) % 2;
      const ir::ExprId free = out.is(holder[lock], 0);
      const ir::ExprId value = out.number(holder[lock], at < 2 ? actor + 1 : 0);
      ir::Transition& t = out.step(static_cast<ir::ActorId>(actor), at, (at + 1) % 4, at < 2 ? "lock" : "unlock");
      if (at < 2) t.guard = free;
      t.updates.push_back({holder[lock], value});
      t.lock_effect = at < 2 ? ir::LockEffect::acquires : ir::LockEffect::releases;
      t.lock = ir::LockClaim{static_cast<ir::LockId>(lock), ir::LockMode::write};
    }
  }
  return out;
}

}  // namespace hotproof::checker::explicit_state::testing
