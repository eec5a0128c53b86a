#include "model/ir/ample/partial.hpp"

namespace hotproof::ir {

std::optional<std::uint64_t> PartialValues::operator()(ExprId root) {
  const auto [place, fresh] = below_.try_emplace(root);
  if (fresh) place->second = pool_.below(root);
  for (const ExprId id : place->second) value_[static_cast<std::size_t>(id)] = value(pool_[id]);
  return of(root);
}

std::optional<std::uint64_t> PartialValues::value(const Node& node) const {
  if (node.op == Op::constant) return node.value;
  if (node.op == Op::variable) return known(static_cast<VarId>(node.value));
  const auto a = of(node.args[0]);
  if (arity(node.op) == 1) {
    if (!a) return std::nullopt;
    return apply(node.op, node.width, pool_[node.args[0]].width, *a, 0, 0);
  }
  const auto b = of(node.args[1]);
  if (node.op == Op::and_ && (a == 0U || b == 0U)) return 0;
  const std::uint64_t ones = truncate(~std::uint64_t{0}, node.width);
  if (node.op == Op::or_ && (a == ones || b == ones)) return ones;
  if (node.op == Op::ite) {
    const auto c = of(node.args[2]);
    if (a) return *a != 0 ? b : c;
    return b == c ? b : std::nullopt;
  }
  if (!a || !b) return std::nullopt;
  return apply(node.op, node.width, pool_[node.args[0]].width, *a, *b, 0);
}

}  // namespace hotproof::ir
