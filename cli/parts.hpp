// All properties in one search while that is small; else group by group, each with its own cone of influence.
#pragma once

#include <memory>
#include <vector>

#include "cli/search.hpp"
#include "model/ir/system.hpp"

namespace hotproof::cli {

// What the engines see of some properties, and what they say.
struct Part {
  std::vector<ir::PropertyId> properties;  // of the base, by their number here
  ir::Rewritten rewritten;                 // its transitions lift to those of the base
  checker::Result result;
};

struct Decided {
  std::shared_ptr<const ir::TransitionSystem> base;
  std::vector<Part> parts;  // each property of the base is in one
  double seconds_verifying = 0;
};

// What the engines get of a system: equal transitions are one in `base`; steps are merged, and what nothing depends on is
// left out, as far as that is wanted.
ir::Rewritten reduced(const ir::TransitionSystem& base, const SearchRequest& request);

// Errors as of search(). Every proof has been checked.
Result<Decided> decide(const ir::TransitionSystem& system, const SearchRequest& request);

}  // namespace hotproof::cli
