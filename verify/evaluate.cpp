#include "verify/evaluate.hpp"

namespace hotproof::verify {

Evaluator::Evaluator(const System& system)
    : system_(system), value_(system.nodes.size()), current_(system.nodes.size(), 0) {}

std::uint64_t Evaluator::operator()(Expr root, const Values& state) {
  ++call_;
  open_.assign(1, root);
  while (!open_.empty()) {
    const Expr id = open_.back();
    const Node& node = system_.nodes[id];
    bool ready = true;
    for (int i = 0; i < arity(node.op); ++i) {
      if (current_[node.args[i]] == call_) continue;
      open_.push_back(node.args[i]);
      ready = false;
    }
    if (!ready) continue;
    open_.pop_back();
    if (current_[id] == call_) continue;
    current_[id] = call_;
    if (node.op == Op::constant) {
      value_[id] = node.value;
    } else if (node.op == Op::variable) {
      value_[id] = state[node.value];
    } else {
      const auto arg = [&](int i) { return i < arity(node.op) ? value_[node.args[i]] : 0; };
      value_[id] = apply(node.op, node.width, system_.nodes[node.args[0]].width, arg(0), arg(1), arg(2));
    }
  }
  return value_[root];
}

std::optional<std::string> not_initial(const System& system, Evaluator& evaluate, const Values& state) {
  if (state.size() != system.variables.size()) return "it does not give each variable a value";
  for (std::size_t i = 0; i < state.size(); ++i) {
    const Variable& v = system.variables[i];
    if (low_bits(state[i], v.width) != state[i] || !v.contains(state[i])) return v.name + " is out of its range";
    if (!v.is_free && state[i] != v.initial) return v.name + " does not start like this";
  }
  if (evaluate(system.initially, state) == 0) return "the initial condition is false";
  return std::nullopt;
}

bool for_each_initial(const System& system, std::uint64_t most, const std::function<void(const Values&)>& visit) {
  Values state;
  std::vector<std::size_t> free;
  std::uint64_t candidates = 1;
  for (std::size_t i = 0; i < system.variables.size(); ++i) {
    const Variable& v = system.variables[i];
    state.push_back(v.is_free ? v.low : v.initial);
    if (!v.is_free) continue;
    free.push_back(i);
    if (v.span >= most || (candidates *= v.span + 1) > most) return false;
  }
  Evaluator evaluate(system);
  for (;;) {
    if (evaluate(system.initially, state) != 0) visit(state);
    std::size_t i = 0;
    for (; i < free.size(); ++i) {
      const Variable& v = system.variables[free[i]];
      const bool last = v.number(state[free[i]]) == v.span;
      state[free[i]] = last ? v.low : low_bits(state[free[i]] + 1, v.width);
      if (!last) break;
    }
    if (i == free.size()) return true;
  }
}

std::string describe(const System& system, std::uint32_t transition) {
  const Transition& t = system.transitions[transition];
  return "transition " + std::to_string(transition) + (t.text.empty() ? "" : " (" + t.text + ")") + " of " +
         system.actors[t.actor].name;
}

}  // namespace hotproof::verify
