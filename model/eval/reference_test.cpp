#include "model/eval/reference.hpp"

#include <doctest/doctest.h>

#include "model/eval/interpreter.hpp"

using namespace hotproof;
using namespace hotproof::ir;

namespace {

// Two actors that take two mutexes, each `owner` 0 or 1 + actor; the second in the other order if `inverted`.
TransitionSystem philosophers(bool inverted) {
  TransitionSystem s;
  std::vector<VarId> owner;
  for (int l = 0; l < 2; ++l)
    owner.push_back(s.add_variable({.name = "owner" + std::to_string(l), .width = 2, .role = Role::lock}));
  const auto owned = [&](VarId var, std::uint64_t by) { return s.pool.eq(s.read(var), s.pool.constant(by, 2)); };
  for (int l = 0; l < 2; ++l)
    s.locks.push_back({"lock" + std::to_string(l),
                       Lock::Kind::mutex,
                       false,
                       {owned(owner[std::size_t(l)], 1), owned(owner[std::size_t(l)], 2)},
                       {s.pool.truth(false), s.pool.truth(false)}});
  for (std::uint32_t a = 0; a < 2; ++a) {
    const VarId pc = s.add_variable({.name = "pc" + std::to_string(a), .width = 2, .role = Role::control});
    s.actors.push_back({"actor" + std::to_string(a), pc, 0, 3, {2}});
    for (std::uint32_t step = 0; step < 2; ++step) {
      const std::uint32_t l = inverted && a == 1 ? 1 - step : step;
      Transition t;
      t.actor = static_cast<ActorId>(a);
      t.from = step;
      t.to = step + 1;
      t.guard = owned(owner[l], 0);
      t.updates = {{owner[l], s.pool.constant(a + 1, 2)}};
      t.lock = LockClaim{static_cast<LockId>(l), LockMode::write};
      t.lock_effect = LockEffect::acquires;
      s.transitions.push_back(t);
    }
  }
  s.properties.push_back({.id = "no-deadlock", .kind = PropertyKind::deadlock});
  return s;
}

}  // namespace

TEST_CASE("two locks taken in opposite orders are a deadlock after two steps") {
  const TransitionSystem s = philosophers(true);
  REQUIRE_FALSE(fault_in(s));
  const auto found = eval::explore(s, 100);
  REQUIRE(found);
  REQUIRE(found->properties[0]);
  CHECK(found->properties[0]->depth == 2);
  const auto replay = eval::replay(s, found->properties[0]->run);
  REQUIRE(replay);
  CHECK(eval::deadlocked(s, replay->states.back()));
}

TEST_CASE("an actor that takes a lock and rests with it does not deadlock the other, which is stuck all the same") {
  TransitionSystem s = philosophers(false);
  // Both hold nothing back: the second can never move again once the first is done, so (b) speaks at depth 2.
  const auto found = eval::explore(s, 100);
  REQUIRE(found->properties[0]);
  CHECK(found->properties[0]->depth == 2);
  // Waiting at a resting location is no deadlock.
  for (Actor& actor : s.actors) actor.resting = {0, 1, 2};
  CHECK_FALSE(eval::explore(s, 100)->properties[0]);
}

TEST_CASE("an actor that waits for itself is a deadlock") {
  TransitionSystem s = philosophers(false);
  s.transitions.resize(2);
  s.transitions[1].guard = s.transitions[0].guard;
  s.transitions[1].updates = s.transitions[0].updates;
  s.transitions[1].lock = s.transitions[0].lock;
  for (Actor& actor : s.actors) actor.resting = {0, 1, 2};
  const auto found = eval::explore(s, 100);
  REQUIRE(found->properties[0]);
  CHECK(found->properties[0]->depth == 1);
}

TEST_CASE(
    "depths: an invariant at its state, an assertion and a mark at the transition; faults do not count for some "
    "covers") {
  TransitionSystem s;
  const VarId x = s.add_variable({.name = "x", .width = 3});
  const VarId pc = s.add_variable({.name = "pc", .width = 1, .role = Role::control});
  s.actors.push_back({"actor", pc, 0, 1, {}});
  s.marks = {"at 2"};
  s.properties.push_back(
      {.id = "i", .kind = PropertyKind::invariant, .expr = s.pool.binary(Op::ult, s.read(x), s.pool.constant(2, 3))});
  s.properties.push_back({.id = "a", .kind = PropertyKind::assertion});
  s.properties.push_back({.id = "c", .kind = PropertyKind::cover});
  s.properties.push_back({.id = "f", .kind = PropertyKind::cover, .cover_without_faults = true});
  for (const std::uint64_t by : {1U, 2U}) {
    Transition t;
    t.updates = {{x, s.pool.binary(Op::add, s.read(x), s.pool.constant(by, 3))}};
    t.assertions = {{PropertyId{1}, s.pool.binary(Op::ult, s.read(x), s.pool.constant(4, 3))}};
    t.hits = {{MarkId{0}, s.pool.eq(s.read(x), s.pool.constant(2, 3))}};
    t.faults = by == 2 ? 1 : 0;
    s.transitions.push_back(t);
  }
  REQUIRE_FALSE(fault_in(s));
  const auto found = eval::explore(s, 100);
  REQUIRE(found);
  CHECK(found->states == 8);
  CHECK(found->transitions == 16);
  CHECK(found->depth == 4);
  CHECK(found->properties[0]->depth == 1);
  CHECK(found->properties[1]->depth == 3);
  CHECK(found->properties[2]->depth == 2);
  CHECK(found->properties[3]->depth == 3);
  CHECK(found->marks[0] == 2);
  for (const auto& p : found->properties) CHECK(eval::replay(s, p->run));
}

TEST_CASE("the limit ends a search") {
  CHECK_FALSE(eval::explore(philosophers(true), 3));
}
