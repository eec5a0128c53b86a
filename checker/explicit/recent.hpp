// The states that one thread met last. Searched breadth first, two orders of the same steps meet again soon: more than
// half of all successors were met a moment ago, and need not be looked for in the large table, where each costs a wait
// for memory.
//
// One entry a value of some bits of the hash, the newest state wins. An entry is compared whole, so nothing is decided
// by a hash; and what is forgotten is only looked for once more.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace hotproof::checker::explicit_state {

class Recent {
 public:
  explicit Recent(std::uint32_t words) : words_(words) {}

  // Was it met, as far as this remembers? It is from now on.
  bool meet(const std::uint64_t* state, std::uint64_t hash) {
    if (asked_++ == next_size_at_) return grow(state);
    std::uint64_t* const entry = &entries_[(hash & mask_) * words_];
    std::uint64_t differs = 0;
    for (std::uint32_t i = 0; i < words_; ++i) differs |= entry[i] ^ state[i];
    if (differs == 0) return true;
    for (std::uint32_t i = 0; i < words_; ++i) entry[i] = state[i];
    return false;
  }

  std::uint64_t bytes() const { return entries_.capacity() * 8; }

 private:
  // As much as lies near a core. Small searches are over before so much was cleared.
  static constexpr std::uint64_t most_bytes = std::uint64_t{1} << 19U;
  static constexpr unsigned first_bits = 8, growth_bits = 4;

  // There are no empty entries: a new table is full of a state that was met.
  [[gnu::noinline, gnu::cold]] bool grow(const std::uint64_t* state) {
    bits_ = bits_ == 0 ? first_bits : bits_ + growth_bits;
    while ((std::uint64_t{8} * words_) << bits_ > most_bytes) --bits_;
    mask_ = (std::uint64_t{1} << bits_) - 1;
    entries_.resize((mask_ + 1) * words_);
    for (auto entry = entries_.begin(); entry != entries_.end(); entry += words_)
      std::copy(state, state + words_, entry);
    const bool is_largest = (std::uint64_t{16} * words_) << bits_ > most_bytes;
    next_size_at_ = is_largest ? ~std::uint64_t{0} : asked_ + 16 * (mask_ + 1);
    return false;
  }

  std::uint32_t words_;
  unsigned bits_ = 0;  // of a hash, that choose an entry
  std::uint64_t mask_ = 0;
  std::uint64_t asked_ = 0, next_size_at_ = 0;
  std::vector<std::uint64_t> entries_;
};

}  // namespace hotproof::checker::explicit_state
