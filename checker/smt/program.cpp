#include "checker/smt/program.hpp"

#include <algorithm>

namespace hotproof::checker::smt {

using ir::ExprId;
using ir::Node;
using ir::Op;

Program compile(const ir::ExprPool& pool, ExprId expr) {
  Program out;
  out.order = pool.below(expr);
  std::unordered_map<ExprId, std::uint32_t> place;
  for (const ExprId id : out.order) {
    const Node& node = pool[id];
    const auto at = static_cast<std::uint32_t>(place.size());
    place.emplace(id, at);
    for (int i = 0; i < 3; ++i) out.operands.push_back(i < ir::arity(node.op) ? place.at(node.args[i]) : at);
    if (node.op == Op::variable) out.variables.push_back(static_cast<ir::VarId>(node.value));
  }
  std::sort(out.variables.begin(), out.variables.end());
  return out;
}

Stepper::Stepper(const ir::TransitionSystem& system) : system_(system) {
  for (const ir::Actor& actor : system.actors) leaving_.emplace_back(actor.locations);
  for (std::size_t i = 0; i < system.transitions.size(); ++i)
    leaving_[ir::index(system.transitions[i].actor)][system.transitions[i].from].push_back(i);
}

const Program& Stepper::program(ExprId expr) {
  auto& slot = programs_[expr];
  if (!slot) slot = std::make_unique<Program>(compile(system_.pool, expr));
  return *slot;
}

std::uint64_t Stepper::evaluate(ExprId expr, const ir::State& state) {
  const Node& root = system_.pool[expr];
  if (root.op == Op::constant) return root.value;
  if (root.op == Op::variable) return state[root.value];
  const Program& program = this->program(expr);
  values_.resize(std::max(values_.size(), program.order.size()));
  for (std::size_t i = 0; i < program.order.size(); ++i) {
    const Node& node = system_.pool[program.order[i]];
    if (node.op == Op::variable) {
      values_[i] = state[node.value];
      continue;
    }
    const std::uint32_t* operands = &program.operands[3 * i];
    const int arity = ir::arity(node.op);
    values_[i] = ir::apply(node.op, node.width, arity == 0 ? node.width : system_.pool[node.args[0]].width,
                           arity == 0 ? node.value : values_[operands[0]], values_[operands[1]], values_[operands[2]]);
  }
  return values_[program.order.size() - 1];
}

std::vector<ir::State> Stepper::successors(const ir::State& state) {
  std::vector<ir::State> out;
  for (std::size_t actor = 0; actor < leaving_.size(); ++actor) {
    const std::size_t control = ir::index(system_.actors[actor].control);
    if (state[control] >= leaving_[actor].size()) continue;
    for (const std::size_t i : leaving_[actor][state[control]]) {
      const ir::Transition& transition = system_.transitions[i];
      if (evaluate(transition.guard, state) == 0) continue;
      ir::State next = state;
      for (const ir::Update& update : transition.updates) next[ir::index(update.var)] = evaluate(update.value, state);
      next[control] = transition.to;
      out.push_back(std::move(next));
    }
  }
  return out;
}

}  // namespace hotproof::checker::smt
