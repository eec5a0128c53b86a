#include "counterexamples/render/sentences.hpp"

#include <algorithm>
#include <map>

#include "counterexamples/render/run_table.hpp"
#include "counterexamples/render/tidy.hpp"
#include "counterexamples/render/why.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

const TraceEvent* event_named(const TraceStep& step, std::string_view name, std::size_t args) {
  const auto found = std::find_if(step.events.begin(), step.events.end(), [&](const TraceEvent& event) {
    return event.name == name && event.args.size() >= args;
  });
  return found == step.events.end() ? nullptr : &*found;
}

std::string shown(const TraceEvent& event, std::size_t i) {
  return i < event.shown.size() && !event.shown[i].empty() ? event.shown[i] : std::to_string(event.args[i]);
}

class Teller {
 public:
  explicit Teller(const Trace& trace) : whole_(trace), trace_(tidy(trace)) {}

  std::vector<Sentence> tell() {
    std::vector<Sentence> out;
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
      const TraceStep& step = trace_.steps[i];
      Sentence sentence;
      sentence.number = step.number;
      sentence.actor = step.actor;
      sentence.added_by_patch = step.added_by_patch;
      sentence.interest = interest(step, i + 1 == trace_.steps.size());
      if (const std::string at = place_in_words(step); !at.empty())
        sentence.place = at + (step.function.empty() ? "" : ", " + step.function + "()");
      if (!step.environment) sentence.source = step.source;
      // A call that is entered is no step of the model: it says nothing of locks.
      if (step.number != 0) {
        sentence.text = words_of(step);
        held_[step.actor] = step.locks;
      }
      if (sentence.text.empty() && sentence.source.empty()) continue;
      if (sentence.text.empty()) sentence.text = step.actor + " runs";
      out.push_back(std::move(sentence));
    }
    return out;
  }

 private:
  std::string words_of(const TraceStep& step) {
    std::vector<std::string> parts;
    if (event_named(step, "request", 3) != nullptr) return step_in_words(whole_, step);
    if (const TraceEvent* told = event_named(step, "notified", 5)) {
      const auto number = static_cast<std::size_t>(told->args[1]);
      const std::string who = told->args[1] >= 0 && number < whole_.listeners.size() ? whole_.listeners[number]
                                                                                     : "listener " + shown(*told, 1);
      return who + (step.faults > 0 ? " refuses " : " hears of ") + shown(*told, 2) + " and answers " + shown(*told, 4);
    }
    if (const TraceEvent* done = event_named(step, "notify-done", 4))
      return "the call of the chain with " + shown(*done, 1) + " gives back " + shown(*done, 3);
    if (event_named(step, "returned", 4) != nullptr) return step.actor + " " + step.text;
    if (step.faults > 0) parts.push_back("a failure: " + step.text);
    add_locks(step, parts);
    std::vector<std::string> changes;
    for (const TraceChange& change : step.changes)
      if (change.kind == TraceChange::Kind::shared)
        changes.push_back(change.variable + " becomes " + change.after + " (it was " + change.before + ")");
    if (!changes.empty()) parts.push_back(enumerated(changes));
    return enumerated(parts);
  }

  void add_locks(const TraceStep& step, std::vector<std::string>& parts) {
    const std::vector<TraceLock>& before = held_[step.actor];
    const auto has = [](const std::vector<TraceLock>& all, const TraceLock& lock) {
      return std::find(all.begin(), all.end(), lock) != all.end();
    };
    for (const TraceLock& lock : step.locks)
      if (!has(before, lock)) parts.push_back(step.actor + " takes " + lock.name + (lock.write ? "" : " for reading"));
    for (const TraceLock& lock : before)
      if (!has(step.locks, lock)) parts.push_back(step.actor + " gives back " + lock.name);
  }

  const Trace& whole_;
  Trace trace_;
  std::map<std::string, std::vector<TraceLock>> held_;  // by actor
};

}  // namespace

std::string enumerated(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

std::vector<Sentence> sentences(const Trace& trace) {
  return Teller(trace).tell();
}

std::string for_ever_in_words(const counterexamples::Trace& trace) {
  if (!trace.loop_start) return "";
  if (*trace.loop_start >= trace.steps.size()) return "then nobody moves any more, for ever";
  return "from step " + std::to_string(*trace.loop_start + 1) + " on it repeats itself for ever";
}

}  // namespace hotproof::render
