// One violation told at length: why its run ends where it ends, what it leaves behind, how it could have gone well.
#pragma once

#include <string>
#include <vector>

#include "counterexamples/render/terminal.hpp"
#include "counterexamples/report.hpp"

namespace hotproof::render {

// Where a violation was found, as plain words.
struct Setting {
  std::string title;      // "6.1 with the patch"
  std::string scenario;   // one line
  std::string command;    // that finds it again; may be empty
  std::vector<counterexamples::SuggestionReport> fixes{};  // small edits that mend it, the best first
};

// The table of the run, what decided it, the nearest good run from where it parts, and for a violation that ends in a lock
// operation what each actor locks, in columns.
std::string explanation(const counterexamples::PropertyReport& property, const Setting& setting, const Style& style);

// The run in full sentences, and a glossary of the words in it.
std::string story(const counterexamples::PropertyReport& property, const Setting& setting, const Style& style);

// A plain text of at most 72 columns, as a reviewer would send it: what, where, how it is reached, why it matters, whether
// it can happen today, what would prevent it and, if
// there is one, a diff that mends it (whose lines are as long as they are). Only ASCII.
std::string mail(const counterexamples::PropertyReport& property, const Setting& setting);

// What the run leaves changed when it ends, in words: "block[0].accessible is yes (it was no)".
std::vector<std::string> left_behind(const counterexamples::Trace& trace);

// What each actor locks and unlocks on the way, a column each; empty unless the last step is a lock operation, and where
// one actor alone gives its locks back.
std::vector<std::string> lock_scenario(const counterexamples::Trace& trace, const Style& style);

}  // namespace hotproof::render
