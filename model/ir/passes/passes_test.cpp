#include "model/ir/passes/passes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"
#include "model/ir/passes/decide.hpp"

using namespace hotproof;
using namespace hotproof::ir;

namespace {

constexpr std::uint64_t seeds = 1500;
constexpr std::size_t limit = 1500;

// Longer actors with fewer data: most variables are protected by a lock.
eval::RandomShape many_locks() {
  eval::RandomShape shape;
  shape.most_locations = 8;
  shape.most_bits = 4;
  shape.deepest_expression = 2;
  shape.disciplined = true;
  return shape;
}

bool shown_at(const TransitionSystem& s, PropertyId id, const eval::Replay& replay, const Run& run, std::size_t at) {
  const Property& p = s.properties[index(id)];
  const State& state = replay.states[at];
  if (p.kind == PropertyKind::invariant) return !eval::is_true(s.pool, p.expr, state);
  if (p.kind == PropertyKind::deadlock) return eval::deadlocked(s, state);
  if (at == run.steps.size()) return false;
  if (p.kind == PropertyKind::assertion) {
    const auto failed = eval::failed_assertions(s, run.steps[at], state);
    return std::find(failed.begin(), failed.end(), id) != failed.end();
  }
  const auto hit = eval::marks_hit(s, run.steps[at], state);
  return std::find(hit.begin(), hit.end(), p.mark) != hit.end();
}

// The lifted run is a run of the old system and shows the violation within the last step's parts.
void check_lifted(const TransitionSystem& old_system, const Rewritten& rewritten, PropertyId id, const Run& run) {
  const Run lifted = lift(old_system, rewritten, run);
  const auto replay = eval::replay(old_system, lifted);
  REQUIRE_MESSAGE(replay, to_string(replay.error()));
  const std::size_t last_parts = run.steps.empty() ? 0 : rewritten.parts[index(run.steps.back())].size();
  const std::size_t first = lifted.steps.size() - last_parts;
  bool shown = false;
  for (std::size_t at = first; at <= lifted.steps.size(); ++at)
    shown = shown || shown_at(old_system, id, *replay, lifted, at);
  CHECK(shown);
  const Property& p = old_system.properties[index(id)];
  if (p.kind == PropertyKind::cover && p.cover_without_faults)
    for (const TransitionId step : lifted.steps) CHECK(old_system[step].faults == 0);
}

struct Tally {
  int compared = 0, changed = 0;
  std::size_t states_before = 0, states_after = 0;
};

// Verdicts, marks, depths and lifted runs of the system before and after a pass.
void compare(const TransitionSystem& before, const Rewritten& after, bool same_depth, Tally& tally) {
  const auto fault = fault_in(after.system);
  REQUIRE_MESSAGE(!fault, *fault);
  REQUIRE(after.parts.size() == after.system.transitions.size());
  REQUIRE(after.old_variable.size() == after.system.variables.size());
  const auto old_answer = eval::explore(before, limit);
  if (!old_answer) return;
  const auto new_answer = eval::explore(after.system, limit);
  REQUIRE(new_answer);
  ++tally.compared;
  tally.states_before += old_answer->states;
  tally.states_after += new_answer->states;
  for (std::size_t i = 0; i < before.properties.size(); ++i) {
    CAPTURE(before.properties[i].id);
    const auto& o = old_answer->properties[i];
    const auto& n = new_answer->properties[i];
    REQUIRE(o.has_value() == n.has_value());
    if (!o) continue;
    CHECK(n->depth <= o->depth);
    if (same_depth) CHECK(n->depth == o->depth);
    check_lifted(before, after, static_cast<PropertyId>(i), n->run);
  }
  for (std::size_t i = 0; i < before.marks.size(); ++i)
    CHECK(old_answer->marks[i].has_value() == new_answer->marks[i].has_value());
}

void for_random_systems(const std::function<void(const TransitionSystem&)>& test) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    CAPTURE(seed);
    test(eval::random_system(seed, seed % 3 == 0 ? eval::RandomShape{} : many_locks()));
  }
}

}  // namespace

