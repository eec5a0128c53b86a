// What `simulate` simulates, made from the settings.
#pragma once

#include <memory>
#include <string>

#include "cli/settings.hpp"
#include "counterexamples/simulate/session.hpp"
#include "counterexamples/simulate/view.hpp"

namespace hotproof::cli {

// The model with all properties that were asked for. Its session must not outlive it.
struct Simulated {
  simulate::Model model;
  std::string warning;  // what of the tree is not understood; empty: nothing
};

// The tree with its edits; without one, the embedded model after the change that it tells of, as `check` has it.
Result<std::unique_ptr<Simulated>> simulated(const Settings& settings);

// At the start of the model, with the run loaded that the settings ask for: --run-to, or a recorded trace, which must
// be a run of this model.
Result<simulate::Session> session_of(const Simulated& simulated, const Settings& settings);

// Writes the history, up to the first violation in it, as a recorded trace. Gives a line for people. Errors: nothing is
// violated in it, the file cannot be written.
Outcome<std::string> save(const Simulated& simulated, const Settings& settings, const simulate::Session& session,
                          const std::string& path);

}  // namespace hotproof::cli
