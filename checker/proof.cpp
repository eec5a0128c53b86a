#include "checker/proof.hpp"

namespace hotproof::checker {

namespace {

void unfold(const ReachedStates::Folded& how, std::uint32_t shard, const std::uint64_t* folded, std::uint64_t* state) {
  const std::uint64_t* kept = folded;
  for (const ReachedStates::Part& part : how.parts)
    if (!part.shared)
      for (std::uint32_t i = 0; i < part.words; ++i) state[part.first + i] = *kept++;
  std::size_t shared = 0;
  for (const ReachedStates::Part& part : how.parts) {
    if (!part.shared) continue;
    const auto number = static_cast<std::uint32_t>(kept[shared / 2] >> (32 * (shared % 2)));
    const std::vector<std::uint64_t>& table = how.tables[shard][shared++];
    for (std::uint32_t i = 0; i < part.words; ++i) state[part.first + i] = table[std::size_t{number} * part.words + i];
  }
}

}  // namespace

void ReachedStates::each(const std::function<void(const std::uint64_t*)>& visit) const {
  const std::uint32_t step = folded.words == 0 ? words : folded.words;
  std::vector<std::uint64_t> state(words);
  for (std::size_t i = 0; i < pieces.size(); ++i)
    for (std::size_t at = 0; at < pieces[i].size(); at += step) {
      if (folded.words == 0) {
        visit(&pieces[i][at]);
        continue;
      }
      unfold(folded, folded.shard[i], &pieces[i][at], state.data());
      visit(state.data());
    }
}

}  // namespace hotproof::checker