TEST_CASE("merge keeps every verdict, its runs lift, and it merges something") {
  Tally tally;
  for_random_systems([&](const TransitionSystem& s) {
    const Rewritten merged = merge(s);
    compare(s, merged, false, tally);
    const bool composed =
        std::any_of(merged.parts.begin(), merged.parts.end(), [](const auto& parts) { return parts.size() > 1; });
    tally.changed += composed ? 1 : 0;
  });
  MESSAGE("compared " << tally.compared << ", merged in " << tally.changed << ", states " << tally.states_before
                      << " -> " << tally.states_after);
  CHECK(tally.compared > 1000);
  CHECK(tally.changed > 300);
  CHECK(tally.states_after < tally.states_before);
}

namespace {

// A system put together from mutexes; who holds one is 1 + actor.
struct Mutexes {
  TransitionSystem s;
  explicit Mutexes(std::uint32_t actors, std::uint32_t locks) {
    for (std::uint32_t l = 0; l < locks; ++l) {
      const VarId owner = s.add_variable({.name = "owner" + std::to_string(l), .width = 3, .role = Role::lock});
      Lock lock{"lock" + std::to_string(l), Lock::Kind::mutex, false, {}, {}};
      for (std::uint32_t a = 0; a < actors; ++a) {
        lock.held_write.push_back(s.pool.eq(s.read(owner), s.pool.constant(a + 1, 3)));
        lock.held_read.push_back(s.pool.truth(false));
      }
      s.locks.push_back(lock);
    }
    for (std::uint32_t a = 0; a < actors; ++a) {
      const VarId pc = s.add_variable({.name = "pc" + std::to_string(a), .width = 3, .role = Role::control});
      s.actors.push_back({"actor" + std::to_string(a), pc, 0, 4, {0, 1, 2, 3}});
    }
  }
  Transition& step(std::uint32_t actor, Location from, Location to, std::vector<LockClaim> held) {
    Transition t;
    t.actor = static_cast<ActorId>(actor);
    t.from = from;
    t.to = to;
    t.held = std::move(held);
    s.transitions.push_back(std::move(t));
    return s.transitions.back();
  }
  static LockClaim claim(std::uint32_t lock) { return {static_cast<LockId>(lock), LockMode::write}; }
  void take(std::uint32_t actor, Location from, Location to, std::uint32_t lock, std::vector<LockClaim> held = {}) {
    Transition& t = step(actor, from, to, std::move(held));
    t.guard = s.pool.eq(s.read(VarId{lock}), s.pool.constant(0, 3));
    t.updates = {{VarId{lock}, s.pool.constant(actor + 1, 3)}};
    t.lock = claim(lock);
    t.lock_effect = LockEffect::acquires;
  }
  void give_back(std::uint32_t actor, Location from, Location to, std::uint32_t lock) {
    Transition& t = step(actor, from, to, {claim(lock)});
    t.updates = {{VarId{lock}, s.pool.constant(0, 3)}};
    t.lock = claim(lock);
    t.lock_effect = LockEffect::releases;
  }
};

}  // namespace

TEST_CASE("a release merges into its acquire, but not where it may end a wait that counts as a deadlock") {
  // Actor 2 takes and gives back lock 2. Actor 0 holds lock 0 and wants lock 1 or lock 2; actor 1 the other way round.
  Mutexes m(3, 3);
  m.take(0, 0, 1, 0);
  m.take(0, 1, 2, 1, {Mutexes::claim(0)});
  m.take(0, 1, 3, 2, {Mutexes::claim(0)});
  m.take(1, 0, 1, 1);
  m.take(1, 1, 2, 0, {Mutexes::claim(1)});
  m.take(2, 0, 1, 2);
  m.give_back(2, 1, 2, 2);
  m.s.actors[2].resting = {0, 2, 3};
  REQUIRE_FALSE(fault_in(m.s));
  CHECK(merge(m.s).system.transitions.size() == 6);
  m.s.properties.push_back({.id = "no-deadlock", .kind = PropertyKind::deadlock});
  const Rewritten kept = merge(m.s);
  CHECK(kept.system.transitions.size() == 7);
  Tally tally;
  compare(m.s, kept, false, tally);
  // Without the second lock to wait for, the wait is for a holder that stays: now it may merge.
  m.s.transitions.erase(m.s.transitions.begin() + 2);
  const Rewritten merged = merge(m.s);
  CHECK(merged.system.transitions.size() == 5);
  compare(m.s, merged, false, tally);
  CHECK(tally.compared == 2);
  // Somebody may fail to get the lock: then it matters when it is given back.
  m.take(0, 2, 3, 2);
  CHECK(merge(m.s).system.transitions.size() == 6);
  m.step(0, 2, 2, {}).guard = m.s.pool.not_(m.s.transitions.back().guard);
  CHECK(merge(m.s).system.transitions.size() == 8);
}

