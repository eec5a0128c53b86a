#include <algorithm>

#include "counterexamples/render/orderings.hpp"
#include "counterexamples/render/text.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

std::string name_of(const OrderingsReport& report, std::size_t step, const Style& style) {
  return safe(report.steps[step].name, style.utf8);
}

void add_line(std::string& out, const std::string& line, const Style& style) {
  const auto lines = filled(line, std::max<std::size_t>(style.width, 60) - 6);
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i == 0 ? "  " : "      ") + lines[i] + "\n";
}

std::string lines_in_words(const std::vector<std::uint32_t>& lines) {
  std::string out = lines.size() == 1 ? "line " : "lines ";
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i == 0 ? "" : ", ") + std::to_string(lines[i]);
  return out;
}

std::string step_table(const OrderingsReport& report, const Style& style) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < report.steps.size(); ++i) width = std::max(width, columns(name_of(report, i, style)));
  std::string out = "steps, as written\n";
  for (std::size_t i = 0; i < report.steps.size(); ++i) {
    const StepReport& step = report.steps[i];
    const std::string number = std::to_string(i + 1);
    std::string line = std::string(4 - std::min<std::size_t>(4, number.size()), ' ') + number + "  " +
                       padded(name_of(report, i, style), width) + "  line " + std::to_string(step.line);
    line += step.may_fail ? ", may fail" : "";
    if (!step.undo.empty())
      line += ", undone by " + safe(step.undo, style.utf8) + " (line " + std::to_string(step.undo_line) + ")";
    if (!step.forgotten_at.empty()) line += ", but not on the way out at " + lines_in_words(step.forgotten_at);
    out += line + "\n";
  }
  return out;
}

std::string in_order(const OrderingsReport& report, const std::vector<std::size_t>& order, const Style& style) {
  std::string out;
  for (const std::size_t step : order) out += (out.empty() ? "" : ", ") + name_of(report, step, style);
  return out;
}

// The runs, one a property: the same property again breaks in much the same way.
template <class Reports, class Heading>
std::string runs(const Reports& reports, const OrderingsReport& report, const Heading& heading, const Style& style) {
  std::string out;
  for (const auto& entry : reports) {
    if (!entry.violated) continue;
    out += coloured(heading(entry), Colour::bold, style) + "\n" +
           violation(*entry.violated, report.as_written.title, style) + "\n";
  }
  return out;
}

