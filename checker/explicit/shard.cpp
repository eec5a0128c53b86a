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
  }
  return out;
}

void Shard::sample(std::uint32_t every, std::vector<std::uint64_t>& out) const {
  std::vector<std::uint64_t> room(words_);
  for (StateId id = 0; id < size(); id += every) {
    const std::uint64_t* const state = read(id, room.data());
    out.insert(out.end(), state, state + words_);
  }
}

}  // namespace hotproof::checker::explicit_state
