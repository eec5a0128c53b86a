// Lowering, until no listener of the tree has something in it that is not understood.
#pragma once

#include "cli/pipeline.hpp"

namespace hotproof::cli {

// Makes model.scenario and model.lowered for model.request. An ideal listener takes the place of each in which
// something is not understood; model.request.ideal says so afterwards. `seconds` limits each attempt, 0: not at all.
Result<bool> lower_understood(const Subject& subject, double seconds, Model& model);

// Beside the architecture's own listener there is one that acts on MEM_PREPARE_ONLINE or MEM_FINISH_OFFLINE.
bool two_prepare(const std::vector<scenarios::Listener>& listeners);

}  // namespace hotproof::cli
