#include "checker/compare/words.hpp"

#include <algorithm>
#include <unordered_map>

namespace hotproof::checker::compare {

namespace {

void close(const Graph& graph, std::vector<Node>& nodes) {
  std::set<Node> known(nodes.begin(), nodes.end());
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (const Edge& edge : graph.out(nodes[i]))
      if (edge.label == silent && known.insert(edge.to).second) nodes.push_back(edge.to);
  nodes.assign(known.begin(), known.end());
}

}  // namespace

std::vector<Node> after(const Graph& graph, Node start, const Word& word) {
  std::vector<Node> nodes{start};
  close(graph, nodes);
  for (const LabelId label : word) {
    std::set<Node> next;
    for (const Node node : nodes)
      for (const Edge& edge : graph.out(node))
        if (edge.label == label) next.insert(edge.to);
    nodes.assign(next.begin(), next.end());
    close(graph, nodes);
  }
  return nodes;
}

std::set<LabelId> possible(const Graph& graph, const std::vector<Node>& nodes) {
  std::set<LabelId> out;
  for (const Node node : nodes)
    for (const Edge& edge : graph.out(node))
      if (edge.label != silent) out.insert(edge.label);
  return out;
}

std::optional<std::vector<Edge>> path(const Graph& graph, Node start, const std::vector<LabelId>& meaning,
                                      const Word& word, const std::function<bool(Node)>& accepts) {
  struct Place {
    Node node;
    std::uint32_t position;  // in the word
    std::uint32_t parent;
    Edge edge;  // that led here
  };
  std::vector<Place> places{{start, 0, 0, {}}};
  std::unordered_map<std::uint64_t, bool> known;
  const auto is_new = [&](Node node, std::uint32_t position) {
    return known.try_emplace(std::uint64_t{position} << 32U | node, true).second;
  };
  is_new(start, 0);
  for (std::uint32_t i = 0; i < places.size(); ++i) {
    const Place at = places[i];
    if (at.position == word.size() && accepts(at.node)) {
      std::vector<Edge> out;
      for (std::uint32_t back = i; back != 0; back = places[back].parent) out.push_back(places[back].edge);
      std::reverse(out.begin(), out.end());
      return out;
    }
    for (const Edge& edge : graph.out(at.node)) {
      const LabelId label = meaning[edge.label];
      const bool fits = label == silent || (at.position < word.size() && word[at.position] == label);
      const std::uint32_t position = at.position + (label == silent ? 0 : 1);
      if (fits && is_new(edge.to, position)) places.push_back({edge.to, position, i, edge});
    }
  }
  return std::nullopt;
}

}  // namespace hotproof::checker::compare
