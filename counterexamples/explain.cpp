#include "counterexamples/explain.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "checker/fate/fate.hpp"
#include "counterexamples/replay.hpp"
#include "model/eval/interpreter.hpp"
#include "model/ir/passes/passes.hpp"

namespace hotproof::counterexamples {

namespace {

namespace fate = checker::fate;

// The system with nothing in it but what the one property hangs on.
ir::Rewritten only_for(ir::TransitionSystem system, ir::PropertyId property) {
  const ir::Property kept = system.properties[ir::index(property)];
  system.properties = {kept};
  for (ir::Transition& t : system.transitions) {
    t.hits.clear();
    std::erase_if(t.assertions, [property](const ir::Assertion& a) { return a.property != property; });
    for (ir::Assertion& assertion : t.assertions) assertion.property = ir::PropertyId{0};
  }
  return ir::slice(system);
}

// The run in the smaller system; nothing if a step of it is not there.
std::optional<ir::Run> carried_over(const ir::Rewritten& smaller, const ir::Run& run, std::size_t steps) {
  std::vector<std::optional<ir::TransitionId>> place;
  for (std::size_t t = 0; t < smaller.parts.size(); ++t) {
    const std::size_t old = ir::index(smaller.parts[t].front());
    if (place.size() <= old) place.resize(old + 1);
    place[old] = static_cast<ir::TransitionId>(t);
  }
  ir::Run out;
  for (const ir::VarId old : smaller.old_variable) out.initial.push_back(run.initial[ir::index(old)]);
  for (std::size_t i = 0; i < steps; ++i) {
    const std::size_t old = ir::index(run.steps[i]);
    if (old >= place.size() || !place[old]) return std::nullopt;
    out.steps.push_back(*place[old]);
  }
  return out;
}

StepFate as_reported(fate::StepFate step) {
  switch (step) {
    case fate::StepFate::free:
      return StepFate::free;
    case fate::StepFate::only:
      return StepFate::only;
    case fate::StepFate::fated:
      break;
  }
  return StepFate::fated;
}

PreventionReport as_reported(const fate::Prevention& prevention) {
  switch (prevention.kind) {
    case fate::Prevention::Kind::choice:
      return {PreventionReport::Kind::choice, prevention.first, prevention.last};
    case fate::Prevention::Kind::actor:
      return {PreventionReport::Kind::actor, prevention.first, prevention.last};
    case fate::Prevention::Kind::together:
      break;
  }
  return {PreventionReport::Kind::together, prevention.first, prevention.last};
}

// What follows each refusal, by going on from it with the steps of the actor that made the call, and no other fault.
class Refusals {
 public:
  explicit Refusals(const fate::StateGraph& graph) : graph_(graph), system_(graph.system()) {
    for (const auto& [name, value] : system_.constants)
      if (name.starts_with("MEM_")) names_[value].push_back(name);
    for (std::size_t i = 0; i < system_.event_names.size(); ++i)
      if (system_.event_names[i] == "notify") notify_ = i;
  }

  std::vector<RefusalReport> all(const std::string& first) {
    for (fate::StateId state = 0; state < graph_.size(); ++state)
      for (const fate::Edge& edge : graph_.edges(state)) {
        const ir::Transition& t = system_[edge.fired];
        const std::string action = t.faults > 0 ? refused_action(t.text) : "";
        if (!action.empty()) follow(edge, reports_[action]);
      }
    std::vector<RefusalReport> out;
    for (auto& [action, followed] : reports_) out.push_back({action, std::move(followed)});
    std::stable_partition(out.begin(), out.end(), [&first](const RefusalReport& r) { return r.action == first; });
    return out;
  }

 private:
  void follow(const fate::Edge& refusal, std::vector<std::string>& into) {
    const ir::ActorId actor = system_[refusal.fired].actor;
    std::vector<fate::StateId> open{refusal.to};
    std::set<fate::StateId> seen(open.begin(), open.end());
    while (!open.empty()) {
      const fate::StateId state = open.back();
      open.pop_back();
      if (graph_.rests(state, ir::index(actor))) continue;
      for (const fate::Edge& edge : graph_.edges(state)) {
        const ir::Transition& t = system_[edge.fired];
        if (t.actor != actor || t.faults > 0) continue;
        note(t, state, into);
        if (seen.insert(edge.to).second) open.push_back(edge.to);
      }
    }
  }

