// `hotproof model --dot`: what the model follows, and how a block lives, as Graphviz text.
#pragma once

#include <string>

#include "cli/pipeline.hpp"

namespace hotproof::cli {

// The followed functions with their calls of each other, a cluster for each file; and the lifecycle of block 0 with the
// notifications on the edges, as one worker that is alone goes through it.
std::string drawing_of(Model& model);

}  // namespace hotproof::cli
