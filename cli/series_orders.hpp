// Which orders of a series' patches are safe.
#pragma once

#include "cli/series_sets.hpp"

namespace hotproof::cli {

// `judges`: one an architecture; a set is safe if it is on all. The verdicts of prefixes are known to them already.
Result<counterexamples::OrdersReport> find_orders(std::vector<SetJudge>& judges, const patch::Series& series,
                                                  const Settings& settings);

}  // namespace hotproof::cli
