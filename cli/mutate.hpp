// `hotproof mutate`: small mistakes in functions, one at a time, and what notices them.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command mutate_command();

}  // namespace hotproof::cli
