#include "verify/state_index.hpp"

#include <sys/mman.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

namespace hotproof::verify {

namespace {

constexpr std::uint64_t batch = 32;
constexpr std::uint64_t states_a_turn = 512 * batch;
constexpr std::size_t huge_page = std::size_t{2} << 20U;

}  // namespace

void StateIndex::Free::operator()(std::uint32_t* memory) const { std::free(memory); }

bool StateIndex::build(bool tight, unsigned threads) {
  slot_bits_ = slot_bits_for(list_.size(), list_.end(), tight);
  const std::size_t bytes = std::size_t{4} << slot_bits_;
  void* const memory = std::aligned_alloc(std::min(bytes, huge_page), bytes);
  if (memory == nullptr) throw std::bad_alloc();
  // Slots are looked up all over the table: a wish, on which nothing depends.
  if (bytes >= huge_page) madvise(memory, bytes, MADV_HUGEPAGE);
  std::memset(memory, 0, bytes);
  table_.reset(static_cast<std::uint32_t*>(memory));

  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> each_once{true};
  const auto work = [&] {
    for (;;) {
      const std::uint64_t begin = next.fetch_add(states_a_turn);
      if (begin >= list_.end() || !each_once) return;
      if (!insert(begin, std::min(begin + states_a_turn, list_.end()))) each_once = false;
    }
  };
  std::vector<std::thread> others;
  const std::uint64_t useful = list_.end() / (4 * states_a_turn) + 1;
  for (std::uint64_t i = 1; i < std::min<std::uint64_t>(useful, threads); ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  return each_once;
}

bool StateIndex::insert(std::uint64_t begin, std::uint64_t end) {
  std::uint64_t hashes[batch];
  for (std::uint64_t first = begin; first < end; first += batch) {
    const std::uint64_t size = std::min(batch, end - first);
    for (std::uint64_t i = 0; i < size; ++i) {
      if (!list_.holds(first + i)) continue;
      hashes[i] = hash_of(list_[first + i], words_);
      prefetch_slot(hashes[i]);
    }
    for (std::uint64_t i = 0; i < size; ++i) {
      if (!list_.holds(first + i)) continue;
      const std::uint64_t* const state = list_[first + i];
      const std::uint32_t mine = tag(hashes[i]) << slot_bits_ | static_cast<std::uint32_t>(first + i + 1);
      for (std::size_t at = hashes[i] >> (64 - slot_bits_);; at = (at + 1) & slot_mask()) {
        // A slot is taken once and for all: whoever comes later sees who has it, and goes on.
        const std::atomic_ref<std::uint32_t> slot(table_[at]);
        std::uint32_t there = slot.load(std::memory_order_relaxed);
        if (there == 0 && slot.compare_exchange_strong(there, mine, std::memory_order_relaxed)) break;
        if (matches(there, hashes[i], state)) return false;
      }
    }
  }
  return true;
}

}  // namespace hotproof::verify
