#include "cli/lesson_steps.hpp"

#include <algorithm>
#include <optional>

namespace hotproof::cli {

using counterexamples::TraceChoice;
using counterexamples::TraceStep;

std::string place_of_step(const TraceStep& step) {
  return step.file.empty() ? "-" : step.file + ":" + std::to_string(step.line);
}

namespace {

// What follows the first of these words; nothing where it is not there.
std::optional<std::string> behind(const std::string& text, std::string_view word) {
  const std::size_t at = text.find(word);
  return at == std::string::npos ? std::nullopt : std::optional(text.substr(at + word.size()));
}

}  // namespace

std::string what_happens(const TraceStep& step) {
  const bool chosen = step.choice != TraceChoice::none;
  constexpr std::string_view fault = "__hp_fault(\"";
  if (step.text.starts_with(fault)) {
    // "__hp_fault("the device"): the device fails", and where it does not, "__hp_fault("the device"): the device".
    if (const auto outcome = behind(step.text, "\"): "))
      return *outcome + (step.faults > 0 || outcome->ends_with(" fails") ? "" : " does not fail");
  }
  if (chosen || step.source.empty() || step.environment) return step.text;
  return step.source;
}

std::string step_line(const TraceStep& step, std::size_t number, std::size_t names, const render::Style& style) {
  constexpr std::size_t place_width = 14;
  std::string out = number > 0 ? render::padded(std::to_string(number), 4, true) + "  " : "  ";
  out += render::padded(render::safe(step.actor, style.utf8), names) + "  " +
         render::padded(render::safe(place_of_step(step), style.utf8), place_width) + "  ";
  std::string what = what_happens(step);
  if (step.faults > 0) what += "  (a fault)";
  std::string changes;
  for (const counterexamples::TraceChange& change : step.changes) {
    if (change.kind == counterexamples::TraceChange::Kind::local) continue;
    changes += (changes.empty() ? "" : ", ") + change.variable + ": " + change.before + " -> " + change.after;
  }
  out += render::safe(what, style.utf8);
  if (!changes.empty()) out += "   [" + render::safe(changes, style.utf8) + "]";
  return render::trimmed(render::cut(out, std::max<std::size_t>(style.width, 60), style.utf8));
}

}  // namespace hotproof::cli