namespace {

// A read-write lock as lowering makes it: an owner, a bit for each writer that waits, a count for each reader. Actor 0
// and 1 announce themselves, acquire, write x and y, release; the others queue behind a waiting writer or not, acquire,
// read y and x, release, and assert that y and x were equal.
TransitionSystem writers_and_readers(std::uint32_t actors) {
  TransitionSystem s;
  auto& pool = s.pool;
  const auto add = [&](const std::string& name, int width, Role role) {
    return s.add_variable({.name = name, .width = width, .role = role});
  };
  const int n = static_cast<int>(actors);
  const VarId x = add("x", 2, Role::shared), y = add("y", 2, Role::shared);
  const VarId owner = add("owner", 5, Role::lock), waiting = add("waiting", n, Role::lock);
  std::vector<VarId> readers;
  Lock lock{"rw", Lock::Kind::rwsem, false, {}, {}};
  ExprId nobody_reads = pool.truth(true);
  for (std::uint32_t a = 0; a < actors; ++a) {
    readers.push_back(add("readers" + std::to_string(a), 2, Role::lock));
    const ExprId none = pool.eq(s.read(readers.back()), pool.constant(0, 2));
    nobody_reads = pool.and_(nobody_reads, none);
    lock.held_write.push_back(pool.eq(s.read(owner), pool.constant(a + 1, 5)));
    lock.held_read.push_back(pool.not_(none));
  }
  s.locks = {lock};
  const ExprId free = pool.eq(s.read(owner), pool.constant(0, 5));
  const ExprId none_waits = pool.eq(s.read(waiting), pool.constant(0, n));
  s.properties = {{.id = "equal", .kind = PropertyKind::assertion},
                  {.id = "no-deadlock", .kind = PropertyKind::deadlock}};
  const LockClaim write{LockId{0}, LockMode::write}, read{LockId{0}, LockMode::read};
  for (std::uint32_t a = 0; a < actors; ++a) {
    const bool writes = a < 2;
    const VarId seen = add("seen" + std::to_string(a), 2, Role::local);
    const VarId pc = add("pc" + std::to_string(a), 3, Role::control);
    s.actors.push_back({"actor" + std::to_string(a), pc, 0, 6, {0}});
    const auto step = [&](Location from, Location to, ExprId guard, std::vector<Update> updates) -> Transition& {
      Transition t;
      t.actor = static_cast<ActorId>(a);
      t.from = from;
      t.to = to;
      t.guard = guard;
      t.updates = std::move(updates);
      if (from >= 2 && from <= 4) t.held = {writes ? write : read};
      s.transitions.push_back(t);
      return s.transitions.back();
    };
    const auto lock_step = [&](Transition& t, LockEffect effect) {
      t.lock_effect = effect;
      t.lock = writes ? write : read;
    };
    const ExprId yes = pool.truth(true), one = pool.constant(1, 2);
    const ExprId bit = pool.constant(std::uint64_t{1} << a, n);
    const VarId mine = readers[a];
    if (writes) {
      step(0, 1, yes, {{waiting, pool.or_(s.read(waiting), bit)}});
      lock_step(step(1, 2, pool.and_(free, nobody_reads),
                     {{owner, pool.constant(a + 1, 5)}, {waiting, pool.and_(s.read(waiting), pool.not_(bit))}}),
                LockEffect::acquires);
      step(2, 3, yes, {{x, pool.binary(Op::add, s.read(x), one)}});
      step(3, 4, yes, {{y, pool.binary(Op::add, s.read(y), one)}});
      lock_step(step(4, 0, yes, {{owner, pool.constant(0, 5)}}), LockEffect::releases);
      continue;
    }
    const Update in{mine, pool.binary(Op::add, s.read(mine), one)};
    lock_step(step(0, 1, pool.not_(none_waits), {}), LockEffect::acquires);
    lock_step(step(0, 2, free, {in}), LockEffect::acquires);
    lock_step(step(1, 2, pool.and_(free, none_waits), {in}), LockEffect::acquires);
    step(2, 3, yes, {{seen, s.read(y)}});
    step(3, 4, yes, {}).assertions = {{PropertyId{0}, pool.eq(s.read(seen), s.read(x))}};
    lock_step(step(4, 0, yes, {{mine, pool.binary(Op::sub, s.read(mine), one)}}), LockEffect::releases);
  }
  return s;
}

}  // namespace

