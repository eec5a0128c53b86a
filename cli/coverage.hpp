// hotproof model --coverage: the source of the functions that are followed, with what the model reaches marked on it.
#pragma once

#include <string>

#include "cli/settings.hpp"
#include "counterexamples/report.hpp"
#include "model/source/source_tree.hpp"

namespace hotproof::cli {

// A table of the functions, the one that misses most first, the totals, and the source of each function, each line with
// a mark: "+" reached, "-" not reached, " " no statement. Only of settings.names, if there are any; of a name that is
// no function of the tree that is followed: an error. In JSON: the table and the lines that are missing.
Result<std::string> coverage_text(const counterexamples::ModelReport& model, const SourceTree& tree,
                                  const Settings& settings);

}  // namespace hotproof::cli
