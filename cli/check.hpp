// hotproof check: one tree, or the embedded model's story.
#pragma once

#include "cli/command.hpp"

namespace hotproof::cli {

Command check_command();

// The settings of the embedded model's story: what they leave open is chosen so that both of its turns show, memory on
// standby and two listeners.
Settings for_story(Settings settings);

}  // namespace hotproof::cli
