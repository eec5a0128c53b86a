// hotproof simulate: somebody chooses each step; in a terminal, from a script, or from an editor.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command simulate_command();

}  // namespace hotproof::cli
