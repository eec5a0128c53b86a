#include "counterexamples/simulate/find_run.hpp"

#include <algorithm>
#include <map>

#include "counterexamples/simulate/view.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::simulate {

namespace {

using counterexamples::Trace;
using counterexamples::TraceStep;

// All states that the first steps may have led to, each with one way there.
struct Arrival {
  const ir::State* from = nullptr;
  ir::TransitionId by{};
};
using Layer = std::map<ir::State, Arrival>;

bool is_alike(const TraceStep& a, const TraceStep& b) {
  return a.actor == b.actor && a.file == b.file && a.line == b.line && a.function == b.function && a.text == b.text &&
         a.choice == b.choice && a.faults == b.faults && a.events == b.events && a.changes == b.changes;
}

std::string described(const TraceStep& step) {
  return step.actor + (step.file.empty() ? "" : " at " + step.file + ":" + std::to_string(step.line)) + ": " +
         words(step);
}

std::string instead_of(const std::vector<TraceStep>& open, const TraceStep& wanted) {
  std::string out;
  std::size_t listed = 0;
  for (const TraceStep& step : open) {
    if (step.actor != wanted.actor) continue;
    if (++listed > 3) break;
    out += (out.empty() ? "" : "; ") + described(step);
  }
  return out.empty() ? wanted.actor + " cannot move there" : "it can do: " + out;
}

}  // namespace

Outcome<ir::Run> find_run(const ir::TransitionSystem& system, const counterexamples::Sources& sources,
                          const ir::State& initial, const Trace& trace) {
  if (trace.steps.size() > most_steps)
    return failure({}, "the run has more than " + std::to_string(most_steps) + " steps");
  const counterexamples::Describer describer(system, sources);
  std::vector<Layer> layers(1);
  layers[0][initial] = {};
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    Layer next;
    std::vector<TraceStep> open;
    for (const auto& [state, unused] : layers.back()) {
      for (const ir::TransitionId t : eval::enabled(system, state)) {
        const ir::State behind = eval::fire(system, t, state);
        TraceStep step = describer.step(t, state, behind);
        if (is_alike(step, trace.steps[i])) next.try_emplace(behind, Arrival{&state, t});
        open.push_back(std::move(step));
      }
    }
    if (next.empty())
      return failure({},
                     "step " + std::to_string(i + 1) + " of the run cannot be taken here: " + described(trace.steps[i]),
                     instead_of(open, trace.steps[i]));
    layers.push_back(std::move(next));
  }
  ir::Run run;
  const ir::State* state = &layers.back().begin()->first;
  for (std::size_t i = layers.size() - 1; i > 0; --i) {
    const Arrival& arrival = layers[i].at(*state);
    run.steps.push_back(arrival.by);
    state = arrival.from;
  }
  run.initial = *state;
  std::reverse(run.steps.begin(), run.steps.end());
  return run;
}

}  // namespace hotproof::simulate
