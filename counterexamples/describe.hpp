// Says in words and places what a step of a transition system is: for replays of runs, and for whoever chooses steps.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/trace.hpp"
#include "model/eval/interpreter.hpp"
#include "model/ir/system.hpp"
#include "model/source/source_tree.hpp"

namespace hotproof::counterexamples {

// Where the lines of a trace come from.
struct Sources {
  std::function<std::shared_ptr<const SourceFile>(std::string_view path)> read;  // null: no such file
  std::function<bool(std::string_view path)> is_environment;                     // a file of ours around the model
};

class Describer {
 public:
  // Both must outlive it.
  Describer(const ir::TransitionSystem& system, const Sources& sources);

  // All of a step that leads from one state to the other.
  TraceStep step(ir::TransitionId fired, const ir::State& before, const ir::State& after) const;
  // Of a step only where it stands, its callers and its text: what is so whatever the state.
  TraceStep place(ir::TransitionId transition) const;
  // What the actor holds.
  std::vector<TraceLock> held(ir::ActorId actor, const ir::State& state) const;
  // A value of a variable as people read it: a label, a name of the kernel's, or a number.
  std::string shown_value(const ir::Variable& variable, std::uint64_t value) const;

 private:
  enum class Meaning : std::uint8_t;
  static Meaning meaning_of(std::string_view event, std::size_t argument);
  void name_constants();
  void add_constant(const char* name, std::map<std::int64_t, std::string>& into) const;
  std::string shown_argument(Meaning meaning, std::int64_t value) const;
  TraceEvent event(const ir::Event& declared, const eval::FiredEvent& fired) const;
  std::vector<TraceChange> changes(const ir::State& before, const ir::State& after) const;
  void place(const ir::SourceSpan& span, TraceStep& out) const;
  void add_caller(const ir::SourceSpan& span, TraceStep& out) const;
  const std::string& line_of(const SourceFile& file, std::uint32_t line) const;

  const ir::TransitionSystem& system_;
  const Sources& sources_;
  std::map<std::int64_t, std::string> actions_;
  std::map<std::int64_t, std::string> answers_;
  mutable std::map<std::string, std::vector<std::string>> lines_;  // by file
};

// By number, the listeners that the steps notify: by the function's name where the tree has it.
std::vector<std::string> listeners_of(const std::vector<TraceStep>& steps);

}  // namespace hotproof::counterexamples
