// Which of the lines that a patch changes the model executes.
#pragma once

#include <vector>

#include "cli/pipeline.hpp"

namespace hotproof::cli {

// Every added line that is more than a blank, a brace or a comment, and every place where something was removed.
// executed: some path reaches the statement; a #define counts where an executed line names it. unreachable: in a
// function that is followed, but no path gets there. outside: elsewhere.
std::vector<counterexamples::ChangedLine> changed_lines(const SourceTree& tree, const Checked& checked);

// Why the answer for the patched tree says nothing about the patch: nothing of it is executed, or it changes a function
// that a meaning of ours stands for. Empty if there is no such reason.
std::string why_not_understood(const std::vector<counterexamples::ChangedLine>& lines, const Checked& checked);

}  // namespace hotproof::cli
