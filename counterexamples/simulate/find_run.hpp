// From a run as it is shown or written down back to one that the system can take.
#pragma once

#include "counterexamples/describe.hpp"
#include "counterexamples/trace.hpp"
#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::simulate {

// A run of the system from the given state whose description is that of the trace: actor, place, text, faults, events
// and changes of each step. Error: there is none; it says at which step, and what the actor could have done instead. Of
// several, the first in the order of transitions.
Outcome<ir::Run> find_run(const ir::TransitionSystem& system, const counterexamples::Sources& sources,
                          const ir::State& initial, const counterexamples::Trace& trace);

}  // namespace hotproof::simulate
