// What events, and parts of the state, are about in the kernel.
#pragma once

#include <vector>

#include "checker/compare/observables.hpp"

namespace hotproof::cli {

// Only what is known to have nothing to do with other things; see docs/compare.md, "Up to the order of two statements".
const std::vector<checker::compare::Concern>& concerns();

}  // namespace hotproof::cli
