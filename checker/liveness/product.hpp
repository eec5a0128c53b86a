// Runs of a system beside runs of an automaton: which of them are fair and accepted, or why none is.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/liveness/automaton.hpp"
#include "checker/liveness/graph.hpp"

namespace hotproof::checker::liveness {

using NodeId = std::uint32_t;

// Why no fair accepted run stays in a part of the product for ever. Cells make a tree below a root that is no cell; a
// node belongs to one cell, and by that to those above it. Between children of the same parent, steps lead from larger
// numbers to smaller ones only. So a run stays in one of them in the end, and there
// - no_step: no step stays in the cell;
// - not_accepted: no step in it is of acceptance set `what`;
// - unfair: actor `what` must move at each node of it, and never does in it;
// - starved: no step in it is of one of `groups`; one of them is open at each node that belongs to the cell itself. So
//   these nodes are left for ever, and its children are what remains.
struct Cell {
  enum class Why : std::uint8_t { no_step, not_accepted, unfair, starved } why = Why::no_step;
  static constexpr std::uint32_t root = ~std::uint32_t{0};
  std::uint32_t parent = root;
  std::uint32_t what = 0;
  std::vector<std::uint32_t> groups;
};

// A run, and where it goes round in the end.
struct Lasso {
  ir::State initial;
  std::vector<ir::TransitionId> steps;
  std::size_t loop_start = 0;  // the step with which the loop begins; steps.size(): nobody moves any more
};

class Product {
 public:
  // All must outlive it.
  Product(const Graph& graph, const Automaton& automaton, const Fairness& fairness, const Options& options);

  // Takes the reachable part into strongly connected components (Tarjan, Depth-first search and linear graph algorithms,
  // 1972), and those apart again in which a strong assumption fails (Emerson and Lei, Modalities for model checking,
  // 1987, section 5), until each is fair and accepted or shown not to be.
  // A fair accepted run whose way to its component is the shortest there is; nothing if there is none. The cycle is short,
  // not the shortest.
  std::optional<Lasso> find();

  bool complete() const { return stopped_by_.empty(); }  // if not, nothing found says nothing
  const std::string& stopped_by() const { return stopped_by_; }
  std::size_t nodes() const { return nodes_.size(); }
  std::size_t components() const { return components_; }
  // After find() has given nothing: the reasons.
  const std::vector<Cell>& cells() const { return cells_; }
  static constexpr std::uint32_t unreached = ~std::uint32_t{0};
  // By vertex, then by the automaton's state: the cell (0 before find()), or unreached.
  std::vector<std::uint32_t> cell_of_each() const;

 private:
  friend class LassoBuilder;
  struct Node {
    Vertex vertex = 0;
    std::uint32_t state = 0;
    NodeId parent = 0;  // itself: a beginning
  };
  struct Region {
    std::vector<NodeId> nodes;
    std::uint32_t cell = Cell::root;
  };
  // What a component has.
  struct Facts {
    bool has_step = false;
    std::uint64_t accepts = 0, moves = 0, must = ~std::uint64_t{0};
    std::vector<std::uint32_t> starved;  // groups
  };

  void explore(const Options& options);
  NodeId meet(Vertex vertex, std::uint32_t state, NodeId parent);
  // tell(to, step, accepts)
  template <class Tell>
  void each_step(NodeId id, Tell&& tell) const;
  void split(const Region& region);
  void judge(std::vector<NodeId> part, std::uint32_t parent);
  Facts facts(const std::vector<NodeId>& part);
  bool is_open(NodeId id, const std::vector<std::uint32_t>& groups) const;
  std::uint32_t new_cell(Cell cell, const std::vector<NodeId>& part);
  std::vector<std::vector<std::uint32_t>> automaton_components() const;

  const Graph& graph_;
  const Automaton& automaton_;
  const Fairness& fairness_;
  std::size_t letters_;
  std::vector<std::vector<Automaton::Move>> moves_;  // by the automaton's state and letter
  std::vector<NodeId> number_;                       // by vertex and state of the automaton; or none
  std::vector<Node> nodes_;                          // in the order of a breadth-first search
  std::vector<std::uint32_t> cell_;                  // by node
  std::vector<std::uint32_t> part_;                  // by node: the component it is in at the moment, from 1
  std::vector<Cell> cells_;
  std::vector<Region> open_;
  std::vector<NodeId> fair_;  // the component with the earliest node
  std::uint32_t components_ = 0;
  std::vector<std::uint32_t> opened_, taken_;  // by group: the component in which it was last
  std::string stopped_by_;
};

template <class Tell>
void Product::each_step(NodeId id, Tell&& tell) const {
  const Node node = nodes_[id];
  graph_.each_step(node.vertex, [&](const Step& step) {
    for (const Automaton::Move& move : moves_[node.state * letters_ + step.letter])
      tell(number_[std::size_t{step.to} * automaton_.states() + move.to], step, move.accepts);
  });
}

// Strongly connected components of the graph on 0 … size-1, each after all those that it leads to. successors(i, tell)
// calls tell(j); found(members) gets each component.
template <class Successors, class Found>
void strong_components(std::uint32_t size, Successors&& successors, Found&& found) {
  constexpr std::uint32_t unseen = ~std::uint32_t{0};
  struct Frame {
    std::uint32_t node;
    std::size_t begin, next;  // of its successors, in `pending`
  };
  std::vector<std::uint32_t> number(size, unseen), low(size, 0), stack, pending;
  std::vector<bool> on_stack(size, false);
  std::vector<Frame> frames;
  std::uint32_t count = 0;
  const auto enter = [&](std::uint32_t node) {
    number[node] = low[node] = count++;
    stack.push_back(node);
    on_stack[node] = true;
    const std::size_t begin = pending.size();
    successors(node, [&](std::uint32_t to) { pending.push_back(to); });
    frames.push_back({node, begin, begin});
  };
  for (std::uint32_t root = 0; root < size; ++root) {
    if (number[root] != unseen) continue;
    enter(root);
    while (!frames.empty()) {
      Frame& frame = frames.back();
      const std::uint32_t node = frame.node;
      if (frame.next < pending.size()) {
        const std::uint32_t to = pending[frame.next++];
        if (number[to] == unseen)
          enter(to);
        else if (on_stack[to])
          low[node] = std::min(low[node], number[to]);
        continue;
      }
      pending.resize(frame.begin);
      frames.pop_back();
      if (!frames.empty()) low[frames.back().node] = std::min(low[frames.back().node], low[node]);
      if (low[node] != number[node]) continue;
      std::vector<std::uint32_t> members;
      do {
        members.push_back(stack.back());
        on_stack[stack.back()] = false;
        stack.pop_back();
      } while (members.back() != node);
      found(std::move(members));
    }
  }
}

}  // namespace hotproof::checker::liveness
