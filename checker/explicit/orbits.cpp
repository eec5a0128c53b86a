#include "checker/explicit/orbits.hpp"

#include <algorithm>
#include <numeric>

namespace hotproof::checker::explicit_state {

namespace {

std::uint64_t packed(const Field& field, const std::uint64_t* state) { return (state[field.word] & field.mask) >> field.shift; }

void put(const Field& field, std::uint64_t number, std::uint64_t* state) {
  state[field.word] = (state[field.word] & ~field.mask) | number << field.shift;
}

// (value - low) modulo 2^width.
std::uint64_t in_order(const Field& field, std::uint64_t number) {
  if (field.dictionary == nullptr) return number;
  return ir::truncate(field.dictionary->value(static_cast<std::uint32_t>(number)) - field.low, field.width);
}

}  // namespace

Orbits::Orbits(const Layout& layout, std::span<const ir::Interchangeable> classes) {
  for (const ir::Interchangeable& actors : classes) {
    if (!fits(layout, actors)) continue;
    Class one;
    one.members = static_cast<std::uint32_t>(actors.members.size());
    for (const auto& column : actors.columns)
      if (layout[column[0]].bits > 0)
        for (const ir::VarId var : column) one.columns.push_back(layout[var]);
    for (const auto& naming : actors.namings) {
      Naming made{layout[naming.var], {}};
      for (const std::uint64_t value : naming.values) made.numbers.push_back(made.field.number(value));
      one.namings.push_back(std::move(made));
    }
    for (const auto& marking : actors.markings) {
      Marking made{layout[marking.var], {}};
      for (const unsigned bit : marking.bits) made.shifts.push_back(made.field.shift + bit);
      one.markings.push_back(std::move(made));
    }
    classes_.push_back(std::move(one));
    used_.push_back(&actors);
  }
}

bool Orbits::fits(const Layout& layout, const ir::Interchangeable& actors) {
  if (actors.members.size() > most_members) return false;
  const auto alike = [&](const std::vector<ir::VarId>& column) {
    const Field& first = layout[column[0]];
    return std::all_of(column.begin(), column.end(), [&](ir::VarId var) {
      const Field& field = layout[var];
      return field.bits == first.bits && field.low == first.low && field.dictionary == first.dictionary;
    });
  };
  const auto names_plainly = [&](const ir::Interchangeable::Naming& naming) {
    const Field& field = layout[naming.var];
    return field.dictionary == nullptr &&
           std::all_of(naming.values.begin(), naming.values.end(), [&](std::uint64_t value) { return field.contains(value); });
  };
  const auto marks_plainly = [&](const ir::Interchangeable::Marking& marking) {
    const Field& field = layout[marking.var];
    return field.dictionary == nullptr && field.low == 0 && field.bits == field.width;
  };
  return std::all_of(actors.columns.begin(), actors.columns.end(), alike) &&
         std::all_of(actors.namings.begin(), actors.namings.end(), names_plainly) &&
         std::all_of(actors.markings.begin(), actors.markings.end(), marks_plainly);
}

bool Orbits::less(const Class& one, const std::uint64_t* state, std::uint32_t a, std::uint32_t b) {
  for (std::size_t at = 0; at < one.columns.size(); at += one.members) {
    const Field &left = one.columns[at + a], &right = one.columns[at + b];
    const std::uint64_t l = packed(left, state), r = packed(right, state);
    if (l != r) return in_order(left, l) < in_order(right, r);
  }
  for (const Naming& naming : one.namings) {
    const std::uint64_t number = packed(naming.field, state);
    if (number == naming.numbers[a]) return false;
    if (number == naming.numbers[b]) return true;
  }
  for (const Marking& marking : one.markings) {
    const std::uint64_t word = state[marking.field.word];
    const std::uint64_t l = word >> marking.shifts[a] & 1U, r = word >> marking.shifts[b] & 1U;
    if (l != r) return l < r;
  }
  return false;
}

bool Orbits::sort(const Class& one, const std::uint64_t* state, Order& order) const {
  bool moved = false;
  for (std::uint32_t i = 0; i < one.members; ++i) {
    std::uint32_t at = i;
    for (; at > 0 && less(one, state, i, order[at - 1]); --at) order[at] = order[at - 1];
    order[at] = i;
    moved = moved || at != i;
  }
  return moved;
}

void Orbits::rearrange(const Class& one, const Order& order, std::uint64_t* state) {
  std::uint64_t numbers[most_members];
  for (std::size_t at = 0; at < one.columns.size(); at += one.members) {
    for (std::uint32_t i = 0; i < one.members; ++i) numbers[i] = packed(one.columns[at + order[i]], state);
    for (std::uint32_t i = 0; i < one.members; ++i) put(one.columns[at + i], numbers[i], state);
  }
  for (const Naming& naming : one.namings) {
    const std::uint64_t number = packed(naming.field, state);
    for (std::uint32_t i = 0; i < one.members; ++i)
      if (number == naming.numbers[order[i]]) put(naming.field, naming.numbers[i], state);
  }
  for (const Marking& marking : one.markings) {
    const std::uint64_t before = state[marking.field.word];
    std::uint64_t& after = state[marking.field.word];
    for (std::uint32_t i = 0; i < one.members; ++i) {
      const std::uint64_t bit = std::uint64_t{1} << marking.shifts[i];
      after = (before >> marking.shifts[order[i]] & 1U) != 0 ? after | bit : after & ~bit;
    }
  }
}

Places Orbits::make_canonical_telling(std::uint64_t* state) const {
  std::vector<Order> orders(classes_.size());
  make_canonical(state, orders);
  Places out;
  for (std::size_t at = 0; at < classes_.size(); ++at) {
    std::vector<std::uint32_t>& places = out.emplace_back(classes_[at].members);
    for (std::uint32_t i = 0; i < classes_[at].members; ++i) places[orders[at][i]] = i;
  }
  return out;
}

Whereabouts::Whereabouts(const Orbits& orbits) : orbits_(orbits) {
  for (const ir::Interchangeable* actors : orbits.classes()) {
    at_.emplace_back(actors->members.size());
    std::iota(at_.back().begin(), at_.back().end(), 0U);
  }
}

ir::TransitionId Whereabouts::original(ir::TransitionId transition) const {
  for (std::size_t i = 0; i < at_.size(); ++i) {
    std::vector<std::uint32_t> member_at(at_[i].size());
    for (std::uint32_t member = 0; member < member_at.size(); ++member) member_at[at_[i][member]] = member;
    transition = ir::exchanged(*orbits_.classes()[i], member_at, transition);
  }
  return transition;
}

void Whereabouts::move(const Places& places) {
  for (std::size_t i = 0; i < at_.size(); ++i)
    for (std::uint32_t& place : at_[i]) place = places[i][place];
}

std::vector<std::vector<ir::VarId>> shared_dictionaries(std::span<const ir::Interchangeable> classes) {
  std::vector<std::vector<ir::VarId>> out;
  for (const ir::Interchangeable& actors : classes) out.insert(out.end(), actors.columns.begin(), actors.columns.end());
  return out;
}

}  // namespace hotproof::checker::explicit_state
