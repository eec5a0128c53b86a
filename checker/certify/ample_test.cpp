// Actors that go alone: the search that fires one actor's transitions where that is enough, against the one that fires
// all, and the verifier, which shows for itself that it is.
#include "verify/ample.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "checker/certify/certify.hpp"
#include "checker/certify/evidence.hpp"
#include "checker/explicit/explorer.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/twins.hpp"
#include "model/ir/text.hpp"
#include "verify/certificate.hpp"
#include "verify/check.hpp"

namespace hotproof::checker::certify {

namespace {

constexpr eval::RandomShape shapes[] = {
    {.disciplined = true},
    {.most_variables = 8, .most_locks = 3, .disciplined = true},
    {.most_locations = 8},
};

Result searched(const ir::TransitionSystem& system, bool partial_order, bool symmetry, std::uint64_t beyond = 0,
                unsigned threads = 1) {
  Options options;
  options.partial_order = partial_order;
  options.symmetry = symmetry;
  options.reduced_beyond = beyond;
  options.threads = threads;
  return explore(system, options);
}

void check_same_answers(const ir::TransitionSystem& system, const Result& all, const Result& some) {
  REQUIRE(some.complete == all.complete);
  for (std::size_t i = 0; i < all.properties.size(); ++i) {
    CAPTURE(system.properties[i].id);
    CHECK(some.properties[i].verdict == all.properties[i].verdict);
    if (all.properties[i].run) {
      CHECK(some.properties[i].depth == all.properties[i].depth);
      CHECK(some.properties[i].shortest);
    }
  }
}

void check_accepted(const ir::TransitionSystem& system, const Result& result) {
  const Judged judged = judge(system, result, {});
  CHECK(judged.rejected == "");
  for (const std::string& why : judged.unchecked) CHECK(why == "");
}

struct Count {
  std::size_t systems = 0, reduced = 0, rest_on_locks = 0;
  std::uint64_t all = 0, met = 0;
};

void note(const Result& all, const Result& some, Count& count) {
  ++count.systems;
  count.all += all.statistics.states;
  count.met += some.statistics.states;
  if (some.statistics.states < all.statistics.states) ++count.reduced;
  if (some.states && std::any_of(some.states->ample.begin(), some.states->ample.end(),
                                 [](const auto& one) { return !one.held.empty(); }))
    ++count.rest_on_locks;
}

}  // namespace

TEST_CASE(
    "actors that go alone: verdicts and shortest runs stay, states become fewer, all is accepted, and a file too") {
  Count count;
  for (const eval::RandomShape& shape : shapes)
    for (std::uint64_t seed = 0; seed < 250; ++seed) {
      const ir::TransitionSystem system = eval::random_system(seed, shape);
      CAPTURE(seed);
      const Result all = searched(system, false, false);
      if (!all.complete || all.statistics.states > 50'000) continue;
      const Result some = searched(system, true, false, seed % 3 == 0 ? all.statistics.states / 4 : 0);
      note(all, some, count);
      check_same_answers(system, all, some);
      check_accepted(system, some);
      if (seed % 5 != 0) continue;
      const auto certificate = verify::read_certificate(written(system, some, {"a test", "ample sets", {}, {}, {}}));
      REQUIRE_MESSAGE(certificate.has_value(), certificate.error().line, ": ", certificate.error().message);
      CHECK(verify::check(certificate->system, certificate->evidence, {}).whole.why == "");
    }
  MESSAGE(count.systems, " systems, ", count.reduced, " reduced, ", count.rest_on_locks, " rest on locks, ", count.all,
          " states, ", count.met, " met");
  CHECK(count.systems > 500);
  CHECK(count.reduced * 3 > count.systems);
  CHECK(count.rest_on_locks > 100);
}

TEST_CASE("actors that go alone and may change places") {
  Count count;
  for (std::uint64_t seed = 0; seed < 250; ++seed) {
    const auto twins = eval::with_twins(
        eval::random_system(seed, {.most_actors = 2, .most_bits = 6, .disciplined = seed % 2 == 0}), 1 + seed % 2);
    if (!twins) continue;
    CAPTURE(seed);
    const Result all = searched(*twins, false, false);
    if (!all.complete || all.statistics.states > 100'000) continue;
    const Result some = searched(*twins, true, true);
    note(all, some, count);
    check_same_answers(*twins, all, some);
    check_accepted(*twins, some);
  }
  CHECK(count.systems > 80);
  CHECK(count.met * 2 < count.all);
}

TEST_CASE("actors that go alone: two threads meet what one does") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const ir::TransitionSystem system =
        eval::random_system(seed, {.least_actors = 3, .most_locations = 9, .most_bits = 12, .disciplined = true});
    CAPTURE(seed);
    const Result one = searched(system, true, false, 100), two = searched(system, true, false, 100, 2);
    CHECK(one.statistics.states == two.statistics.states);
    CHECK(one.statistics.transitions == two.statistics.transitions);
    for (std::size_t i = 0; i < one.properties.size(); ++i) {
      CHECK(one.properties[i].verdict == two.properties[i].verdict);
      CHECK(one.properties[i].depth == two.properties[i].depth);
    }
  }
}

TEST_CASE("a set that lacks a state behind one that goes alone is refused") {
  std::size_t tried = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const ir::TransitionSystem system = eval::random_system(seed, shapes[0]);
    const Result some = searched(system, true, false);
    if (!some.complete || !some.states || some.states->ample.empty() || some.statistics.states < 20) continue;
    const auto read = verify::read_system(ir::write(system));
    REQUIRE(read.has_value());
    const Gathered gathered = gather(system, some);
    if (!gathered.evidence.all_states || !gathered.invariants.empty()) continue;
    const verify::StateSet& whole = *gathered.evidence.all_states;
    for (std::uint64_t left_out = 1; left_out < whole.count(); left_out += 1 + whole.count() / 10) {
      std::vector<std::uint64_t> words;
      std::uint64_t number = 0;
      for (const auto& piece : whole.pieces)
        for (std::size_t at = 0; at < piece.size(); at += whole.words)
          if (number++ != left_out)
            words.insert(words.end(), piece.begin() + static_cast<std::ptrdiff_t>(at),
                         piece.begin() + static_cast<std::ptrdiff_t>(at + whole.words));
      verify::Evidence evidence = gathered.evidence;
      evidence.all_states->pieces = {words};
      ++tried;
      CHECK(verify::check(*read, evidence, {}).whole.status == verify::Status::rejected);
    }
  }
  CHECK(tried > 100);
}

