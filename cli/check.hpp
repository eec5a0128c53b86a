// hotproof check: one tree, or the embedded model's story.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command check_command();

}  // namespace hotproof::cli