  void note(const ir::Transition& t, fate::StateId state, std::vector<std::string>& into) const {
    for (const ir::Event& event : t.events) {
      if (event.name != notify_ || event.args.size() < 2) continue;
      const std::uint64_t value = eval::evaluate(system_.pool, event.args[1], graph_.state(state));
      const auto known = names_.find(static_cast<std::int64_t>(value));
      // A state of a block may have the number of a notification; what is said has the longer name where it has two.
      const std::string name = known == names_.end() ? std::to_string(value) : known->second.front();
      if (std::find(into.begin(), into.end(), name) == into.end()) into.push_back(name);
    }
  }

  const fate::StateGraph& graph_;
  const ir::TransitionSystem& system_;
  std::size_t notify_ = ~std::size_t{0};
  std::map<std::int64_t, std::vector<std::string>> names_;
  std::map<std::string, std::vector<std::string>> reports_;
};

Why unknown(const std::string& why) {
  Why out;
  out.unknown = why;
  return out;
}

tl::unexpected<Diagnostic> refused(const std::string& why) {
  return failure({}, "why a run ends in a violation was not understood: " + why,
                 "this is a defect of hotproof, please report it");
}

}  // namespace

std::optional<OnlyFor> only_for(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& run,
                                std::size_t steps) {
  OnlyFor out{only_for(system, property), {}};
  auto carried = carried_over(out.smaller, run, steps);
  if (!carried) return std::nullopt;
  out.run = std::move(*carried);
  return out;
}

std::string refused_action(const std::string& step_text) {
  static constexpr std::string_view before = "the listener's answer to ";
  static constexpr std::string_view after = " fails";
  const std::size_t at = step_text.find(before);
  if (at == std::string::npos || !step_text.ends_with(after)) return "";
  const std::size_t from = at + before.size();
  return step_text.substr(from, step_text.size() - after.size() - from);
}

Outcome<Why> explain(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& run, std::size_t steps,
                     const Sources& sources, const ExplainLimits& limits) {
  const auto only = only_for(system, property, run, steps);
  if (!only) return refused("a step of it is not in the smaller system");
  const ir::Rewritten& smaller = only->smaller;
  const ir::Run* const carried = &only->run;
  checker::Options options;
  options.limits.seconds = limits.seconds;
  options.interrupted = limits.interrupted;
  const fate::StateGraph graph(smaller.system, ir::PropertyId{0}, carried->initial, options, limits.states);
  if (!graph.complete()) return unknown("the state graph was not finished (" + graph.stopped_by() + ")");
  const fate::Fates fates = fate::fates(graph, fate::avoidable(graph), *carried);

  Why out;
  std::transform(fates.steps.begin(), fates.steps.end(), std::back_inserter(out.steps),
                 [](fate::StepFate step) { return as_reported(step); });
  out.no_return = fates.no_return;
  for (const fate::Prevention& prevention : fate::preventions(graph, *carried))
    out.prevented_by.push_back(as_reported(prevention));
  for (const ir::TransitionId step : carried->steps) {
    const std::string action = smaller.system[step].faults > 0 ? refused_action(smaller.system[step].text) : "";
    if (action.empty() || !out.refusals.empty()) continue;
    out.refusals = Refusals(graph).all(action);
  }
  if (!fates.good) return out;

  ir::Run good = ir::lift(system, smaller, *fates.good);
  // What the smaller system leaves out starts as in the run.
  good.initial = run.initial;
  auto trace = replay(system, property, good, Claim::happens, sources);
  if (!trace) return tl::unexpected(trace.error());
  const auto states = eval::replay(system, {run.initial, {run.steps.begin(), run.steps.begin() + static_cast<std::ptrdiff_t>(*fates.no_return)}});
  if (!states) return refused(states.error().message);
  const Describer describer(system, sources);
  for (const ir::TransitionId way : fates.ways_out) {
    const ir::TransitionId old = smaller.parts[ir::index(way)].front();
    const ir::State& before = states->states.back();
    out.ways_out.push_back(describer.step(old, before, eval::fire(system, old, before)));
  }
  trace->minimal = true;
  out.good = std::move(*trace);
  return out;
}

}  // namespace hotproof::counterexamples