namespace {

struct Line {
  ir::TransitionSystem system;
  ir::VarId shared{}, own{};
};

// Two actors of three locations each, both with a step on a variable of its own and one on a shared one.
Line two_actors() {
  Line out;
  ir::TransitionSystem& system = out.system;
  out.shared = system.add_variable({.name = "shared"});
  for (std::uint32_t a = 0; a < 2; ++a) {
    const std::string name = "actor" + std::to_string(a);
    const ir::VarId control =
        system.add_variable({.name = name + ".pc", .width = 2, .role = ir::Role::control, .high = 2});
    const ir::VarId own = system.add_variable({.name = name + ".own"});
    if (a == 0) out.own = own;
    system.actors.push_back({name, control, 0, 3, {2}, {}});
    const auto step = [&](ir::Location from, ir::VarId var) {
      ir::Transition t;
      t.actor = static_cast<ir::ActorId>(a);
      t.from = from;
      t.to = from + 1;
      t.guard = system.pool.truth(true);
      t.updates = {{var, system.pool.truth(true)}};
      system.transitions.push_back(t);
    };
    step(0, own);
    step(1, out.shared);
  }
  return out;
}

std::string refusal(const ir::TransitionSystem& system, const std::vector<verify::AmpleLocation>& locations) {
  const auto read = verify::read_system(ir::write(system));
  REQUIRE_MESSAGE(read.has_value(), read.error().message);
  std::string why;
  return verify::AmpleSteps::made(*read, locations, why) ? "" : why;
}

}  // namespace

