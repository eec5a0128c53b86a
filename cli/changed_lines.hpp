// Which of the lines that a patch changes the model executes.
#pragma once

#include <vector>

#include "cli/pipeline.hpp"

namespace hotproof::cli {

// Every added line that is more than a blank, a brace or a comment, and every place where something was removed.
// executed: some path reaches the statement; a #define counts where an executed line names it. unreachable: in a
// function that is followed, but no path gets there. outside: elsewhere.
std::vector<counterexamples::ChangedLine> changed_lines(const SourceTree& tree, const Checked& checked);

// Why nothing can be said although lines were changed: one is in a function that a meaning of ours stands for. Empty if
// there is no such line.
std::string shadowed_change(const std::vector<counterexamples::ChangedLine>& lines, const Checked& checked);

// The changed lines; and where the answer says nothing about them, because none of them is executed or because one is
// in a function that a meaning of ours stands for, nothing of it stays proved; `why`, if given, is then the reason.
std::vector<counterexamples::ChangedLine> judge_changes(const SourceTree& tree, Checked& checked,
                                                        std::string* why = nullptr);

// What else workers may ask for, so that more of the changed lines are executed: who changes what lies there need not
// say so. life: they also add and remove blocks; all: other entry points as well.
enum class Reach : std::uint8_t { life, all };

// Settings become those whose model executes most of the changed lines, if they are more than in `plain`, the answer
// with the settings as they are. False: they stay as they are.
bool choose_what_shows_more(const Subject& changed, Settings& settings, const Checked& plain, Reach reach = Reach::all);

// Checks with the settings chosen so.
Result<Checked> check_where_most_is_shown(const Subject& changed, Settings& settings,
                                          const std::vector<spec::SpecProperty>& properties, const Subject& base);

}  // namespace hotproof::cli
