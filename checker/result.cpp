#include "checker/result.hpp"

#include <algorithm>

#include "model/eval/interpreter.hpp"
#include "model/eval/reference.hpp"

namespace hotproof::checker {

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved:
      return "proved";
    case Verdict::violated:
      return "violated";
    case Verdict::inconclusive:
      return "inconclusive";
    case Verdict::vacuous:
      return "vacuous";
    case Verdict::not_understood:
      return "not-understood";
  }
  return "inconclusive";
}

Statistics& Statistics::operator+=(const Statistics& more) {
  states += more.states;
  transitions += more.transitions;
  depth = std::max(depth, more.depth);
  seconds += more.seconds;
  bytes = std::max(bytes, more.bytes);
  up_to_exchanges = up_to_exchanges || more.up_to_exchanges;
  some_go_alone = some_go_alone || more.some_go_alone;
  slept += more.slept;
  return *this;
}

bool violates(const ir::TransitionSystem& system, ir::PropertyId property, const ir::State& state,
              std::optional<ir::TransitionId> fired) {
  const ir::Property& p = system.properties[ir::index(property)];
  const auto contains = [](const auto& list, auto id) { return std::find(list.begin(), list.end(), id) != list.end(); };
  switch (p.kind) {
    case ir::PropertyKind::invariant:
      return !eval::is_true(system.pool, p.expr, state);
    case ir::PropertyKind::deadlock:
      return eval::deadlocked(system, state);
    case ir::PropertyKind::assertion:
      return fired && contains(eval::failed_assertions(system, *fired, state), property);
    case ir::PropertyKind::cover:
      return fired && contains(eval::marks_hit(system, *fired, state), p.mark);
  }
  return false;
}

}  // namespace hotproof::checker
