// Random formulas and words for the tests of this folder.
#pragma once

#include <cstdint>
#include <vector>

#include "model/ir/temporal.hpp"

namespace hotproof::checker::liveness::testing {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
  std::uint64_t below(std::uint64_t limit) {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return (state_ >> 11U) % limit;
  }

 private:
  std::uint64_t state_;
};

inline ir::FormulaId random_formula(ir::FormulaPool& pool, Random& random, int depth, std::uint32_t atoms) {
  const auto inner = [&] { return random_formula(pool, random, depth - 1, atoms); };
  if (depth == 0 || random.below(8) == 0) {
    if (random.below(12) == 0) return pool.truth(random.below(2) == 0);
    return pool.atom(static_cast<std::uint32_t>(random.below(atoms)));
  }
  switch (random.below(9)) {
    case 0:
      return pool.not_(inner());
    case 1:
      return pool.and_(inner(), inner());
    case 2:
      return pool.or_(inner(), inner());
    case 3:
      return pool.next(inner());
    case 4:
      return pool.until(inner(), inner());
    case 5:
      return pool.release(inner(), inner());
    case 6:
      return pool.eventually(inner());
    case 7:
      return pool.always(inner());
    default:
      return pool.weak_until(inner(), inner());
  }
}

struct Word {
  std::vector<std::uint32_t> letters;  // bits by atom
  std::size_t loop = 0;
};

inline Word random_word(Random& random, std::uint32_t atoms) {
  Word out;
  const std::size_t length = 1 + random.below(6);
  for (std::size_t i = 0; i < length; ++i) out.letters.push_back(static_cast<std::uint32_t>(random.below(1U << atoms)));
  out.loop = random.below(length);
  return out;
}

inline bool holds(const ir::FormulaPool& pool, ir::FormulaId formula, const Word& word) {
  return ir::holds(pool, formula, word.letters.size(), word.loop,
                   [&](std::size_t at, std::uint32_t atom) { return (word.letters[at] >> atom & 1U) != 0; });
}

}  // namespace hotproof::checker::liveness::testing
