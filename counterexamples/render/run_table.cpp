#include "counterexamples/render/run_table.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>
#include <optional>

#include "counterexamples/render/tidy.hpp"
#include "counterexamples/render/why.hpp"

namespace hotproof::render {

namespace {

using counterexamples::Trace;
using counterexamples::TraceChange;
using counterexamples::TraceChoice;
using counterexamples::TraceEvent;
using counterexamples::TraceStep;

constexpr std::size_t gap = 2;

std::string without_prefix(const std::string& text, std::string_view prefix) {
  return text.starts_with(prefix) && text.size() > prefix.size() ? text.substr(prefix.size()) : text;
}

// "notified"(actor, listener, action, block, answer)
bool is_notification(const TraceEvent& event) {
  return event.name == "notified" && event.args.size() >= 5;
}

struct RunCell {
  std::string text;
  Colour colour = Colour::plain;
};

struct RunRow {
  std::string mark;  // '+' for a line the patch added
  bool decides = false;  // the point of no return
  std::vector<RunCell> cells;
  std::size_t left_out = 0;  // not a step, but this many steps that are not shown
};

struct Column {
  std::string heading;
  std::size_t width = 0;
  std::size_t comfortable = 0;  // columns are narrowed to this first, then
  std::size_t least = 0;        // to this, and never below
};

// Which column is whose: 0 is the place, then actors, then listeners, then what changes.
struct Layout {
  std::map<std::string, std::size_t> actor;
  std::map<std::int64_t, std::size_t> listener;
  std::vector<Column> columns;
};

// Locks by letters, in the order in which they are first held: a capital for writing, a small one for reading.
class LockLetters {
 public:
  explicit LockLetters(const Trace& trace) {
    for (const TraceStep& step : trace.steps)
      for (const counterexamples::TraceLock& lock : step.locks)
        if (!letter_.contains(lock.name) && names_.size() < most) {
          letter_[lock.name] = static_cast<char>('A' + names_.size());
          names_.push_back(lock.name);
        }
  }
  std::string held(const TraceStep& step) const {
    std::string out;
    for (const counterexamples::TraceLock& lock : step.locks) {
      const auto found = letter_.find(lock.name);
      if (found != letter_.end()) out += static_cast<char>(lock.write ? found->second : found->second - 'A' + 'a');
    }
    std::sort(out.begin(), out.end(), [](char a, char b) { return std::toupper(a) < std::toupper(b); });
    return out;
  }
  // "A device_hotplug_lock, B mem[0].dev.mutex (small: for reading)"; empty without locks.
  std::string legend() const {
    std::string out;
    for (std::size_t i = 0; i < names_.size(); ++i)
      out += (i == 0 ? "" : ", ") + std::string(1, static_cast<char>('A' + i)) + " " + names_[i];
    return out.empty() ? out : "locks held: " + out + " (small letters: for reading)";
  }

