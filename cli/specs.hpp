// hotproof specs: the property library, for people.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command specs_command();

}  // namespace hotproof::cli
