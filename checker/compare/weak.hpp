// Weak bisimulation: not only can both do the same, at every point either can go on as the other may.
#pragma once

#include <optional>
#include <string>

#include "checker/compare/inclusion.hpp"

namespace hotproof::checker::compare {

// Why two nodes are not weakly bisimilar, as a play: after the same labels one is where it can do one more, and the
// other is, by moves that answered the first one's, where it cannot.
struct Separation {
  Word common;
  LabelId last = silent;
  bool left_can = true;
  Node left = 0, right = 0;  // where they are after `common`
};

struct Bisimulation {
  bool equivalent = false;
  std::optional<Separation> separation;
  std::string stopped_by;  // a limit: not decided
};

// Saturation, then partition refinement on weak steps (Kanellakis and Smolka, Inf. Comput. 86, 1990; Milner,
// Communication and Concurrency, 1989, chapter 5).
Bisimulation weakly_bisimilar(const Graph& graph, Node left, Node right, std::uint64_t most_weak_steps,
                              Patience& patience);

}  // namespace hotproof::checker::compare
