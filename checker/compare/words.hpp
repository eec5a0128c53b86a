// Where words lead in a graph.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "checker/compare/inclusion.hpp"

namespace hotproof::checker::compare {

// The nodes that the word leads to, with silent steps before, between and behind; ascending.
std::vector<Node> after(const Graph& graph, Node start, const Word& word);

// What can happen at one of these nodes.
std::set<LabelId> possible(const Graph& graph, const std::vector<Node>& nodes);

// A shortest path on which the word happens and that ends in an accepted node; nothing if there is none. `meaning` says
// what the graph's labels mean in the word.
std::optional<std::vector<Edge>> path(const Graph& graph, Node start, const std::vector<LabelId>& meaning,
                                      const Word& word, const std::function<bool(Node)>& accepts);

}  // namespace hotproof::checker::compare
