// Whether all that one node can do, another can do: weak trace inclusion.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/compare/graph.hpp"

namespace hotproof::checker::compare {

// Labels that only one side can do: after all but the last of them, the other side cannot do the last one.
using Word = std::vector<LabelId>;

struct Inclusion {
  std::optional<Word> missing;  // a shortest word of `left` that is none of `right`
  std::string stopped_by;       // a limit: not decided. Empty: missing, or included
  std::uint64_t pairs = 0;      // looked at
};

// Two nodes of one graph in which no two nodes are known to do the same: whatever `right` can be when `left` is at a
// node, the rest is included if that node is among it.
//
// Antichains: M. De Wulf, L. Doyen, T. A. Henzinger, J.-F. Raskin, CAV 2006: a set of nodes where the right side may be
// need not be looked at if, at the same node of the left, a subset of it was. Breadth first by what happens, so the
// word is a shortest one.
Inclusion included(const Graph& graph, Node left, Node right, std::uint64_t most_pairs, Patience& patience);

}  // namespace hotproof::checker::compare
