// The values that a variable was seen to have, numbered as they come. A variable of 64 bits has a handful of them in most
// searches, so its number takes a few bits of a state where the value itself would take all of a word.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace hotproof::checker::explicit_state {

class Dictionary {
 public:
  // Room for 2^bits values; 1 … 20.
  explicit Dictionary(int bits);

  static constexpr std::uint32_t none = ~std::uint32_t{0};

  // The value's number; a new one gets the next. `none` if there is no room, which is_full() then says, too. Any number of
  // threads may ask at the same time.
  std::uint32_t number(std::uint64_t value) {
    for (std::size_t at = slot_of(value);; at = (at + 1) & mask_) {
      const std::uint32_t known = slots_[at].load(std::memory_order_acquire);
      if (known == 0) return add(value);
      if (values_[known - 1].load(std::memory_order_relaxed) == value) return known - 1;
    }
  }
  std::uint64_t value(std::uint32_t number) const { return values_[number].load(std::memory_order_relaxed); }

  bool is_full() const { return full_.load(std::memory_order_relaxed); }  // a value had no room
  std::vector<std::uint64_t> values() const;                              // by number

 private:
  std::size_t slot_of(std::uint64_t value) const { return (value * 0x9e3779b97f4a7c15U >> 40U) & mask_; }
  std::uint32_t add(std::uint64_t value);

  std::uint32_t most_;
  std::size_t mask_;
  std::unique_ptr<std::atomic<std::uint32_t>[]> slots_;   // a number plus one; 0: free. Half of them at most are taken
  std::unique_ptr<std::atomic<std::uint64_t>[]> values_;  // by number
  std::atomic<std::uint32_t> size_{0};
  std::atomic<bool> full_{false};
  std::mutex adding_;
};

}  // namespace hotproof::checker::explicit_state
