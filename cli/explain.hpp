// `hotproof explain`: what a recorded trace shows, and why.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command explain_command();

}  // namespace hotproof::cli
