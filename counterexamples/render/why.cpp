#include "counterexamples/render/why.hpp"

#include <algorithm>

#include "counterexamples/explain.hpp"
#include "counterexamples/render/tidy.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

// More than these tell nobody more.
constexpr std::size_t most_ways_out = 3;
constexpr std::size_t most_preventions = 6;

// What the environment may choose at any time (which request) is no answer to "what went wrong".
bool is_environment_choice(const TraceStep& step) {
  return step.environment && step.choice == TraceChoice::free;
}

std::string with_place(const std::string& words, const TraceStep& step) {
  const std::string place = place_in_words(step);
  return place.empty() ? words : words + " (" + place + ")";
}

// The other way of what fails here is that it does not fail; that needs no words.
bool goes_well_instead(const TraceStep& taken, const TraceStep& other) {
  return taken.faults > 0 && other.faults == 0 && other.actor == taken.actor && other.file == taken.file &&
         other.line == taken.line;
}

std::string instead(const Trace& trace, const Why& why) {
  const TraceStep& taken = trace.steps[*why.no_return];
  std::vector<std::string> others;
  for (const TraceStep& other : why.ways_out) {
    if (goes_well_instead(taken, other)) continue;
    const std::string words = with_place(step_in_words(trace, other), other);
    if (std::find(others.begin(), others.end(), words) == others.end()) others.push_back(words);
  }
  if (others.empty()) return "";
  std::string out = others.size() == 1 ? " The way out there: " : " Ways out there: ";
  for (std::size_t i = 0; i < others.size() && i < most_ways_out; ++i) out += (i == 0 ? "" : "; ") + others[i];
  if (others.size() > most_ways_out) out += "; and " + std::to_string(others.size() - most_ways_out) + " more";
  return out + ".";
}

std::string point_of_no_return(const Trace& trace, const Why& why) {
  if (!why.no_return) return "Every run of the model gets there, whatever is chosen.";
  const std::size_t at = *why.no_return;
  const TraceStep& step = trace.steps[at];
  const std::string fault = step.faults > 0 ? fault_in_words(trace, at) : "";
  // What decides may be that something does not fail: half of the work is done then.
  static constexpr std::string_view fails = " fails";
  std::string words = fault.empty() ? step_in_words(trace, step) : fault;
  for (const TraceStep& other : why.ways_out) {
    const std::string failure = step_in_words(trace, other);
    if (!goes_well_instead(other, step) || !failure.ends_with(fails)) continue;
    words = failure.substr(0, failure.size() - fails.size()) + " does not fail";
  }
  return "The point of no return is step " + std::to_string(at + 1) + " of " + std::to_string(trace.steps.size()) + ": " +
         with_place(words, step) + "." + instead(trace, why);
}

std::string preventions(const Trace& trace, const Why& why) {
  const std::vector<std::string> all = preventions_in_words(trace, why);
  if (all.empty()) return "";
  std::string out = all.size() == 1 ? "No run gets there if " : "No run gets there if any one of these is so: ";
  for (std::size_t i = 0; i < all.size() && i < most_preventions; ++i) out += (i == 0 ? "" : "; ") + all[i];
  if (all.size() > most_preventions) out += "; and " + std::to_string(all.size() - most_preventions) + " more";
  return out + ".";
}

// "A refused MEM_PREPARE_ONLINE is followed by no notification; a refused MEM_GOING_ONLINE by MEM_CANCEL_ONLINE." Said where
// refusals are treated differently.
std::string refusals_in_words(const Why& why) {
  const auto same = [&](const RefusalReport& r) { return r.followed_by == why.refusals.front().followed_by; };
  if (why.refusals.size() < 2 || std::all_of(why.refusals.begin(), why.refusals.end(), same)) return "";
  std::string out = "Refusals are not treated alike: ";
  for (std::size_t i = 0; i < why.refusals.size(); ++i) {
    const RefusalReport& refusal = why.refusals[i];
    out += (i == 0 ? "after " : "; after ") + refusal.action;
    if (refusal.followed_by.empty()) out += " the chain hears nothing more";
    for (std::size_t k = 0; k < refusal.followed_by.size(); ++k)
      out += (k == 0 ? " it hears " : k + 1 == refusal.followed_by.size() ? " and " : ", ") + refusal.followed_by[k];
  }
  return out + ".";
}

}  // namespace

std::string place_in_words(const TraceStep& step) {
  if (step.line == 0 || step.environment) return "";
  return step.file.substr(step.file.rfind('/') + 1) + ":" + std::to_string(step.line);
}

std::string prevention_in_words(const Trace& trace, const PreventionReport& prevention) {
  const TraceStep& first = trace.steps[prevention.first];
  const TraceStep& last = trace.steps[prevention.last];
  switch (prevention.kind) {
    case PreventionReport::Kind::choice: {
      const std::string action = first.faults > 0 ? refused_action(first.text) : "";
      if (!action.empty()) return with_place("no listener refuses " + action, first);
      return with_place("it never happens that " + step_in_words(trace, first), first);
    }
    case PreventionReport::Kind::actor:
      return first.actor + " does nothing";
    case PreventionReport::Kind::together:
      break;
  }
  const std::string from = place_in_words(first);
  const std::string to = place_in_words(last);
  return "nobody else moves while " + first.actor + " goes from " + (from.empty() ? "its request" : from) + " to " +
         (to.empty() ? "its return" : to) + (last.function.empty() || last.environment ? "" : " in " + last.function + "()");
}

std::vector<std::string> preventions_in_words(const Trace& trace, const Why& why) {
  std::vector<std::string> all;
  for (const PreventionReport& prevention : why.prevented_by) {
    if (prevention.kind == PreventionReport::Kind::choice && is_environment_choice(trace.steps[prevention.first])) continue;
    const std::string words = prevention_in_words(trace, prevention);
    if (std::find(all.begin(), all.end(), words) == all.end()) all.push_back(words);
  }
  return all;
}

std::vector<std::string> why_in_words(const Trace& trace, const Why& why) {
  if (!why.unknown.empty()) return {"Where it could still have been avoided was not worked out: " + why.unknown + "."};
  if (why.steps.size() != trace.steps.size()) return {};
  std::vector<std::string> out = {point_of_no_return(trace, why)};
  if (std::string more = preventions(trace, why); !more.empty()) out.push_back(std::move(more));
  if (std::string more = refusals_in_words(why); !more.empty()) out.push_back(std::move(more));
  return out;
}

}  // namespace hotproof::render
