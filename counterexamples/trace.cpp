#include "counterexamples/trace.hpp"

#include <algorithm>

namespace hotproof::counterexamples {

const TraceStep* place_of(const Trace& trace) {
  const auto stands_in = [&trace](bool environment_too) -> const TraceStep* {
    const auto found = std::find_if(trace.steps.rbegin(), trace.steps.rend(), [environment_too](const TraceStep& step) {
      return step.line != 0 && (environment_too || !step.environment);
    });
    return found == trace.steps.rend() ? nullptr : &*found;
  };
  const TraceStep* in_source = stands_in(false);
  return in_source != nullptr ? in_source : stands_in(true);
}

void count(Trace& trace) {
  trace.faults = 0;
  trace.switches = 0;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    trace.faults += trace.steps[i].faults;
    if (i > 0 && trace.steps[i].actor != trace.steps[i - 1].actor) ++trace.switches;
  }
}

}  // namespace hotproof::counterexamples
