#include "model/lower/unknowns.hpp"

#include <algorithm>

#include "model/ir/expr.hpp"

namespace hotproof::lower {

namespace {

std::uint64_t compared(const Derivation& derivation, std::uint64_t value) {
  const std::uint64_t a = ir::truncate(value, derivation.bits);
  const std::uint64_t b = ir::truncate(derivation.constant, derivation.bits);
  const std::int64_t x = ir::as_signed(a, derivation.bits);
  const std::int64_t y = ir::as_signed(b, derivation.bits);
  const bool less = derivation.is_signed ? x < y : a < b;
  switch (derivation.op) {
    case BinaryOp::eq:
      return a == b ? 1 : 0;
    case BinaryOp::ne:
      return a != b ? 1 : 0;
    case BinaryOp::lt:
      return less ? 1 : 0;
    case BinaryOp::ge:
      return less ? 0 : 1;
    case BinaryOp::le:
      return less || a == b ? 1 : 0;
    case BinaryOp::gt:
      return less || a == b ? 0 : 1;
    default:
      return 0;  // only comparisons are remembered
  }
}

}  // namespace

DerivationId Derivations::add(const Derivation& derivation) {
  const auto [found, fresh] = known_.try_emplace(derivation, static_cast<DerivationId>(derivations_.size()));
  if (fresh) derivations_.push_back(derivation);
  return found->second;
}

std::uint64_t Derivations::value(DerivationId id, std::uint64_t unknown) const {
  if (id == 0) return unknown;
  const Derivation& derivation = derivations_[id];
  const std::uint64_t below = value(derivation.of, unknown);
  switch (derivation.kind) {
    case Derivation::Kind::binary:
      return compared(derivation, below);
    case Derivation::Kind::logical_not:
      return ir::truncate(below, derivation.bits) == 0 ? 1 : 0;
    case Derivation::Kind::cast: {
      const std::uint64_t from = ir::truncate(below, derivation.bits);
      if (derivation.to_bool) return from != 0 ? 1 : 0;
      const std::uint64_t wide =
          derivation.is_signed ? static_cast<std::uint64_t>(ir::as_signed(from, derivation.bits)) : from;
      return ir::truncate(wide, derivation.to_bits);
    }
  }
  return 0;
}

// A comparison changes its answer only beside its constant, and at the ends of its type.
void Derivations::collect_breaks(DerivationId id, std::vector<std::uint64_t>& values) const {
  for (; id != 0; id = derivations_[id].of) {
    const Derivation& derivation = derivations_[id];
    const std::uint64_t top = std::uint64_t{1} << (derivation.bits - 1);
    for (const std::uint64_t around : {std::uint64_t{0}, derivation.constant, top})
      for (const std::uint64_t value : {around - 1, around, around + 1}) {
        values.push_back(value);
        // The same number of a narrower signed type, as it stands in a wider one.
        values.push_back(static_cast<std::uint64_t>(ir::as_signed(value, derivation.bits)));
        values.push_back(ir::truncate(value, derivation.bits));
      }
  }
}

bool Derivations::is_possible(const UnknownFacts& facts, DerivationId asked, bool truth) const {
  std::vector<std::uint64_t> candidates{0, 1, ~std::uint64_t{0}};
  collect_breaks(asked, candidates);
  for (const auto& [derivation, unused] : facts) collect_breaks(derivation, candidates);
  return std::any_of(candidates.begin(), candidates.end(), [&](std::uint64_t candidate) {
    return (value(asked, candidate) != 0) == truth &&
           std::all_of(facts.begin(), facts.end(),
                       [&](const auto& fact) { return (value(fact.first, candidate) != 0) == fact.second; });
  });
}

}  // namespace hotproof::lower
