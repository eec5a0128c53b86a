#include "cli/lesson_check.hpp"

#include <algorithm>
#include <set>

#include "cli/lesson_grade.hpp"

namespace hotproof::cli {

namespace {

using lessons::Unit;
using Reasons = std::set<std::pair<std::string, std::string>>;

std::string in_words(const Reasons& reasons) {
  std::string out;
  for (const auto& [code, what] : reasons) out += (out.empty() ? "" : ", ") + code + (what.empty() ? "" : " " + what);
  return out.empty() ? "nothing" : out;
}

Reasons reasons_of(const Grade& grade) {
  Reasons out;
  for (const Finding& finding : grade.findings) out.emplace(finding.code, finding.what);
  return out;
}

Answer answer_of(const Unit& unit, const lessons::Block& block) { return {lessons::in_place(block), unit.file}; }

std::string at(const Place& place) { return to_string(place) + ": "; }

std::string in_numbers(const checker::RunCost& cost) {
  return std::to_string(cost.faults) + " " + std::to_string(cost.switches) + " " + std::to_string(cost.steps);
}

Result<bool> check_par(const Unit& unit, const Grade& solution, LessonCheck& out) {
  const auto game = game_of(unit);
  if (!game) return tl::unexpected(game.error());
  const auto proven = proven_par(**game);
  if (!proven) return tl::unexpected(proven.error());
  const checker::RunCost stated{unit.par->faults, unit.par->switches, unit.par->steps};
  if (stated != proven->cost)
    out.problems.push_back(at(unit.par->place) + "par is " + in_numbers(proven->cost) + ", with " + proven->answer);
  if (solution.cost && *solution.cost != proven->cost)
    out.problems.push_back(at({unit.file, unit.solution.line, 0}) + "the solution costs " + in_numbers(*solution.cost) +
                           ", par is " + in_numbers(proven->cost) + ", with " + proven->answer);
  out.summary = "par " + in_numbers(proven->cost) + " is the least, ";
  return true;
}

// Who changes nothing has mended nothing.
Result<bool> check_start(const Unit& unit, LessonCheck& out) {
  const auto subject = lesson_subject(unit);
  if (!subject) return tl::unexpected(subject.error());
  const auto unchanged = grade_fix(unit, {subject->start.tree.read(unit.source)->text, unit.source});
  if (!unchanged) return tl::unexpected(unchanged.error());
  if (unchanged->passed()) out.problems.push_back(at({unit.file, 0, 0}) + "there is nothing to mend");
  return true;
}

}  // namespace

Result<LessonCheck> check_lesson(const Unit& unit) {
  const render::Style style;
  LessonCheck out;
  const auto solution = grade(unit, answer_of(unit, unit.solution), style);
  if (!solution) return tl::unexpected(solution.error());
  for (const Finding& finding : solution->findings)
    out.problems.push_back(at({unit.file, unit.solution.line, 0}) + "the solution fails: " + finding.text);
  if (unit.verb == lessons::Verb::break_it) {
    if (const auto checked = check_par(unit, *solution, out); !checked) return tl::unexpected(checked.error());
  }
  if (unit.verb == lessons::Verb::fix_it) {
    if (const auto checked = check_start(unit, out); !checked) return tl::unexpected(checked.error());
  }
  for (const lessons::WrongAnswer& wrong : unit.wrong) {
    const auto graded = grade(unit, answer_of(unit, wrong.answer), style);
    if (!graded) return tl::unexpected(graded.error());
    Reasons stated;
    for (const lessons::Reason& reason : wrong.reasons) stated.emplace(reason.code, reason.what);
    const Reasons found = reasons_of(*graded);
    if (found != stated)
      out.problems.push_back(at(wrong.place) + "this answer fails for " + in_words(found) + ", not for " + in_words(stated));
  }
  out.summary += "the solution passes, " + std::to_string(unit.wrong.size()) +
                 (unit.wrong.size() == 1 ? " wrong answer fails as it says" : " wrong answers fail as they say");
  return out;
}

}  // namespace hotproof::cli