 private:
  static constexpr std::size_t most = 26;
  std::vector<std::string> names_;
  std::map<std::string, char> letter_;
};

Layout layout_of(const Trace& trace, const Style& style) {
  Layout layout;
  layout.columns.push_back({"where", 0, 24, 10});
  std::map<std::string, bool> moves;
  std::map<std::int64_t, bool> notified;
  for (const TraceStep& step : trace.steps) {
    moves[step.actor] = true;
    for (const TraceEvent& event : step.events) {
      if (is_notification(event)) notified[event.args[1]] = true;
    }
  }
  for (const std::string& actor : trace.actors) {
    if (!moves.contains(actor)) continue;
    layout.actor[actor] = layout.columns.size();
    layout.columns.push_back({safe(actor, style.utf8), 0, 40, 14});
  }
  for (const auto& [number, unused] : notified) {
    layout.listener[number] = layout.columns.size();
    const bool named = number >= 0 && static_cast<std::size_t>(number) < trace.listeners.size();
    const std::string name =
        named ? trace.listeners[static_cast<std::size_t>(number)] : "listener " + std::to_string(number);
    layout.columns.push_back({safe(name, style.utf8), 0, 20, 14});
  }
  layout.columns.push_back({"changes", 0, 36, 20});
  return layout;
}

std::string changes_of(const TraceStep& step, const Style& style) {
  std::string out;
  for (const TraceChange& change : step.changes) {
    if (change.kind != TraceChange::Kind::shared) continue;
    if (!out.empty()) out += ", ";
    out += safe(change.variable, style.utf8) + " " + safe(change.before, style.utf8) + (style.utf8 ? " → " : " -> ") +
           safe(change.after, style.utf8);
  }
  return out;
}

// `before`: the step of the same actor that is shown above this one.
RunRow row_of(const TraceStep& step, const TraceStep* before, const Layout& layout, const Style& style) {
  RunRow row;
  row.cells.resize(layout.columns.size());
  row.mark = step.added_by_patch ? "+" : " ";
  if (const std::string place = place_in_words(step); !place.empty())
    row.cells[0] = {safe(place, style.utf8), Colour::dim};
  std::string words = safe(step.text, style.utf8);
  if (!step.environment && !step.function.empty() && (before == nullptr || before->function != step.function)) {
    words = safe(step.function, style.utf8) + ": " + words;
  }
  Colour colour = Colour::plain;
  if (step.faults > 0) {
    words = std::string(style.utf8 ? "✗ " : "x ") + words;
    colour = Colour::red;
  }
  if (const auto column = layout.actor.find(step.actor); column != layout.actor.end()) {
    row.cells[column->second] = {words, colour};
  }
  for (const TraceEvent& event : step.events) {
    if (!is_notification(event)) continue;
    const auto shown = [&event](std::size_t i) {
      return i < event.shown.size() ? event.shown[i] : std::to_string(event.args[i]);
    };
    RunCell& cell = row.cells[layout.listener.at(event.args[1])];
    if (!cell.text.empty()) cell.text += ", ";
    cell.text += safe(without_prefix(shown(2), "MEM_") + ": " + without_prefix(shown(4), "NOTIFY_"), style.utf8);
    cell.colour = step.faults > 0 ? Colour::red : Colour::cyan;
  }
  row.cells.back() = {changes_of(step, style), Colour::bold};
  return row;
}

std::vector<RunRow> rows_of(const Trace& trace, const std::vector<bool>& shown, const Layout& layout,
                         std::optional<std::size_t> decides, const Style& style) {
  std::vector<RunRow> rows;
  std::map<std::string, const TraceStep*> last;  // shown, by actor
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    if (!shown[i]) {
      ++left_out;
      continue;
    }
    if (left_out > 0) rows.push_back({" ", false, {}, left_out});
    left_out = 0;
    const TraceStep& step = trace.steps[i];
    rows.push_back(row_of(step, last[step.actor], layout, style));
    rows.back().decides = i == decides;
    last[step.actor] = &step;
  }
  return rows;
}

// Takes from the widest column until the table fits, or no column has more than `floor` says.
void narrow(std::vector<Column>& all, std::size_t width, std::size_t Column::*floor) {
  const auto total = [&all] {
    return std::accumulate(all.begin(), all.end(), std::size_t{4} - gap,
                           [](std::size_t sum, const Column& column) { return sum + column.width + gap; });
  };
  const auto spare = [floor](const Column& column) { return column.width - std::min(column.width, column.*floor); };
  const auto less = [&spare](const Column& a, const Column& b) { return spare(a) < spare(b); };
  while (total() > width) {
    const auto widest = std::max_element(all.begin(), all.end(), less);
    if (spare(*widest) == 0) break;
    --widest->width;
  }
}

// Each column as wide as its widest cell, then narrower until the table fits. A cell that is cut off by its column
// still runs on over empty cells to its right.
void fit(Layout& layout, const std::vector<RunRow>& rows, std::size_t width) {
  std::vector<Column>& all = layout.columns;
  for (std::size_t c = 0; c < all.size(); ++c) {
    all[c].width = columns(all[c].heading);
    for (const RunRow& row : rows) {
      if (c < row.cells.size()) all[c].width = std::max(all[c].width, columns(row.cells[c].text));
    }
  }
  narrow(all, std::max<std::size_t>(width, 60), &Column::comfortable);
  narrow(all, std::max<std::size_t>(width, 60), &Column::least);
}

std::string line_of(const RunRow& row, const Layout& layout, const Style& style) {
  if (row.left_out > 0) {
    const std::string dots = style.utf8 ? "⋮" : ":";
    return "    " + coloured(dots + " " + std::to_string(row.left_out) +
                                 (row.left_out == 1 ? " step left out" : " steps left out"),
                             Colour::dim, style);
  }
  const std::string arrow = row.decides ? coloured(style.utf8 ? "▶" : ">", Colour::red, style) : " ";
  std::string out = " " + arrow + coloured(row.mark, Colour::green, style) + " ";
  std::size_t owed = 0;     // columns up to where the cell starts
  std::size_t written = 0;  // columns written so far
  for (std::size_t c = 0; c < layout.columns.size(); ++c) {
    std::size_t room = layout.columns[c].width;
    for (std::size_t next = c + 1; next < layout.columns.size() && row.cells[next].text.empty(); ++next) {
      room += gap + layout.columns[next].width;
    }
    const std::string text = cut(row.cells[c].text, room, style.utf8);
    if (!text.empty()) {
      out += std::string(owed - written, ' ') + coloured(text, row.cells[c].colour, style);
      written = owed + columns(text);
    }
    owed += layout.columns[c].width + gap;
  }
  return style.colour ? out : trimmed(out);
}

}  // namespace

