// A set of packed states in which each is found again.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "verify/evidence.hpp"

namespace hotproof::verify {

inline std::uint64_t hash_of(const std::uint64_t* words, std::uint32_t count) {
  std::uint64_t h = 0xcbf29ce484222325U;
  for (std::uint32_t i = 0; i < count; ++i) {
    h = (h ^ words[i]) * 0x9e3779b97f4a7c15U;
    h ^= h >> 29U;
  }
  h *= 0xbf58476d1ce4e5b9U;
  return h ^ h >> 32U;
}

// A set of states may be looked at in parts, by bits of the hash that an index looks at last.
inline unsigned part_of(std::uint64_t hash, unsigned parts) {
  return static_cast<unsigned>((hash >> 16U & 0xffffU) * parts >> 16U);
}

// States with numbers, in the order of their pieces. Numbers go without a gap if all pieces but the last have the same
// size, a power of two.
class StateList {
 public:
  // Those of the set, which must outlive this; is_folded_right() of it.
  explicit StateList(const StateSet& set);
  // A copy, not folded, of one part of another list.
  StateList(const StateList& all, unsigned part, unsigned parts);

  std::uint32_t words() const { return words_; }
  std::uint64_t size() const { return count_; }
  // One more than the largest number that a state can have; not every smaller one is a state's.
  std::uint64_t end() const { return held_.empty() ? 0 : ((held_.size() - 1) << shift_) + held_.back(); }
  // Pieces have so many states, but for the last ones; 0: there is one piece.
  std::uint64_t states_of_a_piece() const { return shift_ == 63 ? 0 : std::uint64_t{1} << shift_; }
  bool holds(std::uint64_t id) const { return (id & ((std::uint64_t{1} << shift_) - 1)) < held_[id >> shift_]; }
  // Folded: it lies in `room` then, which has words() of them.
  const std::uint64_t* read(std::uint64_t id, std::uint64_t* room) const {
    const std::uint64_t* const kept = kept_at(id);
    if (folded_ == nullptr) return kept;
    unfold(id, kept, room);
    return room;
  }
  bool equals(std::uint64_t id, const std::uint64_t* state) const {
    const std::uint64_t* const kept = kept_at(id);
    return folded_ == nullptr ? std::equal(state, state + words_, kept) : equals_folded(id, kept, state);
  }
  [[gnu::always_inline]] void prefetch(std::uint64_t id) const {
    const std::uint64_t* const kept = kept_at(id);
    __builtin_prefetch(kept);
    __builtin_prefetch(kept + kept_ - 1);
  }

 private:
  static constexpr std::uint64_t states_worth_their_pieces = 1'000'000;
  static constexpr unsigned bits_of_a_copy = 14;

  const std::uint64_t* kept_at(std::uint64_t id) const {
    return pieces_[id >> shift_] + (id & ((std::uint64_t{1} << shift_) - 1)) * kept_;
  }
  void unfold(std::uint64_t id, const std::uint64_t* kept, std::uint64_t* state) const;
  bool equals_folded(std::uint64_t id, const std::uint64_t* kept, const std::uint64_t* state) const;
  // Calls use(part, its words) for each part, until one says false.
  template <class Use>
  bool for_parts(std::uint64_t id, const std::uint64_t* kept, Use&& use) const;

  std::uint32_t words_;
  std::uint32_t kept_;  // words of a state in a piece
  const Folded* folded_ = nullptr;
  std::uint64_t count_ = 0;
  unsigned shift_ = 63;
  std::vector<const std::uint64_t*> pieces_;
  std::vector<std::uint64_t> held_;  // by piece: its states
  std::vector<std::vector<std::uint64_t>> copies_;
};

// Whether each folded state of the set stands for one: parts make up all of a state's words, and numbers are those of
// something in the tables. True of a set that is not folded.
bool is_folded_right(const StateSet& set);

// Finds the states of a list by an open-addressing table of their numbers. What a slot has left beside the number holds a
// piece of the hash; nothing is decided by a hash alone.
class StateIndex {
 public:
  explicit StateIndex(const StateList& list) : list_(list), words_(list.words()) {}

  // Bytes of a table for so many states, whose numbers have no gaps. Two thirds of the slots are taken at most; `tight`:
  // seven eighths.
  static std::uint64_t bytes_for(std::uint64_t states, bool tight) { return std::uint64_t{4} << slot_bits_for(states, states, tight); }

  // False if a state stands there twice. The table takes the least room that does if `tight`. With several threads, which
  // insert each some of the states, the same table serves; which of two equal states is met first does not matter.
  bool build(bool tight = false, unsigned threads = 1);

  // Inlined at once: GCC 12 drops calls of functions that only fetch ahead.
  [[gnu::always_inline]] void prefetch_slot(std::uint64_t hash) const { __builtin_prefetch(&table_[hash >> (64 - slot_bits_)]); }
  // Of the state that the hash leads to.
  [[gnu::always_inline]] void prefetch_state(std::uint64_t hash) const {
    const std::uint32_t mine = tag(hash);
    for (std::size_t at = hash >> (64 - slot_bits_); table_[at] != 0; at = (at + 1) & slot_mask()) {
      if (table_[at] >> slot_bits_ != mine) continue;
      list_.prefetch((table_[at] & slot_mask()) - 1);
      return;
    }
  }
  // The state's number, or `none`.
  static constexpr std::uint64_t none = ~std::uint64_t{0};
  std::uint64_t find(const std::uint64_t* state, std::uint64_t hash) const {
    for (std::size_t at = hash >> (64 - slot_bits_); table_[at] != 0; at = (at + 1) & slot_mask())
      if (matches(table_[at], hash, state)) return (table_[at] & slot_mask()) - 1;
    return none;
  }
  bool contains(const std::uint64_t* state, std::uint64_t hash) const { return find(state, hash) != none; }

 private:
  static unsigned slot_bits_for(std::uint64_t states, std::uint64_t end, bool tight) {
    const std::uint64_t slots = states + (tight ? states / 7 : states / 2);
    return static_cast<unsigned>(std::bit_width(std::max({std::uint64_t{128}, slots, end})));
  }
  std::uint32_t slot_mask() const { return (std::uint32_t{1} << slot_bits_) - 1; }
  std::uint32_t tag(std::uint64_t hash) const {
    return static_cast<std::uint32_t>(hash) & ((std::uint32_t{1} << (32 - slot_bits_)) - 1);
  }
  bool matches(std::uint32_t slot, std::uint64_t hash, const std::uint64_t* state) const {
    return slot >> slot_bits_ == tag(hash) && list_.equals((slot & slot_mask()) - 1, state);
  }

  // False if one of them stands there already.
  bool insert(std::uint64_t begin, std::uint64_t end);

  struct Free {
    void operator()(std::uint32_t* memory) const;
  };
  const StateList& list_;
  std::uint32_t words_;
  unsigned slot_bits_ = 8;
  std::unique_ptr<std::uint32_t[], Free> table_;
};

}  // namespace hotproof::verify
