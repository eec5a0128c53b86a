#include "counterexamples/render/html/page.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "counterexamples/render/formats/run_view.hpp"
#include "counterexamples/render/tidy.hpp"
#include "counterexamples/render/why.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

// What a listener agrees to, and what ends that.
struct Pending {
  std::string_view opens;
  std::array<std::string_view, 2> closes;
};
constexpr std::array<Pending, 3> pending = {{{"MEM_PREPARE_ONLINE", {"MEM_FINISH_OFFLINE", ""}},
                                             {"MEM_GOING_ONLINE", {"MEM_ONLINE", "MEM_CANCEL_ONLINE"}},
                                             {"MEM_GOING_OFFLINE", {"MEM_OFFLINE", "MEM_CANCEL_OFFLINE"}}}};

bool refuses(std::int64_t answer) {
  return (answer & ~std::int64_t{0x8000}) > 1;  // as the tree's notifier_to_errno() reads it
}

// Among listeners it goes without saying.
std::string without(const std::string& text, std::string_view prefix) {
  return text.starts_with(prefix) && text.size() > prefix.size() ? text.substr(prefix.size()) : text;
}

void hear(PageListener& listener, const TraceEvent& told) {
  const std::string action = shown(told, 2);
  listener.refused = refuses(told.args[4]);
  listener.last = without(action, "MEM_") + ": " + without(shown(told, 4), "NOTIFY_");
  for (const Pending& kind : pending) {
    if (action == kind.opens && !listener.refused) listener.accepted.push_back(without(action, "MEM_"));
    if (std::find(kind.closes.begin(), kind.closes.end(), action) != kind.closes.end())
      std::erase(listener.accepted, without(std::string(kind.opens), "MEM_"));
  }
}

std::string where_of(const TraceStep& step) {
  const std::string place = place_in_words(step);
  return place.empty() || step.function.empty() ? place : place + " in " + step.function + "()";
}

// Lines that the trace itself has, for runs that were kept without quotes.
std::vector<Quote> quotes_in(const Trace& trace) {
  std::map<std::pair<std::string, std::string>, std::map<std::uint32_t, std::pair<std::string, bool>>> lines;
  std::vector<std::pair<std::string, std::string>> order;
  const auto add = [&](const std::string& file, const std::string& function, std::uint32_t line, const std::string& text, bool added) {
    if (file.empty() || line == 0) return;
    const auto [entry, fresh] = lines.try_emplace({file, function});
    if (fresh) order.emplace_back(file, function);
    entry->second[line] = {text, added};
  };
  for (const TraceStep& step : trace.steps) {
    for (const TraceCall& call : step.callers) add(call.file, call.function, call.line, call.source, call.added_by_patch);
    if (!step.environment) add(step.file, step.function, step.line, step.source, step.added_by_patch);
  }
  std::vector<Quote> out;
  for (const auto& name : order) {
    std::uint32_t before = 0;
    for (const auto& [line, text] : lines[name]) {
      if (before == 0 || line != before + 1) out.push_back({name.first, name.second, line, {}, {}});
      before = line;
      out.back().lines.push_back(text.first);
      if (text.second) out.back().added.insert(line);
    }
  }
  return out;
}

class Maker {
 public:
  explicit Maker(const PropertyReport& property) : property_(property), whole_(*property.trace) {}

  Page make() {
    add_actors(whole_);
    if (property_.why && property_.why->good) add_actors(*property_.why->good);
    quote(property_.quotes.empty() ? quotes_in(whole_) : property_.quotes);
    page_.total = whole_.steps.size();
    page_.block = block_of(whole_).value_or(0);
    page_.visits = life_of(whole_, page_.block);
    page_.steps = steps_of(whole_, 0);
    add_fates();
    for (const PageStep& step : page_.steps) {
      for (const std::string& lock : step.locks)
        if (std::find(page_.locks.begin(), page_.locks.end(), lock) == page_.locks.end()) page_.locks.push_back(lock);
      for (const auto& [number, listener] : step.listeners) page_.listeners.try_emplace(number, listener_name(whole_, number));
    }
    return std::move(page_);
  }

 private:
  void add_actors(const Trace& trace) {
    for (const TraceStep& step : trace.steps) {
      if (!mover_.try_emplace(step.actor, page_.actors.size()).second) continue;
      page_.actors.push_back(step.actor);
      page_.asks.push_back(requests_in_words(trace, step.actor));
    }
  }

  void quote(const std::vector<Quote>& quotes) {
    for (const Quote& quote : quotes) {
      const auto [entry, fresh] = function_.try_emplace({quote.file, quote.function}, page_.functions.size());
      if (fresh) page_.functions.push_back({quote.file, quote.function, {}});
      page_.functions[entry->second].parts.push_back(quote);
    }
  }

