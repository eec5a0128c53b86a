#include "specs/lang/evaluate.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace hotproof::spec {

using ir::ExprId;
using ir::Op;

namespace {

constexpr int full = 64;
constexpr std::int64_t most_elements = 256;  // of an index that is not known: symbols are tried up to here

}  // namespace

Value Evaluator::read(ExprId id) const {
  const ir::Node& node = system_.pool[id];
  if (node.op == Op::variable) return {id, system_.variables[node.value].is_signed};
  // An extension is dropped: comparisons become as narrow as the cell behind it.
  if (node.op == Op::sext || node.op == Op::zext) return {node.args[0], node.op == Op::sext};
  return {id, node.width >= 32};  // C's int and wider: results and error codes
}

Value Evaluator::number(std::int64_t value) const {
  return {system_.pool.constant(static_cast<std::uint64_t>(value), full), true};
}

Value Evaluator::miss(std::string what) {
  if (missing_.empty()) missing_ = std::move(what);
  return number(0);
}

ExprId Evaluator::wide(Value value) {
  return system_.pool.resize(value.id, full, value.is_signed);
}

ExprId Evaluator::as_truth(Value value) {
  const int width = system_.pool[value.id].width;
  if (width == 1) return value.id;
  return system_.pool.not_(system_.pool.eq(value.id, system_.pool.constant(0, width)));
}

ExprId Evaluator::truth(const Expr& expr) {
  return as_truth(value(expr));
}

// Whether the constant is a value that `other` can have by its width.
bool Evaluator::fits(std::int64_t constant, Value other) const {
  const int width = system_.pool[other.id].width;
  const auto bits = static_cast<std::uint64_t>(constant);
  const std::uint64_t low = ir::truncate(bits, width);
  return other.is_signed ? ir::as_signed(low, width) == constant : low == bits;
}

ExprId Evaluator::compare(Op signed_op, Op unsigned_op, Value a, Value b) {
  ir::ExprPool& pool = system_.pool;
  const auto narrow = [&](Value& constant, Value other) {
    const ir::Node node = pool[constant.id];
    if (node.op != Op::constant || node.width != full || !constant.is_signed) return;
    if (!fits(static_cast<std::int64_t>(node.value), other)) return;
    constant = {pool.constant(node.value, pool[other.id].width), other.is_signed};
  };
  narrow(a, b);
  narrow(b, a);
  const bool same = pool[a.id].width == pool[b.id].width && a.is_signed == b.is_signed;
  if (same && pool[a.id].width < full) return pool.binary(a.is_signed ? signed_op : unsigned_op, a.id, b.id);
  return pool.binary(signed_op, wide(a), wide(b));
}

ExprId Evaluator::equal(Value a, Value b) {
  const auto never = [&](Value constant, Value other) {
    const ir::Node& node = system_.pool[constant.id];
    return node.op == Op::constant && node.width == full && constant.is_signed &&
           !fits(static_cast<std::int64_t>(node.value), other);
  };
  if (never(a, b) || never(b, a)) return system_.pool.truth(false);
  return compare(Op::eq, Op::eq, a, b);
}

Value Evaluator::value(const Expr& expr) {
  switch (expr.kind) {
    case Expr::Kind::number:
      return number(expr.number);
    case Expr::Kind::word:
      return names_.at(expr.text);
    case Expr::Kind::self:
      return number(static_cast<std::int64_t>(ir::index(transition_->actor)));
    case Expr::Kind::constant: {
      const auto found = system_.constants.find(expr.text);
      return found == system_.constants.end() ? miss("this tree has no " + expr.text) : number(found->second);
    }
    case Expr::Kind::cell:
      return cell(expr);
    case Expr::Kind::unary:
      return unary(expr);
    case Expr::Kind::binary:
      return binary(expr);
    case Expr::Kind::choice: {
      const ExprId condition = truth(expr.args[0]);
      const Value then = value(expr.args[1]);
      const Value otherwise = value(expr.args[2]);
      return {system_.pool.ite(condition, wide(then), wide(otherwise)), true};
    }
    case Expr::Kind::member: {
      const Value what = value(expr.args[0]);
      ExprId out = system_.pool.truth(false);
      for (std::size_t i = 1; i < expr.args.size(); ++i) out = system_.pool.or_(out, equal(what, value(expr.args[i])));
      return from_truth(out);
    }
    case Expr::Kind::apply:
      return apply(expr);
  }
  return number(0);
}

