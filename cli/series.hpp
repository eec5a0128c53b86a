// `hotproof series`: every prefix of a series of patches.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command series_command();

}  // namespace hotproof::cli
