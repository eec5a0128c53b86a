// What `simulate` simulates, made from the settings.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/settings.hpp"
#include "counterexamples/simulate/session.hpp"
#include "counterexamples/simulate/view.hpp"

namespace hotproof::cli {

// The model with all properties that were asked for, and a run to load. Its session must not outlive it.
struct Simulated {
  simulate::Model model;
  std::string warning;                 // what of the tree is not understood; empty: nothing
  std::vector<std::string> arguments;  // of a command that makes this model again, without the program's name
  bool before = false;                 // as RecordedTrace::before
  struct Loaded {
    std::string name;
    ir::Run run;
  };
  std::optional<Loaded> loaded;
};

// The tree with its patches and edits; without one, the embedded model after the change that it tells of, as `check`
// has it; with a recorded trace and no options of the model, the model that it was recorded of. The run to load is that
// of --run-to or of the trace, which must be a run of this model.
Result<std::unique_ptr<Simulated>> simulated(const Settings& settings);

// At the start of the model, or of the run that is loaded.
Result<simulate::Session> session_of(const Simulated& simulated);

// Writes the history, up to the first violation in it, as a recorded trace. Gives a line for people. Errors: nothing is
// violated in it, the file cannot be written.
Outcome<std::string> save(const Simulated& simulated, const simulate::Session& session, const std::string& path);

}  // namespace hotproof::cli
