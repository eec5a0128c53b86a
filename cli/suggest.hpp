// Looks for small edits that mend what is violated.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/pipeline.hpp"
#include "counterexamples/report.hpp"

namespace hotproof::cli {

// `report` is what a check of `subject` with these settings and properties found. Edits of the functions on the
// violating runs are tried, each checked by itself: first for what it is to mend, then for everything. Where none mends
// all, two together. There is a limit of edits and one of time. `given`: properties that are violated and are not to be
// mended; an edit that leaves only these violated is as good as one after which all hold, but is not called so.
Result<counterexamples::SuggestReport> suggest(const Subject& subject, const Settings& settings,
                                               const std::vector<spec::SpecProperty>& properties,
                                               const counterexamples::CheckReport& report,
                                               const std::set<std::string>& given = {});

}  // namespace hotproof::cli
