#include "checker/explicit/explorer.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "checker/explicit/test_systems.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using checker::explore;
using checker::Options;
using checker::PropertyResult;
using checker::Result;
using checker::Verdict;
using checker::explicit_state::testing::counters;
using checker::explicit_state::testing::opposite_orders;
using checker::explicit_state::testing::SystemBuilder;

namespace {

// The last state of a run and the one before it, as the interpreter sees them, show what the run is said to show.
void check_run(const ir::TransitionSystem& system, const PropertyResult& result) {
  REQUIRE(result.run);
  CHECK(result.run->steps.size() == result.depth);
  const auto replayed = eval::replay(system, *result.run);
  REQUIRE_MESSAGE(replayed, replayed.error().message);
  const ir::Property& property = system.properties[ir::index(result.property)];
  const bool of_transition = property.kind == ir::PropertyKind::assertion || property.kind == ir::PropertyKind::cover;
  if (of_transition) {
    REQUIRE(!result.run->steps.empty());
    CHECK(checker::violates(system, result.property, replayed->states[replayed->states.size() - 2],
                            result.run->steps.back()));
  } else {
    CHECK(checker::violates(system, result.property, replayed->states.back(), std::nullopt));
  }
  if (property.kind == ir::PropertyKind::cover && property.cover_without_faults)
    for (const ir::TransitionId step : result.run->steps) CHECK(system[step].faults == 0);
}

Verdict expected_verdict(const ir::TransitionSystem& system, const eval::Reference& reference, std::size_t i) {
  const ir::Property& property = system.properties[i];
  const bool found = reference.properties[i].has_value();
  if (property.kind == ir::PropertyKind::cover) return found ? Verdict::proved : Verdict::violated;
  if (found) return Verdict::violated;
  bool triggered = property.triggers.empty();
  for (const ir::MarkId mark : property.triggers) triggered |= reference.marks[ir::index(mark)].has_value();
  return triggered ? Verdict::proved : Verdict::vacuous;
}

void compare_with_reference(const ir::TransitionSystem& system) {
  const auto reference = eval::explore(system, 1'000'000);
  REQUIRE(reference);
  const Result result = explore(system, {});
  REQUIRE(result.internal_error.empty());
  REQUIRE(result.complete);
  CHECK(result.statistics.states == reference->states);
  CHECK(result.statistics.transitions == reference->transitions);
  CHECK(result.statistics.depth == reference->depth);
  REQUIRE(result.properties.size() == system.properties.size());
  for (std::size_t i = 0; i < result.properties.size(); ++i) {
    const PropertyResult& property = result.properties[i];
    CAPTURE(system.properties[i].id);
    CHECK(property.verdict == expected_verdict(system, *reference, i));
    if (!reference->properties[i]) continue;
    CHECK(property.depth == reference->properties[i]->depth);
    check_run(system, property);
  }
}

bool same(const Result& a, const Result& b) {
  for (std::size_t i = 0; i < a.properties.size(); ++i) {
    const auto& x = a.properties[i].run;
    const auto& y = b.properties[i].run;
    if (x.has_value() != y.has_value() || (x && (x->steps != y->steps || x->initial != y->initial))) return false;
  }
  return a.statistics.states == b.statistics.states;
}

}  // namespace

TEST_CASE("exact counts") {
  auto builder = counters(3, 9);
  builder.invariant(builder.system.pool.truth(true));
  const Result result = explore(builder.system, {});
  CHECK(result.complete);
  CHECK(result.statistics.states == 1000);
  CHECK(result.statistics.transitions == 3 * 9 * 100);
  CHECK(result.statistics.depth == 27);
  CHECK(result.properties[0].verdict == Verdict::proved);
  CHECK(result.properties[0].engine == "explicit");
}