TEST_CASE("a circle that is met behind somebody who went alone is still met at its depth") {
  ir::TransitionSystem system;
  ir::ExprPool& pool = system.pool;
  std::vector<ir::VarId> owners;
  for (std::uint64_t lock = 0; lock < 2; ++lock) {
    const std::string name = "lock" + std::to_string(lock);
    owners.push_back(
        system.add_variable({.name = name, .width = 2, .role = ir::Role::lock, .initial = lock + 2, .high = 3}));
    ir::Lock made{name, ir::Lock::Kind::mutex, false, {}, {}};
    for (std::uint64_t a = 0; a < 3; ++a) {
      made.held_write.push_back(pool.eq(system.read(owners.back()), pool.constant(a + 1, 2)));
      made.held_read.push_back(pool.truth(false));
    }
    system.locks.push_back(made);
  }
  const ir::VarId own = system.add_variable({.name = "own"});
  for (std::uint32_t a = 0; a < 3; ++a) {
    const ir::VarId control =
        system.add_variable({.name = "pc" + std::to_string(a), .role = ir::Role::control, .high = 1});
    system.actors.push_back({"actor" + std::to_string(a), control, 0, 2, {}, {}});
    ir::Transition t;
    t.actor = static_cast<ir::ActorId>(a);
    t.to = 1;
    t.guard = pool.truth(true);
    t.updates = {{own, pool.truth(true)}};
    if (a > 0) {
      const ir::VarId wanted = owners[2 - a];
      t.guard = pool.eq(system.read(wanted), pool.constant(0, 2));
      t.updates = {{wanted, pool.constant(a + 1, 2)}};
      t.lock_effect = ir::LockEffect::acquires;
      t.lock = ir::LockClaim{static_cast<ir::LockId>(2 - a), ir::LockMode::write};
    }
    system.transitions.push_back(t);
  }
  ir::Property property;
  property.id = "no-deadlock";
  property.kind = ir::PropertyKind::deadlock;
  system.properties.push_back(property);
  REQUIRE(ir::fault_in(system).value_or("") == "");
  const Result all = searched(system, false, false), some = searched(system, true, false);
  CHECK(all.properties[0].verdict == Verdict::violated);
  CHECK(all.properties[0].depth == 0);
  check_same_answers(system, all, some);
}

TEST_CASE("a search that ended early says nothing about runs that it went by") {
  ir::TransitionSystem system;
  ir::Property property;
  property.id = "never";
  property.kind = ir::PropertyKind::assertion;
  system.properties.push_back(property);
  const auto walk = [&](const std::string& name, std::uint32_t locations) {
    const ir::VarId control =
        system.add_variable({.name = name, .width = 5, .role = ir::Role::control, .high = locations - 1});
    system.actors.push_back({name, control, 0, locations, {locations - 1}, {}});
    for (ir::Location l = 0; l + 1 < locations; ++l) {
      ir::Transition t;
      t.actor = static_cast<ir::ActorId>(system.actors.size() - 1);
      t.from = l;
      t.to = l + 1;
      t.guard = system.pool.truth(true);
      system.transitions.push_back(t);
    }
  };
  walk("long", 21);
  walk("wrong", 2);
  system.transitions.back().assertions = {{static_cast<ir::PropertyId>(0), system.pool.truth(false)}};
  REQUIRE(ir::fault_in(system).value_or("") == "");
  Options options;
  options.partial_order = true;
  options.reduced_beyond = 0;
  options.limits.states = 6;
  const Result some = explore(system, options);
  CHECK(some.properties[0].verdict == Verdict::inconclusive);
  CHECK(some.properties[0].depth == 0);
  options.limits.states = 0;
  const Result all = explore(system, options);
  CHECK(all.properties[0].verdict == Verdict::violated);
  CHECK(all.properties[0].depth == 1);
}

TEST_CASE("where an actor may go alone") {
  const Line line = two_actors();
  const ir::AmpleSets sets(line.system);
  REQUIRE(sets.locations().size() == 4);
  CHECK(sets.may_go_alone(0, {0, 0}));
  CHECK(sets.may_go_alone(0, {0, 2}));
  CHECK_FALSE(sets.may_go_alone(0, {1, 0}));  // the other one may come to the shared variable
  CHECK_FALSE(sets.may_go_alone(0, {1, 1}));
  CHECK(sets.may_go_alone(0, {1, 2}));
  CHECK_FALSE(sets.may_go_alone(0, {2, 2}));
}