Value Evaluator::unary(const Expr& expr) {
  const Value operand = value(expr.args[0]);
  if (expr.text == "!") return from_truth(system_.pool.not_(as_truth(operand)));
  return {system_.pool.unary(expr.text == "-" ? Op::neg : Op::not_, wide(operand)), true};
}

Value Evaluator::binary(const Expr& expr) {
  ir::ExprPool& pool = system_.pool;
  const Value a = value(expr.args[0]);
  const Value b = value(expr.args[1]);
  const std::string& op = expr.text;
  if (op == "&&") return from_truth(pool.and_(as_truth(a), as_truth(b)));
  if (op == "||") return from_truth(pool.or_(as_truth(a), as_truth(b)));
  if (op == "==") return from_truth(equal(a, b));
  if (op == "!=") return from_truth(pool.not_(equal(a, b)));
  if (op == "<") return from_truth(compare(Op::slt, Op::ult, a, b));
  if (op == "<=") return from_truth(compare(Op::sle, Op::ule, a, b));
  if (op == ">") return from_truth(compare(Op::slt, Op::ult, b, a));
  if (op == ">=") return from_truth(compare(Op::sle, Op::ule, b, a));
  constexpr std::array<std::pair<std::string_view, Op>, 10> arithmetic{{{"|", Op::or_},
                                                                        {"^", Op::xor_},
                                                                        {"&", Op::and_},
                                                                        {"<<", Op::shl},
                                                                        {">>", Op::ashr},
                                                                        {"+", Op::add},
                                                                        {"-", Op::sub},
                                                                        {"*", Op::mul},
                                                                        {"/", Op::sdiv},
                                                                        {"%", Op::srem}}};
  const auto* found = std::ranges::find(arithmetic, op, &std::pair<std::string_view, Op>::first);
  return {pool.binary(found->second, wide(a), wide(b)), true};
}

Value Evaluator::cell(const Expr& expr) {
  return cell_at(expr, 0, expr.text);
}

// Puts the path together from `step` on. An index that is not known chooses among all elements there are; beyond them
// the value is 0.
Value Evaluator::cell_at(const Expr& expr, std::size_t step, const std::string& name) {
  if (step == expr.path.size()) {
    const auto found = system_.symbols.find(name);
    return found == system_.symbols.end() ? miss("this model has no '" + name + "'") : read(found->second);
  }
  const PathStep& here = expr.path[step];
  if (here.index < 0) return cell_at(expr, step + 1, name + "." + here.field);
  const Value index = value(expr.args[static_cast<std::size_t>(here.index)]);
  const ir::Node node = system_.pool[wide(index)];
  const auto element = [&](std::int64_t i) { return name + "[" + std::to_string(i) + "]"; };
  if (node.op == Op::constant) return cell_at(expr, step + 1, element(static_cast<std::int64_t>(node.value)));
  Value out = number(0);
  for (std::int64_t i = 0; i < most_elements; ++i) {
    const std::string prefix = element(i);
    const auto next = system_.symbols.lower_bound(prefix);
    if (next == system_.symbols.end() || !next->first.starts_with(prefix)) {
      if (i == 0) return miss("this model has no '" + prefix + "'");
      break;
    }
    const Value here_value = cell_at(expr, step + 1, prefix);
    out = {system_.pool.ite(equal(index, number(i)), wide(here_value), wide(out)), true};
  }
  return out;
}

Value Evaluator::apply(const Expr& expr) {
  const auto found = definitions_.find(expr.text);
  if (found == definitions_.end()) return builtin(expr);
  const Definition& definition = found->second;
  std::map<std::string, Value> inner;
  for (std::size_t i = 0; i < definition.parameters.size(); ++i) inner[definition.parameters[i]] = value(expr.args[i]);
  std::swap(names_, inner);
  const Value out = value(definition.body);
  std::swap(names_, inner);
  return out;
}