TEST_CASE("each violated property gets a shortest run, and the search goes on for the others") {
  auto builder = counters(2, 5);
  const ir::VarId x{1}, y{3};
  builder.invariant(builder.less(x, 5));
  builder.invariant(builder.system.pool.not_(builder.system.pool.and_(builder.is(x, 1), builder.is(y, 2))));
  builder.invariant(builder.less(x, 6));
  builder.invariant(builder.system.pool.truth(false));
  const Result result = explore(builder.system, {});
  CHECK(result.complete);
  CHECK(result.statistics.states == 36);
  for (const std::size_t i : {0, 1, 3}) check_run(builder.system, result.properties[i]);
  CHECK(result.properties[0].depth == 5);
  CHECK(result.properties[1].depth == 3);
  CHECK(result.properties[2].verdict == Verdict::proved);
  CHECK(result.properties[3].depth == 0);
}

TEST_CASE("locks taken in opposite orders are a deadlock of two steps") {
  auto builder = opposite_orders();
  builder.property(ir::PropertyKind::deadlock, "no-deadlock");
  const Result result = explore(builder.system, {});
  CHECK(result.properties[0].verdict == Verdict::violated);
  CHECK(result.properties[0].depth == 2);
  check_run(builder.system, result.properties[0]);
  compare_with_reference(builder.system);
}

TEST_CASE("resting is no deadlock, stopping elsewhere is") {
  for (const bool rests : {true, false}) {
    SystemBuilder builder;
    const ir::ActorId actor = builder.actor("a", 2, rests ? std::vector<ir::Location>{1} : std::vector<ir::Location>{});
    builder.step(actor, 0, 1);
    builder.property(ir::PropertyKind::deadlock);
    const Result result = explore(builder.system, {});
    CHECK(result.properties[0].verdict == (rests ? Verdict::proved : Verdict::violated));
    if (!rests) CHECK(result.properties[0].depth == 1);
  }
}

TEST_CASE("covers and triggers") {
  SystemBuilder builder;
  const ir::ActorId actor = builder.actor("a", 3, {0, 1, 2});
  const ir::MarkId reached = builder.mark("reached"), only_by_fault = builder.mark("only by a fault"),
                   never = builder.mark("never");
  ir::Transition& fault = builder.step(actor, 0, 1);
  fault.faults = 1;
  fault.hits.push_back({only_by_fault, builder.system.pool.truth(true)});
  builder.step(actor, 1, 2).hits.push_back({only_by_fault, builder.system.pool.truth(true)});
  ir::Transition& back = builder.step(actor, 0, 0);
  back.hits.push_back({reached, builder.system.pool.truth(true)});
  back.hits.push_back({never, builder.system.pool.truth(false)});
  const auto cover = [&](ir::MarkId mark, bool without_faults) {
    ir::Property& property = builder.property(ir::PropertyKind::cover);
    property.mark = mark;
    property.cover_without_faults = without_faults;
  };
  cover(reached, false);
  cover(reached, true);
  cover(only_by_fault, false);
  cover(only_by_fault, true);
  cover(never, false);
  builder.property(ir::PropertyKind::assertion).triggers = {never};
  builder.property(ir::PropertyKind::assertion).triggers = {never, only_by_fault};
  const Result result = explore(builder.system, {});
  const Verdict expected[] = {Verdict::proved,   Verdict::proved,  Verdict::proved, Verdict::violated,
                              Verdict::violated, Verdict::vacuous, Verdict::proved};
  for (std::size_t i = 0; i < 7; ++i) {
    CAPTURE(i);
    CHECK(result.properties[i].verdict == expected[i]);
    CHECK(result.properties[i].run.has_value() == (i < 3));
  }
  CHECK(result.properties[3].reason == "no run reaches it");
  CHECK(result.properties[5].reason == "no run reaches never");
  check_run(builder.system, result.properties[1]);
}

TEST_CASE("random systems: verdicts, shortest lengths and counts are the brute-force reference's") {
  eval::RandomShape small;
  small.most_bits = 6;
  for (std::uint64_t seed = 1; seed <= 1200; ++seed) {
    CAPTURE(seed);
    compare_with_reference(eval::random_system(seed, seed % 12 == 0 ? eval::RandomShape{} : small));
  }
}

