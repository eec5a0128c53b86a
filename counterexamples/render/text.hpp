// Reports as people read them on a terminal: verdict lines in the form compilers use, runs as tables, one summary.
#pragma once

#include <string>

#include "counterexamples/render/terminal.hpp"
#include "counterexamples/report.hpp"

namespace hotproof::render {

// Lines that one violation takes at most.
constexpr std::size_t violation_lines = 40;

// brief: on one screen. full: a table of up to `explained_rows` lines, with the depth of calls and the locks held.
enum class Detail { brief, full };
constexpr std::size_t explained_rows = 40;

// A violated property with its run (a cover: with an attempt that does not get there, if there is one): at most
// `violation_lines` lines, each ended. `where` names the model for verdicts that have no place in the source.
std::string violation(const counterexamples::PropertyReport& property, const std::string& where, const Style& style,
                      Detail detail = Detail::brief);

// One model: its violations, the table of all properties, and what the answer rests on.
std::string text(const counterexamples::CheckReport& report, const Style& style);

// A patch: where it was placed, what is new, fixed and kept, the runs of what is violated after it, what of it was
// executed, and what the answer rests on.
std::string text(const counterexamples::PatchReport& report, const Style& style);

// `hotproof model`: everything the model took from the tree, and what it left out and why.
std::string model_text(const counterexamples::CheckReport& report, const Style& style);

}  // namespace hotproof::render
