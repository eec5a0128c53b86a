#include "counterexamples/render/formats/state_graph.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "counterexamples/render/formats/formats.hpp"
#include "counterexamples/render/sample.hpp"

using namespace hotproof;
using namespace hotproof::counterexamples;
using namespace hotproof::render;

namespace {

// Somebody counts up to `last`, one by one, and may take a way round at each number below it; the last number breaks the rule.
PropertyReport counting(std::uint32_t last) {
  ir::TransitionSystem system;
  ir::Variable control{.name = "worker0.pc", .width = 16, .role = ir::Role::control};
  control.high = last + 1;
  system.actors.push_back({"worker0", system.add_variable(control), 0, last + 2, {}});
  const auto step = [&system](ir::Location from, ir::Location to, const char* text) {
    ir::Transition t;
    t.from = from;
    t.to = to;
    t.guard = system.pool.truth(true);
    t.text = text;
    system.transitions.push_back(t);
  };
  ir::Run run;
  for (std::uint32_t i = 0; i < last; ++i) {
    run.steps.push_back(static_cast<ir::TransitionId>(system.transitions.size()));
    step(i, i + 1, "counts");
    if (i % 2 == 0) step(i, last + 1, "gives <up>");
  }
  run.initial = {0};
  ir::Property rule;
  rule.id = "never-last";
  rule.expr = system.pool.not_(system.pool.eq(system.read(ir::VarId{0}), system.pool.constant(last, 16)));
  system.properties = {rule};
  system.initial_condition = system.pool.truth(true);
  PropertyReport out = render::sample_check().properties[1];
  out.id = "never-last";
  out.run = run;
  out.system = std::make_shared<const ir::TransitionSystem>(std::move(system));
  return out;
}

}  // namespace

TEST_CASE("states in a row are one edge, and the run is marked") {
  const SmallGraph graph = state_graph_of(counting(6));
  CHECK(graph.unknown.empty());
  CHECK(graph.part.empty());
  CHECK(graph.states == 8);
  // 0, 2, 4, 5 (behind which nothing can be avoided), 6, and where one gives up.
  CHECK(graph.nodes.size() == 6);
  CHECK(std::count_if(graph.nodes.begin(), graph.nodes.end(), [](const GraphNode& n) { return n.violates; }) == 1);
  CHECK(std::count_if(graph.nodes.begin(), graph.nodes.end(), [](const GraphNode& n) { return !n.avoidable; }) == 2);
  std::size_t steps = 0;
  for (const GraphEdge& edge : graph.edges) steps += edge.on_run ? edge.steps : 0;
  CHECK(steps == 6);
}

TEST_CASE("a graph that nobody could look at is not drawn") {
  const SmallGraph graph = state_graph_of(counting(1000));
  CHECK(graph.nodes.empty());
  CHECK(graph.unknown == "too many to draw");
}

TEST_CASE("a graph is drawn in both forms") {
  const PropertyReport property = counting(6);
  const RunView view{&property, "a tree", "tree", "x86_64", "one worker", nullptr};
  const std::string drawn = graph_dot(view, {});
  CHECK(drawn.starts_with("digraph"));
  CHECK(drawn.find("8 states") != std::string::npos);
  CHECK(drawn.find("(2 steps)") != std::string::npos);
  const std::string picture = graph_svg(view, {});
  CHECK(picture.find("<circle") != std::string::npos);
  CHECK(picture.find("violated") != std::string::npos);
}

TEST_CASE("without its model there is no graph, and that is said") {
  PropertyReport property = counting(6);
  property.system = nullptr;
  CHECK(state_graph_of(property).unknown == "the model is not here");
}
