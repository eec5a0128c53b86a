#include "checker/explicit/folding.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hotproof::checker::explicit_state {

namespace {

constexpr std::uint32_t numbers_a_word = 2;
constexpr double worth_it = 0.75;  // of what whole states take

// What one value of a shared part takes: its words, a slot of the table and a half.
constexpr double bytes_of_a_value(std::uint32_t words) {
  return 8.0 * words + 6;
}

std::uint32_t folded_words(const std::vector<Part>& parts) {
  std::uint32_t kept = 0, shared = 0;
  for (const Part& part : parts) (part.shared ? shared : kept) += part.shared ? 1 : part.words;
  return kept + (shared + numbers_a_word - 1) / numbers_a_word;
}

// How many values the words from `first` on have in the sample, by count of words.
std::size_t values_of(std::span<const std::uint64_t> sample, std::uint32_t words, std::uint32_t first,
                      std::uint32_t count) {
  StateStore values(count);
  for (std::size_t at = first; at < sample.size(); at += words) {
    if (!values.reserve(1)) return sample.size();
    values.insert(&sample[at], hash_words(&sample[at], count));
  }
  return values.size();
}

}  // namespace

// The best division of the first words, by how many of them there are: one more part behind the best one before it.
std::vector<Part> best_parts(std::span<const std::uint64_t> sample, std::uint32_t words) {
  const auto states = static_cast<double>(sample.size() / words);
  struct Best {
    double bytes = std::numeric_limits<double>::max();  // a state; numbers are taken to need half a word each
    double tables = 0;                                  // of these, in tables
    Part last{};
  };
  std::vector<Best> best(words + 1);
  best[0].bytes = 0;
  const auto offer = [&](const Part& part, double in_state, double in_table) {
    const Best& before = best[part.first];
    Best& end = best[part.first + part.words];
    const double bytes = before.bytes + in_state + in_table;
    if (bytes < end.bytes) end = {bytes, before.tables + in_table, part};
  };
  for (std::uint32_t first = 0; first < words; ++first) {
    offer({first, 1, false}, 8, 0);
    for (std::uint32_t count = 1; first + count <= words; ++count) {
      const auto values = static_cast<double>(values_of(sample, words, first, count));
      offer({first, count, true}, 4, values / states * bytes_of_a_value(count));
      if (values > states / 2) break;  // more words have no fewer
    }
  }
  std::vector<Part> parts;
  for (std::uint32_t end = words; end > 0; end = parts.back().first) parts.push_back(best[end].last);
  std::reverse(parts.begin(), parts.end());
  const double folded = best[words].tables + 8.0 * folded_words(parts);
  if (folded > worth_it * 8 * words) return {{0, words, false}};
  return parts;
}

Folding::Folding(std::vector<Part> parts) : parts_(std::move(parts)), words_(folded_words(parts_)) {
  for (const Part& part : parts_) {
    if (part.shared)
      tables_.emplace_back(part.words);
    else
      kept_ += part.words;
  }
  last_.resize(tables_.size());
}

// Many states have a part in common with the one before.
StateId Folding::number_of(std::uint32_t shared, const std::uint64_t* words) {
  StateStore& table = tables_[shared];
  StateId& last = last_[shared];
  if (table.size() != 0 && std::equal(words, words + table.words(), table[last])) return last;
  return last = table.insert(words, hash_words(words, table.words())).id;
}

void Folding::fold(const std::uint64_t* state, std::uint64_t* folded) {
  for (std::uint32_t word = kept_; word < words_; ++word) folded[word] = 0;
  std::uint32_t kept = 0, shared = 0;
  for (const Part& part : parts_) {
    if (!part.shared) {
      for (std::uint32_t i = 0; i < part.words; ++i) folded[kept++] = state[part.first + i];
      continue;
    }
    const std::uint64_t number = number_of(shared, state + part.first);
    folded[kept_ + shared / numbers_a_word] |= number << (32 * (shared % numbers_a_word));
    ++shared;
  }
}

void Folding::unfold(const std::uint64_t* folded, std::uint64_t* state) const {
  std::uint32_t kept = 0, shared = 0;
  for (const Part& part : parts_) {
    if (!part.shared) {
      for (std::uint32_t i = 0; i < part.words; ++i) state[part.first + i] = folded[kept++];
      continue;
    }
    const auto number =
        static_cast<StateId>(folded[kept_ + shared / numbers_a_word] >> (32 * (shared % numbers_a_word)));
    const std::uint64_t* const words = tables_[shared++][number];
    for (std::uint32_t i = 0; i < part.words; ++i) state[part.first + i] = words[i];
  }
}

std::uint64_t Folding::bytes() const {
  std::uint64_t all = 0;
  for (const StateStore& table : tables_) all += table.bytes();
  return all;
}

std::uint64_t Folding::bytes_to_reserve(std::uint32_t more, Filling most) const {
  std::uint64_t all = 0;
  for (const StateStore& table : tables_) all += table.bytes_to_reserve(more, most);
  return all;
}

bool Folding::reserve(std::uint32_t more, Filling most) {
  return std::all_of(tables_.begin(), tables_.end(), [&](StateStore& table) { return table.reserve(more, most); });
}

std::vector<std::vector<std::uint64_t>> Folding::take_tables() {
  std::vector<std::vector<std::uint64_t>> out;
  for (StateStore& table : tables_) table.forget_table();
  for (StateStore& table : tables_) {
    auto& words = out.emplace_back();
    words.reserve(std::size_t{table.size()} * table.words());
    for (const auto& piece : table.pieces()) words.insert(words.end(), piece.begin(), piece.end());
    table = StateStore(table.words());
  }
  tables_.clear();
  return out;
}

}  // namespace hotproof::checker::explicit_state