TEST_CASE("a whole section under a read-write lock becomes one step") {
  for (const std::uint32_t actors : {3U, 5U}) {
    const TransitionSystem s = writers_and_readers(actors);
    REQUIRE_FALSE(fault_in(s));
    const Rewritten merged = merge(s);
    // A writer announces itself and then does all the rest; a reader queues, or goes in by one of two ways.
    CHECK(merged.system.transitions.size() == 2 * 2 + (actors - 2) * 3);
    if (actors > 3) continue;
    const auto before = eval::explore(s, 100000), after = eval::explore(merged.system, 100000);
    REQUIRE((before && after));
    CHECK(after->states * 4 < before->states);
    for (std::size_t i = 0; i < 2; ++i) CHECK(before->properties[i].has_value() == after->properties[i].has_value());
    CHECK_FALSE(before->properties[0]);
  }
}

TEST_CASE("two readers who both write are no movers, but their releases are") {
  TransitionSystem s = writers_and_readers(4);
  for (Transition& t : s.transitions)
    if (index(t.actor) >= 2 && t.from == 2) t.updates.push_back({VarId{0}, s.pool.constant(3, 2)});
  REQUIRE_FALSE(fault_in(s));
  // Writers as before; of a reader's steps only the release goes.
  CHECK(merge(s).system.transitions.size() == 2 * 2 + 2 * 5);
}

TEST_CASE("merge can be switched off") {
  const TransitionSystem s = eval::random_system(3);
  const Rewritten same = merge(s, {.enabled = false});
  CHECK(same.system.transitions.size() == s.transitions.size());
  Tally tally;
  compare(s, same, true, tally);
}

TEST_CASE("merge_equal keeps every verdict and depth") {
  int merged = 0;
  for_random_systems([&](TransitionSystem s) {
    // The generator seldom makes equal transitions: split some guards in two.
    const std::size_t count = s.transitions.size();
    for (std::size_t i = 0; i < count; i += 3) {
      const ExprId half = s.pool.eq(s.read(VarId{0}), s.pool.constant(0, s.variables[0].width));
      s.transitions.push_back(s.transitions[i]);
      s.transitions.back().guard = s.pool.and_(s.transitions[i].guard, half);
      s.transitions[i].guard = s.pool.and_(s.transitions[i].guard, s.pool.not_(half));
    }
    const TransitionSystem equal = merge_equal(s);
    REQUIRE_FALSE(fault_in(equal));
    merged += equal.transitions.size() < s.transitions.size() ? 1 : 0;
    const auto before = eval::explore(s, limit);
    if (!before) return;
    const auto after = eval::explore(equal, limit);
    REQUIRE(after);
    CHECK(after->states == before->states);
    for (std::size_t i = 0; i < s.properties.size(); ++i) {
      REQUIRE(before->properties[i].has_value() == after->properties[i].has_value());
      if (before->properties[i]) CHECK(before->properties[i]->depth == after->properties[i]->depth);
    }
  });
  CHECK(merged == seeds);
}

TEST_CASE("slice keeps every verdict and depth, and leaves something out") {
  Tally tally;
  std::size_t gone = 0;
  for_random_systems([&](TransitionSystem s) {
    // Fewer properties, so that something is in nobody's cone; a variable that only events read.
    for (Transition& t : s.transitions)
      if (index(t.actor) == 1) t.assertions.clear(), t.hits.clear();
    const VarId diary = s.add_variable({.name = "diary", .width = 3, .free_initially = true, .low = 2, .high = 3});
    if (!s.transitions.empty()) s.transitions[0].updates.push_back({diary, s.pool.constant(3, 3)});
    const Rewritten sliced = slice(s);
    gone += s.variables.size() - sliced.system.variables.size();
    compare(s, sliced, true, tally);
  });
  CHECK(tally.compared > 1000);
  CHECK(gone > seeds);
}

