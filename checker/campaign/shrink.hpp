// A system that fails, made small: greedily, by leaving out and simplifying whatever is not needed for it to fail.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "model/ir/system.hpp"

namespace hotproof::campaign {

// Whether a system still shows what is being looked for. It is asked of systems without fault (ir::fault_in) only.
using Fails = std::function<bool(const ir::TransitionSystem&)>;

// `system`, which fails, with fewer transitions, actors, variables, locks, properties and locations, shorter
// expressions and smaller numbers, as far as it still fails: no single one of these edits makes it smaller, unless
// `most_tries` ended the search. What only people read (texts, names of events, symbols) goes first.
ir::TransitionSystem shrunk(ir::TransitionSystem system, const Fails& fails, std::size_t most_tries = 4000);

// Writes the system's text form with the reason as a comment into a new file of the folder, which is made if need be.
// Gives the file's name, which the reason and the text decide; empty if it could not be written.
std::string write_regression(const std::string& folder, const ir::TransitionSystem& system, const std::string& reason);

}  // namespace hotproof::campaign
