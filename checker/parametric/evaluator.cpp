#include "checker/parametric/evaluator.hpp"

namespace hotproof::checker::parametric {

using ir::ExprId;
using ir::Node;
using ir::Op;

Value Evaluator::value(ExprId id) {
  const Node& node = from_[id];
  if (node.op == Op::constant) return Value::of(node.value);
  if (node.op == Op::variable) return (*state_)[node.value];
  const auto at = static_cast<std::size_t>(id);
  if (known_in_[at] != round_) {
    known_[at] = compute(node);
    known_in_[at] = round_;
  }
  return known_[at];
}

// What one operand decides is not asked of the others.
Value Evaluator::compute(const Node& node) {
  const Value a = value(node.args[0]);
  if (node.width == 1 && a.is_number) {
    if (node.op == Op::and_ && a.number == 0) return a;
    if (node.op == Op::or_ && a.number == 1) return a;
  }
  if (node.op == Op::ite && a.is_number) return value(node.args[a.number != 0 ? 1 : 2]);
  const int operands = ir::arity(node.op);
  const Value b = operands > 1 ? value(node.args[1]) : Value{};
  const Value c = operands > 2 ? value(node.args[2]) : Value{};
  if (a.is_number && b.is_number && c.is_number)
    return Value::of(ir::apply(node.op, node.width, from_[node.args[0]].width, a.number, b.number, c.number));
  ExprId args[3]{};
  const Value* const values[3] = {&a, &b, &c};
  for (int i = 0; i < operands; ++i) args[i] = expression(*values[i], from_[node.args[i]].width);
  return value_of(to_.apply(node, args));
}

ExprId Evaluator::truth(ExprId id) { return expression(value(id), 1); }

}  // namespace hotproof::checker::parametric
