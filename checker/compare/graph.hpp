// What a system does as a graph: nodes, and edges with what happens on them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checker/explicit/memory.hpp"

namespace hotproof::checker::compare {

using Node = std::uint32_t;
using LabelId = std::uint32_t;
constexpr LabelId silent = 0;  // nothing that counts happens
constexpr std::uint32_t no_step = ~std::uint32_t{0};

struct Edge {
  Node from = 0;
  Node to = 0;
  LabelId label = silent;
  std::uint32_t step = no_step;  // the transition that the edge begins; none: it goes on with the one before
};

using Edges = std::vector<Edge, explicit_state::LargePages<Edge>>;

class Graph {
 public:
  Graph() = default;
  // Edges in any order.
  Graph(std::uint32_t nodes, Edges edges);

  std::uint32_t nodes() const { return static_cast<std::uint32_t>(first_.size() - 1); }
  const Edges& edges() const { return edges_; }
  // By label, then by where they lead.
  std::span<const Edge> out(Node node) const {
    return std::span<const Edge>(edges_).subspan(first_[node], first_[node + 1] - first_[node]);
  }
  // Of several that are alike in everything, one stays.
  void drop_equal_edges();

 private:
  void count(std::uint32_t nodes, const Edges& edges);
  Edges edges_;
  std::vector<std::uint32_t> first_ = {0};  // by node, one more than there are
};

// When to give up.
class Patience {
 public:
  Patience(double seconds, const volatile bool* interrupted);
  // Cheap enough for every step; once true, it stays so.
  bool is_over();
  const char* why() const { return why_; }  // "time limit", "interrupted"

 private:
  double end_ = 0;  // of a steady clock, in seconds; 0: none
  const volatile bool* interrupted_;
  std::uint32_t asked_ = 0;
  const char* why_ = "";
};

// A number for each node; two nodes with the same number are branching bisimilar: the one can do whatever the other
// can, with silent steps in between, and comes to nodes with the same number again. Going in a circle silently counts
// as standing still. Signature refinement (Blom and Orzan, STTT 2005, after van Glabbeek and Weijland, JACM 1996).
struct Classes {
  std::vector<std::uint32_t> of;
  std::uint32_t count = 0;
};
// Nothing is known if patience was over before the end.
Classes branching_classes(const Graph& graph, Patience& patience);

// One node a class, without the silent steps inside a class; each edge once.
Graph quotient(const Graph& graph, const Classes& classes);

// By node: a number of its circle of silent steps; where a silent step leads has a number not larger.
std::vector<std::uint32_t> silent_circles(const Graph& graph, std::uint32_t& count);

}  // namespace hotproof::checker::compare
