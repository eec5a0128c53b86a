// Why a run ends in a violation: which of its steps decided, what else could have been done there, what would have
// prevented it. Exact answers of the state graph (checker/fate), as plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/trace.hpp"

namespace hotproof::counterexamples {

// free: another step here would still have avoided the violation. only: no other step would, but nothing was lost yet.
// fated: nothing could avoid it any more before this step.
enum class StepFate : std::uint8_t { free, only, fated };
std::string_view name(StepFate fate);  // "free", "only", "fated"

// One thing without which no run of the model violates the property.
struct PreventionReport {
  enum class Kind : std::uint8_t {
    choice,   // step `first` (a fault, an answer, a free choice) never happens
    actor,    // the actor of step `first` does nothing
    together  // nobody else moves from the actor's step `first` to its step `last`
  };
  Kind kind = Kind::choice;
  std::size_t first = 0;  // steps of the trace, from 0
  std::size_t last = 0;

  friend bool operator==(const PreventionReport&, const PreventionReport&) = default;
};
std::string_view name(PreventionReport::Kind kind);  // "choice", "actor", "together"

// What the chain is told after a notification was refused, before the actor that sent it rests.
struct RefusalReport {
  std::string action;                    // "MEM_PREPARE_ONLINE"
  std::vector<std::string> followed_by;  // other notifications, in the order of the first run that sends them; may be none

  friend bool operator==(const RefusalReport&, const RefusalReport&) = default;
};

struct Why {
  std::string unknown;          // why nothing of this is known ("the model has more than 200000 states"); else empty
  std::vector<StepFate> steps;  // one a step of the trace
  // The point of no return: the last step before which the violation could still be avoided. Nothing: every run, whatever
  // is chosen, ends in it.
  std::optional<std::size_t> no_return;
  std::vector<TraceStep> ways_out;  // steps that could have been taken there instead
  std::vector<PreventionReport> prevented_by;
  // If the run refuses a notification: how the model treats every refusal that it knows, this one first.
  std::vector<RefusalReport> refusals;
  // The nearest run that goes well: up to `no_return` it is the trace itself, then the least by (faults, switches, steps)
  // until everybody rests.
  std::optional<Trace> good;

  friend bool operator==(const Why&, const Why&) = default;
};

}  // namespace hotproof::counterexamples
