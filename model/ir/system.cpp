#include "model/ir/system.hpp"

#include <algorithm>

namespace hotproof::ir {

VarId TransitionSystem::add_variable(Variable variable) {
  variables.push_back(std::move(variable));
  return static_cast<VarId>(variables.size() - 1);
}

std::uint32_t TransitionSystem::event_name(const std::string& name) {
  const auto found = std::find(event_names.begin(), event_names.end(), name);
  if (found != event_names.end()) return static_cast<std::uint32_t>(found - event_names.begin());
  event_names.push_back(name);
  return static_cast<std::uint32_t>(event_names.size() - 1);
}

TransitionSystem without_transitions(const TransitionSystem& system) {
  TransitionSystem out;
  out.name = system.name;
  out.pool = system.pool;
  out.variables = system.variables;
  out.actors = system.actors;
  out.locks = system.locks;
  out.properties = system.properties;
  out.marks = system.marks;
  out.initial_condition = system.initial_condition;
  out.files = system.files;
  out.functions = system.functions;
  out.event_names = system.event_names;
  out.symbols = system.symbols;
  out.constants = system.constants;
  out.sets = system.sets;
  return out;
}

namespace {

void sort_out(Access& access) {
  for (auto* list : {&access.reads, &access.writes}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
}

void add_reads(const TransitionSystem& system, ExprId expr, Access& out) {
  const std::vector<VarId> read = system.pool.variables(expr);
  out.reads.insert(out.reads.end(), read.begin(), read.end());
}

}  // namespace

Access footprint(const TransitionSystem& system, const Transition& transition) {
  Access out;
  add_reads(system, transition.guard, out);
  for (const Update& update : transition.updates) {
    add_reads(system, update.value, out);
    out.writes.push_back(update.var);
  }
  for (const Assertion& assertion : transition.assertions) add_reads(system, assertion.holds, out);
  for (const Hit& hit : transition.hits) add_reads(system, hit.when, out);
  out.writes.push_back(system.actors[index(transition.actor)].control);
  sort_out(out);
  return out;
}

Access access(const TransitionSystem& system, const Transition& transition) {
  Access out = footprint(system, transition);
  for (const Event& event : transition.events)
    for (const ExprId arg : event.args) add_reads(system, arg, out);
  sort_out(out);
  for (auto* list : {&out.reads, &out.writes})
    std::erase_if(*list, [&](VarId var) { return system[var].role == Role::control; });
  return out;
}

// A value that a variable which a pass left out may start with: any will do.
static std::uint64_t some_start(const Variable& v) {
  const bool ranged = v.low != 0 || v.high != 0;
  const bool below = v.is_signed ? as_signed(v.initial, v.width) < as_signed(v.low, v.width) : v.initial < v.low;
  const bool above = v.is_signed ? as_signed(v.initial, v.width) > as_signed(v.high, v.width) : v.initial > v.high;
  return ranged && (below || above) ? v.low : v.initial;
}

Run lift(const TransitionSystem& old_system, const Rewritten& rewritten, const Run& run) {
  Run out;
  out.initial.reserve(old_system.variables.size());
  for (const Variable& variable : old_system.variables) out.initial.push_back(some_start(variable));
  for (std::size_t i = 0; i < rewritten.old_variable.size() && i < run.initial.size(); ++i) {
    const VarId old = rewritten.old_variable[i];
    // Locations may be numbered anew; every actor starts at its initial one.
    if (old_system[old].role != Role::control) out.initial[index(old)] = run.initial[i];
  }
  for (const Actor& actor : old_system.actors) out.initial[index(actor.control)] = actor.initial;
  for (const TransitionId step : run.steps) {
    const auto& parts = rewritten.parts[index(step)];
    out.steps.insert(out.steps.end(), parts.begin(), parts.end());
  }
  return out;
}

}  // namespace hotproof::ir
