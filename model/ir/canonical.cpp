#include "model/ir/canonical.hpp"

#include <algorithm>

namespace hotproof::ir {

namespace {

LinearForm scaled(LinearForm form, std::uint64_t factor) {
  form.constant = truncate(form.constant * factor, form.width);
  for (auto& [term, coefficient] : form.terms) coefficient = truncate(coefficient * factor, form.width);
  std::erase_if(form.terms, [](const auto& entry) { return entry.second == 0; });
  return form;
}

LinearForm sum(const LinearForm& a, const LinearForm& b) {
  LinearForm out{a.width, truncate(a.constant + b.constant, a.width), {}};
  auto x = a.terms.begin();
  auto y = b.terms.begin();
  while (x != a.terms.end() || y != b.terms.end()) {
    if (y == b.terms.end() || (x != a.terms.end() && x->first < y->first)) {
      out.terms.push_back(*x++);
    } else if (x == a.terms.end() || y->first < x->first) {
      out.terms.push_back(*y++);
    } else {
      const std::uint64_t both = truncate(x->second + y->second, a.width);
      if (both != 0) out.terms.emplace_back(x->first, both);
      ++x;
      ++y;
    }
  }
  return out;
}

LinearForm negated(const LinearForm& form) { return scaled(form, truncate(~std::uint64_t{0}, form.width)); }

// The inverse of an odd number modulo 2^64: each round of Newton's iteration doubles the bits that are right.
std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t out = odd;
  for (int bits = 3; bits < 64; bits *= 2) out *= 2 - odd * out;
  return out;
}

}  // namespace

LinearForm Canonical::form(ExprId id) const {
  const Node& node = pool_[id];
  if (node.op == Op::constant) return {node.width, node.value, {}};
  if (const auto known = sums_.find(id); known != sums_.end()) return known->second;
  return {node.width, 0, {{id, 1}}};
}

ExprId Canonical::build(const LinearForm& form) {
  if (form.terms.empty()) return pool_.constant(form.constant, form.width);
  const std::uint64_t minus_one = truncate(~std::uint64_t{0}, form.width);
  ExprId out{};
  bool first = true;
  for (const auto& [term, coefficient] : form.terms) {
    const bool subtracts = !first && coefficient == minus_one && form.width > 1;
    const ExprId part = subtracts || coefficient == 1
                            ? term
                            : pool_.binary(Op::mul, term, pool_.constant(coefficient, form.width));
    out = first ? part : pool_.binary(subtracts ? Op::sub : Op::add, out, part);
    first = false;
  }
  if (form.constant != 0) out = pool_.binary(Op::add, out, pool_.constant(form.constant, form.width));
  // What is no sum is a term of its own.
  if (!(form.terms.size() == 1 && form.terms.front().second == 1 && form.constant == 0)) sums_.emplace(out, form);
  return out;
}

ExprId Canonical::unary(Op op, ExprId a) {
  const int width = pool_[a].width;
  if (width == 1) return pool_.unary(op, a);
  if (op == Op::neg) return build(negated(form(a)));
  // ~a is -a - 1.
  if (op == Op::not_) return build(sum(negated(form(a)), {width, truncate(~std::uint64_t{0}, width), {}}));
  return pool_.unary(op, a);
}

ExprId Canonical::equal(ExprId a, ExprId b) {
  if (pool_[a].width == 1) return pool_.binary(Op::eq, a, b);
  LinearForm difference = sum(form(a), negated(form(b)));
  const int width = difference.width;
  if (difference.terms.empty()) return pool_.truth(difference.constant == 0);
  if (difference.terms.size() == 1 && (difference.terms.front().second & 1U) != 0) {
    // An odd multiple of a term is a number: so is the term.
    const auto [term, coefficient] = difference.terms.front();
    const std::uint64_t value = truncate((0 - difference.constant) * inverse(coefficient), width);
    const Node node = pool_[term];
    if (node.op == Op::zext) {
      const int inner = pool_[node.args[0]].width;
      if (truncate(value, inner) != value) return pool_.truth(false);
      return equal(node.args[0], pool_.constant(value, inner));
    }
    return pool_.binary(Op::eq, term, pool_.constant(value, width));
  }
  const LinearForm other = negated(difference);
  if (other.terms.front().second < difference.terms.front().second) difference = other;
  const std::uint64_t right = truncate(0 - difference.constant, width);
  difference.constant = 0;
  return pool_.binary(Op::eq, build(difference), pool_.constant(right, width));
}

ExprId Canonical::binary(Op op, ExprId a, ExprId b) {
  const int width = pool_[a].width;
  if (op == Op::eq) return equal(a, b);
  if (width == 1) return pool_.binary(op, a, b);
  switch (op) {
    case Op::add:
      return build(sum(form(a), form(b)));
    case Op::sub:
      return build(sum(form(a), negated(form(b))));
    case Op::mul:
      if (pool_.is_constant(a)) return build(scaled(form(b), pool_[a].value));
      if (pool_.is_constant(b)) return build(scaled(form(a), pool_[b].value));
      break;
    case Op::shl:
      if (pool_.is_constant(b) && pool_[b].value < static_cast<std::uint64_t>(width))
        return build(scaled(form(a), std::uint64_t{1} << pool_[b].value));
      break;
    default:
      break;
  }
  return pool_.binary(op, a, b);
}

ExprId Canonical::ite(ExprId condition, ExprId then, ExprId otherwise) { return pool_.ite(condition, then, otherwise); }

ExprId Canonical::resize(ExprId a, int width, bool sign_extend) { return pool_.resize(a, width, sign_extend); }

ExprId Canonical::apply(const Node& node, const ExprId* args) {
  switch (node.op) {
    case Op::zext:
    case Op::sext:
    case Op::trunc:
      return resize(args[0], node.width, node.op == Op::sext);
    case Op::ite:
      return ite(args[0], args[1], args[2]);
    case Op::not_:
    case Op::neg:
      return unary(node.op, args[0]);
    default:
      return binary(node.op, args[0], args[1]);
  }
}

}  // namespace hotproof::ir
