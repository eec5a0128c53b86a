#include "model/scenarios/walk_values.hpp"

namespace hotproof::scenarios::walk {

namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

Value shifted(const Value& value) {
  return std::visit(
      Overloaded{[](const Number& n) -> Value {
                   return Number{n.parameter, n.of_count, n.steps, n.add - n.steps};
                 },
                 [](const Member& m) -> Value { return Member{m.ahead - 1}; },
                 [](const Callback& m) -> Value { return Callback{m.ahead - 1}; },
                 [](const ChainHead&) -> Value { return ChainHead{}; }, [](const Given& g) -> Value { return g; },
                 // What was known of the earlier call, or asked before it, is over.
                 [](const auto&) -> Value { return Unknown{}; }},
      value);
}

// Of a number behind the first call and behind the second: how it grows with each.
Value general(const Value& first, const Value& second) {
  const auto* one = std::get_if<Number>(&first);
  const auto* two = std::get_if<Number>(&second);
  if (one == nullptr || two == nullptr) return first == second ? first : Value(Unknown{});
  if (one->parameter != two->parameter || one->of_count != two->of_count) return Unknown{};
  const std::int64_t step = two->add - one->add;
  return Number{one->parameter, one->of_count, step, one->add - step};
}

template <class Key>
std::map<Key, Value> general(const std::map<Key, Value>& first, const std::map<Key, Value>& second) {
  std::map<Key, Value> out;
  for (const auto& [key, value] : first)
    if (const auto other = second.find(key); other != second.end()) out[key] = general(value, other->second);
  return out;
}

bool covers(const Value& known, const Value& value) {
  return std::holds_alternative<Unknown>(known) || known == value;
}

template <class Key>
bool covers(const std::map<Key, Value>& known, const std::map<Key, Value>& values) {
  for (const auto& [key, value] : known) {
    const auto other = values.find(key);
    if (!covers(value, other == values.end() ? Value(Unknown{}) : other->second)) return false;
  }
  return true;
}

}  // namespace

Store after_call(const Store& before) {
  Store out;
  for (const auto& [local, value] : before.locals) out.locals[local] = shifted(value);
  for (const auto& [temp, value] : before.temps) out.temps[temp] = shifted(value);
  out.count = shifted(before.count);
  return out;
}

Store generalised(const Store& first, const Store& second) {
  return {general(first.locals, second.locals), general(first.temps, second.temps), general(first.count, second.count)};
}

bool covers(const Store& general, const Store& other) {
  return covers(general.locals, other.locals) && covers(general.temps, other.temps) &&
         covers(general.count, other.count);
}

}  // namespace hotproof::scenarios::walk
