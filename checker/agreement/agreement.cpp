#include "checker/agreement/agreement.hpp"

#include <algorithm>

#include "model/eval/interpreter.hpp"

namespace hotproof::checker {

namespace {

bool is_cover(const ir::TransitionSystem& system, ir::PropertyId id) {
  return system.properties[ir::index(id)].kind == ir::PropertyKind::cover;
}

// A run shows it: a violation, or a cover that is reached.
bool is_shown(const ir::TransitionSystem& system, const PropertyResult& property) {
  return property.verdict == (is_cover(system, property.property) ? Verdict::proved : Verdict::violated);
}

bool is_decided(const PropertyResult& property) {
  return property.verdict != Verdict::inconclusive && property.verdict != Verdict::not_understood;
}

std::string told(const PropertyResult& property) {
  std::string out = property.engine + " says " + std::string(name(property.verdict)) + " at depth ";
  return out + std::to_string(property.depth);
}

bool no_trigger(const ir::Property& property, const eval::Reference& reference) {
  return !property.triggers.empty() &&
         std::none_of(property.triggers.begin(), property.triggers.end(),
                      [&](ir::MarkId mark) { return reference.marks[ir::index(mark)].has_value(); });
}

std::optional<std::string> contradiction(const ir::TransitionSystem& system, const PropertyResult& a,
                                         const PropertyResult& b) {
  const std::string both = told(a) + ", " + told(b);
  if (is_decided(a) && is_decided(b)) {
    if (a.verdict != b.verdict) return both;
    if (is_shown(system, a) && (a.depth < b.depth ? b.shortest : b.depth < a.depth && a.shortest)) return both;
  }
  for (const auto& [shown, bounded] : {std::pair{&a, &b}, std::pair{&b, &a}})
    if (is_shown(system, *shown) && !is_decided(*bounded) && bounded->bounded && shown->depth <= bounded->depth)
      return both;
  return std::nullopt;
}

std::optional<std::string> wrong_run(const ir::TransitionSystem& system, const PropertyResult& result) {
  if (!result.run) return "there is no run";
  const ir::Run& run = *result.run;
  if (run.steps.size() != result.depth) return "the run has not the length that is claimed";
  const auto replay = eval::replay(system, run);
  if (!replay) return replay.error().message;
  const ir::Property& property = system.properties[ir::index(result.property)];
  const bool of_states = property.kind == ir::PropertyKind::invariant || property.kind == ir::PropertyKind::deadlock;
  if (!of_states && run.steps.empty()) return "the run has no step";
  const bool shown = of_states
                         ? violates(system, result.property, replay->states.back(), std::nullopt)
                         : violates(system, result.property, replay->states[run.steps.size() - 1], run.steps.back());
  if (!shown) return "the run does not end in what it should show";
  const auto injects = [&](ir::TransitionId step) { return system[step].faults != 0; };
  if (property.cover_without_faults && std::any_of(run.steps.begin(), run.steps.end(), injects))
    return "the run needs a fault";
  return std::nullopt;
}

}  // namespace

Result as_result(const ir::TransitionSystem& system, const eval::Reference& reference) {
  Result out;
  out.complete = !reference.left_range;
  out.statistics.states = reference.states;
  out.statistics.transitions = reference.transitions;
  out.statistics.depth = reference.depth;
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    const bool cover = system.properties[i].kind == ir::PropertyKind::cover;
    const auto& shortest = reference.properties[i];
    PropertyResult& property = out.properties.emplace_back();
    property.property = static_cast<ir::PropertyId>(i);
    property.engine = "reference";
    if (reference.left_range) {
      property.reason = "a value leaves its declared range";
    } else if (shortest) {
      property.verdict = cover ? Verdict::proved : Verdict::violated;
      property.run = shortest->run;
      property.depth = shortest->depth;
    } else {
      property.verdict = cover ? Verdict::violated : Verdict::proved;
      if (!cover && no_trigger(system.properties[i], reference)) property.verdict = Verdict::vacuous;
      property.depth = reference.depth;
    }
  }
  return out;
}

std::optional<std::string> difference(const ir::TransitionSystem& system, const Result& a, const Result& b) {
  for (const Result* result : {&a, &b}) {
    if (!result->internal_error.empty()) return "internal error: " + result->internal_error;
    if (result->properties.size() != system.properties.size()) return "a property is missing";
  }
  for (std::size_t i = 0; i < system.properties.size(); ++i)
    if (const auto found = contradiction(system, a.properties[i], b.properties[i]))
      return system.properties[i].id + ": " + *found;
  return std::nullopt;
}

std::optional<std::string> unconfirmed(const ir::TransitionSystem& system, const Result& result) {
  for (const PropertyResult& property : result.properties) {
    if (!is_shown(system, property)) continue;
    if (const auto wrong = wrong_run(system, property))
      return system.properties[ir::index(property.property)].id + " (" + property.engine + "): " + *wrong;
  }
  return std::nullopt;
}

}  // namespace hotproof::checker
