// Which functions stand in the files that a patch changes.
#pragma once

#include <vector>

#include "cli/pipeline.hpp"

namespace hotproof::cli {

// Each changed file is read by itself: it may be none of those that the model reads, and in the model a body of ours
// hides what it shadows.
std::vector<FunctionLines> changed_functions(const Subject& subject, const Checked& checked);

}  // namespace hotproof::cli
