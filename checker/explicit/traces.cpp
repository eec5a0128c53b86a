#include "checker/explicit/traces.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hotproof::checker::explicit_state {

namespace {

constexpr std::uint64_t least_bytes = std::uint64_t{1} << 12U;

std::uint64_t mixed(std::uint64_t hash) {
  hash = (hash ^ (hash >> 31U)) * 0xbf58476d1ce4e5b9U;
  return hash ^ (hash >> 29U);
}

class Bits : public Traces {
 public:
  Bits(Memory<std::uint64_t> words, std::uint64_t bytes) : words_(std::move(words)), size_(bytes * 8) {}

  Met meet(std::uint64_t hash) override {
    bool before = true;
    const double share = static_cast<double>(set_) / static_cast<double>(size_);
    for (unsigned i = 0; i < bits_a_state; ++i, hash = mixed(hash + 1)) {
      const std::uint64_t bit = hash % size_;
      std::uint64_t& word = words_[bit / 64];
      const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
      if ((word & mask) != 0) continue;
      before = false;
      word |= mask;
      ++set_;
    }
    if (before) return Met::before;
    // For each that was found to be new, so many are new and seem old.
    const double wrong = std::pow(share, bits_a_state);
    missed_ += wrong / (1 - wrong);
    return Met::fresh;
  }

 private:
  static constexpr unsigned bits_a_state = 3;
  Memory<std::uint64_t> words_;
  std::uint64_t size_ = 0;
  std::uint64_t set_ = 0;
};

class Hashes : public Traces {
 public:
  Hashes(Memory<std::uint64_t> words, std::uint64_t bytes)
      : words_(std::move(words)), slots_((bytes - sizeof(std::uint64_t)) / slot_bytes) {}

  Met meet(std::uint64_t hash) override {
    // Which slot, and what is kept, are of different bits; 0 is an empty slot.
    const std::uint64_t kept = std::max<std::uint64_t>(mixed(hash) & mask, 1);
    std::uint64_t looked_at = 0;
    for (std::uint64_t at = hash % slots_;; at = at + 1 == slots_ ? 0 : at + 1, ++looked_at) {
      const std::uint64_t there = slot(at);
      if (there == kept) return Met::before;
      if (there != 0) continue;
      if (used_ >= slots_ / 16 * 15) return Met::full;
      std::memcpy(bytes() + at * slot_bytes, &kept, slot_bytes);
      ++used_;
      const double looked_for =
          static_cast<double>(looked_at) + static_cast<double>(used_) / static_cast<double>(slots_);
      missed_ += looked_for / static_cast<double>(mask);
      return Met::fresh;
    }
  }

 private:
  static constexpr std::size_t slot_bytes = 5;
  static constexpr std::uint64_t mask = (std::uint64_t{1} << (8 * slot_bytes)) - 1;
  char* bytes() const { return reinterpret_cast<char*>(words_.get()); }
  std::uint64_t slot(std::uint64_t at) const {
    std::uint64_t out = 0;
    std::memcpy(&out, bytes() + at * slot_bytes, sizeof out);
    return out & mask;
  }

  Memory<std::uint64_t> words_;
  std::uint64_t slots_ = 0;
  std::uint64_t used_ = 0;
};

}  // namespace

std::unique_ptr<Traces> make_traces(Remembered what, std::uint64_t bytes) {
  bytes = std::max(bytes, least_bytes) / 8 * 8;
  auto words = take_memory<std::uint64_t>(bytes);
  if (!words) return nullptr;
  if (what == Remembered::bits) return std::make_unique<Bits>(std::move(words), bytes);
  return std::make_unique<Hashes>(std::move(words), bytes);
}

}  // namespace hotproof::checker::explicit_state
