#include <set>

#include "checker/export/graph.hpp"
#include "checker/export/test_tools.hpp"

using namespace hotproof;
using namespace hotproof::checker::exports;
using namespace hotproof::checker::exports::testing;
using ir::TransitionSystem;

namespace {

// What a reader that knows nothing of us finds in a graph: how many there are of each, and how many an initial state
// leads to.
struct Read {
  std::size_t states = 0, edges = 0, reachable = 0;
  friend bool operator==(const Read&, const Read&) = default;
};
doctest::String toString(const Read& read) {
  return (std::to_string(read.states) + " " + std::to_string(read.edges) + " " + std::to_string(read.reachable)).c_str();
}

// readers.py, which prints the three numbers.
Read read_by_python(const std::string& format, const std::string& text) {
  const auto folder = folder_for("graph");
  write(folder / ("graph." + format), text);
  const std::string reader = HOTPROOF_SOURCE_DIR "/checker/export/readers.py";
  const int status = run_in(folder, "python3 '" + reader + "' " + format + " graph." + format + " >out 2>err");
  INFO(text_of(folder / "err"));
  REQUIRE(status == 0);
  std::istringstream in(text_of(folder / "out"));
  Read out;
  in >> out.states >> out.edges >> out.reachable;
  return out;
}

void check_graphs(const TransitionSystem& system, const eval::Reference& reference) {
  const std::size_t starts = eval::initial_states(system, 10000)->size();
  const Read plain{reference.states, reference.transitions, reference.states};
  for (const char* format : {"dot", "graphml", "aut"}) {
    CAPTURE(format);
    const auto text = find_format(format)->write(system, {});
    REQUIRE(text);
    Read expected = plain;
    if (std::string(format) == "aut" && starts > 1) expected = {plain.states + 1, plain.edges + starts, plain.reachable + 1};
    CHECK(read_by_python(format, *text) == expected);
  }
}

}  // namespace

TEST_CASE("graphs have the states and transitions that brute force counts") {
  if (!are_here("python3 gvpr")) return;
  std::size_t compared = 0;
  for (std::uint64_t seed = 8000; compared < 6; ++seed) {
    CAPTURE(seed);
    const TransitionSystem system = eval::random_system(seed);
    const auto reference = eval::explore(system, 3000);
    if (!reference || reference->states < 20) continue;
    ++compared;
    check_graphs(system, *reference);
  }
}

TEST_CASE("a graph knows where properties are violated and covers reached") {
  for (std::uint64_t seed = 8100; seed < 8120; ++seed) {
    CAPTURE(seed);
    const TransitionSystem system = eval::random_system(seed);
    const auto reference = eval::explore(system, 3000);
    if (!reference) continue;
    const auto graph = graph_of(system, 3000, {});
    REQUIRE(graph);
    std::set<ir::PropertyId> shown;
    for (const auto& here : graph->violated) shown.insert(here.begin(), here.end());
    for (const Graph::Edge& edge : graph->edges) {
      shown.insert(edge.violated.begin(), edge.violated.end());
      shown.insert(edge.reached.begin(), edge.reached.end());
    }
    for (std::size_t i = 0; i < system.properties.size(); ++i) {
      const ir::Property& property = system.properties[i];
      const bool cover = property.kind == ir::PropertyKind::cover;
      CHECK(shown.contains(static_cast<ir::PropertyId>(i)) ==
            (cover ? reference->marks[ir::index(property.mark)].has_value() : reference->properties[i].has_value()));
    }
  }
}

TEST_CASE("hostile texts stay texts in graphs") {
  const TransitionSystem system = hostile();
  const auto reference = eval::explore(system, 1000);
  REQUIRE(reference);
  for (const char* format : {"dot", "graphml", "aut"}) {
    const auto text = find_format(format)->write(system, {});
    REQUIRE(text);
    for (const char c : *text) CHECK((c == '\n' || c == '\t' || (c >= ' ' && c < 0x7f)));
  }
  if (are_here("python3 gvpr")) check_graphs(system, *reference);
}

TEST_CASE("a graph with more states than allowed is refused") {
  auto counting = checker::explicit_state::testing::counters(2, 40);
  Request request;
  request.most_states = 41 * 41 - 1;
  for (const char* format : {"dot", "graphml", "aut"}) {
    const auto refused = find_format(format)->write(counting.system, request);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message == "there are more than 1680 states");
    CHECK(refused.error().hint == "--most allows more");
  }
  request.most_states = 41 * 41;
  CHECK(find_format("aut")->write(counting.system, request));
}

TEST_CASE("a tiny system in every format") {
  const TransitionSystem system = hostile("tiny");
  for (const Format& format : formats()) {
    CAPTURE(format.name);
    const auto text = format.write(system, {});
    REQUIRE(text);
    const std::filesystem::path path = std::filesystem::path(HOTPROOF_SOURCE_DIR) / "checker/export/golden" / (std::string("tiny.") + format.name);
    if (std::getenv("HOTPROOF_UPDATE_GOLDEN") != nullptr) write(path, *text);
    CHECK(*text == text_of(path));
  }
}
