// Graphs against brute force: classes, inclusion of words, weak bisimulation.

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "checker/compare/weak.hpp"
#include "checker/compare/words.hpp"

using namespace hotproof::checker::compare;

namespace {

// A small graph; shrinks by losing edges.
Graph small_graph(const std::vector<std::tuple<Node, LabelId, Node>>& triples, std::uint32_t nodes) {
  Edges edges;
  for (const auto& [from, label, to] : triples) edges.push_back({from % nodes, to % nodes, label % 4, no_step});
  return Graph(nodes, std::move(edges));
}

rc::Gen<Graph> any_graph() {
  const auto triple =
      rc::gen::tuple(rc::gen::inRange<Node>(0, 9), rc::gen::inRange<LabelId>(0, 4), rc::gen::inRange<Node>(0, 9));
  return rc::gen::map(rc::gen::container<std::vector<std::tuple<Node, LabelId, Node>>>(18, triple),
                      [](const auto& triples) { return small_graph(triples, 9); });
}

using Set = std::set<Node>;

Set closed(const Graph& graph, Set nodes) {
  for (std::size_t before = 0; before != nodes.size();) {
    before = nodes.size();
    for (const Edge& edge : graph.edges())
      if (edge.label == silent && nodes.contains(edge.from)) nodes.insert(edge.to);
  }
  return nodes;
}

Set stepped(const Graph& graph, const Set& nodes, LabelId label) {
  Set out;
  for (const Edge& edge : graph.edges())
    if (edge.label == label && nodes.contains(edge.from)) out.insert(edge.to);
  return closed(graph, out);
}

// The length of a shortest word of `left` that `right` has not, by determinising both; nothing if there is none.
std::optional<std::size_t> shortest_missing(const Graph& graph, Node left, Node right) {
  using Pair = std::pair<Set, Set>;
  std::vector<Pair> level{{closed(graph, {left}), closed(graph, {right})}};
  std::set<Pair> known(level.begin(), level.end());
  for (std::size_t length = 1; !level.empty(); ++length) {
    std::vector<Pair> next;
    for (const auto& [a, b] : level)
      for (LabelId label = 1; label < 4; ++label) {
        const Pair to{stepped(graph, a, label), stepped(graph, b, label)};
        if (to.first.empty()) continue;
        if (to.second.empty()) return length;
        if (known.insert(to).second) next.push_back(to);
      }
    level = std::move(next);
  }
  return std::nullopt;
}

// The largest relation that is a weak bisimulation, by taking pairs away.
std::set<std::pair<Node, Node>> weak_bisimulation(const Graph& graph) {
  std::set<std::pair<Node, Node>> out;
  for (Node a = 0; a < graph.nodes(); ++a)
    for (Node b = 0; b < graph.nodes(); ++b) out.emplace(a, b);
  const auto answers = [&](Node a, Node b) {
    for (const Edge& edge : graph.edges()) {
      if (edge.from != a) continue;
      const Set weak = edge.label == silent ? closed(graph, {b}) : stepped(graph, closed(graph, {b}), edge.label);
      if (std::none_of(weak.begin(), weak.end(), [&](Node to) { return out.contains({edge.to, to}); })) return false;
    }
    return true;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (auto pair = out.begin(); pair != out.end();) {
      const bool stays = answers(pair->first, pair->second) && answers(pair->second, pair->first);
      changed |= !stays;
      pair = stays ? std::next(pair) : out.erase(pair);
    }
  }
  return out;
}

Patience patient() {
  return Patience(0, nullptr);
}

constexpr std::uint64_t many = 1'000'000;

}  // namespace

TEST_CASE("inclusion of words, and a shortest missing word, as by determinising") {
  CHECK(rc::check([] {
    const Graph graph = *any_graph();
    Patience patience = patient();
    for (Node right = 1; right < 4; ++right) {
      const auto expected = shortest_missing(graph, 0, right);
      const Inclusion found = included(graph, 0, right, many, patience);
      RC_ASSERT(found.stopped_by.empty());
      RC_ASSERT(found.missing.has_value() == expected.has_value());
      RC_CLASSIFY(expected.has_value());
      if (!expected) continue;
      RC_ASSERT(found.missing->size() == *expected);
      RC_ASSERT(!after(graph, 0, *found.missing).empty());
      RC_ASSERT(after(graph, right, *found.missing).empty());
    }
  }));
}

