#include "checker/export/numbers.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <set>
#include <string>

#include "checker/explicit/explorer.hpp"
#include "checker/explicit/layout.hpp"
#include "model/ir/passes/decide.hpp"

namespace hotproof::checker::exports {

namespace {

// So many bits are written as they are where nobody knows which values occur.
constexpr int small_width = 8;

bool is_control(const ir::TransitionSystem& system, std::size_t var) {
  return system.variables[var].role == ir::Role::control;
}

// A value and a list of indices would both do: what takes fewer bits; the value itself if it is a tie.
Numbers numbers_for(std::vector<std::uint64_t> values, int width) {
  Numbers out;
  out.values = std::move(values);
  if (out.values.empty()) {
    out.most = ir::truncate(std::numeric_limits<std::uint64_t>::max(), width);
    return out;
  }
  const std::uint64_t last = out.values.size() - 1;
  out.indexed = width > 1 && std::bit_width(out.values.back()) > std::bit_width(last);
  out.most = out.indexed ? last : out.values.back();
  return out;
}

Numbers locations_of(const ir::Actor& actor) {
  Numbers out;
  for (ir::Location at = 0; at < actor.locations; ++at) out.values.push_back(at);
  out.most = actor.locations - 1;
  return out;
}

// The system without anything to be decided: only its states count.
ir::TransitionSystem unasked(ir::TransitionSystem system) {
  system.properties.clear();
  system.marks.clear();
  for (ir::Transition& t : system.transitions) {
    t.assertions.clear();
    t.hits.clear();
  }
  return system;
}

// The values that a variable has in some state.
std::vector<std::uint64_t> seen_in(const ReachedStates& states, std::size_t var, const explicit_state::Field& field) {
  const ReachedStates::Place place = states.places[var];
  const std::uint64_t mask = ir::truncate(std::numeric_limits<std::uint64_t>::max(), place.bits);
  std::set<std::uint64_t> values;
  std::optional<std::uint64_t> last;
  states.each([&](const std::uint64_t* state) {
    const std::uint64_t number = (state[place.word] >> place.shift) & mask;
    if (number != last) values.insert(place.values.empty() ? field.value(number) : place.values[number]);
    last = number;
  });
  return {values.begin(), values.end()};
}

Outcome<ir::Domains> explored_domains(const ir::TransitionSystem& system, const std::string& because,
                                      const Options& options) {
  Options all_states = options;
  all_states.partial_order = false;
  all_states.symmetry = false;  // an actor may have values only in states that another one stands for
  Result result = explore(unasked(system), all_states);
  const std::string stopped = result.internal_error.empty() ? result.stopped_by : result.internal_error;
  if (!result.complete || result.states == nullptr)
    return failure({}, "which values " + because + " can have is only known once all states are, and the search for them stopped: " + stopped,
                   "a smaller scenario, or higher limits");
  const explicit_state::Layout layout(system);
  ir::Domains out(system.variables.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    if (!is_control(system, i)) out[i] = seen_in(*result.states, i, layout[static_cast<ir::VarId>(i)]);
  return out;
}

}  // namespace

std::optional<std::uint64_t> number_of(const Numbers& numbers, std::uint64_t value) {
  if (numbers.values.empty()) return value;
  const auto found = std::lower_bound(numbers.values.begin(), numbers.values.end(), value);
  if (found == numbers.values.end() || *found != value) return std::nullopt;
  return numbers.indexed ? static_cast<std::uint64_t>(found - numbers.values.begin()) : value;
}

Outcome<std::vector<Numbers>> numbers_of(const ir::TransitionSystem& system, const Options& options) {
  ir::Domains domains = ir::domains(system);
  for (std::size_t i = 0; i < domains.size(); ++i) {
    const ir::Variable& variable = system.variables[i];
    if (is_control(system, i) || !domains[i].empty() || variable.width <= small_width) continue;
    auto explored = explored_domains(system, variable.name, options);
    if (!explored) return tl::make_unexpected(explored.error());
    domains = std::move(*explored);
    break;
  }
  std::vector<Numbers> out;
  for (std::size_t i = 0; i < domains.size(); ++i)
    out.push_back(numbers_for(std::move(domains[i]), system.variables[i].width));
  for (const ir::Actor& actor : system.actors) out[ir::index(actor.control)] = locations_of(actor);
  return out;
}

}  // namespace hotproof::checker::exports
