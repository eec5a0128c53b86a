// A set of packed states in which each is found again.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
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

// The states, found again by an open-addressing table of their numbers. Numbers go without a gap, in the order of the
// pieces, if all pieces but the last have the same size, a power of two. What a slot has left beside the number holds a
// piece of the hash; nothing is decided by a hash alone.
class StateIndex {
 public:
  explicit StateIndex(const StateSet& set) : words_(set.words), count_(set.count()) {
    std::uint64_t most = 1;
    for (const auto& piece : set.pieces) most = std::max<std::uint64_t>(most, piece.size() / words_);
    // Few states are copied into one piece; else a state's number is that of its piece, and the place therein.
    if (set.pieces.size() < 2 || count_ < states_worth_their_pieces) {
      gather(set);
      return;
    }
    shift_ = static_cast<unsigned>(std::bit_width(most - 1));
    for (const auto& piece : set.pieces) {
      pieces_.push_back(piece.data());
      held_.push_back(piece.size() / words_);
    }
  }

  // One more than the largest number that a state can have; not every smaller one is a state's.
  std::uint64_t end() const { return held_.empty() ? 0 : ((held_.size() - 1) << shift_) + held_.back(); }
  bool holds(std::uint64_t id) const { return (id & ((std::uint64_t{1} << shift_) - 1)) < held_[id >> shift_]; }
  std::uint64_t size() const { return count_; }
  const std::uint64_t* operator[](std::uint64_t id) const {
    return pieces_[id >> shift_] + (id & ((std::uint64_t{1} << shift_) - 1)) * words_;
  }

  // False if a state stands there twice.
  bool build() {
    slot_bits_ = static_cast<unsigned>(std::bit_width(std::max({std::uint64_t{128}, count_ + count_ / 2, end()})));
    table_.assign(std::size_t{1} << slot_bits_, 0);
    constexpr std::uint64_t batch = 32;
    std::uint64_t hashes[batch];
    for (std::uint64_t first = 0; first < end(); first += batch) {
      const std::uint64_t size = std::min(batch, end() - first);
      for (std::uint64_t i = 0; i < size; ++i) {
        if (!holds(first + i)) continue;
        hashes[i] = hash_of((*this)[first + i], words_);
        prefetch_slot(hashes[i]);
      }
      for (std::uint64_t i = 0; i < size; ++i) {
        if (!holds(first + i)) continue;
        const std::uint64_t* const state = (*this)[first + i];
        std::size_t at = hashes[i] >> (64 - slot_bits_);
        for (; table_[at] != 0; at = (at + 1) & slot_mask())
          if (matches(table_[at], hashes[i], state)) return false;
        table_[at] = tag(hashes[i]) << slot_bits_ | static_cast<std::uint32_t>(first + i + 1);
      }
    }
    return true;
  }

  void prefetch_slot(std::uint64_t hash) const { __builtin_prefetch(&table_[hash >> (64 - slot_bits_)]); }
  // Of the state that the hash leads to first.
  void prefetch_state(std::uint64_t hash) const {
    const std::uint32_t slot = table_[hash >> (64 - slot_bits_)];
    if (slot != 0 && slot >> slot_bits_ == tag(hash)) __builtin_prefetch((*this)[(slot & slot_mask()) - 1]);
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
  static constexpr std::uint64_t states_worth_their_pieces = 1'000'000;

  void gather(const StateSet& set) {
    copy_.reserve(count_ * words_);
    for (const auto& piece : set.pieces) copy_.insert(copy_.end(), piece.begin(), piece.end());
    pieces_ = {copy_.data()};
    held_ = {count_};
    shift_ = 63;
  }
  std::uint32_t slot_mask() const { return static_cast<std::uint32_t>(table_.size() - 1); }
  std::uint32_t tag(std::uint64_t hash) const {
    return static_cast<std::uint32_t>(hash) & ((std::uint32_t{1} << (32 - slot_bits_)) - 1);
  }
  bool matches(std::uint32_t slot, std::uint64_t hash, const std::uint64_t* state) const {
    return slot >> slot_bits_ == tag(hash) &&
           std::memcmp((*this)[(slot & slot_mask()) - 1], state, std::size_t{words_} * 8) == 0;
  }

  std::uint32_t words_;
  std::uint64_t count_;
  unsigned shift_ = 63;
  std::vector<const std::uint64_t*> pieces_;
  std::vector<std::uint64_t> held_;  // by piece: its states
  std::vector<std::uint64_t> copy_;
  unsigned slot_bits_ = 8;
  std::vector<std::uint32_t> table_;
};

}  // namespace hotproof::verify
