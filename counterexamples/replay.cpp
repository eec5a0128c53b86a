#include "counterexamples/replay.hpp"

#include <optional>

#include "checker/result.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::counterexamples {

namespace {

struct End {
  std::size_t steps = 0;   // how many of the run's steps it takes
  std::size_t judged = 0;  // the last state that counts: a transition is judged on the state that it leaves
};

// Where the run first does what is claimed: passes may give a run that goes on for a few steps behind that.
std::optional<End> first_end(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& run,
                             const std::vector<ir::State>& states, Claim claim) {
  if (claim == Claim::happens) return End{run.steps.size(), run.steps.size()};
  const ir::Property& p = system.properties[ir::index(property)];
  if ((p.kind == ir::PropertyKind::cover) != (claim == Claim::reaches)) return std::nullopt;
  const bool of_states = p.kind == ir::PropertyKind::invariant || p.kind == ir::PropertyKind::deadlock;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (of_states) {
      if (checker::violates(system, property, states[i], std::nullopt)) return End{i, i};
      continue;
    }
    if (i == run.steps.size()) break;
    if (claim == Claim::reaches && p.cover_without_faults && system[run.steps[i]].faults > 0) break;
    if (checker::violates(system, property, states[i], run.steps[i])) return End{i + 1, i};
  }
  return std::nullopt;
}

tl::unexpected<Diagnostic> refusal(const std::string& property, const std::string& why) {
  return failure({}, "the run that an engine found for " + property + " was refused by the replay: " + why,
                 "this is a defect of hotproof, please report it");
}

Trace described(const ir::TransitionSystem& system, const std::string& property, const ir::Run& run,
                const std::vector<ir::State>& states, std::size_t steps, const Sources& sources) {
  const Describer describer(system, sources);
  Trace trace;
  trace.property = property;
  for (const ir::Actor& actor : system.actors) trace.actors.push_back(actor.name);
  for (std::size_t i = 0; i < steps; ++i) trace.steps.push_back(describer.step(run.steps[i], states[i], states[i + 1]));
  trace.listeners = listeners_of(trace.steps);
  count(trace);
  return trace;
}

}  // namespace

Outcome<Trace> replay(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& run, Claim claim,
                      const Sources& sources) {
  const std::string& id = system.properties[ir::index(property)].id;
  const auto replayed = eval::replay(system, run);
  if (!replayed) return refusal(id, replayed.error().message);
  const std::optional<End> end = first_end(system, property, run, replayed->states, claim);
  if (!end) return refusal(id, "it does not do what is claimed");
  if (replayed->left_range_at && *replayed->left_range_at <= end->judged) {
    return refusal(id, "a value leaves its declared range at step " + std::to_string(*replayed->left_range_at));
  }

  Trace trace = described(system, id, run, replayed->states, end->steps, sources);
  trace.reaches = claim != Claim::violates;
  return trace;
}

Outcome<Trace> replay_lasso(const ir::TransitionSystem& system, const std::string& property, const ir::Run& run,
                            std::size_t loop_start, const Sources& sources) {
  if (loop_start > run.steps.size()) return refusal(property, "its loop begins behind its end");
  ir::Run twice = run;
  twice.steps.insert(twice.steps.end(), run.steps.begin() + static_cast<std::ptrdiff_t>(loop_start), run.steps.end());
  const auto replayed = eval::replay(system, twice);
  if (!replayed) return refusal(property, replayed.error().message);
  if (replayed->left_range_at)
    return refusal(property, "a value leaves its declared range at step " + std::to_string(*replayed->left_range_at));
  Trace trace = described(system, property, run, replayed->states, run.steps.size(), sources);
  trace.loop_start = loop_start;
  return trace;
}

}  // namespace hotproof::counterexamples