  std::optional<PageLine> line_at(const std::string& file, const std::string& function, std::uint32_t line) const {
    const auto found = function_.find({file, function});
    if (found == function_.end()) return std::nullopt;
    for (const Quote& part : page_.functions[found->second].parts)
      if (line >= part.first && line - part.first < part.lines.size()) return PageLine{found->second, line};
    return std::nullopt;
  }

  // Of the tidy run, those with a number over `after`.
  std::vector<PageStep> steps_of(const Trace& whole, std::size_t after) {
    const Trace trace = tidy(whole);
    std::vector<PageStep> out;
    std::vector<std::string> calls;
    std::map<std::string, std::vector<std::string>> held;
    std::map<std::int64_t, PageListener> heard;
    for (const TraceStep& step : trace.steps) {
      if (step.number == 0) {  // a call on the way to the next step
        calls.push_back(where_of(step) + ": " + step.text);
        continue;
      }
      PageStep made = step_of(whole, step);
      made.calls = std::exchange(calls, {});
      compare_locks(made, held[step.actor]);
      held[step.actor] = made.locks;
      for (const TraceEvent& event : step.events) {
        if (event.name != "notified" || event.args.size() < 5) continue;
        hear(heard[event.args[1]], event);
        made.listeners[event.args[1]] = heard[event.args[1]];
      }
      if (made.text.empty()) made.text = event_of(step, "accounts", 1) != nullptr ? "comes to rest" : "around the kernel";
      if (made.number > after) out.push_back(std::move(made));
    }
    return out;
  }

  PageStep step_of(const Trace& whole, const TraceStep& step) const {
    PageStep out;
    out.number = step.number;
    out.actor = mover_.at(step.actor);
    out.text = step.text;
    if (!step.environment && step.source != step.text) out.source = step.source;
    out.where = where_of(step);
    out.added = step.added_by_patch;
    out.fault = step.faults > 0;
    for (const TraceEvent& event : step.events) {
      if (event.name != "notified" || event.args.size() < 5) continue;
      out.told.push_back(listener_name(whole, event.args[1]) + " is told " + shown(event, 2) + " and answers " + shown(event, 4));
    }
    for (const TraceChange& change : step.changes)
      out.changes.push_back(change.variable + ": " + change.before + " \xe2\x86\x92 " + change.after);
    for (const TraceLock& lock : step.locks) out.locks.push_back(lock.name + (lock.write ? "" : " (read)"));
    for (const TraceCall& call : step.callers)
      if (const auto line = line_at(call.file, call.function, call.line)) out.through.push_back(*line);
    if (!step.environment) out.at = line_at(step.file, step.function, step.line);
    // The environment answers for a call of the tree: there the actor is.
    if (!out.at && !out.through.empty()) {
      out.at = out.through.back();
      out.through.pop_back();
    }
    while (out.visit + 1 < page_.visits.size() && page_.visits[out.visit + 1].step <= out.number) ++out.visit;
    return out;
  }

  static void compare_locks(PageStep& step, const std::vector<std::string>& before) {
    const auto without = [](const std::vector<std::string>& all, const std::vector<std::string>& others) {
      std::vector<std::string> out;
      for (const std::string& lock : all)
        if (std::find(others.begin(), others.end(), lock) == others.end()) out.push_back(lock);
      return out;
    };
    step.taken = without(step.locks, before);
    step.released = without(before, step.locks);
  }

  void add_fates() {
    if (!property_.why || property_.why->steps.size() != whole_.steps.size()) return;
    const Why& why = *property_.why;
    for (PageStep& step : page_.steps) step.fate = why.steps[step.number - 1];
    if (!why.no_return || *why.no_return >= whole_.steps.size()) return;
    // What decides may be a choice that the tidy run shows together with what it leads to.
    const std::string& actor = whole_.steps[*why.no_return].actor;
    for (PageStep& step : page_.steps) {
      if (step.number <= *why.no_return || page_.actors[step.actor] != actor) continue;
      step.no_return = true;
      step.fate = why.steps[*why.no_return];
      break;
    }
    page_.parts = *why.no_return + 1;
    if (why.good) page_.good = steps_of(*why.good, *why.no_return);
  }

  const PropertyReport& property_;
  const Trace& whole_;
  Page page_;
  std::map<std::string, std::size_t> mover_;
  std::map<std::pair<std::string, std::string>, std::size_t> function_;
};

}  // namespace

Page page_of(const PropertyReport& property) {
  return Maker(property).make();
}

std::string letter_of(std::size_t actor) {
  return actor < 26 ? std::string(1, static_cast<char>('A' + actor)) : std::to_string(actor);
}

}  // namespace hotproof::render
