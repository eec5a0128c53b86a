// hotproof check: one tree, or the embedded model's story.
#pragma once

#include "cli/command.hpp"
#include "counterexamples/report.hpp"

namespace hotproof::cli {

Command check_command();

// What `hotproof check` finds out with these settings: of the embedded model, after the change that it comes with.
Result<counterexamples::CheckReport> check_report(const Settings& settings);
// Of the embedded model before it.
Result<counterexamples::CheckReport> reference_before(const Settings& settings);

// The settings of the embedded model's story: what they leave open is chosen so that both of its turns show, memory on
// standby and two listeners.
Settings for_story(Settings settings);

}  // namespace hotproof::cli
