#include "verify/state_index.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

namespace hotproof::verify {

namespace {

constexpr std::uint64_t batch = 32;
constexpr std::uint64_t states_a_turn = 512 * batch;
constexpr std::size_t huge_page = std::size_t{2} << 20U;

// Of a shared part, where numbers begin at `words`.
std::uint32_t number_of(const std::uint64_t* words, std::size_t shared) {
  return static_cast<std::uint32_t>(words[shared / 2] >> (32 * (shared % 2)));
}

}  // namespace

StateList::StateList(const StateSet& set) : words_(set.words), kept_(set.words_kept()), count_(set.count()) {
  if (set.folded.words != 0) folded_ = &set.folded;
  // Few states are copied into one piece; else a state's number is that of its piece, and the place therein.
  if (folded_ == nullptr && (set.pieces.size() < 2 || count_ < states_worth_their_pieces)) {
    auto& copy = copies_.emplace_back();
    copy.reserve(count_ * words_);
    for (const auto& piece : set.pieces) copy.insert(copy.end(), piece.begin(), piece.end());
    pieces_ = {copy.data()};
    held_ = {count_};
    return;
  }
  std::uint64_t most = 1;
  for (const auto& piece : set.pieces) most = std::max<std::uint64_t>(most, piece.size() / kept_);
  shift_ = static_cast<unsigned>(std::bit_width(most - 1));
  for (const auto& piece : set.pieces) {
    pieces_.push_back(piece.data());
    held_.push_back(piece.size() / kept_);
  }
}

StateList::StateList(const StateList& all, unsigned part, unsigned parts)
    : words_(all.words_), kept_(all.words_), shift_(bits_of_a_copy) {
  std::vector<std::uint64_t> room(words_);
  for (std::uint64_t id = 0; id < all.end(); ++id) {
    if (!all.holds(id)) continue;
    const std::uint64_t* const state = all.read(id, room.data());
    if (part_of(hash_of(state, words_), parts) != part) continue;
    if (held_.empty() || held_.back() >> shift_ != 0) {
      copies_.emplace_back().reserve(std::size_t{words_} << shift_);
      held_.push_back(0);
    }
    copies_.back().insert(copies_.back().end(), state, state + words_);
    ++held_.back();
    ++count_;
  }
  for (const auto& copy : copies_) pieces_.push_back(copy.data());
}

template <class Use>
bool StateList::for_parts(std::uint64_t id, const std::uint64_t* kept, Use&& use) const {
  const std::uint64_t* numbers = kept;
  for (const Folded::Part& part : folded_->parts)
    if (!part.shared) numbers += part.words;
  const auto& tables = folded_->tables[folded_->shard[id >> shift_]];
  std::size_t shared = 0;
  for (const Folded::Part& part : folded_->parts) {
    const std::uint64_t* words = kept;
    if (part.shared) {
      words = tables[shared].data() + std::size_t{number_of(numbers, shared)} * part.words;
      ++shared;
    } else {
      kept += part.words;
    }
    if (!use(part, words)) return false;
  }
  return true;
}

void StateList::unfold(std::uint64_t id, const std::uint64_t* kept, std::uint64_t* state) const {
  for_parts(id, kept, [&](const Folded::Part& part, const std::uint64_t* words) {
    std::copy(words, words + part.words, state + part.first);
    return true;
  });
}

bool StateList::equals_folded(std::uint64_t id, const std::uint64_t* kept, const std::uint64_t* state) const {
  return for_parts(id, kept, [&](const Folded::Part& part, const std::uint64_t* words) {
    return std::equal(words, words + part.words, state + part.first);
  });
}

bool is_folded_right(const StateSet& set) {
  const Folded& folded = set.folded;
  if (folded.words == 0) return true;
  std::uint32_t next = 0, kept = 0;
  std::vector<std::uint32_t> sizes;  // of shared parts
  for (const Folded::Part& part : folded.parts) {
    if (part.first != next || part.words == 0 || part.words > set.words - next) return false;
    next += part.words;
    if (part.shared)
      sizes.push_back(part.words);
    else
      kept += part.words;
  }
  if (next != set.words || folded.words != kept + (sizes.size() + 1) / 2 || folded.shard.size() != set.pieces.size())
    return false;
  for (std::size_t i = 0; i < set.pieces.size(); ++i) {
    if (folded.shard[i] >= folded.tables.size() || set.pieces[i].size() % folded.words != 0) return false;
    const auto& tables = folded.tables[folded.shard[i]];
    if (tables.size() != sizes.size()) return false;
    for (std::size_t at = 0; at < set.pieces[i].size(); at += folded.words)
      for (std::size_t shared = 0; shared < sizes.size(); ++shared)
        if (number_of(&set.pieces[i][at + kept], shared) >= tables[shared].size() / sizes[shared]) return false;
  }
  return true;
}

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
  const std::uint64_t* states[batch];
  std::vector<std::uint64_t> room(batch * words_);
  for (std::uint64_t first = begin; first < end; first += batch) {
    const std::uint64_t size = std::min(batch, end - first);
    for (std::uint64_t i = 0; i < size; ++i) {
      if (!list_.holds(first + i)) continue;
      states[i] = list_.read(first + i, &room[i * words_]);
      hashes[i] = hash_of(states[i], words_);
      prefetch_slot(hashes[i]);
    }
    for (std::uint64_t i = 0; i < size; ++i) {
      if (!list_.holds(first + i)) continue;
      const std::uint32_t mine = tag(hashes[i]) << slot_bits_ | static_cast<std::uint32_t>(first + i + 1);
      for (std::size_t at = hashes[i] >> (64 - slot_bits_);; at = (at + 1) & slot_mask()) {
        // A slot is taken once and for all: whoever comes later sees who has it, and goes on.
        const std::atomic_ref<std::uint32_t> slot(table_[at]);
        std::uint32_t there = slot.load(std::memory_order_relaxed);
        if (there == 0 && slot.compare_exchange_strong(there, mine, std::memory_order_relaxed)) break;
        if (matches(there, hashes[i], states[i])) return false;
      }
    }
  }
  return true;
}

}  // namespace hotproof::verify
