// `hotproof minimise`: the simplest run that shows what a recorded trace shows.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command minimise_command();

}  // namespace hotproof::cli
