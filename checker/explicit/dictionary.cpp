#include "checker/explicit/dictionary.hpp"

namespace hotproof::checker::explicit_state {

Dictionary::Dictionary(int bits)
    : most_(std::uint32_t{1} << bits),
      mask_(std::size_t{2} * most_ - 1),
      slots_(std::make_unique<std::atomic<std::uint32_t>[]>(mask_ + 1)),
      values_(std::make_unique<std::atomic<std::uint64_t>[]>(most_)) {}

// A value is written before the slot that names it: who finds the slot finds the value.
std::uint32_t Dictionary::add(std::uint64_t value) {
  const std::lock_guard hold(adding_);
  std::size_t at = slot_of(value);
  for (; slots_[at].load(std::memory_order_relaxed) != 0; at = (at + 1) & mask_)
    if (const std::uint32_t known = slots_[at].load(std::memory_order_relaxed) - 1; this->value(known) == value)
      return known;
  const std::uint32_t number = size_.load(std::memory_order_relaxed);
  if (number == most_) {
    full_.store(true, std::memory_order_relaxed);
    return none;
  }
  values_[number].store(value, std::memory_order_relaxed);
  size_.store(number + 1, std::memory_order_relaxed);
  slots_[at].store(number + 1, std::memory_order_release);
  return number;
}

std::vector<std::uint64_t> Dictionary::values() const {
  std::vector<std::uint64_t> out(size_.load(std::memory_order_relaxed));
  for (std::uint32_t i = 0; i < out.size(); ++i) out[i] = value(i);
  return out;
}

}  // namespace hotproof::checker::explicit_state