std::string count(std::uint64_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

// "a before b before c": on error paths, the other way round.
void add_undos(std::string& out, const OrderingsReport& report, const Style& style) {
  bool first = true;
  for (const PrecedenceReport& precedence : report.precedences) {
    const StepReport& before = report.steps[precedence.before];
    const StepReport& after = report.steps[precedence.after];
    if (before.undo.empty() || after.undo.empty()) continue;
    if (first) add_line(out, "so on error paths, which undo what was done, last first:", style);
    first = false;
    add_line(out, "    " + safe(after.undo + " before " + before.undo, style.utf8), style);
  }
}

std::string number_in_words(std::uint64_t number) {
  return number == ~std::uint64_t{0} ? "too many to count" : std::to_string(number);
}

void add_verdict(std::string& out, const OrderingsReport& report, const Style& style) {
  if (report.one_at_a_time) {
    add_line(out,
             "NOT ALL ORDERS were looked at: there are " + number_in_words(report.possible) + ", " +
                 number_in_words(report.expected) + " of them likely to be safe, and to decide all takes more than " +
                 std::to_string(report.most) +
                 " models (--most). Below is what moving one step at a time breaks, all "
                 "others staying as they are. --steps A,B,C looks at all orders of a few steps, --step A at all places "
                 "of one",
             style);
    return;
  }
  add_line(out,
           count(report.safe, "order") + " of " + std::to_string(report.possible) +
               (report.safe == 1 ? " is safe" : " are safe"),
           style);
  if (report.unknown > 0) add_line(out, "of " + count(report.unknown, "order") + " nothing definite is known", style);
}

// Steps that stay where they are for no reason that is known.
void add_open_moves(std::string& out, const OrderingsReport& report, const Style& style) {
  if (!report.one_at_a_time) return;
  for (const MoveReport& move : report.moves) {
    const bool anywhere = move.earliest == 0 && move.latest + 1 == report.steps.size();
    const std::string name = name_of(report, move.step, style);
    if (move.unknown) add_line(out, name + ": how far it can be moved is not known", style);
    if (anywhere) add_line(out, name + " may stand anywhere", style);
  }
}

std::string precedences(const OrderingsReport& report, const Style& style) {
  std::string out =
      coloured("orders of the steps", Colour::bold, style) + " (" + count(report.checked, "model") + " checked)\n";
  if (!report.moving.empty())
    add_line(out, "only " + in_order(report, report.moving, style) + " change places, the others keep their order",
             style);
  add_verdict(out, report, style);
  for (const PrecedenceReport& precedence : report.precedences) {
    if (precedence.follows) continue;
    const std::string why = precedence.given ? "a local value ties them" : "else " + safe(precedence.why, style.utf8);
    add_line(
        out,
        name_of(report, precedence.before, style) + " before " + name_of(report, precedence.after, style) + ": " + why,
        style);
  }
  add_undos(out, report, style);
  add_open_moves(out, report, style);
  if (report.safe > 0 && report.whole) {
    add_line(out,
             report.partial_order ? "every order that respects these is safe"
                                  : "these are not all: an order may respect them and yet not be safe",
             style);
  }
  return out;
}

std::string position_in_words(const OrderingsReport& report, std::size_t place, const Style& style) {
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < report.steps.size(); ++i)
    if (i != *report.step) others.push_back(i);
  if (place == others.size()) return "behind " + name_of(report, others.back(), style);
  return "before " + name_of(report, others[place], style);
}

std::string positions(const OrderingsReport& report, const Style& style) {
  std::string out = coloured("places for " + name_of(report, *report.step, style), Colour::bold, style) + " (" +
                    count(report.checked, "model") + " checked)\n";
  for (const PositionReport& position : report.positions) {
    const std::string verdict = !position.possible ? "not possible: "
                                : position.safe    ? "safe"
                                : position.unknown ? "not known: "
                                                   : "NOT SAFE: ";
    add_line(out,
             position_in_words(report, position.place, style) + (position.as_written ? " (as written)" : "") + ": " +
                 verdict + safe(position.why, style.utf8),
             style);
  }
  return out;
}

}  // namespace

std::string text(const OrderingsReport& report, const Style& style) {
  std::string out = coloured(safe(report.function, style.utf8), Colour::bold, style) + ", " +
                    safe(report.file, style.utf8) + ", " + safe(report.as_written.title, style.utf8) + ", " +
                    safe(report.as_written.scenario, style.utf8) + "\n\n";
  const auto exchanged = [&](const PrecedenceReport& precedence) {
    return name_of(report, precedence.after, style) + " before " + name_of(report, precedence.before, style) + " (" +
           in_order(report, precedence.order, style) + "):";
  };
  const auto moved = [&](const PositionReport& position) {
    return name_of(report, *report.step, style) + " " + position_in_words(report, position.place, style) + ":";
  };
  out += runs(report.precedences, report, exchanged, style) + runs(report.positions, report, moved, style);
  out += step_table(report, style) + "\n";
  out += report.step ? positions(report, style) : precedences(report, style);
  std::string broken;
  for (const PropertyReport& property : report.as_written.properties)
    if (property.verdict == Verdict::violated) broken += (broken.empty() ? "" : ", ") + property.id;
  if (!broken.empty()) add_line(out, "violated as written, so of no weight here: " + safe(broken, style.utf8), style);
  return out;
}

}  // namespace hotproof::render
