#include <algorithm>

#include "verify/exchange.hpp"

namespace hotproof::verify {

namespace {

void put(const Field& field, std::uint64_t number, std::uint64_t* state) {
  state[field.word] = (state[field.word] & ~field.mask) | number << field.shift;
}

}  // namespace

std::optional<std::string> not_sortable(const System& system, const Layout& layout, const Exchangeable& actors) {
  if (actors.members.size() > 16) return "too many actors may change places";
  for (const auto& own : actors.own)
    for (const std::uint32_t v : own) {
      const Field &a = layout.fields[own[0]], &b = layout.fields[v];
      if (a.mask >> a.shift != b.mask >> b.shift || a.low != b.low || a.values != b.values)
        return system.variables[v].name + " is packed otherwise than " + system.variables[own[0]].name;
    }
  for (const auto& names : actors.names)
    for (const std::uint64_t value : names.values)
      if (layout.fields[names.variable].packed(value) > layout.fields[names.variable].span)
        return system.variables[names.variable].name + " cannot name each actor";
  for (const auto& marks : actors.marks) {
    const Field& field = layout.fields[marks.variable];
    if (field.low != 0 || !field.values.empty() || field.mask >> field.shift != low_bits(~std::uint64_t{0}, field.width))
      return field.values.empty() ? system.variables[marks.variable].name + " does not have every value of its bits"
                                  : system.variables[marks.variable].name + " is packed as a number of a list";
  }
  return std::nullopt;
}

Sorter::Sorter(const Layout& layout, const std::vector<Exchangeable>& all) {
  for (const Exchangeable& actors : all) {
    Class one;
    one.members = actors.members.size();
    for (const auto& own : actors.own) {
      auto& fields = one.own.emplace_back();
      for (const std::uint32_t v : own) fields.push_back(&layout.fields[v]);
    }
    for (const auto& names : actors.names) {
      Named& made = one.named.emplace_back(Named{&layout.fields[names.variable], {}});
      for (const std::uint64_t value : names.values) made.numbers.push_back(made.field->packed(value));
    }
    for (const auto& marks : actors.marks) one.marked.push_back({&layout.fields[marks.variable], marks.bits});
    classes_.push_back(std::move(one));
  }
}

// As the search sorts them (docs/certificates.md): each own variable by its number in its range, then whether a variable
// names the member, then the member's bits.
bool Sorter::before(const Class& one, const std::uint64_t* state, std::size_t a, std::size_t b) {
  for (const auto& own : one.own) {
    const std::uint64_t left = own[a]->number(state), right = own[b]->number(state);
    if (left == right) continue;
    if (own[a]->values.empty()) return left < right;
    return low_bits(own[a]->value(state) - own[a]->low, own[a]->width) < low_bits(own[b]->value(state) - own[b]->low, own[b]->width);
  }
  for (const Named& named : one.named) {
    const std::uint64_t number = named.field->number(state);
    if (number == named.numbers[a] || number == named.numbers[b]) return number == named.numbers[b];
  }
  for (const Marked& marked : one.marked) {
    const std::uint64_t number = marked.field->number(state);
    const std::uint64_t left = number >> marked.bits[a] & 1U, right = number >> marked.bits[b] & 1U;
    if (left != right) return left < right;
  }
  return false;
}

void Sorter::exchange(const Class& one, std::uint64_t* state, std::size_t a, std::size_t b) {
  for (const auto& own : one.own) {
    const std::uint64_t left = own[a]->number(state), right = own[b]->number(state);
    put(*own[a], right, state);
    put(*own[b], left, state);
  }
  for (const Named& named : one.named) {
    const std::uint64_t number = named.field->number(state);
    if (number == named.numbers[a])
      put(*named.field, named.numbers[b], state);
    else if (number == named.numbers[b])
      put(*named.field, named.numbers[a], state);
  }
  for (const Marked& marked : one.marked) {
    const std::uint64_t number = marked.field->number(state);
    const std::uint64_t differ = (number >> marked.bits[a] ^ number >> marked.bits[b]) & 1U;
    put(*marked.field, number ^ (differ << marked.bits[a] | differ << marked.bits[b]), state);
  }
}

void Sorter::sort(const Class& one, std::uint64_t* state) {
  for (std::size_t i = 1; i < one.members; ++i)
    for (std::size_t at = i; at > 0 && before(one, state, at, at - 1); --at) exchange(one, state, at, at - 1);
}

}  // namespace hotproof::verify
