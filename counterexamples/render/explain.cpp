#include "counterexamples/render/explain.hpp"

#include <algorithm>
#include <map>

#include "counterexamples/render/run_table.hpp"
#include "counterexamples/render/text.hpp"
#include "counterexamples/render/tidy.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

constexpr std::size_t good_rows = 16;
constexpr std::size_t most_lock_lines = 16;
constexpr std::size_t most_left = 6;

std::string lines_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

void add_filled(std::string& out, const std::string& text, const Style& style) {
  for (const std::string& line : filled(safe(text, style.utf8), std::max<std::size_t>(style.width, 60) - 2))
    out += "  " + line + "\n";
}

// The steps of the good run from where it parts from the bad one.
std::string good_run(const PropertyReport& property, const Style& style) {
  if (!property.why || !property.why->good || !property.why->no_return) return "";
  const Trace& good = *property.why->good;
  const std::size_t parts = *property.why->no_return;
  if (good.steps.size() <= parts) return "";
  std::string out = "\n" + coloured("the nearest run that goes well", Colour::bold, style) + ": as above up to step " +
                    std::to_string(parts) + ", then\n";
  TableOptions table;
  table.rows = good_rows;
  table.first = parts;
  return out + lines_of(run_table(good, table, style));
}

bool is_lock_operation(const TraceStep& step) {
  const auto of_lock = [](const TraceChange& change) { return change.kind == TraceChange::Kind::lock; };
  return step.takes_lock || step.releases_lock || std::any_of(step.changes.begin(), step.changes.end(), of_lock);
}

// What is in one list of locks and not in the other.
std::vector<TraceLock> less(const std::vector<TraceLock>& all, const std::vector<TraceLock>& without) {
  std::vector<TraceLock> out;
  for (const TraceLock& lock : all)
    if (std::find(without.begin(), without.end(), lock) == without.end()) out.push_back(lock);
  return out;
}

// The lock that a step waits for: the model says so behind the call.
std::string waited_for(const TraceStep& step) {
  static constexpr std::string_view before = ": acquires ";
  static constexpr std::string_view after = " (waits)";
  const std::size_t at = step.text.rfind(before);
  if (at == std::string::npos || !step.text.ends_with(after)) return "";
  const std::size_t from = at + before.size();
  return step.text.substr(from, step.text.size() - after.size() - from);
}

}  // namespace

std::vector<std::string> left_behind(const Trace& trace) {
  struct Net {
    std::string before, after;
  };
  std::map<std::string, Net> nets;
  std::vector<std::string> order;
  for (const TraceStep& step : tidy(trace).steps) {
    for (const TraceChange& change : step.changes) {
      const auto [at, fresh] = nets.try_emplace(change.variable, Net{change.before, change.after});
      if (fresh) order.push_back(change.variable);
      at->second.after = change.after;
    }
  }
  static constexpr std::string_view part = "].some";
  std::vector<std::string> out;
  for (const std::string& name : order) {
    const Net& net = nets.at(name);
    // Where all of a block changed, a part of it did.
    const bool told = name.ends_with(part) && nets.contains(name.substr(0, name.size() - part.size()) + "].accessible");
    if (net.before != net.after && !told) out.push_back(name + " is " + net.after + " (it was " + net.before + ")");
  }
  if (out.size() > most_left) {
    const std::size_t more = out.size() - most_left;
    out.resize(most_left);
    out.push_back("and " + std::to_string(more) + " more");
  }
  return out;
}

std::vector<std::string> lock_scenario(const Trace& trace, const Style& style) {
  if (trace.steps.empty() || !is_lock_operation(trace.steps.back())) return {};
  std::map<std::string, std::vector<TraceLock>> held;
  std::vector<std::string> actors;
  struct Line {
    std::string actor, text;
  };
  std::vector<Line> body;
  for (const TraceStep& step : trace.steps) {
    std::vector<TraceLock>& before = held[step.actor];
    const auto say = [&](const std::string& text) {
      if (std::find(actors.begin(), actors.end(), step.actor) == actors.end()) actors.push_back(step.actor);
      body.push_back({step.actor, text});
    };
    for (const TraceLock& lock : less(step.locks, before)) say(lock.write ? "lock(" + lock.name + ");" : "rlock(" + lock.name + ");");
    for (const TraceLock& lock : less(before, step.locks)) say("unlock(" + lock.name + ");");
    if (const std::string waits = waited_for(step); !waits.empty()) {
      // Who gets it right after waits for nobody.
      const bool last = &step == &trace.steps.back();
      const bool gets_it = !last && (&step + 1)->actor == step.actor;
      if (!gets_it) say("lock(" + waits + ");  waits");
    }
    before = step.locks;
  }
  // One actor alone has no scenario, unless it ends where it takes a lock.
  if (body.empty() || (actors.size() == 1 && trace.steps.back().releases_lock)) return {};
  std::size_t width = 12;
  for (const Line& line : body) width = std::max(width, columns(safe(line.text, style.utf8)));
  const std::size_t left_out = body.size() - std::min(body.size(), most_lock_lines);
  body.erase(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(left_out));
  std::string head = "      ";
  std::string rule = "      ";
  for (const std::string& actor : actors) {
    head += padded(safe(actor, style.utf8), width + 2);
    rule += padded("----", width + 2);
  }
  std::vector<std::string> out = {"    the locks that are taken and given back", trimmed(head), trimmed(rule)};
  if (left_out > 0) out.push_back("      " + std::string(style.utf8 ? "⋮ " : ": ") + std::to_string(left_out) + " before");
  for (const Line& line : body) {
    const auto column = static_cast<std::size_t>(std::find(actors.begin(), actors.end(), line.actor) - actors.begin());
    out.push_back("      " + std::string(column * (width + 2), ' ') + safe(line.text, style.utf8));
  }
  return out;
}

std::string explanation(const PropertyReport& property, const Setting& setting, const Style& style) {
  std::string out = coloured(safe(setting.title, style.utf8), Colour::bold, style) + ", " + safe(setting.scenario, style.utf8) + "\n\n";
  out += violation(property, setting.title, style, Detail::full);
  if (property.trace) {
    const std::vector<std::string> left = left_behind(*property.trace);
    std::string words;
    for (const std::string& one : left) words += (words.empty() ? "At the end, " : "; ") + one;
    if (!words.empty()) add_filled(out, words + ".", style);
    const std::vector<std::string> locks = lock_scenario(*property.trace, style);
    if (!locks.empty()) out += "\n" + lines_of(locks);
  }
  out += good_run(property, style);
  if (!setting.command.empty()) out += "\nfound by: " + safe(setting.command, style.utf8) + "\n";
  return out;
}

}  // namespace hotproof::render