std::int64_t Evaluator::lock(const Expr& expr) {
  if (expr.kind == Expr::Kind::word) return static_cast<std::int64_t>(system_.pool[names_.at(expr.text).id].value);
  std::string name = expr.text;
  for (const PathStep& step : expr.path) {
    if (step.index < 0) {
      name += "." + step.field;
      continue;
    }
    const ir::Node node = system_.pool[wide(value(expr.args[static_cast<std::size_t>(step.index)]))];
    if (node.op != Op::constant) {
      miss("which of the locks '" + name + "[…]' is meant is not known beforehand");
      return -1;
    }
    name += "[" + std::to_string(static_cast<std::int64_t>(node.value)) + "]";
  }
  const auto found = std::ranges::find(system_.locks, name, &ir::Lock::name);
  if (found == system_.locks.end()) {
    miss("this model has no lock '" + name + "'");
    return -1;
  }
  return found - system_.locks.begin();
}

ExprId Evaluator::held(std::size_t lock, std::size_t actor, bool write_only) const {
  const ir::Lock& what = system_.locks[lock];
  const auto by = [&](const std::vector<ExprId>& list) {
    return actor < list.size() ? list[actor] : system_.pool.truth(false);
  };
  const ExprId write = by(what.held_write);
  return write_only ? write : system_.pool.or_(write, by(what.held_read));
}

Value Evaluator::lock_number(const Expr& expr) {
  return number(lock(expr));
}

// Whether the event's actor holds the lock, or (`self` false) somebody else does.
ExprId Evaluator::held_by(const Expr& expr, bool self, bool write_only) {
  const std::int64_t number = lock(expr);
  ExprId out = system_.pool.truth(false);
  if (number < 0) return out;
  const auto which = static_cast<std::size_t>(number);
  for (std::size_t actor = 0; actor < system_.actors.size(); ++actor) {
    const bool is_self = transition_ != nullptr && actor == ir::index(transition_->actor);
    if (is_self == self) out = system_.pool.or_(out, held(which, actor, write_only));
  }
  return out;
}

ExprId Evaluator::holds_any(bool spin_only) {
  ExprId out = system_.pool.truth(false);
  for (std::size_t i = 0; i < system_.locks.size(); ++i)
    if (!spin_only || system_.locks[i].kind == ir::Lock::Kind::spin)
      out = system_.pool.or_(out, held(i, ir::index(transition_->actor), false));
  return out;
}

Value Evaluator::is_spinlock(const Expr& expr) {
  const std::int64_t number = lock(expr);
  const bool spin = number >= 0 && system_.locks[static_cast<std::size_t>(number)].kind == ir::Lock::Kind::spin;
  return from_truth(system_.pool.truth(spin));
}

Value Evaluator::after(const Expr& expr) {
  const Value before = value(expr.args[0]);
  const auto replacement = [&](ir::VarId var, int width) {
    for (const ir::Update& update : transition_->updates)
      if (update.var == var) return update.value;
    return system_.pool.variable(var, width);
  };
  return {system_.pool.substitute(before.id, replacement), before.is_signed};
}

Value Evaluator::builtin(const Expr& expr) {
  if (expr.text == "after") return after(expr);
  if (expr.text == "is_spinlock") return is_spinlock(expr.args[0]);
  if (expr.text == "holds_nothing") return from_truth(system_.pool.not_(holds_any(false)));
  if (expr.text == "holds_spinlock") return from_truth(holds_any(true));
  if (expr.text == "held_by_others") return from_truth(held_by(expr.args[0], false, false));
  if (expr.text == "holds") {
    const bool write = expr.args.size() == 2 && expr.args[1].number == 1;
    return from_truth(held_by(expr.args[0], true, write));
  }
  // free: nobody holds it, the event's actor included.
  return from_truth(
      system_.pool.not_(system_.pool.or_(held_by(expr.args[0], false, false), held_by(expr.args[0], true, false))));
}

}  // namespace hotproof::spec
