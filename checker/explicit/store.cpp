#include "checker/explicit/store.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace hotproof::checker::explicit_state {

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20U;
constexpr std::uint32_t most_slot_bits = 31;
constexpr std::uint32_t first_slot_bits = 12;
constexpr std::uint8_t escape = 255;

// A table is at most three quarters full: linear probing then looks at 8 slots, half a cache line, for a new state.
constexpr std::uint64_t states_in(std::uint32_t slot_bits) {
  return (std::uint64_t{3} << slot_bits) / 4;
}

}  // namespace

void FreeMemory::operator()(void* memory) const {
  std::free(memory);
}

void* take_memory(std::size_t bytes) {
  if (bytes < huge_page) return std::malloc(bytes);
  const std::size_t rounded = (bytes + huge_page - 1) / huge_page * huge_page;
  void* memory = std::aligned_alloc(huge_page, rounded);
  if (memory != nullptr) madvise(memory, rounded, MADV_HUGEPAGE);  // a wish: nothing depends on it
  return memory;
}

// A segment is about 2 MiB, whatever the size of a state.
StateStore::StateStore(std::uint32_t words) : words_(words) {
  const std::uint64_t states = std::max<std::uint64_t>(huge_page / (std::uint64_t{8} * words), 16);
  segment_bits_ = static_cast<std::uint32_t>(std::bit_width(states) - 1);
  segment_mask_ = (1U << segment_bits_) - 1;
}

std::uint32_t StateStore::slots_needed(std::uint64_t states) const {
  std::uint32_t slot_bits = std::max(slot_bits_, first_slot_bits);
  while (slot_bits <= most_slot_bits && states_in(slot_bits) < states) ++slot_bits;
  return slot_bits;
}

std::vector<std::span<const std::uint64_t>> StateStore::pieces() const {
  std::vector<std::span<const std::uint64_t>> out;
  const std::uint32_t whole = segment_mask_ + 1;
  for (StateId first = 0; first < size_; first += std::min(whole, size_ - first))
    out.emplace_back((*this)[first], std::size_t{std::min(whole, size_ - first)} * words_);
  return out;
}

std::uint64_t StateStore::bytes_to_reserve(std::uint32_t more) const {
  const std::uint64_t states = std::uint64_t{size_} + more;
  const std::uint64_t segments = (states >> segment_bits_) + 1;
  const std::uint32_t slot_bits = slots_needed(states);
  const std::uint64_t old_table = slot_bits == slot_bits_ ? 0 : bytes() - segment_bytes() * segments_.size();
  return segment_bytes() * std::max<std::uint64_t>(segments, segments_.size()) + (std::uint64_t{4} << slot_bits) +
         old_table;
}

bool StateStore::reserve(std::uint32_t more) {
  const std::uint64_t states = std::uint64_t{size_} + more;
  const std::uint32_t slot_bits = slots_needed(states);
  if (slot_bits > most_slot_bits) return false;
  while (std::uint64_t{segments_.size()} << segment_bits_ < states) {
    Memory<std::uint64_t> segment(static_cast<std::uint64_t*>(take_memory(segment_bytes())));
    if (!segment) return false;
    segments_.push_back(std::move(segment));
  }
  return (table_ && slot_bits == slot_bits_) || rebuild_table(slot_bits);
}

bool StateStore::rebuild_table(std::uint32_t slot_bits) {
  const std::size_t bytes = std::size_t{4} << slot_bits;
  Memory<std::uint32_t> table(static_cast<std::uint32_t*>(take_memory(bytes)));
  if (!table) return false;
  std::memset(table.get(), 0, bytes);
  table_ = std::move(table);
  slot_bits_ = slot_bits;
  slot_mask_ = (1U << slot_bits) - 1;
  tag_mask_ = (std::uint32_t{1} << (32 - slot_bits)) - 1;
  constexpr StateId batch = 64;
  std::uint64_t hashes[batch];
  for (StateId first = 0; first < size_; first += batch) {
    const StateId count = std::min(batch, size_ - first);
    for (StateId i = 0; i < count; ++i) {
      hashes[i] = hash_words((*this)[first + i], words_);
      prefetch_slot(hashes[i]);
    }
    for (StateId i = 0; i < count; ++i) {
      std::size_t at = hashes[i] >> (64 - slot_bits_);
      while (table_[at] != 0) at = (at + 1) & slot_mask_;
      table_[at] = tag(hashes[i]) << slot_bits_ | (first + i + 1);
    }
  }
  return true;
}

void ParentLog::append(StateId parent) {
  const auto id = static_cast<StateId>(differences_.size());
  if (id % stride == 0) whole_.push_back(parent);
  const StateId difference = parent - last_;
  if (difference >= escape) {
    differences_.push_back(escape);
    jumps_.emplace(id, parent);
  } else {
    differences_.push_back(static_cast<std::uint8_t>(difference));
  }
  last_ = parent;
}

StateId ParentLog::operator[](StateId id) const {
  StateId parent = whole_[id / stride];
  for (StateId i = id / stride * stride + 1; i <= id; ++i)
    parent = differences_[i] == escape ? jumps_.at(i) : parent + differences_[i];
  return parent;
}

std::uint64_t ParentLog::bytes() const {
  return differences_.capacity() + whole_.capacity() * sizeof(StateId) + jumps_.size() * 32;
}

}  // namespace hotproof::checker::explicit_state