int interest(const TraceStep& step, bool last) {
  if (last || step.faults > 0) return 5;
  const auto is_kind = [](TraceChange::Kind kind) {
    return [kind](const TraceChange& change) { return change.kind == kind; };
  };
  if (std::any_of(step.events.begin(), step.events.end(), is_notification)) return 4;
  if (std::any_of(step.changes.begin(), step.changes.end(), is_kind(TraceChange::Kind::shared))) return 4;
  if (step.added_by_patch || step.choice != TraceChoice::none) return 3;
  if (!step.events.empty() || step.takes_lock || step.releases_lock) return 2;
  return step.changes.empty() ? 0 : 1;
}

std::vector<bool> shown_steps(const Trace& trace, std::size_t rows, std::optional<std::size_t> kept) {
  const std::size_t count = trace.steps.size();
  std::vector<bool> shown(count, true);
  const auto rows_used = [&] {
    std::size_t used = 0;
    for (std::size_t i = 0; i < count; ++i) used += shown[i] || (i > 0 && shown[i - 1]) ? 1 : 0;
    return used;
  };
  // By interest, and within one interest from the middle of the run outwards: the start and the end explain most.
  std::vector<std::size_t> order(count > 2 ? count - 2 : 0);
  std::iota(order.begin(), order.end(), 1);
  if (kept) std::erase(order, *kept);
  const auto from_middle = [count](std::size_t i) { return i > count / 2 ? i - count / 2 : count / 2 - i; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const int of_a = interest(trace.steps[a], false);
    const int of_b = interest(trace.steps[b], false);
    return of_a != of_b ? of_a < of_b : from_middle(a) < from_middle(b);
  });
  for (std::size_t next = 0; next < order.size() && rows_used() > rows;) {
    const int level = interest(trace.steps[order[next]], false);
    // What tells nothing goes as a whole; of what tells something, as little as possible.
    do {
      shown[order[next++]] = false;
    } while (level <= 1 && next < order.size() && interest(trace.steps[order[next]], false) == level);
  }
  // A mark for one step takes the row that the step itself would.
  for (std::size_t i = 1; i + 1 < count; ++i) {
    if (shown[i - 1] && shown[i + 1]) shown[i] = true;
  }
  return shown;
}

