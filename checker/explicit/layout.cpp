#include "checker/explicit/layout.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace hotproof::checker::explicit_state {

namespace {

Field field_of(int width, std::uint64_t low, std::uint64_t high) {
  Field field;
  field.width = width;
  field.low = ir::truncate(low, width);
  field.span = ir::truncate(high - low, width);
  field.bits = static_cast<int>(std::bit_width(field.span));
  return field;
}

Field field_of(const ir::Variable& variable) {
  const bool every_value = variable.low == 0 && variable.high == 0;
  return every_value ? field_of(variable.width, 0, ~std::uint64_t{0})
                     : field_of(variable.width, variable.low, variable.high);
}

}  // namespace

Layout::Layout(const ir::TransitionSystem& system, std::uint64_t extra_values) : variables_(system.variables.size()) {
  fields_.reserve(variables_ + 1);
  for (const ir::Variable& variable : system.variables) fields_.push_back(field_of(variable));
  for (const ir::Actor& actor : system.actors) {
    const std::uint64_t last = std::max<std::uint32_t>(actor.locations, 1) - 1;
    fields_[ir::index(actor.control)] = field_of(system[actor.control].width, 0, last);
  }
  fields_.push_back(field_of(64, 0, std::max<std::uint64_t>(extra_values, 1) - 1));
  place();
}

// First fit, widest first: wastes few bits and is the same every time.
void Layout::place() {
  std::vector<std::size_t> order(fields_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return fields_[a].bits > fields_[b].bits; });
  std::vector<int> used{0};
  std::size_t first_open = 0;  // words before it are full
  for (const std::size_t i : order) {
    Field& field = fields_[i];
    if (field.bits == 0) continue;
    while (first_open < used.size() && used[first_open] == 64) ++first_open;
    std::size_t word = first_open;
    while (word < used.size() && used[word] + field.bits > 64) ++word;
    if (word == used.size()) used.push_back(0);
    field.word = static_cast<std::uint32_t>(word);
    field.shift = static_cast<std::uint32_t>(used[word]);
    field.mask = ir::truncate(~std::uint64_t{0}, field.bits) << field.shift;
    used[word] += field.bits;
    bits_ += static_cast<std::uint32_t>(field.bits);
  }
  words_ = static_cast<std::uint32_t>(used.size());
}

std::optional<ir::VarId> Layout::pack(const ir::State& state, std::uint64_t* words) const {
  std::fill_n(words, words_, 0);
  for (std::size_t i = 0; i < variables_; ++i) {
    const Field& field = fields_[i];
    if (!field.contains(state[i])) return static_cast<ir::VarId>(i);
    words[field.word] |= field.number(state[i]) << field.shift;
  }
  return std::nullopt;
}

ir::State Layout::unpack(const std::uint64_t* words) const {
  ir::State state(variables_);
  for (std::size_t i = 0; i < variables_; ++i) state[i] = read(words, fields_[i]);
  return state;
}

}  // namespace hotproof::checker::explicit_state
