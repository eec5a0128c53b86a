#include "model/ir/expr.hpp"

#include <algorithm>
#include <array>

namespace hotproof::ir {

namespace {

constexpr std::array<std::string_view, 24> names = {
    "const", "var", "not", "neg",  "add",  "sub", "mul", "udiv", "sdiv", "urem", "srem", "and",
    "or",    "xor", "shl", "lshr", "ashr", "eq",  "ult", "ule",  "slt",  "sle",  "ite",  "zext"};

bool commutes(Op op) {
  return op == Op::add || op == Op::mul || op == Op::and_ || op == Op::or_ || op == Op::xor_ || op == Op::eq;
}

std::uint64_t signed_division(std::uint64_t a, std::uint64_t b, int width, bool remainder) {
  const bool negative_a = as_signed(a, width) < 0;
  const bool negative_b = as_signed(b, width) < 0;
  const std::uint64_t ua = negative_a ? truncate(0 - a, width) : a;
  const std::uint64_t ub = negative_b ? truncate(0 - b, width) : b;
  if (remainder) {
    const std::uint64_t rest = ub == 0 ? ua : ua % ub;
    return truncate(negative_a ? 0 - rest : rest, width);
  }
  const std::uint64_t quotient = ub == 0 ? truncate(~std::uint64_t{0}, width) : ua / ub;
  return truncate(negative_a != negative_b ? 0 - quotient : quotient, width);
}

std::size_t hash(const Node& node) {
  std::uint64_t h = static_cast<std::uint64_t>(node.op) * 0x9e3779b97f4a7c15U + node.width;
  for (const ExprId arg : node.args) h = (h ^ static_cast<std::uint64_t>(arg)) * 0xff51afd7ed558ccdU;
  h = (h ^ node.value) * 0xc4ceb9fe1a85ec53U;
  return static_cast<std::size_t>(h ^ (h >> 29U));
}

// The nodes below `root` that `wanted` wants, ascending; below one that it does not want nothing is looked for. Users
// have larger ids than their operands: taken from the largest on, those that are met again come one after the other.
template <class Wanted>
std::vector<ExprId> collect(const ExprPool& pool, ExprId root, Wanted wanted) {
  std::vector<ExprId> out;
  if (!wanted(root)) return out;
  std::vector<ExprId> open{root};
  while (!open.empty()) {
    std::pop_heap(open.begin(), open.end());
    const ExprId next = open.back();
    open.pop_back();
    if (!out.empty() && out.back() == next) continue;
    out.push_back(next);
    const Node& node = pool[next];
    for (int i = 0; i < arity(node.op); ++i) {
      if (!wanted(node.args[i])) continue;
      open.push_back(node.args[i]);
      std::push_heap(open.begin(), open.end());
    }
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace

int arity(Op op) {
  switch (op) {
    case Op::constant: case Op::variable: return 0;
    case Op::not_: case Op::neg: case Op::zext: case Op::sext: case Op::trunc: return 1;
    case Op::ite: return 3;
    default: return 2;
  }
}

std::string_view name(Op op) {
  if (op == Op::sext) return "sext";
  if (op == Op::trunc) return "trunc";
  return names[static_cast<std::size_t>(op)];
}

std::uint64_t apply(Op op, int width, int operand_width, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  const int w = operand_width;
  switch (op) {
    case Op::constant: case Op::variable: return a;
    case Op::not_: return truncate(~a, width);
    case Op::neg: return truncate(0 - a, width);
    case Op::add: return truncate(a + b, width);
    case Op::sub: return truncate(a - b, width);
    case Op::mul: return truncate(a * b, width);
    case Op::udiv: return b == 0 ? truncate(~std::uint64_t{0}, width) : a / b;
    case Op::sdiv: return signed_division(a, b, w, false);
    case Op::urem: return b == 0 ? a : a % b;
    case Op::srem: return signed_division(a, b, w, true);
    case Op::and_: return a & b;
    case Op::or_: return a | b;
    case Op::xor_: return a ^ b;
    case Op::shl: return b >= static_cast<std::uint64_t>(width) ? 0 : truncate(a << b, width);
    case Op::lshr: return b >= static_cast<std::uint64_t>(width) ? 0 : a >> b;
    case Op::ashr: {
      const int shift = b >= static_cast<std::uint64_t>(width) ? width - 1 : static_cast<int>(b);
      return truncate(static_cast<std::uint64_t>(as_signed(a, w) >> shift), width);
    }
    case Op::eq: return a == b ? 1 : 0;
    case Op::ult: return a < b ? 1 : 0;
    case Op::ule: return a <= b ? 1 : 0;
    case Op::slt: return as_signed(a, w) < as_signed(b, w) ? 1 : 0;
    case Op::sle: return as_signed(a, w) <= as_signed(b, w) ? 1 : 0;
    case Op::ite: return a != 0 ? b : c;
    case Op::zext: return a;
    case Op::sext: return truncate(static_cast<std::uint64_t>(as_signed(a, w)), width);
    case Op::trunc: return truncate(a, width);
  }
  return 0;
}

ExprPool::ExprPool() {
  grow();
  truth(true);  // id 0
}

ExprId ExprPool::intern(const Node& node) {
  const std::size_t mask = table_.size() - 1;
  for (std::size_t at = hash(node) & mask;; at = (at + 1) & mask) {
    const std::uint32_t found = table_[at];
    if (found != 0 && nodes_[found - 1] == node) return static_cast<ExprId>(found - 1);
    if (found != 0) continue;
    const auto id = static_cast<ExprId>(nodes_.size());
    std::uint64_t bits = node.op == Op::variable ? bit_of(node.value) : 0;
    for (int i = 0; i < arity(node.op); ++i) bits |= variable_bits_[static_cast<std::size_t>(node.args[i])];
    nodes_.push_back(node);
    variable_bits_.push_back(bits);
    table_[at] = static_cast<std::uint32_t>(nodes_.size());
    if (nodes_.size() * 2 > table_.size()) grow();
    return id;
  }
}

void ExprPool::grow() {
  constexpr std::size_t smallest = 64;
  table_.assign(std::max(smallest, table_.size() * 2), 0);
  const std::size_t mask = table_.size() - 1;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    std::size_t at = hash(nodes_[i]) & mask;
    while (table_[at] != 0) at = (at + 1) & mask;
    table_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

ExprId ExprPool::constant(std::uint64_t value, int width) {
  return intern({Op::constant, static_cast<std::uint8_t>(width), {}, truncate(value, width)});
}

ExprId ExprPool::variable(VarId var, int width) {
  return intern({Op::variable, static_cast<std::uint8_t>(width), {}, static_cast<std::uint64_t>(var)});
}

ExprId ExprPool::unary(Op op, ExprId a) {
  const Node node = (*this)[a];
  if (node.op == Op::constant) return constant(apply(op, node.width, node.width, node.value, 0, 0), node.width);
  if (node.op == op && (op == Op::not_ || op == Op::neg)) return node.args[0];
  return intern({op, node.width, {a}, 0});
}

ExprId ExprPool::binary(Op op, ExprId a, ExprId b) {
  if (commutes(op) && b < a) std::swap(a, b);
  const Node x = (*this)[a];
  const Node y = (*this)[b];
  const bool compares = op == Op::eq || op == Op::ult || op == Op::ule || op == Op::slt || op == Op::sle;
  const int width = compares ? 1 : x.width;
  if (x.op == Op::constant && y.op == Op::constant) return constant(apply(op, width, x.width, x.value, y.value, 0), width);
  const std::uint64_t ones = truncate(~std::uint64_t{0}, x.width);
  const auto is = [](const Node& node, std::uint64_t value) { return node.op == Op::constant && node.value == value; };
  if (a == b) {
    if (op == Op::and_ || op == Op::or_) return a;
    if (op == Op::xor_ || op == Op::sub) return constant(0, width);
    if (op == Op::eq || op == Op::ule || op == Op::sle) return truth(true);
    if (op == Op::ult || op == Op::slt) return truth(false);
  }
  switch (op) {
    case Op::and_:
      if (is(x, 0) || is(y, 0)) return constant(0, width);
      if (is(x, ones)) return b;
      if (is(y, ones)) return a;
      if ((x.op == Op::not_ && x.args[0] == b) || (y.op == Op::not_ && y.args[0] == a)) return constant(0, width);
      break;
    case Op::or_:
      if (is(x, ones) || is(y, ones)) return constant(ones, width);
      if (is(x, 0)) return b;
      if (is(y, 0)) return a;
      if ((x.op == Op::not_ && x.args[0] == b) || (y.op == Op::not_ && y.args[0] == a)) return constant(ones, width);
      break;
    case Op::add: case Op::xor_:
      if (is(x, 0)) return b;
      if (is(y, 0)) return a;
      break;
    case Op::sub: case Op::shl: case Op::lshr: case Op::ashr:
      if (is(y, 0)) return a;
      break;
    case Op::mul:
      if (is(x, 1)) return b;
      if (is(y, 1)) return a;
      if (is(x, 0) || is(y, 0)) return constant(0, width);
      break;
    case Op::eq:
      if (x.width == 1 && x.op == Op::constant) return x.value ? b : not_(b);
      if (y.width == 1 && y.op == Op::constant) return y.value ? a : not_(a);
      break;
    default: break;
  }
  return intern({op, static_cast<std::uint8_t>(width), {a, b}, 0});
}

ExprId ExprPool::ite(ExprId condition, ExprId then, ExprId otherwise) {
  if (is_true(condition) || then == otherwise) return then;
  if (is_false(condition)) return otherwise;
  const Node node = (*this)[condition];
  if (node.op == Op::not_) return ite(node.args[0], otherwise, then);
  if ((*this)[then].width == 1) {
    if (is_true(then)) return or_(condition, otherwise);
    if (is_false(then)) return and_(not_(condition), otherwise);
    if (is_true(otherwise)) return or_(not_(condition), then);
    if (is_false(otherwise)) return and_(condition, then);
  }
  return intern({Op::ite, (*this)[then].width, {condition, then, otherwise}, 0});
}

ExprId ExprPool::resize(ExprId a, int width, bool sign_extend) {
  const Node node = (*this)[a];
  if (node.width == width) return a;
  const Op op = width < node.width ? Op::trunc : sign_extend ? Op::sext : Op::zext;
  if (node.op == Op::constant) return constant(apply(op, width, node.width, node.value, 0, 0), width);
  return intern({op, static_cast<std::uint8_t>(width), {a}, 0});
}

ExprId ExprPool::all(std::span<const ExprId> terms) {
  ExprId out = truth(true);
  for (const ExprId term : terms) out = and_(out, term);
  return out;
}

ExprId ExprPool::any(std::span<const ExprId> terms) {
  ExprId out = truth(false);
  for (const ExprId term : terms) out = or_(out, term);
  return out;
}

ExprId ExprPool::remade(const Node& from, const ExprId (&args)[3]) {
  switch (arity(from.op)) {
    case 0: return constant(from.value, from.width);
    case 1: {
      const bool resizes = from.op == Op::zext || from.op == Op::sext || from.op == Op::trunc;
      return resizes ? resize(args[0], from.width, from.op == Op::sext) : unary(from.op, args[0]);
    }
    case 2: return binary(from.op, args[0], args[1]);
    default: return ite(args[0], args[1], args[2]);
  }
}

ExprId ExprPool::substitute(ExprId id, const std::function<ExprId(VarId, int width)>& replacement) {
  return import(*this, id, replacement);
}

ExprId ExprPool::substitute(ExprId id, std::span<const std::pair<VarId, ExprId>> replacements) {
  std::uint64_t bits = 0;
  for (const auto& [var, value] : replacements) bits |= bit_of(static_cast<std::uint64_t>(var));
  const auto changes = [&](ExprId part) { return (variable_bits_[static_cast<std::size_t>(part)] & bits) != 0; };
  const std::vector<ExprId> order = collect(*this, id, changes);
  std::vector<ExprId> done;
  done.reserve(order.size());
  for (const ExprId part : order) {
    const Node node = (*this)[part];  // a copy: the pool grows
    ExprId out = part;
    if (node.op == Op::variable) {
      for (const auto& [var, value] : replacements)
        if (static_cast<std::uint64_t>(var) == node.value) {
          out = value;
          break;
        }
    } else {
      ExprId args[3]{};
      for (int i = 0; i < arity(node.op); ++i) {
        const auto at = std::lower_bound(order.begin(), order.end(), node.args[i]);
        const bool walked = at != order.end() && *at == node.args[i];
        args[i] = walked ? done[static_cast<std::size_t>(at - order.begin())] : node.args[i];
      }
      out = remade(node, args);
    }
    done.push_back(out);
  }
  return done.empty() ? id : done.back();
}

ExprId ExprPool::import(const ExprPool& from, ExprId root, const std::function<ExprId(VarId, int width)>& replacement) {
  const std::vector<ExprId> order = from.below(root);
  std::vector<ExprId> done;
  done.reserve(order.size());
  for (const ExprId id : order) {
    const Node node = from[id];  // a copy: this pool may be `from` and grow
    ExprId args[3]{};
    for (int i = 0; i < arity(node.op); ++i) {
      const auto at = std::lower_bound(order.begin(), order.end(), node.args[i]);
      args[i] = done[static_cast<std::size_t>(at - order.begin())];
    }
    done.push_back(node.op == Op::variable ? replacement(static_cast<VarId>(node.value), node.width)
                                           : remade(node, args));
  }
  return done.back();
}

Translation::Translation(ExprPool& to, const ExprPool& from, Replacement replacement)
    : to_(to), from_(from), replacement_(std::move(replacement)) {}

ExprId Translation::operator()(ExprId root) {
  if (done_.size() < from_.size()) done_.resize(from_.size());
  for (const ExprId id : collect(from_, root, [this](ExprId part) { return !is_done(part); })) {
    const Node node = from_[id];
    ExprId args[3]{};
    for (int i = 0; i < arity(node.op); ++i)
      args[i] = static_cast<ExprId>(done_[static_cast<std::size_t>(node.args[i])] - 1);
    const ExprId out = node.op == Op::variable ? replacement_(static_cast<VarId>(node.value), node.width)
                                               : to_.remade(node, args);
    done_[static_cast<std::size_t>(id)] = static_cast<std::uint32_t>(out) + 1;
  }
  return static_cast<ExprId>(done_[static_cast<std::size_t>(root)] - 1);
}

std::vector<ExprId> ExprPool::below(ExprId id) const {
  return collect(*this, id, [](ExprId) { return true; });
}

std::vector<VarId> ExprPool::variables(ExprId id) const {
  std::vector<VarId> out;
  for (const ExprId node : below(id))
    if ((*this)[node].op == Op::variable) out.push_back(static_cast<VarId>((*this)[node].value));
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace hotproof::ir
