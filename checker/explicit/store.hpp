// The set of states seen, exact: states lie packed in segments in the order in which they were found (so the numbers of
// a breadth-first search are its queue), and an open-addressing table of 32-bit slots finds them again.
//
// A slot holds the state's number plus one in its low bits and, in the bits that are left, a piece of the state's hash;
// so nearly every probe that does not match is decided without touching the state. Nothing is decided by a hash alone.
//
// Once states lie on the disk, where looking at one that is old takes long, slots hold forty bits of the hash instead and
// nothing else: hash compaction (Stern, Dill, CHARME 1995). Two states may then be taken for one, about once in 2^60 pairs;
// who relies on the set must find out by himself whether it is closed, as the verifier does.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "checker/explicit/disk.hpp"
#include "checker/explicit/memory.hpp"

namespace hotproof::checker::explicit_state {

using StateId = std::uint32_t;

inline std::uint64_t hash_words(const std::uint64_t* words, std::uint32_t count) {
  std::uint64_t h = 0x9e3779b97f4a7c15U;
  for (std::uint32_t i = 0; i < count; ++i) {
    h = (h ^ words[i]) * 0xff51afd7ed558ccdU;
    h ^= h >> 32U;
  }
  h *= 0xc4ceb9fe1a85ec53U;
  return h ^ (h >> 29U);
}

// How full a table may get before a larger one is made. Early: for those that would soon be as full as usual.
enum class Filling : std::uint8_t { early, usual, tight };

class StateStore {
 public:
  explicit StateStore(std::uint32_t words);

  std::uint32_t size() const { return size_; }
  std::uint32_t words() const { return words_; }
  // In memory; what lies on the disk does not count.
  std::uint64_t bytes() const { return (disk_ ? 0 : segment_bytes() * segments_.size()) + table_bytes(); }
  const std::uint64_t* operator[](StateId id) const {
    return segments_[id >> segment_bits_] + std::size_t{id & segment_mask_} * words_;
  }

  // The states, in their order, in pieces of which all but the last are full.
  std::vector<std::span<const std::uint64_t>> pieces() const;
  // Puts the states on the disk, those to come as well; a table of hashes stays in memory. False: there is no room; then
  // nothing can be inserted any more.
  bool move_to(std::shared_ptr<DiskMemory> disk);
  bool on_disk() const { return disk_ != nullptr; }
  // Gives the table back to the system: nothing can be inserted any more.
  void forget_table() {
    table_.reset();
    hashes_.reset();
  }

  // Bytes in use at the worst moment of making room for `more` states. Tight: with a table as full as can be borne.
  std::uint64_t bytes_to_reserve(std::uint32_t more, Filling most = Filling::usual) const;
  // Makes room for `more` states. False if memory (or the 32-bit numbering) does not allow it; the store stays usable.
  bool reserve(std::uint32_t more, Filling most = Filling::usual);
  // Does that need a larger table?
  bool grows(std::uint32_t more) const {
    return slots_needed(std::uint64_t{size_} + more, Filling::usual) > slot_bits_;
  }

  // Fetch ahead what insert() will look at: first the slot, later the state that the slot names. GCC 12 takes a function that
  // only fetches ahead for one without effects, and drops its calls; unless they were inlined before it looks.
  [[gnu::always_inline]] void prefetch_slot(std::uint64_t hash) const {
    const std::size_t at = hash >> (64 - slot_bits_);
    if (disk_)
      __builtin_prefetch(&hashes_[at * hash_bytes]);
    else
      __builtin_prefetch(&table_[at]);
  }
  [[gnu::always_inline]] void prefetch_state(std::uint64_t hash) const {
    if (disk_) return;
    const std::uint32_t mine = tag(hash);
    // The slots that follow are in the same cache line nearly always.
    for (std::size_t at = hash >> (64 - slot_bits_);; at = (at + 1) & slot_mask_) {
      const std::uint32_t slot = table_[at];
      if (slot == 0) return;
      if (slot >> slot_bits_ != mine) continue;
      const std::uint64_t* const state = (*this)[(slot & slot_mask_) - 1];
      __builtin_prefetch(state);
      __builtin_prefetch(state + words_ - 1);
      return;
    }
  }

