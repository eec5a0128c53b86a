// A part of the set of states: a store, and, once that takes less room, how its states are folded.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "checker/explicit/folding.hpp"
#include "checker/explicit/store.hpp"

namespace hotproof::checker::explicit_state {

// Bytes that do not matter: what is that small is folded or not, as it comes.
inline constexpr std::uint64_t nothing_to_speak_of = std::uint64_t{1} << 19U;

class Shard {
 public:
  explicit Shard(std::uint32_t words) : words_(words), store_(words) {}

  StateId size() const { return store_.size(); }
  std::uint64_t bytes() const { return store_.bytes() + (folding_ ? folding_->bytes() : 0); }
  bool on_disk() const { return store_.on_disk(); }
  bool grows(std::uint32_t more) const { return store_.grows(more); }
  std::uint64_t bytes_to_reserve(std::uint32_t more, Filling most = Filling::usual) const {
    return store_.bytes_to_reserve(more, most) + (folding_ ? folding_->bytes_to_reserve(more, most) : 0);
  }
  bool reserve(std::uint32_t more, Filling most = Filling::usual) {
    return (!folding_ || folding_->reserve(more, most)) && store_.reserve(more, most);
  }

  // A state by its number. Folded: it lies in `room`, which has a state's words.
  const std::uint64_t* read(StateId id, std::uint64_t* room) const {
    const std::uint64_t* const kept = store_[id];
    if (!folding_) return kept;
    folding_->unfold(kept, room);
    return room;
  }
  // The one that comes `ahead` states later, where that is not behind a segment's end.
  void prefetch_behind(StateId id, std::uint32_t ahead) const {
    __builtin_prefetch(store_[id] + std::size_t{ahead} * store_.words());
  }

  // There must be room. True: it was not there.
  bool insert(const std::uint64_t* state, std::uint64_t hash) {
    if (!folding_) return store_.insert(state, hash).fresh;
    folding_->fold(state, folded_.data());
    return store_.insert(folded_.data(), hash_words(folded_.data(), store_.words())).fresh;
  }
  // Many: at(i) is one of them, with `state` and `hash`; is_new(i) is called for those that were not there, in their
  // order.
  template <class At, class IsNew>
  void insert_all(std::uint32_t count, At&& at, IsNew&& is_new);

  // The same states with the same numbers, folded, as those to come will be; nothing if they take more room so, or if
  // there is no memory for it.
  std::optional<Shard> folded(const std::vector<Part>& parts) const;
  const Folding* folding() const { return folding_.get(); }
  // The last ones, at most so many.
  std::vector<std::uint64_t> last(StateId count) const;

  std::vector<std::span<const std::uint64_t>> pieces() const { return store_.pieces(); }
  bool move_to(std::shared_ptr<DiskMemory> disk) { return store_.move_to(std::move(disk)); }
  void forget_table() { store_.forget_table(); }
  std::vector<std::vector<std::uint64_t>> take_tables() { return folding_->take_tables(); }

 private:
  static constexpr std::uint32_t at_a_time = 128;

  std::uint32_t words_;
  StateStore store_;
  std::unique_ptr<Folding> folding_;
  std::vector<std::uint64_t> folded_;  // one state, or as many as are inserted at a time
};

template <class At, class IsNew>
void Shard::insert_all(std::uint32_t count, At&& at, IsNew&& is_new) {
  std::uint64_t hashes[at_a_time];
  const std::uint64_t* states[at_a_time];
  for (std::uint32_t first = 0; first < count; first += at_a_time) {
    const std::uint32_t some = std::min(at_a_time, count - first);
    for (std::uint32_t i = 0; i < some; ++i) {
      const auto candidate = at(first + i);
      states[i] = candidate.state;
      hashes[i] = candidate.hash;
      if (folding_) {
        std::uint64_t* const folded = &folded_[std::size_t{i} * store_.words()];
        folding_->fold(candidate.state, folded);
        states[i] = folded;
        hashes[i] = hash_words(folded, store_.words());
      }
      store_.prefetch_slot(hashes[i]);
    }
    for (std::uint32_t i = 0; i < some; ++i) store_.prefetch_state(hashes[i]);
    for (std::uint32_t i = 0; i < some; ++i)
      if (store_.insert(states[i], hashes[i]).fresh) is_new(first + i);
  }
}

}  // namespace hotproof::checker::explicit_state
