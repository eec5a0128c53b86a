#include "checker/parametric/start.hpp"

#include <algorithm>
#include <optional>

#include "checker/parametric/parametric.hpp"
#include "checker/smt/unroll.hpp"

namespace hotproof::checker {

std::vector<ir::VarId> parameters(const ir::TransitionSystem& system) {
  const std::vector<bool> changes = parametric::written(system);
  std::vector<ir::VarId> out;
  for (std::size_t i = 0; i < system.variables.size(); ++i) {
    const ir::Variable& variable = system.variables[i];
    const bool one_value = variable.low == variable.high && variable.low != 0;
    if (variable.free_initially && !changes[i] && !one_value) out.push_back(static_cast<ir::VarId>(i));
  }
  return out;
}

namespace parametric {

namespace {

using ir::ExprId;
using ir::Op;
using ir::VarId;

std::vector<ExprId> conjuncts(const ir::ExprPool& pool, ExprId root) {
  std::vector<ExprId> out;
  std::vector<ExprId> open{root};
  while (!open.empty()) {
    const ExprId id = open.back();
    open.pop_back();
    const ir::Node& node = pool[id];
    if (node.op == Op::and_) {
      open.push_back(node.args[0]);
      open.push_back(node.args[1]);
    } else {
      out.push_back(id);
    }
  }
  return out;
}

// What a written free variable is said to equal, if that is made of what never changes.
std::vector<std::optional<ExprId>> definitions(const ir::TransitionSystem& system, const std::vector<bool>& changes) {
  std::vector<std::optional<ExprId>> out(system.variables.size());
  const auto is_fixed = [&](VarId var) { return !changes[ir::index(var)]; };
  for (const ExprId truth : conjuncts(system.pool, system.initial_condition)) {
    const ir::Node& node = system.pool[truth];
    if (node.op != Op::eq) continue;
    for (const auto& [side, other] : {std::pair{node.args[0], node.args[1]}, std::pair{node.args[1], node.args[0]}}) {
      const ir::Node& left = system.pool[side];
      if (left.op != Op::variable || !changes[left.value] || !system.variables[left.value].free_initially) continue;
      const auto read = system.pool.variables(other);
      if (!out[left.value] && std::all_of(read.begin(), read.end(), is_fixed)) out[left.value] = other;
    }
  }
  return out;
}

}  // namespace

std::vector<bool> written(const ir::TransitionSystem& system) {
  std::vector<bool> out(system.variables.size(), false);
  for (const ir::Actor& actor : system.actors) out[ir::index(actor.control)] = true;
  for (const ir::Transition& transition : system.transitions)
    for (const ir::Update& update : transition.updates) out[ir::index(update.var)] = true;
  return out;
}

Start start_of(const ir::TransitionSystem& system, ir::Canonical& canonical) {
  ir::ExprPool& pool = canonical.pool();
  const std::vector<bool> changes = written(system);
  const auto defined = definitions(system, changes);
  Start out;
  for (const bool of_parameters : {true, false}) {
    for (std::size_t i = 0; i < system.variables.size(); ++i) {
      if (!system.variables[i].free_initially || defined[i] || changes[i] == of_parameters) continue;
      out.unknowns.push_back(pool.variable(static_cast<VarId>(i), system.variables[i].width));
      out.only_parameters &= of_parameters;
    }
  }
  out.past_unknowns = static_cast<std::uint32_t>(system.variables.size());
  for (std::size_t i = 0; i < system.variables.size(); ++i) {
    const ir::Variable& variable = system.variables[i];
    out.values.push_back(variable.free_initially
                             ? Value{false, 0, pool.variable(static_cast<VarId>(i), variable.width)}
                             : Value::of(variable.initial));
  }
  for (const ir::Actor& actor : system.actors) out.values[ir::index(actor.control)] = Value::of(actor.initial);
  Evaluator evaluator(system.pool, canonical);
  Valuation known = out.values;
  evaluator.enter(known);
  for (std::size_t i = 0; i < defined.size(); ++i)
    if (defined[i]) out.values[i] = evaluator.value(*defined[i]);
  evaluator.enter(out.values);
  out.required = evaluator.truth(system.initial_condition);
  for (std::size_t i = 0; i < system.variables.size(); ++i) {
    const ir::Variable& variable = system.variables[i];
    if (!variable.free_initially) continue;
    const ExprId value = evaluator.expression(out.values[i], variable.width);
    if (const auto range = smt::range_condition(pool, variable, value)) out.required = pool.and_(out.required, *range);
  }
  return out;
}

}  // namespace parametric

}  // namespace hotproof::checker