  // The number of a state, new or old; of an old one, on the disk, it is not known. There must be room (reserve).
  struct Inserted {
    StateId id;
    bool fresh;
  };
  Inserted insert(const std::uint64_t* state, std::uint64_t hash) {
    if (disk_) return insert_by_hash(state, hash);
    const std::uint32_t mine = tag(hash);
    std::size_t at = hash >> (64 - slot_bits_);
    for (;; at = (at + 1) & slot_mask_) {
      const std::uint32_t slot = table_[at];
      if (slot == 0) break;
      if (slot >> slot_bits_ != mine) continue;
      const StateId id = (slot & slot_mask_) - 1;
      if (same(state, (*this)[id])) return {id, false};
    }
    const StateId id = append(state);
    table_[at] = mine << slot_bits_ | (id + 1);
    return {id, true};
  }

 private:
  static constexpr std::size_t hash_bytes = 5;
  static constexpr std::uint64_t hash_mask = (std::uint64_t{1} << (8 * hash_bytes)) - 1;

  Inserted insert_by_hash(const std::uint64_t* state, std::uint64_t hash) {
    const std::size_t at = slot_of(hash);
    if (at == taken) return {0, false};
    put_hash(at, hash);
    return {append(state), true};
  }
  // The empty slot for a hash that is not there yet.
  static constexpr std::size_t taken = ~std::size_t{0};
  std::size_t slot_of(std::uint64_t hash) const {
    const std::uint64_t mine = kept_of(hash);
    for (std::size_t at = hash >> (64 - slot_bits_);; at = (at + 1) & slot_mask_) {
      std::uint64_t there = 0;
      std::memcpy(&there, &hashes_[at * hash_bytes], sizeof there);
      there &= hash_mask;
      if (there == 0) return at;
      if (there == mine) return taken;
    }
  }
  // An empty slot is 0.
  static std::uint64_t kept_of(std::uint64_t hash) { return (hash & hash_mask) == 0 ? 1 : hash & hash_mask; }
  void put_hash(std::size_t at, std::uint64_t hash) {
    const std::uint64_t mine = kept_of(hash);
    std::memcpy(&hashes_[at * hash_bytes], &mine, hash_bytes);
  }
  StateId append(const std::uint64_t* state) {
    const StateId id = size_++;
    std::memcpy(segments_[id >> segment_bits_] + std::size_t{id & segment_mask_} * words_, state,
                std::size_t{words_} * 8);
    return id;
  }
  // The hash bits kept in a slot; those that chose the slot are the highest, these the lowest.
  std::uint32_t tag(std::uint64_t hash) const { return static_cast<std::uint32_t>(hash) & tag_mask_; }
  bool same(const std::uint64_t* a, const std::uint64_t* b) const {
    for (std::uint32_t i = 0; i < words_; ++i)
      if (a[i] != b[i]) return false;
    return true;
  }
  std::uint64_t segment_bytes() const { return (std::uint64_t{8} * words_) << segment_bits_; }
  std::uint32_t slots_needed(std::uint64_t states, Filling most) const;  // as a power of two
  std::uint64_t table_bytes_for(std::uint32_t slot_bits) const { return (disk_ ? hash_bytes : std::uint64_t{4}) << slot_bits; }
  std::uint64_t table_bytes() const { return table_ || hashes_ ? table_bytes_for(slot_bits_) : 0; }
  bool add_segment();
  bool add_slab(std::size_t segments);
  bool rebuild_table(std::uint32_t slot_bits);
  bool fill_hashes();

  std::uint32_t words_;
  std::uint32_t size_ = 0;
  std::uint32_t segment_bits_ = 0;  // a segment holds 2^segment_bits_ states
  std::uint32_t segment_mask_ = 0;
  std::vector<std::uint64_t*> segments_;
  // Segments are cut from slabs that grow with the store: large ones can lie on huge pages.
  std::vector<Memory<std::uint64_t>> slabs_;
  std::uint64_t* next_ = nullptr;
  std::uint32_t uncut_ = 0;  // segments left in the last slab, from next_ on
  std::shared_ptr<DiskMemory> disk_;  // where slabs come from, once states lie there
  std::uint32_t slot_bits_ = 0;  // the table has 2^slot_bits_ slots
  std::uint32_t slot_mask_ = 0;
  std::uint32_t tag_mask_ = 0;
  Memory<std::uint32_t> table_;
  Memory<std::uint8_t> hashes_;  // on the disk, instead of the table; five bytes a slot
};

}  // namespace hotproof::checker::explicit_state
