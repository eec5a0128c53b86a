#include "cli/lesson_steps.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace hotproof::cli {

using counterexamples::TraceChoice;
using counterexamples::TraceStep;

std::string place_of_step(const TraceStep& step) {
  if (step.file.empty()) return "-";
  // Of files of ours the name is enough, and their paths are long.
  const std::size_t name = step.environment ? step.file.find_last_of('/') : std::string::npos;
  return (name == std::string::npos ? step.file : step.file.substr(name + 1)) + ":" + std::to_string(step.line);
}

namespace {

// What follows the first of these words; nothing where it is not there.
std::optional<std::string> behind(const std::string& text, std::string_view word) {
  const std::size_t at = text.find(word);
  return at == std::string::npos ? std::nullopt : std::optional(text.substr(at + word.size()));
}

// Events that say what a line of C does not: who is told what, and answers what.
std::string told(const TraceStep& step) {
  static constexpr std::array<std::string_view, 5> telling = {"request", "returned", "notify", "notified", "accessible"};
  if (step.source.find("__hp_event(") != std::string::npos && !step.environment) return "";
  std::string out;
  for (const counterexamples::TraceEvent& event : step.events) {
    if (std::find(telling.begin(), telling.end(), event.name) == telling.end()) continue;
    std::string arguments;
    for (std::size_t i = 1; i < event.shown.size(); ++i) arguments += (i > 1 ? ", " : "") + event.shown[i];
    out += (out.empty() ? "" : ", ") + event.name + "(" + arguments + ")";
  }
  return out;
}

}  // namespace

std::string what_happens(const TraceStep& step) {
  const bool chosen = step.choice != TraceChoice::none;
  // "call(): the device fails", or "__hp_fault("the device"): the device" where it does not.
  const std::optional<std::string> outcome = behind(step.text, "): ");
  if (step.faults > 0) {
    constexpr std::string_view fails = " fails";
    std::string what = outcome.value_or(step.text);
    if (what.ends_with(fails)) what.resize(what.size() - fails.size());
    return "fault: " + what;
  }
  if (outcome && (chosen || step.text.starts_with("__hp_fault("))) return (chosen ? "" : "no fault: ") + *outcome;
  if (chosen || step.source.empty() || step.environment) return step.text;
  return step.source;
}

std::string step_line(const TraceStep& step, std::size_t number, std::size_t names, const render::Style& style) {
  constexpr std::size_t place_width = 14;
  std::string out = number > 0 ? render::padded(std::to_string(number), 4, true) + "  " : "  ";
  out += render::padded(render::safe(step.actor, style.utf8), names) + "  " +
         render::padded(render::safe(place_of_step(step), style.utf8), place_width) + "  ";
  std::string what = what_happens(step);
  if (const std::string events = told(step); !events.empty()) what = events + (what.empty() ? "" : "   " + what);
  std::string changes;
  for (const counterexamples::TraceChange& change : step.changes) {
    if (change.kind == counterexamples::TraceChange::Kind::local) continue;
    changes += (changes.empty() ? "" : ", ") + change.variable + ": " + change.before + " -> " + change.after;
  }
  const std::size_t width = std::max<std::size_t>(style.width, 60);
  const std::size_t margin = render::columns(out);
  out += render::safe(what, style.utf8);
  if (changes.empty()) return render::trimmed(render::cut(out, width, style.utf8));
  changes = "[" + render::safe(changes, style.utf8) + "]";
  if (render::columns(out) + 3 + render::columns(changes) <= width) return out + "   " + changes;
  return render::trimmed(render::cut(out, width, style.utf8)) + "\n" +
         render::cut(std::string(margin, ' ') + changes, width, style.utf8);
}

}  // namespace hotproof::cli
