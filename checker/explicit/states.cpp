#include "checker/explicit/states.hpp"

namespace hotproof::checker::explicit_state {

namespace {

constexpr std::uint8_t escape = 255;

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
  for (const StateStore& shard : shards_) all += shard.size();
  return all;
}

void States::make_room(StateId more) {
  if (shards_.size() == 1) return;
  order_.make_room(more);
  make_room_in(sampled_, sampled_.size() + (more / stride + 1) * shards_.size());
}

States::Walk::Walk(const States& states, StateId from) : states_(states), at_(from) {
  const std::size_t shards = states.shards_.size();
  if (shards == 1) return;
  const StateId sample = from / stride;
  const auto begin = states.sampled_.begin() + static_cast<std::ptrdiff_t>(sample * shards);
  in_shard_.assign(begin, begin + static_cast<std::ptrdiff_t>(shards));
  for (StateId i = sample * stride; i < from; ++i) ++in_shard_[states.order_[i]];
}

std::uint64_t States::bytes() const {
  std::uint64_t all = order_.bytes() + sampled_.capacity() * sizeof(StateId) + parents_.bytes();
  for (const StateStore& shard : shards_) all += shard.bytes();
  return all;
}

std::vector<std::span<const std::uint64_t>> States::pieces() const {
  std::vector<std::vector<std::span<const std::uint64_t>>> by_shard;
  std::size_t most = 0;
  for (const StateStore& shard : shards_) most = std::max(most, by_shard.emplace_back(shard.pieces()).size());
  std::vector<std::span<const std::uint64_t>> out;
  for (std::size_t i = 0; i < most; ++i)
    for (const auto& some : by_shard)
      if (i < some.size()) out.push_back(some[i]);
  return out;
}

void States::keep_states_only() {
  for (StateStore& shard : shards_) shard.forget_table();
  order_ = {};
  parents_ = {};
  sampled_ = {};
}

}  // namespace hotproof::checker::explicit_state
