#include <algorithm>
#include <set>

#include "counterexamples/render/run_table.hpp"
#include "counterexamples/render/sentences.hpp"
#include "counterexamples/render/text.hpp"
#include "counterexamples/render/tidy.hpp"
#include "counterexamples/render/why.hpp"

namespace hotproof::render {

namespace {

using counterexamples::PropertyReport;
using counterexamples::Trace;
using counterexamples::TraceStep;

std::string number(std::uint64_t count, const std::string& noun, const std::string& plural) {
  return (count == 0 ? "no" : std::to_string(count)) + " " + (count == 1 ? noun : plural);
}

std::vector<std::string> moving_actors(const Trace& trace) {
  std::set<std::string> moves;
  for (const TraceStep& step : trace.steps) moves.insert(step.actor);
  std::vector<std::string> out;
  std::copy_if(trace.actors.begin(), trace.actors.end(), std::back_inserter(out),
               [&moves](const std::string& actor) { return moves.contains(actor); });
  return out;
}

std::string faults_of(const Trace& trace) {
  if (trace.faults == 0) return "Without any fault, ";
  const std::vector<std::string> what = faults_in_words(trace);
  const std::string count = "After " + number(trace.faults, "injected fault", "injected faults");
  return (what.empty() ? count : count + " (" + enumerated(what) + ")") + " ";
}

// "worker0, setting block 0 online, and reader0 get there"
std::string who(const Trace& trace) {
  std::vector<std::string> actors = moving_actors(trace);
  const char* verb = actors.size() == 1 ? " gets there" : " get there";
  for (std::string& actor : actors) {
    const std::string doing = requests_in_words(trace, actor);
    if (!doing.empty()) actor += " (" + doing + ")";
  }
  return enumerated(actors) + verb;
}

// One plain sentence on how the run gets where it gets.
std::string how(const PropertyReport& property, const Trace& trace) {
  const std::size_t actors = moving_actors(trace).size();
  std::string out =
      property.cover
          ? "No run gets there. An attempt without faults, and how it ends: " + enumerated(moving_actors(trace)) + ", in "
          : faults_of(trace) + who(trace) + " in ";
  out += number(trace.steps.size(), "step", "steps");
  if (const std::size_t hidden = hidden_steps(trace); hidden > 0) {
    out += " (" + std::to_string(hidden) + " that only read or compute are not shown)";
  }
  if (actors > 1) out += " with " + number(trace.switches, "switch", "switches") + " between them";
  const TraceStep* place = place_of(trace);
  if (place != nullptr && !place->function.empty()) out += ", at the end in " + place->function + "()";
  if (trace.loop_start) return out + "; " + for_ever_in_words(trace) + ".";
  return out + (trace.minimal ? "; no run is simpler." : "; it is the simplest that was found.");
}

// What the last step's actor holds, for the locking rules.
std::string held(const Trace& trace) {
  if (trace.steps.empty() || trace.steps.back().locks.empty()) return "";
  std::vector<std::string> locks;
  for (const counterexamples::TraceLock& lock : trace.steps.back().locks) {
    locks.push_back(lock.name + (lock.write ? "" : " (read)"));
  }
  return trace.steps.back().actor + " then holds " + enumerated(locks) + ".";
}

void add_filled(std::vector<std::string>& lines, const std::string& text, const Style& style) {
  for (const std::string& line : filled(brief(text, style.utf8), std::max<std::size_t>(style.width, 60) - 2)) {
    lines.push_back("  " + line);
  }
}

// Texts of strangers may be long; a violation stays on one screen whatever they say.
constexpr std::size_t most_head = 6;
constexpr std::size_t most_foot = 10;

void shorten(std::vector<std::string>& lines, std::size_t most) {
  if (lines.size() > most) lines.resize(most);
}

}  // namespace

std::string violation(const PropertyReport& property, const std::string& where, const Style& style, Detail detail) {
  const Trace* trace = property.trace ? &*property.trace : nullptr;
  const TraceStep* place = trace != nullptr ? place_of(*trace) : nullptr;
  std::string at = where;
  if (place != nullptr) {
    at = place->file + ":" + std::to_string(place->line);
    if (place->column != 0) at += ":" + std::to_string(place->column);
  }
  std::vector<std::string> head = {coloured(brief(at, style.utf8) + ":", Colour::bold, style) + " " +
                                   coloured("violated:", Colour::red, style) + " " + brief(property.id, style.utf8) +
                                   ": " + brief(property.says, style.utf8)};
  add_filled(head, property.reason, style);
  if (!property.variant.empty()) add_filled(head, "This is " + property.variant + ".", style);
  if (property.listeners) add_filled(head, "It " + listeners_in_words(*property.listeners) + ".", style);
  if (trace != nullptr) {
    add_filled(head, how(property, *trace), style);
  } else if (property.cover) {
    add_filled(head, "No run gets there.", style);
  }
  if (!property.sizes.empty()) {
    std::string sizes;
    for (const auto& [name, value] : property.sizes)
      sizes += (sizes.empty() ? "for example with " : ", ") + name + " " + std::to_string(value);
    add_filled(head, sizes, style);
  }
  shorten(head, most_head);

  std::vector<std::string> foot;
  if (trace != nullptr) add_filled(foot, held(*trace), style);
  if (trace != nullptr && property.why)
    for (const std::string& sentence : why_in_words(*trace, *property.why)) add_filled(foot, sentence, style);
  if (property.latent()) add_filled(foot, "latent: " + property.latent_needs, style);
  if (property.confidence == ir::Confidence::moderate) {
    add_filled(foot, "confidence: moderate (the rule is good practice rather than a promise of the kernel)", style);
  }
  if (!property.origin.empty()) add_filled(foot, "rule from: " + property.origin, style);
  shorten(foot, most_foot);

  std::string out;
  const auto append = [&out](const std::vector<std::string>& lines) {
    for (const std::string& line : lines) out += line + "\n";
  };
  append(head);
  if (trace != nullptr && !trace->steps.empty()) {
    TableOptions table;
    table.rows = detail == Detail::full ? explained_rows : violation_lines - head.size() - foot.size();
    if (property.why) table.no_return = property.why->no_return;
    table.details = detail == Detail::full;
    append(run_table(*trace, table, style));
  }
  append(foot);
  return out;
}

}  // namespace hotproof::render
