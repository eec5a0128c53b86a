// Claims about a change as a whole: "no functional change".
#pragma once

#include "cli/claims.hpp"

namespace hotproof::cli {

// Compares the versions before and after the change (docs/compare.md) on each architecture that the claim speaks of;
// the notifications that the change defines are hidden, and ideal listeners ignore them. Error: an internal one.
Result<bool> judge_whole_change(const claims::Claim& claim, const CheckedChange& change,
                                counterexamples::ClaimReport& report);

}  // namespace hotproof::cli
