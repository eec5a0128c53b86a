// The state graph that a violation was found in, made small enough to look at: states in a row, of which each has one way
// in and one way out, are one edge.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "counterexamples/report.hpp"

namespace hotproof::render {

struct GraphNode {
  std::uint32_t state = 0;
  std::size_t depth = 0;     // edges from the initial state, at least
  bool violates = false;     // the property is violated here, or by the step that leads here
  bool avoidable = true;     // some way on from here avoids the violation
  bool on_run = false;
};
struct GraphEdge {
  std::size_t from = 0;  // nodes
  std::size_t to = 0;
  std::size_t steps = 1;
  std::string actor;  // of the first step
  std::string text;   // of the first step
  bool on_run = false;
};
struct SmallGraph {
  std::size_t states = 0;  // of the whole graph
  std::vector<GraphNode> nodes;  // node 0 is where the run starts
  std::vector<GraphEdge> edges;
  std::string part;     // what of it is here; empty: all
  std::string unknown;  // why there is none; else empty
};

// Of a violated property with `system` and `run`. Of graphs larger than anybody looks at, only what is beside the run.
SmallGraph state_graph_of(const counterexamples::PropertyReport& property);

}  // namespace hotproof::render
