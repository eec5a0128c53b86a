// Which orders of some things (the steps of a function) are safe, where safety is a matter of the whole order and not
// only of the sets that its beginnings make. Unsafe beginnings are learned: nothing that starts like one is asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace hotproof::orders {

// Things are numbered from 0.
using Sequence = std::vector<unsigned>;

enum class Answer : std::uint8_t { safe, broken, unknown };

// Of a beginning: `broken` only if every order that starts like it is unsafe. Of a whole order: its verdict.
using Ask = std::function<Answer(const Sequence&)>;

struct Sequences {
  unsigned things = 0;
  std::uint64_t possible = 0;     // orders that respect the given pairs
  std::vector<Sequence> safe;     // in the order of their numbers
  std::uint64_t unknown = 0;      // whole orders about which nothing definite is known
  std::vector<Sequence> learned;  // the shortest beginnings that are broken
  std::uint64_t asked = 0;
  bool whole = false;  // the search came to its end

  // Pairs (before, after) that every safe order respects. Empty if there is no safe order.
  std::vector<std::pair<unsigned, unsigned>> precedences() const;
};

// The same without those that follow from others (the Hasse diagram of the order that the pairs make).
std::vector<std::pair<unsigned, unsigned>> reduced(unsigned things,
                                                   const std::vector<std::pair<unsigned, unsigned>>& precedences);

// Orders of `things` that respect all `pairs`, which must not be a cycle. At most 16 things.
std::uint64_t count_orders(unsigned things, const std::vector<std::pair<unsigned, unsigned>>& pairs);

// Depth first over the beginnings that respect `given`; `stop` ends the search early.
Sequences find_sequences(unsigned things, const std::vector<std::pair<unsigned, unsigned>>& given, const Ask& ask,
                         const std::function<bool()>& stop);

}  // namespace hotproof::orders
