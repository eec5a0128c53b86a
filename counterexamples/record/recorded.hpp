// A recorded trace: one violated rule with its run and why it ends there, in a file that can be kept, sent and explained
// without the tree; with what made it, so that the same model can be made again.
#pragma once

#include <string>
#include <vector>

#include "counterexamples/report.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::counterexamples {

struct RecordedTrace {
  std::vector<std::string> arguments;  // of the command that made it, without the program's name
  bool before = false;                 // it is of the tree before the change that the command makes
  std::string directory;               // where it was given: its paths are relative to that
  std::string title;                   // "6.1 with the patch"
  std::string architecture;
  std::string scenario;       // one line, as in CheckReport
  std::string system_sha256;  // of the text form of the system that `property.run` is a run of
  // `id` to `latent_needs`, `verdict` (violated), `reason`, `variant`, `trace`; `quotes`, `why` and `run` as far as they are known.
  // `system` is null.
  PropertyReport property;
  std::vector<SuggestionReport> fixes;  // with --suggest: small edits that mend the property, the best first
};

// JSON; docs/trace.schema.json describes it.
std::string to_text(const RecordedTrace& recorded);

// Errors, with line and column in the text: not JSON, not a recorded trace, another version, a value missing or of the
// wrong type, a number outside its range, steps that do not fit each other.
Outcome<RecordedTrace> read_recorded(const std::string& text, const std::string& path);

}  // namespace hotproof::counterexamples