namespace {

// The row with which a run for ever begins to repeat itself.
std::optional<std::size_t> loop_row(const Trace& tidied) {
  return tidied.loop_start && *tidied.loop_start < tidied.steps.size() ? tidied.loop_start : std::nullopt;
}

// The row that shows a step of the whole run, or what comes of it.
std::optional<std::size_t> row_for(const Trace& tidied, const Trace& whole, std::size_t step) {
  for (std::size_t i = 0; i < tidied.steps.size(); ++i)
    if (tidied.steps[i].number > step && tidied.steps[i].actor == whole.steps[step].actor) return i;
  return std::nullopt;
}

// The call's depth as blanks before what is done, as far as there is room; and the locks, in a column of their own.
void add_details(std::vector<RunRow>& rows, const Trace& trace, const std::vector<bool>& shown, Layout& layout,
                 const LockLetters& letters, const Style& style) {
  constexpr std::uint32_t deepest = 6;
  std::map<std::string, std::uint32_t> least;
  for (const TraceStep& step : trace.steps)
    if (!step.environment) least[step.actor] = std::min(least.try_emplace(step.actor, step.depth).first->second, step.depth);
  layout.columns.insert(layout.columns.end() - 1, {"held", 0, 8, 4});
  std::size_t i = 0;
  for (RunRow& row : rows) {
    if (row.left_out > 0) {
      i += row.left_out;
      continue;
    }
    while (i < shown.size() && !shown[i]) ++i;
    const TraceStep& step = trace.steps[i++];
    const auto column = layout.actor.find(step.actor);
    if (column != layout.actor.end() && !step.environment)
      row.cells[column->second].text.insert(0, std::string(std::min(step.depth - least[step.actor], deepest), ' '));
    row.cells.insert(row.cells.end() - 1, {safe(letters.held(step), style.utf8), Colour::yellow});
  }
}

}  // namespace

std::vector<std::string> run_table(const Trace& whole, const TableOptions& options, const Style& style) {
  Trace trace = tidy(whole);
  const std::optional<std::size_t> no_return = options.no_return;
  const std::size_t before = trace.steps.size();
  std::erase_if(trace.steps, [&](const TraceStep& step) { return step.number <= options.first; });
  if (trace.steps.size() != before) trace.loop_start.reset();
  const LockLetters letters(trace);
  const std::string legend = options.details ? letters.legend() : "";
  const std::size_t rows = options.rows - (legend.empty() ? 0 : std::min<std::size_t>(options.rows, 1));
  Layout layout = layout_of(trace, style);
  std::optional<std::size_t> decides;
  if (no_return && *no_return < whole.steps.size()) decides = row_for(trace, whole, *no_return);
  const std::optional<std::size_t> kept = decides ? decides : loop_row(trace);
  const std::vector<bool> shown = shown_steps(trace, std::max<std::size_t>(rows, 4) - 1, kept);
  std::vector<RunRow> body = rows_of(trace, shown, layout, decides, style);
  if (options.details) add_details(body, trace, shown, layout, letters, style);
  fit(layout, body, style.width);
  RunRow heading{" ", false, {}, 0};
  for (const Column& column : layout.columns) heading.cells.push_back({column.heading, Colour::dim});
  std::vector<std::string> lines = {line_of(heading, layout, style)};
  for (const RunRow& row : body) lines.push_back(line_of(row, layout, style));
  if (!legend.empty())
    lines.push_back("    " + coloured(cut(safe(legend, style.utf8), std::max<std::size_t>(style.width, 60) - 4, style.utf8), Colour::dim, style));
  return lines;
}

}  // namespace hotproof::render
