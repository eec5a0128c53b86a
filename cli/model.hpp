// hotproof model: what the model takes from a tree, and what it leaves out and why.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command model_command();

}  // namespace hotproof::cli
