// What all safe orders share, as constraints that people can read.
#pragma once

#include <string>
#include <vector>

#include "checker/orders/family.hpp"

namespace hotproof::orders {

// Whenever all of `once` are done, at least one of `some` is. One and one: `some` before `once`, a precedence. More in
// `once`: before the later of them. More in `some`: the first of them before `once`.
struct Constraint {
  Set once = 0;
  Set some = 0;

  friend auto operator<=>(const Constraint&, const Constraint&) = default;
  bool is_precedence() const { return (once & (once - 1)) == 0 && (some & (some - 1)) == 0; }
  bool forbids(Set set) const { return (set & once) == once && (set & some) == 0; }
};

struct Constraints {
  // Each is minimal: with one thing fewer it would forbid a set that some safe order passes. None follows from the
  // others. Precedences first.
  std::vector<Constraint> needed;
  // All precedences that every safe order respects, also those that follow from others. Pairs (before, after).
  std::vector<std::pair<unsigned, unsigned>> precedences;
  // Whether the constraints say everything: an order that respects them is safe. False where a constraint over more
  // than `most_together` things would be needed, or where a step between two safe sets is not possible.
  bool complete = false;

  static constexpr unsigned most_together = 4;
};

// The prime implicates, up to their size, of the family of sets that safe orders pass; of these an irredundant cover.
// Of a family without a safe order there are none.
Constraints constraints_of(const Family& family);

// Orders that respect the constraints: to be compared with Family::orders().
std::uint64_t orders_within(unsigned things, const std::vector<Constraint>& constraints);

// "4 before the later of 6 and 7".
std::string in_words(const Constraint& constraint, const std::vector<std::string>& names);

// The precedences as a Hasse diagram, with a node of its own for each "later of" and "first of", for Graphviz. Names go
// into quoted strings.
std::string dot(const Constraints& constraints, const std::vector<std::string>& names);

}  // namespace hotproof::orders
