// Which orders of some things (the patches of a series) are safe. An order is safe if every set that its beginnings
// make is safe; so the family of safe sets says everything, and nothing here knows what makes a set safe.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace hotproof::orders {

// Things are numbered from 0; the k-th bit says that thing k is in the set.
using Set = std::uint32_t;
constexpr unsigned most_things = 16;

constexpr bool has(Set set, unsigned thing) {
  return (set >> thing & 1U) != 0;
}
constexpr Set with(Set set, unsigned thing) {
  return set | Set{1} << thing;
}

// Whether an order that has done `before` may do `thing` next. Only asked of sets that some such order comes to.
using Step = std::function<bool(Set before, unsigned thing)>;

class Family {
 public:
  // Asks for the steps from the empty set on, each at most once; sets of fewer things first. `things` is at most
  // most_things.
  static Family explore(unsigned things, const Step& may_follow);

  unsigned things() const { return things_; }
  Set all() const { return (Set{1} << things_) - 1; }
  // Some order whose steps are all safe comes here. It may be a dead end.
  bool reached(Set set) const { return count_to_[set] != 0; }
  // Some safe order of all things passes here.
  bool live(Set set) const { return count_to_[set] != 0 && count_from_[set] != 0; }
  bool may_follow(Set before, unsigned thing) const { return has(steps_[before], thing); }
  // Live sets, in the order of their numbers.
  std::vector<Set> live_sets() const;

  // Safe orders of all things. 16! fits.
  std::uint64_t orders() const { return count_to_[all()]; }
  bool is_safe(const std::vector<unsigned>& order) const;
  // A safe order that leaves as many things as possible in the order of their numbers, and moves the others: the fewest
  // moves of one thing to another place. Of several the least in the order of numbers. Empty if there is no safe order.
  std::vector<unsigned> nearest() const;

 private:
  unsigned things_ = 0;
  std::vector<Set> steps_;                 // by set: the things that may follow
  std::vector<std::uint64_t> count_to_;    // ways from the empty set
  std::vector<std::uint64_t> count_from_;  // ways to the set of all
};

// The fewest things of the order that must move so that the others stand by their numbers.
unsigned moves(const std::vector<unsigned>& order);

}  // namespace hotproof::orders