TEST_CASE("random systems with more actors and locks") {
  eval::RandomShape shape;
  shape.most_actors = 4;
  shape.most_locks = 4;
  shape.most_bits = 4;
  for (std::uint64_t seed = 5000; seed <= 5060; ++seed) {
    CAPTURE(seed);
    compare_with_reference(eval::random_system(seed, shape));
  }
}

TEST_CASE("the same answer every time") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const ir::TransitionSystem system = eval::random_system(seed);
    CHECK(same(explore(system, {}), explore(system, {})));
  }
}

TEST_CASE("nothing is proved when a limit ends the search") {
  auto builder = counters(3, 99);
  const ir::VarId x{1};
  builder.invariant(builder.less(x, 5));
  builder.invariant(builder.system.pool.truth(true));
  builder.property(ir::PropertyKind::cover).mark = builder.mark("never");
  SUBCASE("depth") {
    Options options;
    options.limits.depth = 7;
    const Result result = explore(builder.system, options);
    CHECK(result.stopped_by == "depth");
    CHECK_FALSE(result.complete);
    CHECK(result.properties[0].verdict == Verdict::violated);
    CHECK(result.properties[1].verdict == Verdict::inconclusive);
    CHECK(result.properties[1].depth == 7);
    CHECK(result.properties[1].reason.find("up to 7 steps") != std::string::npos);
    CHECK(result.properties[2].verdict == Verdict::inconclusive);
    CHECK(result.statistics.states == 120);  // triples of numbers whose sum is at most 7
  }
  SUBCASE("memory") {
    Options options;
    options.limits.bytes = 5'000'000;
    const Result result = explore(builder.system, options);
    CHECK(result.stopped_by == "memory limit");
    CHECK(result.properties[0].verdict == Verdict::violated);
    CHECK(result.properties[1].verdict == Verdict::inconclusive);
    CHECK(result.statistics.bytes <= 5'000'000);
    CHECK(result.statistics.states > 10'000);
  }
  SUBCASE("time") {
    Options options;
    options.limits.seconds = 1e-9;
    const Result result = explore(builder.system, options);
    CHECK(result.stopped_by == "time limit");
    CHECK(result.properties[1].verdict == Verdict::inconclusive);
  }
  SUBCASE("interrupted, and progress") {
    Options options;
    bool interrupted = true;
    options.interrupted = &interrupted;
    const Result result = explore(builder.system, options);
    CHECK(result.stopped_by == "interrupted");
    CHECK(result.properties[1].verdict == Verdict::inconclusive);
  }
}

TEST_CASE("a depth limit that no run exceeds is no limit") {
  auto builder = counters(2, 3);
  builder.invariant(builder.system.pool.truth(true));
  Options options;
  options.limits.depth = 6;
  CHECK(explore(builder.system, options).properties[0].verdict == Verdict::proved);
  options.limits.depth = 5;
  CHECK(explore(builder.system, options).properties[0].verdict == Verdict::inconclusive);
}

TEST_CASE("violations at the depth limit are found, those behind it are not") {
  auto builder = counters(1, 9);
  const ir::VarId x{1};
  builder.invariant(builder.less(x, 4));
  Options options;
  options.limits.depth = 4;
  CHECK(explore(builder.system, options).properties[0].verdict == Verdict::violated);
  options.limits.depth = 3;
  CHECK(explore(builder.system, options).properties[0].verdict == Verdict::inconclusive);
}

TEST_CASE("a value that leaves its range ends the search") {
  auto builder = counters(1, 20, 8);
  builder.system.variables[1].name = "count";
  builder.system.variables[1].high = 7;
  builder.invariant(builder.system.pool.truth(true));
  builder.invariant(builder.less(ir::VarId{1}, 5));
  const Result result = explore(builder.system, {});
  CHECK_FALSE(result.complete);
  CHECK(result.stopped_by == "count left its declared range 0 … 7: 8");
  CHECK(result.properties[0].verdict == Verdict::inconclusive);
  CHECK(result.properties[0].reason.find("count left") != std::string::npos);
  CHECK(result.properties[1].verdict == Verdict::violated);
}

TEST_CASE("a constant that leaves the range ends the search too, and so does an initial value") {
  SystemBuilder builder;
  const ir::ActorId actor = builder.actor("a", 2);
  const ir::VarId x = builder.variable("x", 8, 1, 3);
  builder.step(actor, 0, 1).updates.push_back({x, builder.number(x, 0)});
  CHECK(explore(builder.system, {}).stopped_by == "x left its declared range 1 … 3: 0");
  builder.system.variables[ir::index(x)].initial = 9;
  CHECK(explore(builder.system, {}).stopped_by == "x left its declared range 1 … 3: 9");
}

TEST_CASE("free initial values are enumerated under the initial condition") {
  auto builder = counters(1, 9);
  const ir::VarId x{1};
  builder.system.variables[1].free_initially = true;
  builder.system.initial_condition = builder.less(x, 4);
  builder.invariant(builder.system.pool.not_(builder.is(x, 3)));
  const Result result = explore(builder.system, {});
  CHECK(result.statistics.states == 10);
  CHECK(result.statistics.depth == 6);
  CHECK(result.properties[0].depth == 0);
  check_run(builder.system, result.properties[0]);

  builder.system.variables[1].width = 32;
  builder.system.variables[1].high = 0;
  auto wide = counters(1, 9, 32);
  wide.system.variables[1].free_initially = true;
  wide.system.variables[1].high = 0xffffffff;
  wide.invariant(wide.system.pool.truth(true));
  const Result too_many = explore(wide.system, {});
  CHECK_FALSE(too_many.complete);
  CHECK(too_many.properties[0].verdict == Verdict::inconclusive);
  CHECK(!too_many.stopped_by.empty());
}

TEST_CASE("a claim that a lock is held is tested when asked for") {
  auto builder = opposite_orders();
  builder.system.transitions[1].held = {{ir::LockId{0}, ir::LockMode::write}};  // true: it has taken lock 0
  Options options;
  options.check_claims = true;
  CHECK(explore(builder.system, options).internal_error == "");
  builder.system.transitions[1].held = {{ir::LockId{1}, ir::LockMode::write}};
  const Result result = explore(builder.system, options);
  CHECK(result.internal_error.find("transition 1 (lock) of actor0 claims that lock1 is held for write") == 0);
  CHECK_FALSE(result.complete);
  CHECK(explore(builder.system, {}).internal_error == "");
}

TEST_CASE("random systems make no wrong claims") {
  Options options;
  options.check_claims = true;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    CAPTURE(seed);
    CHECK(explore(eval::random_system(seed), options).internal_error == "");
  }
}

// Not part of the tests (figures depend on the machine): explicit_test -tc=throughput --no-skip
TEST_CASE("throughput" * doctest::skip()) {
  const auto measure = [](const char* what, ir::TransitionSystem& system) {
    const Result result = explore(system, {});
    const auto& statistics = result.statistics;
    MESSAGE(what << ": " << statistics.states << " states, " << statistics.transitions << " transitions, "
                 << statistics.seconds << " s, " << static_cast<double>(statistics.states) / statistics.seconds / 1e6
                 << " M states/s, " << statistics.bytes / statistics.states << " bytes a state");
  };
  auto small = counters(3, 170);
  small.property(ir::PropertyKind::deadlock);
  small.invariant(small.less(ir::VarId{1}, 171));
  measure("3 counters", small.system);
  auto more = counters(6, 12);
  more.property(ir::PropertyKind::deadlock);
  more.invariant(more.less(ir::VarId{1}, 13));
  measure("6 counters", more.system);
  auto wide = counters(6, 12, 64);
  for (std::size_t i = 1; i < wide.system.variables.size(); i += 2) wide.system.variables[i].high = 0xffffffff;
  measure("6 wide counters", wide.system);
}