TEST_CASE("reset_dead keeps every verdict and depth, and makes states one") {
  Tally tally;
  for_random_systems([&](const TransitionSystem& s) {
    Rewritten same_steps;
    same_steps.system = reset_dead(s);
    for (std::size_t t = 0; t < s.transitions.size(); ++t) same_steps.parts.push_back({static_cast<TransitionId>(t)});
    for (std::size_t v = 0; v < s.variables.size(); ++v) same_steps.old_variable.push_back(static_cast<VarId>(v));
    compare(s, same_steps, true, tally);
  });
  MESSAGE("compared " << tally.compared << ", states " << tally.states_before << " -> " << tally.states_after);
  CHECK(tally.compared > 1000);
  CHECK(tally.states_after < tally.states_before);
}

TEST_CASE("a local value goes once it has been read for the last time, not before") {
  TransitionSystem s;
  const VarId local = s.add_variable({.name = "local", .width = 8, .role = Role::local, .initial = 3});
  const VarId shared = s.add_variable({.name = "shared", .width = 8});
  s.actors.push_back({"actor", s.add_variable({.name = "pc", .width = 4, .role = Role::control}), 0, 4, {}});
  const auto step = [&](Location from, Location to, std::vector<Update> updates) {
    Transition t;
    t.from = from;
    t.to = to;
    t.guard = s.pool.truth(true);
    t.updates = std::move(updates);
    s.transitions.push_back(t);
  };
  s.initial_condition = s.pool.truth(true);
  step(0, 1, {{local, s.pool.constant(9, 8)}});
  step(1, 2, {});
  step(2, 3, {{shared, s.read(local)}});
  step(3, 0, {{local, s.pool.constant(5, 8)}});  // written again before it is read
  const TransitionSystem out = reset_dead(s);
  const auto written = [&](std::size_t t) -> std::optional<std::uint64_t> {
    for (const Update& update : out.transitions[t].updates)
      if (update.var == local) return out.pool[update.value].value;
    return std::nullopt;
  };
  CHECK(written(0) == 9);
  CHECK(written(1) == std::nullopt);
  CHECK(written(2) == 3);
  CHECK(written(3) == 3);
}

TEST_CASE("properties asked group by group have the verdicts and depths that they have together") {
  int several = 0, smaller = 0;
  for_random_systems([&](const TransitionSystem& s) {
    const auto together = eval::explore(s, limit);
    if (!together) return;
    std::vector<int> asked(s.properties.size(), 0);
    const auto all = groups(s);
    several += all.size() > 1 ? 1 : 0;
    for (const auto& group : all) {
      const TransitionSystem part = only(s, group);
      REQUIRE(part.properties.size() == group.size());
      const Rewritten merged = merge(part);
      const Rewritten sliced = chain(merged, slice(merged.system));
      const auto alone = eval::explore(sliced.system, limit);
      REQUIRE(alone);
      smaller += alone->states < together->states ? 1 : 0;
      for (std::size_t i = 0; i < group.size(); ++i) {
        ++asked[index(group[i])];
        const auto& o = together->properties[index(group[i])];
        const auto& n = alone->properties[i];
        REQUIRE(o.has_value() == n.has_value());
        if (!o) continue;
        CHECK(n->depth <= o->depth);
        // The run of the part is one of the whole, and shows the property there.
        const Run lifted = lift(part, sliced, n->run);
        const auto replay = eval::replay(s, lifted);
        REQUIRE_MESSAGE(replay, to_string(replay.error()));
        bool shown = false;
        for (std::size_t at = 0; at <= lifted.steps.size(); ++at) shown |= shown_at(s, group[i], *replay, lifted, at);
        CHECK(shown);
      }
    }
    for (const int count : asked) CHECK(count == 1);
  });
  CHECK(several > 300);
  CHECK(smaller > 300);
}

TEST_CASE("passes chain: runs of the last system lift to the first") {
  Tally tally;
  for_random_systems([&](const TransitionSystem& s) {
    const TransitionSystem fine = merge_equal(s);
    const Rewritten merged = merge(fine);
    const Rewritten both = chain(merged, slice(merged.system));
    compare(fine, both, false, tally);
  });
  CHECK(tally.compared > 1000);
}

