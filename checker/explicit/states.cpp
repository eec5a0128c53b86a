#include "checker/explicit/states.hpp"

namespace hotproof::checker::explicit_state {

namespace {

constexpr std::uint8_t escape = 255;
// To find out how they are folded best. States that were found one after the other, as those to come will be: some from
// here and there would have less in common than all of them together.
constexpr StateId states_looked_at = 1U << 16U;

}  // namespace

void ParentLog::append(StateId parent) {
  const auto id = static_cast<StateId>(differences_.size());
  if (id % stride == 0) whole_.push_back(parent);
  const StateId difference = parent - last_;
  if (difference >= escape) {
    differences_.append(escape);
    jumps_.emplace(id, parent);
  } else {
    differences_.append(static_cast<std::uint8_t>(difference));
  }
  last_ = parent;
}

StateId ParentLog::operator[](StateId id) const {
  StateId parent = whole_[id / stride];
  for (StateId i = id / stride * stride + 1; i <= id; ++i)
    parent = differences_[i] == escape ? jumps_.at(i) : parent + differences_[i];
  return parent;
}

std::vector<StateId> ParentLog::some(StateId first, std::uint32_t count) const {
  std::vector<StateId> out;
  StateId parent = count == 0 ? 0 : (*this)[first];
  for (StateId id = first; id < first + count; ++id) {
    if (id != first) {
      if (id % stride == 0)
        parent = whole_[id / stride];
      else
        parent = differences_[id] == escape ? jumps_.at(id) : parent + differences_[id];
    }
    out.push_back(parent);
  }
  return out;
}

std::uint64_t ParentLog::bytes() const {
  return differences_.bytes() + whole_.capacity() * sizeof(StateId) + jumps_.size() * 32;
}

States::States(std::uint32_t words, unsigned shards) : words_(words) {
  shards_.reserve(shards);
  for (unsigned i = 0; i < shards; ++i) shards_.emplace_back(words);
}

void States::append(unsigned shard, StateId parent) {
  if (shards_.size() > 1) {
    if (size_ % stride == 0) sampled_.insert(sampled_.end(), filled_.begin(), filled_.begin() + shards());
    order_.append(static_cast<std::uint8_t>(shard));
    ++filled_[shard];
  }
  parents_.append(parent);
  ++size_;
}

std::uint64_t States::stored() const {
  std::uint64_t all = 0;
  for (const Shard& shard : shards_) all += shard.size();
  return all;
}

void States::make_room(StateId more) {
  if (shards_.size() == 1) return;
  order_.make_room(more);
  make_room_in(sampled_, sampled_.size() + (more / stride + 1) * shards_.size());
}

States::Walk::Walk(const States& states, StateId from) : states_(states), at_(from), room_(states.words_) {
  const std::size_t shards = states.shards_.size();
  if (shards == 1) return;
  const StateId sample = from / stride;
  const auto begin = states.sampled_.begin() + static_cast<std::ptrdiff_t>(sample * shards);
  in_shard_.assign(begin, begin + static_cast<std::ptrdiff_t>(shards));
  for (StateId i = sample * stride; i < from; ++i) ++in_shard_[states.order_[i]];
}

std::uint64_t States::bytes() const {
  std::uint64_t all = order_.bytes() + sampled_.capacity() * sizeof(StateId) + parents_.bytes();
  for (const Shard& shard : shards_) all += shard.bytes();
  return all;
}

std::vector<std::uint64_t> States::operator[](StateId id) const {
  Walk walk(*this, id);
  const std::uint64_t* const state = walk.next();
  return {state, state + words_};
}

void States::fold() {
  if (folded() || shards_.front().on_disk()) return;
  const std::vector<Part> parts = best_parts(shards_.front().last(states_looked_at), words_);
  if (parts.size() == 1 && !parts.front().shared) return;
  std::vector<Shard> folded;
  std::uint64_t before = 0, behind = 0;
  for (const Shard& shard : shards_) {
    auto made = shard.folded(parts);
    if (!made) return;
    before += shard.bytes();
    behind += made->bytes();
    folded.push_back(std::move(*made));
  }
  // Those that were looked at may have more in common than all have.
  if (behind < before + nothing_to_speak_of) shards_ = std::move(folded);
}

void States::tell_states(ReachedStates& out) {
  std::vector<std::vector<std::span<const std::uint64_t>>> by_shard;
  std::size_t most = 0;
  for (Shard& shard : shards_) {
    shard.forget_table();
    most = std::max(most, by_shard.emplace_back(shard.pieces()).size());
  }
  order_ = {};
  parents_ = {};
  sampled_ = {};
  for (std::size_t i = 0; i < most; ++i)
    for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
      if (i < by_shard[shard].size()) {
        out.pieces.push_back(by_shard[shard][i]);
        out.folded.shard.push_back(shard);
      }
  out.words = words_;
  out.on_disk = shards_.front().on_disk();
  if (!folded()) return;
  out.folded.words = shards_.front().folding()->words();
  out.folded.parts = shards_.front().folding()->parts();
  for (Shard& shard : shards_) out.folded.tables.push_back(shard.take_tables());
}

}  // namespace hotproof::checker::explicit_state
