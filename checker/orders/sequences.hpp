// Which orders of some things (the steps of a function) are safe, where safety is a matter of the whole order and not
// only of the sets that its beginnings make. Unsafe beginnings are learned: nothing that starts like one is asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace hotproof::orders {

// Things are numbered from 0; there are at most 64.
using Sequence = std::vector<unsigned>;
using Pairs = std::vector<std::pair<unsigned, unsigned>>;

enum class Answer : std::uint8_t { safe, broken, unknown };

// About one whole order.
struct Asked {
  Answer answer = Answer::unknown;
  // broken: every order that starts with so many of its things is broken, too; from 1 to all of them.
  std::size_t beginning = 0;
};
using Ask = std::function<Asked(const Sequence&)>;

struct Sequences {
  unsigned things = 0;
  std::uint64_t possible = 0;     // orders that respect the given pairs
  std::vector<Sequence> safe;     // in the order of their numbers
  std::uint64_t unknown = 0;      // orders about which nothing definite is known
  std::vector<Sequence> learned;  // beginnings that are broken
  std::uint64_t asked = 0;
  bool whole = false;  // the search came to its end

  // Pairs (before, after) that every safe order respects. Empty if there is no safe order.
  Pairs precedences() const;
};

// The same without those that follow from others (the Hasse diagram of the order that the pairs make).
Pairs reduced(unsigned things, const Pairs& precedences);

// Orders of `things` that respect all `pairs`, which must not be a cycle. `too_many` where they do not fit, or where it
// would take more than a million sets to count them.
constexpr std::uint64_t too_many = ~std::uint64_t{0};
std::uint64_t count_orders(unsigned things, const Pairs& pairs);

// In the order of the numbers, over those that respect `given`: each order that starts with no learned beginning is
// asked for once. `stop` ends the search early.
Sequences find_sequences(unsigned things, const Pairs& given, const Ask& ask, const std::function<bool()>& stop);

}  // namespace hotproof::orders
