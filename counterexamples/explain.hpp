// Asks the state graph why a run ends in a violation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checker/result.hpp"
#include "counterexamples/describe.hpp"
#include "counterexamples/why.hpp"

namespace hotproof::counterexamples {

// The notification that a step refuses ("MEM_GOING_ONLINE"); empty if it refuses none.
std::string refused_action(const std::string& step_text);

struct ExplainLimits {
  std::uint32_t states = 200'000;
  double seconds = 2;                          // for the graph; the rest takes about as long again
  const volatile bool* interrupted = nullptr;  // may be null
};

// The system with nothing in it but what one property hangs on, and a run's first steps in it.
struct OnlyFor {
  ir::Rewritten smaller;
  ir::Run run;
};
// Nothing: a step of the run is not in the smaller system, which is a defect of ours.
std::optional<OnlyFor> only_for(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& run,
                                std::size_t steps);

// `run` is one of `system` that violates `property` (not a cover) with its step number `steps`, the last one that is
// looked at. What is not worked out says why. The error, an internal one, says that the way back from the graph to the
// system failed.
Outcome<Why> explain(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& run, std::size_t steps,
                     const Sources& sources, const ExplainLimits& limits);

}  // namespace hotproof::counterexamples
