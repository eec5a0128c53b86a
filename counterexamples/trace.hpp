// What users see of a run: every step on the line of the source it stands on, with what happened and what changed.
// A Trace holds only text and numbers; it needs no transition system to be shown, compared or written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hotproof::counterexamples {

struct TraceChange {
  std::string variable;
  std::string before;  // as people read it: a label ("MEM_ONLINE"), "true", or a number
  std::string after;
  enum class Kind : std::uint8_t { shared, local, lock } kind = Kind::shared;

  friend bool operator==(const TraceChange&, const TraceChange&) = default;
};

struct TraceEvent {
  std::string name;                // "notified"
  std::vector<std::int64_t> args;  // read as signed at the argument's width
  std::vector<std::string> shown;  // the same for people, "NOTIFY_BAD" instead of a number where that is known

  friend bool operator==(const TraceEvent&, const TraceEvent&) = default;
};

struct TraceLock {
  std::string name;
  bool write = true;

  friend bool operator==(const TraceLock&, const TraceLock&) = default;
};

// A call on the way to a step, at its line in the source.
struct TraceCall {
  std::string file;
  std::uint32_t line = 0;
  std::string function;  // that the line stands in
  std::string source;    // as in TraceStep
  bool added_by_patch = false;

  friend bool operator==(const TraceCall&, const TraceCall&) = default;
};

// How the step came to be the one that was taken.
enum class TraceChoice : std::uint8_t { none, free, fault, listener };

struct TraceStep {
  std::string actor;
  std::string file;  // empty: the step stands nowhere in the source
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string function;
  std::uint32_t depth = 0;   // of calls
  std::uint32_t number = 0;  // where some steps are left out: which one of the whole run it is, from 1; else 0
  std::string text;          // one short line: the call, the access, the choice
  std::string source;        // the line of the source as the model read it, without leading blanks; may be empty
  bool environment = false;  // the line is the environment's, not the kernel's or the reference model's
  bool added_by_patch = false;
  TraceChoice choice = TraceChoice::none;
  std::uint32_t faults = 0;  // how many this step injects
  bool takes_lock = false;
  bool releases_lock = false;
  std::vector<TraceEvent> events;
  std::vector<TraceChange> changes;
  std::vector<TraceLock> locks;    // held by the actor after the step
  std::vector<TraceCall> callers;  // outermost first, as far as they stand in the kernel's or the model's source

  friend bool operator==(const TraceStep&, const TraceStep&) = default;
};

struct Trace {
  std::string property;
  std::vector<std::string> actors;     // every actor of the system, in its order
  std::vector<std::string> listeners;  // by index, as far as the run notifies them: by the function's name where the tree has it
  std::vector<TraceStep> steps;
  std::uint32_t faults = 0;    // injected on the way
  std::uint32_t switches = 0;  // how often another actor than that of the step before moves
  bool minimal = false;        // no run does the same with less: faults first, then switches, then steps of the search
  bool reaches = false;        // a run to a cover, not to a violation
  // Of a run that goes on for ever: the step, from 0, with which it begins to repeat itself; as many as there are steps: it
  // does not go on, and nobody has to move any more.
  std::optional<std::size_t> loop_start{};

  friend bool operator==(const Trace&, const Trace&) = default;
};

// The step a verdict points at: the last one that stands in the source and is not the environment's, else the last one
// that stands anywhere, else null.
const TraceStep* place_of(const Trace& trace);

// Counts context switches and faults from the steps.
void count(Trace& trace);

}  // namespace hotproof::counterexamples
