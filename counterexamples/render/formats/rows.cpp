#include "counterexamples/render/formats/rows.hpp"

#include <set>

#include "counterexamples/render/tidy.hpp"
#include "counterexamples/render/why.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

std::string without(const std::string& text, std::string_view prefix) {
  return text.starts_with(prefix) && text.size() > prefix.size() ? text.substr(prefix.size()) : text;
}

bool refuses(std::int64_t answer) {
  return (answer & ~std::int64_t{0x8000}) > 1;  // as the tree's notifier_to_errno() reads it
}

PictureRow row_of(const Trace& trace, std::size_t at) {
  const TraceStep& step = trace.steps[at];
  PictureRow row;
  row.actor = number_of_actor(trace, step.actor);
  if (!step.file.empty()) row.where = place_in_words(step);
  const bool enters = at == 0 || trace.steps[at - 1].function != step.function;
  row.text = (enters && !step.function.empty() && !step.environment ? step.function + ": " : "") + step.text;
  row.added = step.added_by_patch;
  row.fault = step.faults > 0;
  row.last = at + 1 == trace.steps.size();
  for (const TraceLock& lock : step.locks) row.locks.push_back(lock.name + (lock.write ? "" : " (read)"));
  for (const TraceEvent& event : step.events) {
    if (event.name != "notified" || event.args.size() < 5) continue;
    row.answers[event.args[1]] = without(shown(event, 2), "MEM_") + ": " + without(shown(event, 4), "NOTIFY_");
    row.refused[event.args[1]] = refuses(event.args[4]);
  }
  for (const TraceChange& change : step.changes)
    row.changes.push_back(change.variable + " " + change.before + " -> " + change.after);
  return row;
}

}  // namespace

Picture picture_of(const Trace& whole) {
  const Trace trace = tidy(whole);
  Picture out;
  out.actors = moving_actors(trace);
  out.loop_start = trace.loop_start;
  std::set<std::int64_t> listeners;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    out.rows.push_back(row_of(trace, i));
    for (const auto& [listener, answer] : out.rows.back().answers) listeners.insert(listener);
  }
  out.listeners.assign(listeners.begin(), listeners.end());
  return out;
}

std::string actor_name(const Trace& trace, std::size_t actor) {
  return actor < trace.actors.size() ? trace.actors[actor] : "somebody";
}

}  // namespace hotproof::render
