#include "checker/parametric/parametric.hpp"

#include <doctest/doctest.h>

#include <string>

#include "checker/explicit/explorer.hpp"
#include "checker/explicit/test_systems.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"
#include "model/ir/text.hpp"

using namespace hotproof;
using checker::PropertyResult;
using checker::Result;
using checker::Verdict;
using checker::explicit_state::testing::SystemBuilder;
using ir::ExprId;
using ir::Op;
using ir::PropertyKind;
using ir::TransitionSystem;

namespace {

// Of runs in random systems: the work is bounded by what it is, not by the clock.
constexpr std::uint32_t most_steps = 5;

// What brute force over all initial states says of each property, against the engine's word. Empty: they agree.
std::string difference(const TransitionSystem& system, const Result& result, const eval::Reference& reference) {
  if (!result.internal_error.empty()) return result.internal_error;
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    const ir::Property& property = system.properties[i];
    const PropertyResult& found = result.properties[i];
    const auto& shortest = reference.properties[i];
    if (found.verdict == Verdict::inconclusive) {
      if (result.stopped_by == "depth" && shortest && shortest->depth <= most_steps)
        return "property " + std::to_string(i) + " was not seen";
      continue;
    }
    const bool cover = property.kind == PropertyKind::cover;
    const bool met = found.verdict == (cover ? Verdict::proved : Verdict::violated);
    if (met != shortest.has_value()) return "property " + std::to_string(i) + ": " + std::string(name(found.verdict));
    if (met && found.depth != shortest->depth) return "length of property " + std::to_string(i);
    if (met && !found.run) return "no run of property " + std::to_string(i);
  }
  return "";
}

// Makes some variables that the system reads free at the start, as parameters are, and counts what is written on.
TransitionSystem with_parameters(std::uint64_t seed) {
  eval::RandomShape shape;
  shape.most_actors = 2;
  shape.least_locations = 2;
  shape.most_locations = 3;
  shape.least_variables = 1;
  shape.most_variables = 3;
  shape.most_width = 2;
  shape.most_bits = 4;
  shape.most_locks = 1;
  TransitionSystem system = eval::random_system(seed, shape);
  // Most systems have no unknowns but those below.
  if (seed % 4 != 0) {
    for (ir::Variable& variable : system.variables) {
      if (variable.free_initially) variable.initial = variable.low;
      variable.free_initially = false;
    }
    system.initial_condition = system.pool.truth(true);
  }
  std::vector<bool> written(system.variables.size(), false);
  for (const ir::Transition& t : system.transitions)
    for (const ir::Update& update : t.updates) written[ir::index(update.var)] = true;
  // Two unknowns of the smallest interesting width, and steps that add and subtract them.
  const ir::VarId n = system.add_variable({.name = "n", .width = 2, .free_initially = true});
  const ir::VarId m = system.add_variable({.name = "m", .width = 2, .free_initially = true});
  const ir::VarId sum = system.add_variable({.name = "sum", .width = 2, .free_initially = seed % 2 == 0});
  auto& pool = system.pool;
  if (seed % 2 == 0)
    system.initial_condition =
        pool.and_(system.initial_condition, pool.eq(system.read(sum), pool.binary(Op::sub, system.read(n), system.read(m))));
  if (seed % 3 == 0)
    system.initial_condition = pool.and_(system.initial_condition, pool.binary(Op::ult, system.read(m), system.read(n)));
  std::uint64_t random = seed;
  const std::vector<ir::VarId> read{n, m, sum};
  for (std::size_t i = 0; i < system.transitions.size(); ++i) {
    ir::Transition& t = system.transitions[i];
    switch ((seed + i) % 5) {
      case 0:
        t.updates.push_back({sum, pool.binary(Op::add, system.read(sum), system.read(n))});
        break;
      case 1:
        t.updates.push_back({sum, pool.binary(Op::sub, system.read(sum), system.read(n))});
        break;
      case 2:
        t.updates.push_back({sum, eval::random_expression(system, random, 2, read, 1)});
        break;
      case 3:
        t.guard = pool.and_(t.guard, eval::random_expression(system, random, 1, read, 2));
        break;
      default:
        break;
    }
  }
  system.properties.push_back({.id = "sum", .kind = PropertyKind::invariant,
                               .expr = eval::random_expression(system, random, 1, read, 2)});
  return system;
}

// A tank of n: it is filled by n - a, and emptied by as much.
struct Tank {
  SystemBuilder b;
  ir::VarId n{}, a{}, level{};
  Tank() {
    n = b.system.add_variable({.name = "n", .width = 64, .free_initially = true, .low = 1, .high = 1U << 20U});
    a = b.system.add_variable({.name = "a", .width = 64, .free_initially = true, .low = 0, .high = 1U << 20U});
    level = b.system.add_variable({.name = "level", .width = 64});
    auto& pool = b.system.pool;
    b.system.initial_condition = pool.binary(Op::ult, b.system.read(a), b.system.read(n));
    const ir::ActorId worker = b.actor("worker", 2, {0});
    const ExprId part = pool.binary(Op::sub, b.system.read(n), b.system.read(a));
    b.step(worker, 0, 1).updates.push_back({level, pool.binary(Op::add, b.system.read(level), part)});
    b.step(worker, 1, 0).updates.push_back({level, pool.binary(Op::sub, b.system.read(level), part)});
  }
  ExprId level_below(ExprId other) { return b.system.pool.binary(Op::ult, b.system.read(level), other); }
  Result explore() {
    REQUIRE(ir::fault_in(b.system) == std::nullopt);
    return checker::explore_parameters(b.system, {});
  }
};

}  // namespace

