// Recorded traces: written by the commands that check, read again by those that explain, simplify and simulate.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/settings.hpp"
#include "counterexamples/record/recorded.hpp"

namespace hotproof::cli {

// Writes one file for each violated rule with a run into the folder --record (made if it is not there; a file of the same
// name is replaced as a whole): of a change also for what it mends, as ID.before.trace. Gives a line for people; empty if
// nothing is wanted.
Result<std::string> record_traces(const counterexamples::CheckReport& report, const Settings& settings);
Result<std::string> record_traces(const counterexamples::PatchReport& report, const Settings& settings);

// Errors: unreadable, no recorded trace (with line and column).
Result<counterexamples::RecordedTrace> read_trace(const std::string& path);

// The model that a trace was recorded of, made again by the command that made it, without anything that command writes.
struct MadeAgain {
  std::shared_ptr<const ir::TransitionSystem> system;
  std::shared_ptr<const counterexamples::Sources> sources;
  ir::PropertyId property{};
};
// Errors: the command is none that checks; something that it names is not there any more; the model is another one now;
// the recorded run is none of it.
Result<MadeAgain> made_again(const counterexamples::RecordedTrace& trace);

}  // namespace hotproof::cli