namespace {

// What a checking mode does: tests the claims of all transitions in each state where their actor stands at `from`.
std::size_t broken_claims(TransitionSystem s) {
  const std::vector<ExprId> claims = claims_hold(s);
  // Assertions see enabled transitions only, so the claims become invariants here.
  s.properties.clear();
  for (Transition& t : s.transitions) t.assertions.clear(), t.hits.clear();
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Transition& t = s.transitions[i];
    const VarId control = s.actors[index(t.actor)].control;
    const ExprId here = s.pool.eq(s.read(control), s.pool.constant(t.from, s[control].width));
    s.properties.push_back({.id = "claims" + std::to_string(i),
                            .kind = PropertyKind::invariant,
                            .expr = s.pool.or_(s.pool.not_(here), claims[i])});
  }
  const auto found = eval::explore(s, limit);
  if (!found) return 0;
  return static_cast<std::size_t>(
      std::count_if(found->properties.begin(), found->properties.end(), [](const auto& p) { return p.has_value(); }));
}

}  // namespace

TEST_CASE("claims of random systems hold; a wrong one is found") {
  int wrong = 0, found = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    TransitionSystem s = eval::random_system(seed, many_locks());
    CHECK(broken_claims(s) == 0);
    if (s.locks.empty()) continue;
    // A transition at an initial location, where nothing is held.
    const auto first =
        std::find_if(s.transitions.begin(), s.transitions.end(), [](const Transition& t) { return t.from == 0; });
    if (first == s.transitions.end()) continue;
    first->held.push_back({LockId{0}, LockMode::write});
    if (!eval::explore(s, limit) || eval::explore(s, limit)->states == 0) continue;
    ++wrong;
    found += broken_claims(s) > 0 ? 1 : 0;
  }
  CHECK(wrong > 50);
  CHECK(found == wrong);
}

TEST_CASE("claims of two actors that contradict each other are wrong") {
  TransitionSystem s;
  const ExprId always = s.pool.truth(true), never = s.pool.truth(false);
  for (std::uint32_t a = 0; a < 2; ++a) {
    s.actors.push_back({"actor" + std::to_string(a),
                        s.add_variable({.name = "pc" + std::to_string(a), .role = Role::control}),
                        0,
                        1,
                        {}});
    Transition t;
    t.actor = static_cast<ActorId>(a);
    t.held = {{LockId{0}, LockMode::write}};
    s.transitions.push_back(t);
  }
  s.locks.push_back({"broken", Lock::Kind::mutex, false, {always, always}, {never, never}});
  REQUIRE_FALSE(fault_in(s));
  CHECK(broken_claims(s) == 2);
}

TEST_CASE("domains hold the values that occur; always_true knows them") {
  TransitionSystem s;
  const VarId x = s.add_variable({.name = "x", .width = 32, .initial = 7});
  const VarId y = s.add_variable({.name = "y", .width = 32});
  const VarId counter = s.add_variable({.name = "n", .width = 32});
  s.actors.push_back({"actor", s.add_variable({.name = "pc", .role = Role::control}), 0, 1, {}});
  Transition t;
  t.updates = {{x, s.pool.constant(100, 32)},
               {y, s.read(x)},
               {counter, s.pool.binary(Op::add, s.read(counter), s.pool.constant(1, 32))}};
  s.transitions = {t};
  const Domains d = domains(s);
  CHECK(d[0] == std::vector<std::uint64_t>{7, 100});
  CHECK(d[1] == std::vector<std::uint64_t>{0, 7, 100});
  CHECK(d[2].empty());
  const auto is = [&](VarId var, std::uint64_t value) { return s.pool.eq(s.read(var), s.pool.constant(value, 32)); };
  CHECK(always_true(s.pool, s.pool.or_(is(x, 7), is(x, 100)), d, 10));
  CHECK_FALSE(always_true(s.pool, s.pool.or_(is(x, 7), is(x, 8)), d, 10));
  CHECK_FALSE(always_true(s.pool, s.pool.or_(is(y, 0), is(y, 7)), d, 10));
  CHECK_FALSE(always_true(s.pool, s.pool.not_(is(counter, 5)), d, 1000));
  const ExprId small = s.pool.binary(Op::ult, s.read(counter), s.pool.constant(9, 32));
  CHECK(contradicts(s.pool, s.pool.and_(is(x, 7), s.pool.and_(small, is(x, 8)))));
  CHECK(contradicts(s.pool, s.pool.and_(s.pool.and_(small, is(x, 7)), s.pool.not_(small))));
  CHECK_FALSE(contradicts(s.pool, s.pool.and_(s.pool.and_(small, is(x, 7)), is(y, 8))));
}
