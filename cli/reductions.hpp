// The checking mode of reductions: the system as it is before any of them, explored, with every claim tested.
#pragma once

#include <string>

#include "checker/result.hpp"
#include "cli/settings.hpp"

namespace hotproof::cli {

// Tests in every reachable state of `base` that transitions hold the locks they claim to hold and that nobody else does
// (ir::claims_hold), and that they read and write only what they say; and that the verdicts are those of `reduced`, by
// index. Gives a sentence about how far it got. Error, an internal one: a claim or a verdict that does not hold.
Result<std::string> test_reductions(const ir::TransitionSystem& base, const checker::Options& options,
                                    const checker::Result& reduced);

}  // namespace hotproof::cli
