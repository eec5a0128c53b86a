#include "checker/explicit/simplest.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>

#include "checker/explicit/explorer.hpp"
#include "checker/explicit/test_systems.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"

using namespace hotproof;
using checker::cost;
using checker::explore;
using checker::RunCost;
using checker::simplest;
using checker::explicit_state::testing::counters;
using checker::explicit_state::testing::SystemBuilder;

namespace {

bool without_faults(const ir::Property& property) {
  return property.kind == ir::PropertyKind::cover && property.cover_without_faults;
}

// Brute force: the least cost of a run that shows the property, by the interpreter.
std::optional<RunCost> least_cost(const ir::TransitionSystem& system, ir::PropertyId property) {
  const ir::Property& wanted = system.properties[ir::index(property)];
  const bool of_state = wanted.kind == ir::PropertyKind::invariant || wanted.kind == ir::PropertyKind::deadlock;
  using Node = std::pair<ir::State, std::size_t>;  // and who moved last, plus one
  std::map<Node, RunCost> known;
  std::multimap<RunCost, Node> open;
  std::optional<RunCost> best;
  const auto show = [&](const RunCost& at) { best = best ? std::min(*best, at) : at; };
  const auto initial = eval::initial_states(system, 1'000'000);
  for (const ir::State& state : *initial) open.emplace(RunCost{}, Node{state, 0});
  while (!open.empty()) {
    const auto [at, node] = *open.begin();
    open.erase(open.begin());
    if (!known.emplace(node, at).second) continue;
    if (of_state && checker::violates(system, property, node.first, std::nullopt)) show(at);
    for (const ir::TransitionId id : eval::enabled(system, node.first)) {
      const ir::Transition& t = system[id];
      if (without_faults(wanted) && t.faults > 0) continue;
      const std::size_t actor = ir::index(t.actor) + 1;
      const bool switches = node.second != 0 && node.second != actor;
      const RunCost then{at.faults + t.faults, at.switches + (switches ? 1 : 0), at.steps + 1};
      if (!of_state && checker::violates(system, property, node.first, id)) show(then);
      open.emplace(then, Node{eval::fire(system, id, node.first), actor});
    }
  }
  return best;
}

}  // namespace

TEST_CASE("fewer faults come before fewer switches, these before fewer steps") {
  SystemBuilder builder;
  const ir::ActorId a = builder.actor("a", 4, {0});
  const ir::ActorId b = builder.actor("b", 2, {0});
  const ir::VarId x = builder.variable("x", 1);
  builder.step(a, 0, 3, "fault").faults = 1;  // the shortest way, with a fault
  builder.step(a, 0, 1, "own way");           // alone, in three steps
  builder.step(a, 1, 2, "own way");
  builder.step(a, 2, 3, "own way");
  builder.step(b, 0, 1, "help").updates.push_back({x, builder.number(x, 1)});  // with help in two
  builder.step(a, 0, 3, "helped").guard = builder.is(x, 1);
  builder.invariant(builder.system.pool.not_(builder.is(ir::VarId{0}, 3)));
  const checker::Result result = explore(builder.system, {});
  REQUIRE(result.properties[0].run);
  CHECK(result.properties[0].depth == 1);
  const auto shown = simplest(builder.system, ir::PropertyId{0}, *result.properties[0].run, {});
  CHECK(shown.minimal);
  CHECK(shown.cost == RunCost{0, 0, 3});
  CHECK(shown.run.steps ==
        std::vector<ir::TransitionId>{ir::TransitionId{1}, ir::TransitionId{2}, ir::TransitionId{3}});
}

TEST_CASE("random systems: the cost is the least, and the run replays") {
  eval::RandomShape shape;
  shape.most_bits = 5;
  std::size_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const ir::TransitionSystem system = eval::random_system(seed, shape);
    const checker::Result result = explore(system, {});
    for (const checker::PropertyResult& property : result.properties) {
      if (!property.run) continue;
      CAPTURE(seed);
      CAPTURE(system.properties[ir::index(property.property)].id);
      const auto shown = simplest(system, property.property, *property.run, {});
      CHECK(shown.minimal);
      CHECK(shown.cost == cost(system, shown.run));
      CHECK(shown.cost <= cost(system, *property.run));
      CHECK(least_cost(system, property.property) == shown.cost);
      const auto replayed = eval::replay(system, shown.run);
      REQUIRE(replayed);
      const auto& states = replayed->states;
      const std::optional<ir::TransitionId> last =
          shown.run.steps.empty() ? std::nullopt : std::optional(shown.run.steps.back());
      CHECK((checker::violates(system, property.property, states.back(), std::nullopt) ||
             (last && checker::violates(system, property.property, states[states.size() - 2], last))));
      ++compared;
    }
  }
  CHECK(compared > 300);
}

TEST_CASE("a limit ends the search with the run that was known") {
  auto builder = counters(4, 40);
  const ir::VarId x{1}, y{3};
  builder.invariant(builder.system.pool.not_(builder.system.pool.and_(builder.is(x, 40), builder.is(y, 40))));
  const checker::Result result = explore(builder.system, {});
  REQUIRE(result.properties[0].run);
  ir::Run known = *result.properties[0].run;
  // Any other order of the steps leads to the same state: take turns, so that there is something to gain.
  for (std::size_t i = 0; i < known.steps.size(); ++i) known.steps[i] = ir::TransitionId{i % 2 == 0 ? 0U : 1U};
  checker::Options options;
  CHECK(simplest(builder.system, ir::PropertyId{0}, known, options).cost == RunCost{0, 1, 80});
  options.limits.bytes = 1'000;
  const auto shown = simplest(builder.system, ir::PropertyId{0}, known, options);
  CHECK_FALSE(shown.minimal);
  CHECK(shown.note.find("memory limit") != std::string::npos);
  CHECK(shown.run.steps == known.steps);
}
