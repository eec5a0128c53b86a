// The `orderings` subcommand.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command orderings_command();

}  // namespace hotproof::cli
