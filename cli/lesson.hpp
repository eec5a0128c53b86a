// hotproof lesson: a course on the life of a memory block, graded by the engines.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command lesson_command();

}  // namespace hotproof::cli