TEST_CASE("a claim that an actor may go alone is refused with a reason") {
  Line line = two_actors();
  CHECK(refusal(line.system, {{0, 0, {}}, {1, 1, {}}}) == "");
  CHECK(refusal(line.system, {{0, 0, {}}, {0, 0, {}}}) == "actor0 may not go alone at 0: it stands there twice");
  CHECK(refusal(line.system, {{1, 2, {}}}) == "actor1 may not go alone at 2: there are no transitions");
  SUBCASE("a circle") {
    line.system.transitions[0].to = 0;
    CHECK(refusal(line.system, {{0, 0, {}}}) == "actor0 may not go alone at 0: a transition does not lead on");
    CHECK(ir::AmpleSets(line.system).locations().size() == 3);
  }
  SUBCASE("an invariant sees it") {
    ir::Property property;
    property.id = "unset";
    property.kind = ir::PropertyKind::invariant;
    property.expr = line.system.pool.not_(line.system.read(line.own));
    line.system.properties.push_back(property);
    CHECK(refusal(line.system, {{0, 0, {}}}) == "actor0 may not go alone at 0: a transition writes what others see");
    CHECK(ir::AmpleSets(line.system).locations().size() == 3);
  }
  SUBCASE("an invariant sees where it stands") {
    ir::Property property;
    property.id = "first";
    property.kind = ir::PropertyKind::invariant;
    property.expr =
        line.system.pool.eq(line.system.read(line.system.actors[0].control), line.system.pool.constant(0, 2));
    line.system.properties.push_back(property);
    CHECK(refusal(line.system, {{0, 0, {}}}) == "actor0 may not go alone at 0: a transition writes what others see");
    CHECK(ir::AmpleSets(line.system).locations().size() == 2);
  }
  SUBCASE("a lock whose condition says nothing") {
    line.system.locks.push_back({"lock",
                                 ir::Lock::Kind::mutex,
                                 false,
                                 {line.system.pool.truth(true), line.system.pool.truth(false)},
                                 {line.system.pool.truth(false), line.system.pool.truth(false)}});
    CHECK(refusal(line.system, {{0, 0, {{0, true}}}}) ==
          "actor0 may not go alone at 0: a lock's condition is not one on a few values");
  }
  SUBCASE("a lock's condition of very many variables with one value each") {
    ir::ExprId all = line.system.pool.truth(true);
    for (int i = 0; i < 20'000; ++i) {
      const ir::VarId one =
          line.system.add_variable({.name = "one" + std::to_string(i), .width = 2, .initial = 1, .low = 1, .high = 1});
      all = line.system.pool.and_(all, line.system.pool.eq(line.system.read(one), line.system.pool.constant(1, 2)));
    }
    line.system.locks.push_back({"lock",
                                 ir::Lock::Kind::mutex,
                                 false,
                                 {all, all},
                                 {line.system.pool.truth(false), line.system.pool.truth(false)}});
    CHECK(refusal(line.system, {{0, 0, {{0, true}}}}) ==
          "actor0 may not go alone at 0: a lock's condition is not one on a few values");
  }
  SUBCASE("more locations than can be looked at") {
    line.system.actors[0].locations = 1'000'000;
    line.system.variables[ir::index(line.system.actors[0].control)].width = 20;
    line.system.variables[ir::index(line.system.actors[0].control)].high = 999'999;
    const std::vector<verify::AmpleLocation> many(1000, {1, 0, {}});
    CHECK(refusal(line.system, many) == "there are too many locations at which actors may go alone");
  }
  SUBCASE("another's guard reads where it stands") {
    line.system.transitions[2].guard =
        line.system.pool.eq(line.system.read(line.system.actors[0].control), line.system.pool.constant(0, 2));
    const ir::AmpleSets sets(line.system);
    CHECK_FALSE(sets.may_go_alone(0, {0, 0}));
    CHECK(sets.may_go_alone(0, {0, 2}));
  }
}

}  // namespace hotproof::checker::certify
