// hotproof patch: a tree before and after a patch.
#pragma once

#include "cli/command.hpp"
#include "cli/inputs.hpp"

namespace hotproof::cli {

Command patch_command();

// Checks the subject as it is, and with the mails and then the settings' edits laid over it.
Result<counterexamples::PatchReport> compare(const Subject& before, const std::vector<patch::Mail>& mails,
                                             const Settings& settings);

}  // namespace hotproof::cli
