#include <algorithm>
#include <map>

#include "model/ir/passes/cone.hpp"
#include "model/ir/passes/passes.hpp"

namespace hotproof::ir {

std::vector<std::vector<PropertyId>> groups(const TransitionSystem& system) {
  std::vector<TransitionId> all;
  for (std::size_t t = 0; t < system.transitions.size(); ++t) all.push_back(static_cast<TransitionId>(t));
  Cone moves(system, all);
  moves.need_what_moves();
  // In the order of their first properties, so that answers come in that order, too.
  std::map<std::vector<bool>, std::size_t> known;
  std::vector<std::vector<PropertyId>> out;
  for (std::size_t p = 0; p < system.properties.size(); ++p) {
    const auto id = static_cast<PropertyId>(p);
    Cone cone = moves;
    cone.need(system.properties[p], id);
    std::vector<bool> shared = cone.variables();
    for (std::size_t v = 0; v < shared.size(); ++v)
      if (system.variables[v].role == Role::observer) shared[v] = false;
    const auto [place, fresh] = known.emplace(std::move(shared), out.size());
    if (fresh) out.emplace_back();
    out[place->second].push_back(id);
  }
  return out;
}

TransitionSystem only(const TransitionSystem& system, std::span<const PropertyId> properties) {
  TransitionSystem out = system;
  std::vector<std::optional<PropertyId>> number(system.properties.size());
  out.properties.clear();
  for (const PropertyId id : properties) {
    number[index(id)] = static_cast<PropertyId>(out.properties.size());
    out.properties.push_back(system.properties[index(id)]);
  }
  const auto wanted = [&](MarkId mark) {
    return std::any_of(out.properties.begin(), out.properties.end(),
                       [mark](const Property& property) { return judges_by(property, mark); });
  };
  std::vector<bool> kept;
  for (std::size_t m = 0; m < system.marks.size(); ++m) kept.push_back(wanted(static_cast<MarkId>(m)));
  for (Transition& t : out.transitions) {
    std::erase_if(t.assertions, [&](const Assertion& assertion) { return !number[index(assertion.property)]; });
    for (Assertion& assertion : t.assertions) assertion.property = *number[index(assertion.property)];
    std::erase_if(t.hits, [&](const Hit& hit) { return !kept[index(hit.mark)]; });
  }
  return out;
}

}  // namespace hotproof::ir
