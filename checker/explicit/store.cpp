#include "checker/explicit/store.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace hotproof::checker::explicit_state {

namespace {

constexpr std::uint32_t most_slot_bits = 31;
constexpr std::uint32_t first_slot_bits = 12;
constexpr std::size_t most_segment = std::size_t{256} << 10U;
constexpr std::size_t most_segments_in_slab = 256;

// A table is at most three quarters full: linear probing then looks at 8 slots, half a cache line, for a new state. At
// seven eighths it looks at 32, two lines: slow, but better than an end where memory is short.
constexpr std::uint64_t states_in(std::uint32_t slot_bits, Filling most) {
  const unsigned of_64 = most == Filling::tight ? 56 : most == Filling::usual ? 48 : 45;
  return (std::uint64_t{of_64} << slot_bits) / 64;
}

}  // namespace

// A segment is 128 to 256 KiB, whatever the size of a state.
StateStore::StateStore(std::uint32_t words) : words_(words) {
  const std::uint64_t states = std::max<std::uint64_t>(most_segment / (std::uint64_t{8} * words), 16);
  segment_bits_ = static_cast<std::uint32_t>(std::bit_width(states) - 1);
  segment_mask_ = (1U << segment_bits_) - 1;
}

// The first slab is one segment on small pages: most searches are small, and a page is cleared when it is first touched.
bool StateStore::add_slab(std::size_t segments) {
  if (disk_) {
    next_ = disk_->take(segments * segment_bytes());
  } else {
    Memory<std::uint64_t> memory =
        slabs_.empty() ? Memory<std::uint64_t>(static_cast<std::uint64_t*>(std::malloc(segment_bytes())))
                       : take_memory<std::uint64_t>(segments * segment_bytes());
    next_ = memory.get();
    if (next_ != nullptr) slabs_.push_back(std::move(memory));
  }
  uncut_ = next_ == nullptr ? 0 : static_cast<std::uint32_t>(segments);
  return next_ != nullptr;
}

bool StateStore::add_segment() {
  if (uncut_ == 0 && !add_slab(std::clamp<std::size_t>(segments_.size(), 1, most_segments_in_slab))) return false;
  segments_.push_back(next_);
  next_ += segment_bytes() / 8;
  --uncut_;
  return true;
}

bool StateStore::move_to(std::shared_ptr<DiskMemory> disk) {
  disk_ = std::move(disk);
  const std::size_t all = segments_.size();
  if (all > 0 && !add_slab(all)) {
    disk_.reset();  // they still lie in memory
    return false;
  }
  for (std::size_t i = 0; i < all; ++i) {
    std::memcpy(next_, segments_[i], segment_bytes());
    segments_[i] = next_;
    next_ += segment_bytes() / 8;
  }
  uncut_ = 0;
  slabs_.clear();
  table_.reset();
  return rebuild_table(slots_needed(size_, Filling::tight));
}

std::uint32_t StateStore::slots_needed(std::uint64_t states, Filling most) const {
  std::uint32_t slot_bits = std::max(slot_bits_, first_slot_bits);
  while (slot_bits <= most_slot_bits && states_in(slot_bits, most) < states) ++slot_bits;
  return slot_bits;
}

std::vector<std::span<const std::uint64_t>> StateStore::pieces() const {
  std::vector<std::span<const std::uint64_t>> out;
  const std::uint32_t whole = segment_mask_ + 1;
  for (StateId first = 0; first < size_; first += std::min(whole, size_ - first))
    out.emplace_back((*this)[first], std::size_t{std::min(whole, size_ - first)} * words_);
  return out;
}

std::uint64_t StateStore::bytes_to_reserve(std::uint32_t more, Filling most) const {
  const std::uint64_t states = std::uint64_t{size_} + more;
  const std::uint64_t segments = (states >> segment_bits_) + 1;
  const std::uint32_t slot_bits = slots_needed(states, most);
  const std::uint64_t old_table = slot_bits == slot_bits_ || disk_ ? 0 : table_bytes();
  const std::uint64_t in_memory = disk_ ? 0 : std::max<std::uint64_t>(segments, segments_.size());
  return segment_bytes() * in_memory + table_bytes_for(slot_bits) + old_table;
}

bool StateStore::reserve(std::uint32_t more, Filling most) {
  const std::uint64_t states = std::uint64_t{size_} + more;
  const std::uint32_t slot_bits = slots_needed(states, most);
  if (slot_bits > most_slot_bits) return false;
  while (std::uint64_t{segments_.size()} << segment_bits_ < states)
    if (!add_segment()) return false;
  return ((table_ || hashes_) && slot_bits == slot_bits_) || rebuild_table(slot_bits);
}

// Where memory is short, the old table goes first: everything that it says can be said anew.
bool StateStore::fill_hashes() {
  hashes_.reset();
  const std::size_t bytes = (hash_bytes << slot_bits_) + sizeof(std::uint64_t);  // a slot is read as if it were eight
  hashes_ = take_memory<std::uint8_t>(bytes);
  if (!hashes_) return false;
  for (StateId id = 0; id < size_; ++id) {
    const std::uint64_t hash = hash_words((*this)[id], words_);
    if (const std::size_t at = slot_of(hash); at != taken) put_hash(at, hash);
  }
  return true;
}

bool StateStore::rebuild_table(std::uint32_t slot_bits) {
  if (disk_) {
    slot_bits_ = slot_bits;
    slot_mask_ = (1U << slot_bits) - 1;
    return fill_hashes();
  }
  const std::size_t bytes = std::size_t{4} << slot_bits;
  auto table = take_memory<std::uint32_t>(bytes);
  if (!table) return false;
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

}  // namespace hotproof::checker::explicit_state
