// Random questions about tiny systems, for the tests of this folder.
#pragma once

#include "checker/explicit/test_systems.hpp"
#include "checker/liveness/test_formulas.hpp"

namespace hotproof::checker::liveness::testing {

inline ir::TemporalQuestion random_question(Random& random) {
  explicit_state::testing::SystemBuilder s;
  const auto actors = static_cast<std::uint32_t>(1 + random.below(2));
  const ir::VarId x = s.variable("x", 1, 0, 1);
  const ir::VarId holder = s.system.add_variable({.name = "holder", .width = 2, .role = ir::Role::lock, .high = actors});
  ir::Lock lock;
  for (std::uint32_t a = 0; a < actors; ++a) {
    const auto locations = static_cast<std::uint32_t>(1 + random.below(2));
    const ir::ActorId actor = s.actor("a" + std::to_string(a), locations);
    if (random.below(3) == 0) s.system.actors[a].resting = {static_cast<ir::Location>(random.below(locations))};
    if (random.below(8) == 0) s.system.actors[a].halted = {static_cast<ir::Location>(random.below(locations))};
    lock.held_write.push_back(s.is(holder, a + 1));
    lock.held_read.push_back(s.system.pool.truth(false));
    const std::uint64_t steps = 1 + random.below(4);
    for (std::uint64_t i = 0; i < steps; ++i) {
      const auto from = static_cast<ir::Location>(random.below(locations));
      const auto to = static_cast<ir::Location>(random.below(locations));
      const ir::ExprId guard = random.below(2) == 0 ? s.is(x, random.below(2)) : s.system.pool.truth(true);
      const ir::ExprId flip = s.system.pool.not_(s.system.read(x));
      const ir::ExprId free = s.is(holder, 0), mine = s.number(holder, a + 1), nobody = s.number(holder, 0);
      ir::Transition& t = s.step(actor, from, to, "step " + std::to_string(i));
      t.guard = guard;
      if (random.below(2) == 0) t.updates.push_back({x, flip});
      switch (random.below(6)) {
        case 0:
          t.guard = s.system.pool.and_(guard, free);
          t.updates.push_back({holder, mine});
          t.lock_effect = random.below(2) == 0 ? ir::LockEffect::acquires : ir::LockEffect::tries;
          t.lock = ir::LockClaim{};
          break;
        case 1:
          t.updates.push_back({holder, nobody});
          t.lock_effect = ir::LockEffect::releases;
          t.lock = ir::LockClaim{};
          break;
        case 2:
          t.choice = ir::Choice::free;
          break;
        case 3:
          t.choice = ir::Choice::fault;
          t.faults = 1;
          break;
        default:
          break;
      }
    }
  }
  s.system.locks.push_back(lock);
  ir::TemporalQuestion out;
  s.invariant(s.is(x, 1));
  out.atoms.push_back({false, ir::PropertyId{0}, {}, "x"});
  for (int i = 0; i < 2; ++i) {
    const ir::MarkId mark = s.mark("m");
    for (ir::Transition& t : s.system.transitions)
      if (random.below(3) == 0) t.hits.push_back({mark, random.below(3) == 0 ? s.is(x, 0) : s.system.pool.truth(true)});
    out.atoms.push_back({true, {}, mark, "m"});
  }
  out.system = s.system;
  const ir::Assumptions assumptions{random.below(2) == 0, random.below(2) == 0};
  const ir::FormulaId formula = random_formula(out.formulas, random, 2, 3);
  out.properties = {{"p", "", "", ir::Confidence::high, assumptions, {{"", formula}}, {}}};
  return out;
}

}  // namespace hotproof::checker::liveness::testing
