// hotproof repro: what somebody needs to see a run on a real kernel.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command repro_command();

}  // namespace hotproof::cli
