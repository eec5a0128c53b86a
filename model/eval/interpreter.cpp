#include "model/eval/interpreter.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace hotproof::eval {

using namespace ir;

std::uint64_t evaluate(const ExprPool& pool, ExprId expr, const State& state) {
  if (pool.is_constant(expr)) return pool[expr].value;
  std::unordered_map<ExprId, std::uint64_t> values;
  for (const ExprId id : pool.below(expr)) {
    const Node& node = pool[id];
    if (node.op == Op::variable) {
      values[id] = state[node.value];
      continue;
    }
    std::uint64_t args[3] = {node.value, 0, 0};
    for (int i = 0; i < arity(node.op); ++i) args[i] = values.at(node.args[i]);
    const int operand_width = arity(node.op) == 0 ? node.width : pool[node.args[0]].width;
    values[id] = apply(node.op, node.width, operand_width, args[0], args[1], args[2]);
  }
  return values.at(expr);
}

bool is_enabled(const TransitionSystem& system, TransitionId transition, const State& state) {
  const Transition& t = system[transition];
  const Actor& actor = system.actors[index(t.actor)];
  return state[index(actor.control)] == t.from && is_true(system.pool, t.guard, state);
}

std::vector<TransitionId> enabled(const TransitionSystem& system, const State& state) {
  std::vector<TransitionId> out;
  for (std::size_t i = 0; i < system.transitions.size(); ++i)
    if (is_enabled(system, static_cast<TransitionId>(i), state)) out.push_back(static_cast<TransitionId>(i));
  return out;
}

State fire(const TransitionSystem& system, TransitionId transition, const State& state) {
  const Transition& t = system[transition];
  State next = state;
  for (const Update& update : t.updates) next[index(update.var)] = evaluate(system.pool, update.value, state);
  next[index(system.actors[index(t.actor)].control)] = t.to;
  return next;
}

bool in_range(const Variable& variable, std::uint64_t value) {
  if (variable.low == 0 && variable.high == 0) return true;
  if (!variable.is_signed) return value >= variable.low && value <= variable.high;
  const std::int64_t v = as_signed(value, variable.width);
  return v >= as_signed(variable.low, variable.width) && v <= as_signed(variable.high, variable.width);
}

std::optional<VarId> out_of_range(const TransitionSystem& system, const State& state) {
  for (std::size_t i = 0; i < system.variables.size(); ++i)
    if (!in_range(system.variables[i], state[i])) return static_cast<VarId>(i);
  return std::nullopt;
}

namespace {

// The values a free variable may start with: from `first`, `count` of them (0: 2^64), wrapping at the width.
struct Values {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};
Values values_of(const Variable& variable) {
  if (variable.low == 0 && variable.high == 0)
    return {0, variable.width == 64 ? 0 : std::uint64_t{1} << variable.width};
  return {variable.low, truncate(variable.high - variable.low, variable.width) + 1};
}

// Moves to the next combination of the free variables' values; the last variable changes fastest. False at the end.
bool advance(const TransitionSystem& system, const std::vector<std::size_t>& free, std::vector<std::uint64_t>& chosen) {
  for (std::size_t i = free.size(); i-- > 0;) {
    if (++chosen[i] != values_of(system.variables[free[i]]).count) return true;
    chosen[i] = 0;
  }
  return false;
}

}  // namespace

Outcome<std::vector<State>> initial_states(const TransitionSystem& system, std::size_t limit) {
  State state;
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < system.variables.size(); ++i) {
    state.push_back(system.variables[i].initial);
    if (system.variables[i].free_initially) free.push_back(i);
  }
  std::vector<std::uint64_t> chosen(free.size(), 0);
  std::vector<State> out;
  std::size_t tried = 0;
  do {
    if (++tried > limit)
      return failure({}, "there are more than " + std::to_string(limit) + " candidates for initial states");
    for (std::size_t i = 0; i < free.size(); ++i) {
      const Variable& variable = system.variables[free[i]];
      state[free[i]] = truncate(values_of(variable).first + chosen[i], variable.width);
    }
    if (is_true(system.pool, system.initial_condition, state)) out.push_back(state);
  } while (advance(system, free, chosen));
  return out;
}

std::vector<FiredEvent> events(const TransitionSystem& system, TransitionId transition, const State& state) {
  std::vector<FiredEvent> out;
  for (const Event& event : system[transition].events) {
    FiredEvent fired{event.name, {}};
    for (const ExprId arg : event.args) fired.args.push_back(evaluate(system.pool, arg, state));
    out.push_back(std::move(fired));
  }
  return out;
}

std::vector<PropertyId> failed_assertions(const TransitionSystem& system, TransitionId transition, const State& state) {
  std::vector<PropertyId> out;
  for (const Assertion& assertion : system[transition].assertions)
    if (!is_true(system.pool, assertion.holds, state)) out.push_back(assertion.property);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<MarkId> marks_hit(const TransitionSystem& system, TransitionId transition, const State& state) {
  std::vector<MarkId> out;
  for (const Hit& hit : system[transition].hits)
    if (is_true(system.pool, hit.when, state)) out.push_back(hit.mark);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

namespace {

std::optional<std::string> wrong_initial_value(const TransitionSystem& system, std::size_t i, std::uint64_t value) {
  const Variable& variable = system.variables[i];
  if (truncate(value, variable.width) != value) return variable.name + " has a value wider than itself";
  if (!variable.free_initially && value != variable.initial)
    return variable.name + " starts as " + std::to_string(value) + ", not as " + std::to_string(variable.initial);
  if (variable.free_initially && !in_range(variable, value)) return variable.name + " starts outside its range";
  return std::nullopt;
}

std::optional<std::string> wrong_start(const TransitionSystem& system, const State& state) {
  if (state.size() != system.variables.size())
    return "the state has " + std::to_string(state.size()) + " values for " + std::to_string(system.variables.size()) +
           " variables";
  for (std::size_t i = 0; i < state.size(); ++i)
    if (auto wrong = wrong_initial_value(system, i, state[i])) return wrong;
  if (!is_true(system.pool, system.initial_condition, state)) return "the initial condition is false";
  return std::nullopt;
}

std::optional<std::string> cannot_fire(const TransitionSystem& system, TransitionId step, const State& state) {
  if (index(step) >= system.transitions.size()) return "transition " + std::to_string(index(step)) + " does not exist";
  const Transition& t = system[step];
  const Actor& actor = system.actors[index(t.actor)];
  const std::string who = "transition " + std::to_string(index(step)) + " (" + t.text + ") of " + actor.name;
  const std::uint64_t at = state[index(actor.control)];
  if (at != t.from)
    return who + " leaves location " + std::to_string(t.from) + ", but the actor stands at " + std::to_string(at);
  if (!is_true(system.pool, t.guard, state)) return who + ": its guard is false";
  return std::nullopt;
}

}  // namespace

Outcome<Replay> replay(const TransitionSystem& system, const Run& run) {
  if (auto wrong = wrong_start(system, run.initial)) return failure({}, "step 0: " + *wrong);
  Replay out{{run.initial}, std::nullopt};
  for (std::size_t i = 0;; ++i) {
    if (!out.left_range_at && out_of_range(system, out.states.back())) out.left_range_at = i;
    if (i == run.steps.size()) return out;
    if (auto why = cannot_fire(system, run.steps[i], out.states.back()))
      return failure({}, "step " + std::to_string(i + 1) + ": " + *why);
    out.states.push_back(fire(system, run.steps[i], out.states.back()));
  }
}

}  // namespace hotproof::eval