TEST_CASE("weak bisimulation, and a play that tells two apart, as by taking pairs away") {
  CHECK(rc::check([] {
    const Graph graph = *any_graph();
    const auto expected = weak_bisimulation(graph);
    Patience patience = patient();
    for (Node right = 1; right < 9; ++right) {
      const Bisimulation found = weakly_bisimilar(graph, 0, right, many, patience);
      RC_ASSERT(found.stopped_by.empty());
      RC_ASSERT(found.equivalent == expected.contains({0, right}));
      RC_CLASSIFY(found.equivalent);
      RC_ASSERT(found.separation.has_value() != found.equivalent);
      if (!found.separation) continue;
      const Separation& play = *found.separation;
      const auto of_left = after(graph, 0, play.common);
      const auto of_right = after(graph, right, play.common);
      RC_ASSERT(std::binary_search(of_left.begin(), of_left.end(), play.left));
      RC_ASSERT(std::binary_search(of_right.begin(), of_right.end(), play.right));
      const Node can = play.left_can ? play.left : play.right;
      const Node cannot = play.left_can ? play.right : play.left;
      RC_ASSERT(possible(graph, after(graph, can, {})).contains(play.last));
      RC_ASSERT(!possible(graph, after(graph, cannot, {})).contains(play.last));
    }
  }));
}

TEST_CASE("nodes of one class are weakly bisimilar, and the quotient does the same") {
  CHECK(rc::check([] {
    const Graph graph = *any_graph();
    const auto bisimilar = weak_bisimulation(graph);
    Patience patience = patient();
    const Classes classes = branching_classes(graph, patience);
    const Graph small = quotient(graph, classes);
    for (Node a = 0; a < graph.nodes(); ++a) {
      RC_ASSERT(classes.of[a] < classes.count);
      for (Node b = 0; b < graph.nodes(); ++b) {
        if (classes.of[a] == classes.of[b]) RC_ASSERT(bisimilar.contains({a, b}));
        RC_ASSERT(shortest_missing(graph, a, b) == shortest_missing(small, classes.of[a], classes.of[b]));
      }
    }
  }));
}

TEST_CASE("classes are as coarse as they may be") {
  // Two ways to the same: over a silent step, or at once. A silent circle is no difference.
  const Graph graph = small_graph({{0, 1, 2}, {1, 0, 3}, {3, 1, 2}, {3, 0, 1}, {4, 1, 2}, {4, 2, 2}}, 5);
  Patience patience = patient();
  const Classes classes = branching_classes(graph, patience);
  CHECK(classes.of[0] == classes.of[1]);
  CHECK(classes.of[0] == classes.of[3]);
  CHECK(classes.of[0] != classes.of[4]);
  CHECK(classes.count == 3);
}

TEST_CASE("the same words, but decided at another time") {
  // a(b + c) and ab + ac.
  const Graph graph = small_graph({{0, 1, 1}, {1, 2, 2}, {1, 3, 2}, {3, 1, 4}, {3, 1, 5}, {4, 2, 2}, {5, 3, 2}}, 6);
  Patience patience = patient();
  CHECK_FALSE(included(graph, 0, 3, many, patience).missing);
  CHECK_FALSE(included(graph, 3, 0, many, patience).missing);
  const Bisimulation found = weakly_bisimilar(graph, 0, 3, many, patience);
  CHECK_FALSE(found.equivalent);
  REQUIRE(found.separation);
  CHECK(found.separation->common == Word{1});
}

TEST_CASE("limits give no answer") {
  Edges edges;
  for (Node node = 0; node < 50; ++node)
    for (LabelId label = 1; label < 3; ++label) edges.push_back({node, (node * 7 + label) % 50, label, no_step});
  edges.push_back({7, 8, 3, no_step});
  const Graph graph(50, std::move(edges));
  Patience patience = patient();
  CHECK(included(graph, 1, 0, 2, patience).stopped_by != "");
  CHECK_FALSE(included(graph, 1, 0, 2, patience).missing);
  CHECK(weakly_bisimilar(graph, 1, 0, 2, patience).stopped_by != "");
  const volatile bool interrupted = true;
  Patience none(0, &interrupted);
  CHECK(included(graph, 1, 0, many, none).stopped_by == "interrupted");
}
