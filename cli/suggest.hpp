// Looks for small edits that mend what is violated.
#pragma once

#include <vector>

#include "cli/pipeline.hpp"
#include "counterexamples/report.hpp"

namespace hotproof::cli {

// `report` is what a check of `subject` with these settings and properties found. Edits of the functions on the
// violating runs are tried, each checked by itself: first for what it is to mend, then for everything. Where none mends
// all, two together. There is a limit of edits and one of time.
Result<counterexamples::SuggestReport> suggest(const Subject& subject, const Settings& settings,
                                               const std::vector<spec::SpecProperty>& properties,
                                               const counterexamples::CheckReport& report);

}  // namespace hotproof::cli
