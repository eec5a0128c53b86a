// What is known of values that nothing is known of: two tests of one unknown value must agree. A value made from an
// unknown one by comparisons with constants, negations and casts remembers how (a derivation), and a decision on it is a
// fact that later decisions on the same unknown are held to.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "model/lower/mir.hpp"

namespace hotproof::lower {

using UnknownId = std::uint32_t;     // 0: an unknown that nothing is remembered of
using DerivationId = std::uint32_t;  // 0: the unknown value itself

// One operation on top of another derivation.
struct Derivation {
  enum class Kind : std::uint8_t { binary, logical_not, cast } kind = Kind::cast;
  DerivationId of = 0;
  BinaryOp op = BinaryOp::eq;  // binary: with `constant` on the right
  std::uint64_t constant = 0;
  int bits = 64;               // of the operand
  bool is_signed = false;      // the operand's
  int to_bits = 64;            // cast
  bool to_bool = false;        // cast
  friend auto operator<=>(const Derivation&, const Derivation&) = default;
};

// A decision: `derivation` of the unknown was true (not zero) or false.
using UnknownFacts = std::vector<std::pair<DerivationId, bool>>;

class Derivations {
 public:
  DerivationId add(const Derivation& derivation);

  // Whether some value of the unknown agrees with all facts and makes `asked` come out as `truth`. Never says no wrongly;
  // exact for comparisons, negations and casts that lose nothing.
  bool is_possible(const UnknownFacts& facts, DerivationId asked, bool truth) const;

 private:
  std::uint64_t value(DerivationId id, std::uint64_t unknown) const;
  void collect_breaks(DerivationId id, std::vector<std::uint64_t>& values) const;

  std::vector<Derivation> derivations_{{}};
  std::map<Derivation, DerivationId> known_;
};

}  // namespace hotproof::lower
