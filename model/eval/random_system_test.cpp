#include "model/eval/random_system.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "model/eval/interpreter.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using namespace hotproof::ir;

namespace {

constexpr int seeds = 400;

// The last state, or the last transition with the state it leaves, shows what the run is for.
bool shows(const TransitionSystem& s, PropertyId id, const eval::Shortest& found) {
  const auto replay = eval::replay(s, found.run);
  if (!replay || found.run.steps.size() != found.depth) return false;
  const Property& p = s.properties[index(id)];
  const State& last = replay->states.back();
  if (p.kind == PropertyKind::invariant) return !eval::is_true(s.pool, p.expr, last);
  if (p.kind == PropertyKind::deadlock) return eval::deadlocked(s, last);
  const State& before = replay->states[replay->states.size() - 2];
  const TransitionId step = found.run.steps.back();
  if (p.kind == PropertyKind::assertion) {
    const auto failed = eval::failed_assertions(s, step, before);
    return std::find(failed.begin(), failed.end(), id) != failed.end();
  }
  const auto hit = eval::marks_hit(s, step, before);
  return std::find(hit.begin(), hit.end(), p.mark) != hit.end();
}

}  // namespace

TEST_CASE("random systems are sound, small, and do everything sometimes") {
  std::array<int, 24 + 2> ops{};
  std::array<int, 8> violated{};
  std::array<int, 8> not_violated{};
  int searched = 0, with_locks = 0, constrained = 0, tried = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    CAPTURE(seed);
    const TransitionSystem s = eval::random_system(seed);
    REQUIRE_MESSAGE(!fault_in(s), *fault_in(s));
    with_locks += s.locks.empty() ? 0 : 1;
    constrained += s.pool.is_true(s.initial_condition) ? 0 : 1;
    for (const Lock& lock : s.locks) tried += lock.tried ? 1 : 0;
    for (const Transition& t : s.transitions)
      for (const Update& update : t.updates)
        for (const ExprId id : s.pool.below(update.value)) ++ops[static_cast<std::size_t>(s.pool[id].op)];
    const auto found = eval::explore(s, 5000);
    if (!found) continue;
    ++searched;
    CHECK_FALSE(found->left_range);
    for (std::size_t i = 0; i < s.properties.size(); ++i) {
      ++(found->properties[i] ? violated : not_violated)[i];
      if (found->properties[i]) CHECK(shows(s, static_cast<PropertyId>(i), *found->properties[i]));
    }
  }
  CHECK(searched > seeds * 3 / 4);
  CHECK(with_locks > seeds / 4);
  CHECK(constrained > seeds / 50);
  CHECK(tried > seeds / 50);
  for (const int count : ops) CHECK(count > 0);
  for (std::size_t i = 0; i < violated.size(); ++i) {
    CAPTURE(i);
    CHECK(violated[i] > searched / 20);
    CHECK(not_violated[i] > searched / 20);
  }
}

TEST_CASE("claims of random systems are true: what is held is held, and modes exclude each other") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const TransitionSystem s = eval::random_system(seed);
    State state = eval::initial_states(s, 100000).value_or(std::vector<State>{}).empty()
                      ? State{}
                      : eval::initial_states(s, 100000)->front();
    std::uint64_t walk = seed;
    for (int step = 0; step < 50 && !state.empty(); ++step) {
      const auto enabled = eval::enabled(s, state);
      if (enabled.empty()) break;
      const TransitionId t = enabled[(walk = walk * 6364136223846793005U + 1) % enabled.size()];
      for (const LockClaim& claim : s[t].held) {
        const Lock& lock = s.locks[index(claim.lock)];
        const auto& held = claim.mode == LockMode::write ? lock.held_write : lock.held_read;
        CHECK(eval::is_true(s.pool, held[index(s[t].actor)], state));
      }
      for (const Lock& lock : s.locks) {
        int writers = 0, readers = 0;
        for (std::size_t a = 0; a < s.actors.size(); ++a) {
          writers += eval::is_true(s.pool, lock.held_write[a], state) ? 1 : 0;
          readers += eval::is_true(s.pool, lock.held_read[a], state) ? 1 : 0;
        }
        CHECK(writers <= 1);
        CHECK((writers == 0 || readers == 0));
      }
      state = eval::fire(s, t, state);
    }
  }
}

TEST_CASE("the same seed gives the same system, another seed another; cases shrink by dropping transitions") {
  const TransitionSystem a = eval::random_system(5), b = eval::random_system(5), c = eval::random_system(6);
  CHECK(a.pool.size() == b.pool.size());
  CHECK(a.transitions.size() == b.transitions.size());
  CHECK((a.pool.size() != c.pool.size() || a.transitions.size() != c.transitions.size()));
  const eval::RandomCase whole{5, {}};
  for (const eval::RandomCase& next : eval::smaller(whole)) {
    const TransitionSystem s = eval::build(next);
    CHECK(s.transitions.size() < a.transitions.size());
    CHECK_FALSE(fault_in(s));
  }
}