TEST_CASE("what is added and taken away again comes back to the same state") {
  Tank tank;
  auto& pool = tank.b.system.pool;
  const ExprId n = tank.b.system.read(tank.n);
  tank.b.invariant(pool.not_(pool.binary(Op::ult, n, tank.b.system.read(tank.level))));
  tank.b.invariant(tank.level_below(n));
  tank.b.invariant(tank.level_below(pool.constant(5, 64)));
  const Result result = tank.explore();
  CHECK(result.internal_error == "");
  CHECK(result.complete);
  CHECK(result.statistics.states == 2);
  CHECK(result.properties[0].verdict == Verdict::proved);
  // With a = 0 the level is n, whatever n is: the least that shows it is 1.
  CHECK(result.properties[1].verdict == Verdict::violated);
  REQUIRE(result.properties[1].run);
  CHECK(result.properties[1].run->initial[ir::index(tank.n)] == 1);
  CHECK(result.properties[1].run->initial[ir::index(tank.a)] == 0);
  // Powers of two come before other numbers.
  CHECK(result.properties[2].verdict == Verdict::violated);
  CHECK(result.properties[2].run->initial[ir::index(tank.n)] == 8);
  CHECK(result.properties[2].run->initial[ir::index(tank.a)] == 0);
  REQUIRE(checker::parameters(tank.b.system).size() == 2);
}

TEST_CASE("a sum that grows without end is no proof") {
  Tank tank;
  auto& pool = tank.b.system.pool;
  tank.b.system.transitions[1].updates.clear();
  tank.b.invariant(pool.not_(pool.eq(tank.b.system.read(tank.level), pool.constant(3, 64))));
  tank.b.invariant(pool.truth(true));
  const Result result = tank.explore();
  CHECK_FALSE(result.complete);
  CHECK(result.stopped_by == "level grows without end");
  CHECK(result.properties[0].verdict == Verdict::violated);
  CHECK(result.properties[1].verdict == Verdict::inconclusive);
}

TEST_CASE("requirements that contradict each other prove nothing") {
  Tank tank;
  auto& pool = tank.b.system.pool;
  tank.b.system.initial_condition =
      pool.and_(tank.b.system.initial_condition, pool.eq(tank.b.system.read(tank.n), pool.constant(0, 64)));
  tank.b.invariant(pool.truth(true));
  const Result result = tank.explore();
  CHECK(result.properties[0].verdict == Verdict::inconclusive);
  CHECK(result.stopped_by == "no values of the parameters satisfy what is required of them");
}

TEST_CASE("a range that only some parameters leave ends the search") {
  Tank tank;
  tank.b.system.variables[ir::index(tank.level)].high = 1000;
  tank.b.invariant(tank.b.system.pool.truth(true));
  const Result result = tank.explore();
  CHECK(result.properties[0].verdict == Verdict::inconclusive);
  CHECK(result.stopped_by == "level leaves its declared range for some parameters");
}

TEST_CASE("the states met are an inductive invariant") {
  Tank tank;
  auto& pool = tank.b.system.pool;
  const ExprId n = tank.b.system.read(tank.n);
  tank.b.invariant(pool.not_(pool.binary(Op::ult, n, tank.b.system.read(tank.level))));
  const Result result = tank.explore();
  const auto& invariant = result.properties[0].invariant;
  REQUIRE(invariant);
  const auto holds = [&](const ir::State& state) {
    bool all = true;
    for (const ExprId clause : invariant->clauses) all = all && eval::is_true(invariant->pool, clause, state);
    return all;
  };
  TransitionSystem small = tank.b.system;
  small.variables[ir::index(tank.n)].high = 9;
  small.variables[ir::index(tank.a)].high = 9;
  const auto initial = eval::initial_states(small, 1000);
  REQUIRE(initial);
  REQUIRE(initial->size() == 45);
  for (const ir::State& state : *initial) {
    CHECK(holds(state));
    const ir::State filled = eval::fire(small, ir::TransitionId{0}, state);
    CHECK(holds(filled));
    ir::State other = filled;
    ++other[ir::index(tank.level)];
    CHECK_FALSE(holds(other));
  }
}

TEST_CASE("random systems with parameters: as brute force over all initial states") {
  std::size_t decided = 0;
  std::size_t undecided = 0;
  std::size_t violated = 0;
  std::size_t proved = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const TransitionSystem system = with_parameters(seed);
    REQUIRE(ir::fault_in(system) == std::nullopt);
    const auto reference = eval::explore(system, 20'000);
    if (!reference || reference->left_range) continue;
    checker::Options options;
    options.limits.depth = most_steps;
    const Result result = checker::explore_parameters(system, options);
    const std::string wrong = difference(system, result, *reference);
    if (!wrong.empty()) FAIL("seed " << seed << ": " << wrong);
    if (reference->states > 0 && !result.complete && result.stopped_by.starts_with("no values")) FAIL("seed " << seed);
    for (const PropertyResult& property : result.properties) {
      ++(property.verdict == Verdict::inconclusive ? undecided : decided);
      proved += property.verdict == Verdict::proved && !property.run ? 1U : 0U;
      violated += property.verdict == Verdict::violated ? 1U : 0U;
    }
  }
  MESSAGE(decided << " decided, " << violated << " of them violated, " << proved << " proved; " << undecided << " not");
  CHECK(decided > 0);
  CHECK(violated > 100);
  CHECK(proved > 10);
}
