// The whole state graph of a small system, found by the reference interpreter.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "checker/result.hpp"
#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::checker::exports {

struct Graph {
  struct Edge {
    std::size_t from = 0, to = 0;
    ir::TransitionId fired{};
    std::vector<ir::PropertyId> violated;  // assertions that fail when it fires; ascending
    std::vector<ir::PropertyId> reached;   // covers that it reaches, whatever faults came before; ascending
  };
  std::vector<ir::State> states;  // in the order of a breadth-first search; the initial ones come first
  std::size_t initial = 0;        // how many those are
  std::vector<std::vector<ir::PropertyId>> violated;  // by state: invariants and no-deadlock; ascending
  std::vector<Edge> edges;        // by source, and then by transition
};

// Error: there are more than `most_states` states, or a value leaves its declared range, or the search was interrupted
// or took too long (`options`).
Outcome<Graph> graph_of(const ir::TransitionSystem& system, std::size_t most_states, const Options& options);

}  // namespace hotproof::checker::exports
