#include "checker/explicit/shard.hpp"

namespace hotproof::checker::explicit_state {

std::optional<Shard> Shard::folded(const std::vector<Part>& parts) const {
  Shard out(words_);
  out.folding_ = std::make_unique<Folding>(parts);
  out.store_ = StateStore(out.folding_->words());
  out.folded_.resize(std::size_t{at_a_time} * out.store_.words());
  for (StateId id = 0; id < size(); ++id) {
    if (!out.reserve(1)) return std::nullopt;
    out.insert(store_[id], 0);
    // The last states had more in common than all have.
    if (id % 1024 == 0 && out.bytes() > bytes() + nothing_to_speak_of) return std::nullopt;
  }
  return out;
}

std::vector<std::uint64_t> Shard::last(StateId count) const {
  std::vector<std::uint64_t> out, room(words_);
  for (StateId id = size() - std::min(count, size()); id < size(); ++id) {
    const std::uint64_t* const state = read(id, room.data());
    out.insert(out.end(), state, state + words_);
  }
  return out;
}

}  // namespace hotproof::checker::explicit_state
