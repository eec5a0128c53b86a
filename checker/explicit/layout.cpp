#include "checker/explicit/layout.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace hotproof::checker::explicit_state {

namespace {

// A variable gets a dictionary if that spares it as many bits. Few have more than sixteen values.
constexpr int usual_dictionary_bits = 4;
constexpr int dictionary_gain = 2;
constexpr int dictionary_step = 3;
constexpr int most_dictionary_bits = 16;

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

std::string number_text(const ir::Variable& variable, std::uint64_t value) {
  const std::uint64_t v = ir::truncate(value, variable.width);
  return variable.is_signed ? std::to_string(ir::as_signed(v, variable.width)) : std::to_string(v);
}

}  // namespace

Layout::Layout(const ir::TransitionSystem& system, std::uint64_t extra_values) {
  lay_out(system, extra_values, nullptr, {});
}

Layout::Layout(const ir::TransitionSystem& system, Interned interned, std::uint64_t extra_values,
               const std::vector<std::vector<ir::VarId>>& alike) {
  interned.widths.resize(system.variables.size(), 0);
  lay_out(system, extra_values, &interned, alike);
}

void Layout::lay_out(const ir::TransitionSystem& system, std::uint64_t extra_values, const Interned* interned,
                     const std::vector<std::vector<ir::VarId>>& alike) {
  variables_ = system.variables.size();
  fields_.reserve(variables_ + 1);
  for (const ir::Variable& variable : system.variables) fields_.push_back(field_of(variable));
  for (const ir::Actor& actor : system.actors) {
    const std::uint64_t last = std::max<std::uint32_t>(actor.locations, 1) - 1;
    fields_[ir::index(actor.control)] = field_of(system[actor.control].width, 0, last);
  }
  std::vector<std::size_t> first_alike(variables_);
  std::iota(first_alike.begin(), first_alike.end(), std::size_t{0});
  for (const auto& list : alike)
    for (const ir::VarId var : list) first_alike[ir::index(var)] = ir::index(*std::min_element(list.begin(), list.end()));
  for (std::size_t i = 0; i < variables_ && interned != nullptr; ++i) {
    Field& field = fields_[i];
    const int bits = interned->widths[i] > 0 ? interned->widths[i] : usual_dictionary_bits;
    if (system.variables[i].role == ir::Role::control || field.bits <= bits + dictionary_gain) continue;
    if (bits > most_dictionary_bits) continue;
    field.bits = bits;
    field.dictionary = first_alike[i] < i ? fields_[first_alike[i]].dictionary
                                          : dictionaries_.emplace_back(std::make_unique<Dictionary>(bits)).get();
    if (i < interned->values.size())
      for (const std::uint64_t value : interned->values[i]) field.dictionary->number(value);
  }
  fields_.push_back(field_of(64, 0, std::max<std::uint64_t>(extra_values, 1) - 1));
  place();
}

bool Layout::is_full() const {
  return std::any_of(dictionaries_.begin(), dictionaries_.end(), [](const auto& one) { return one->is_full(); });
}

Layout::Interned Layout::wider() const {
  Interned out = as_it_is();
  out.values.clear();
  for (std::size_t i = 0; i < variables_; ++i)
    if (fields_[i].dictionary != nullptr && fields_[i].dictionary->is_full()) out.widths[i] += dictionary_step;
  return out;
}

Layout::Interned Layout::as_it_is() const {
  Interned out;
  for (std::size_t i = 0; i < variables_; ++i)
    out.widths.push_back(fields_[i].dictionary == nullptr ? most_dictionary_bits + 1 : fields_[i].bits);
  out.values = values();
  return out;
}

std::vector<std::vector<std::uint64_t>> Layout::values() const {
  std::vector<std::vector<std::uint64_t>> out;
  for (std::size_t i = 0; i < variables_; ++i)
    out.push_back(fields_[i].dictionary == nullptr ? std::vector<std::uint64_t>{} : fields_[i].dictionary->values());
  return out;
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
    const std::uint64_t number = field.number(state[i]);
    if (number > field.most()) return static_cast<ir::VarId>(i);
    words[field.word] |= number << field.shift;
  }
  return std::nullopt;
}

ir::State Layout::unpack(const std::uint64_t* words) const {
  ir::State state(variables_);
  for (std::size_t i = 0; i < variables_; ++i) state[i] = read(words, fields_[i]);
  return state;
}

std::string left_range_text(const ir::TransitionSystem& system, ir::VarId var, std::uint64_t value) {
  const ir::Variable& variable = system[var];
  return variable.name + " left its declared range " + number_text(variable, variable.low) + " … " +
         number_text(variable, variable.high) + ": " + number_text(variable, value);
}

}  // namespace hotproof::checker::explicit_state
