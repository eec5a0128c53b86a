// The life of a block, as a small automaton: what it is, what its listeners were told last, and what comes next.
#pragma once

#include <string>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::cli {

struct Lifecycle {
  struct Edge {
    std::size_t from = 0;  // indices into `stages`
    std::size_t to = 0;
    std::string
        label;  // a notification with its outcome if it failed: "MEM_GOING_ONLINE"; or what the block turns into
    bool failure = false;

    friend auto operator<=>(const Edge&, const Edge&) = default;
  };
  std::vector<std::string> stages;  // "offline", "going online after MEM_PREPARE_ONLINE"; the first is where it starts
  std::vector<Edge> edges;
  bool complete = true;  // false: there is more, the search for it was cut off
};

// What worker0, while all others rest, can do with block 0. Empty if the system has no such worker or block.
Lifecycle lifecycle_of(const ir::TransitionSystem& system);

}  // namespace hotproof::cli
