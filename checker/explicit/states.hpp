// All states that a search has met, in its order, with the parent of each.
//
// The set is divided by the states' hashes into shards: so that several threads can insert at the same time, each into
// shards of its own, without a lock. Within a shard states lie in the search's order; which shard the next state of that
// order lies in is one byte a state. Both hang on how the search numbers states, not on who inserted them when.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "checker/explicit/shard.hpp"
#include "checker/proof.hpp"

namespace hotproof::checker::explicit_state {

constexpr unsigned most_shards = 256;

// What one thread writes all the time must not lie in a cache line, nor in the one fetched with it, that another one
// uses.
inline constexpr std::size_t apart = 128;

// Elements are not moved then before there are so many. In steps that keep the moving of many of them rare.
template <class T>
void make_room_in(std::vector<T>& list, std::size_t size) {
  if (list.capacity() < size) list.reserve(std::max(size, 2 * list.capacity()));
}

// A list that becomes longer without being copied.
template <class T>
class Log {
 public:
  void append(T value) {
    if (size_ >> piece_bits == pieces_.size()) pieces_.push_back(std::make_unique_for_overwrite<T[]>(piece));
    pieces_[size_ >> piece_bits][size_ & (piece - 1)] = value;
    ++size_;
  }
  // Empties it; it keeps its memory.
  void clear() { size_ = 0; }
  // So many may be appended then while others read what is there.
  void make_room(std::uint64_t more) { make_room_in(pieces_, ((size_ + more) >> piece_bits) + 1); }
  T operator[](std::uint64_t at) const { return pieces_[at >> piece_bits][at & (piece - 1)]; }
  std::uint64_t size() const { return size_; }
  std::uint64_t bytes() const { return pieces_.size() * piece * sizeof(T); }
  // What so many more would take.
  std::uint64_t bytes_for(std::uint64_t more) const {
    return std::max<std::uint64_t>(pieces_.size(), (size_ + more + piece - 1) >> piece_bits) * piece * sizeof(T);
  }

 private:
  static constexpr unsigned piece_bits = 16;
  static constexpr std::uint64_t piece = std::uint64_t{1} << piece_bits;
  std::vector<std::unique_ptr<T[]>> pieces_;
  alignas(apart) std::uint64_t size_ = 0;
};

// The parent of each state. A breadth-first search appends parents in ascending order, so one byte of difference is
// enough nearly always.
class ParentLog {
 public:
  void append(StateId parent);
  StateId operator[](StateId id) const;
  // Those of `count` states from `first` on, which must be there.
  std::vector<StateId> some(StateId first, std::uint32_t count) const;
  std::uint64_t bytes() const;

 private:
  static constexpr std::uint32_t stride = 256;  // every stride-th parent is kept whole
  Log<std::uint8_t> differences_;
  std::vector<StateId> whole_;
  std::unordered_map<StateId, StateId> jumps_;  // parents whose difference does not fit
  StateId last_ = 0;
};

class States {
 public:
  // States of `words` words; `shards` is a power of two, most_shards at most.
  States(std::uint32_t words, unsigned shards);

  StateId size() const { return size_; }
  std::uint32_t words() const { return words_; }
  unsigned shards() const { return static_cast<unsigned>(shards_.size()); }
  Shard& shard(unsigned number) { return shards_[number]; }
  const Shard& shard(unsigned number) const { return shards_[number]; }
  // Which shard a state with this hash belongs to: by bits that a store looks at neither to place nor to tag a state.
  unsigned shard_of(std::uint64_t hash) const { return static_cast<unsigned>(hash >> 24U) & (shards() - 1); }

  // States that lie in the shards. Those that have no place in the order yet are not counted by size().
  std::uint64_t stored() const;
  // The next state in the order is the next one of that shard, which has it already.
  void append(unsigned shard, StateId parent);
  // So many may be appended then while other threads walk over what is in the order.
  void make_room(StateId more);

  std::vector<std::uint64_t> operator[](StateId id) const;
  StateId parent(StateId id) const { return parents_[id]; }
  std::vector<StateId> parents(StateId first, std::uint32_t count) const { return parents_.some(first, count); }
  std::uint64_t bytes() const;

  // Goes through the states in their order, from one on, which must be there.
  class Walk {
   public:
    Walk(const States& states, StateId from);
    // The state, good until the next call; there must be one.
    const std::uint64_t* next() {
      const bool divided = states_.shards_.size() > 1;
      const std::uint8_t number = divided ? states_.order_[at_] : 0;
      const StateId id = divided ? in_shard_[number]++ : at_;
      ++at_;
      const Shard& shard = states_.shards_[number];
      shard.prefetch_behind(id, ahead);
      return shard.read(id, room_.data());
    }

   private:
    static constexpr std::uint32_t ahead = 8;  // states of a shard
    const States& states_;
    StateId at_;
    std::vector<StateId> in_shard_;
    std::vector<std::uint64_t> room_;  // for a state that is folded
  };

  // Folds all states, those to come as well, if they take less room so. Meanwhile they may lie there twice. Numbers
  // stay, and whoever walks may walk on.
  void fold();
  bool folded() const { return shards_.front().folding() != nullptr; }

  // Gives everything back to the system but the states, and says where they lie: in pieces, of which all of a shard but
  // its last one have the same size. Those that were found at about the same time lie near each other. Nothing else may
  // be asked for any more.
  void tell_states(ReachedStates& out);

 private:
  static constexpr std::uint32_t stride = 256;

  std::uint32_t words_;
  std::vector<Shard> shards_;
  Log<std::uint8_t> order_;       // by state, its shard; empty if there is one shard
  std::vector<StateId> sampled_;  // every stride-th state: how many states lay in each shard before it
  // What follows is written for each state that gets its place, while others walk.
  alignas(apart) StateId size_ = 0;
  std::array<StateId, most_shards> filled_{};  // by shard: how many are in the order
  ParentLog parents_;
};

}  // namespace hotproof::checker::explicit_state
