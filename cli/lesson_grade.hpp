// Judges answers to units of the course: always by the engines, never by what an answer looks like.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/explicit/simplest.hpp"
#include "cli/lesson_model.hpp"
#include "counterexamples/render/terminal.hpp"
#include "counterexamples/report.hpp"

namespace hotproof::cli {

// One reason why an answer is none (docs/lessons.md lists the codes).
struct Finding {
  std::string code;  // "violated"
  std::string what;  // "lock-balance"; may be empty
  std::string text;  // one sentence for people
};

struct Grade {
  std::vector<Finding> findings;  // none: the answer is right
  std::vector<std::string> said;  // what to show beside them, line by line; already safe
  std::vector<counterexamples::PropertyReport> runs;  // violations that findings speak of
  std::optional<checker::RunCost> cost;               // break: of the run, if it violates the property
  Exit wrong = Exit::violated;  // the exit status if there are findings

  bool passed() const { return findings.empty(); }
};

// What stands in an answer, and what mistakes in it are said of.
struct Answer {
  std::string text;
  std::string file;
};

// Failures are answers that cannot be read (with file, line and column), and units that are wrong.
Result<Grade> grade(const lessons::Unit& unit, const Answer& answer, const render::Style& style);

// By verb.
Result<Grade> grade_break(const lessons::Unit& unit, const Answer& answer, const render::Style& style);
Result<Grade> grade_explain(const lessons::Unit& unit, const Answer& answer, const render::Style& style);
Result<Grade> grade_fix(const lessons::Unit& unit, const Answer& answer);
Result<Grade> grade_specify(const lessons::Unit& unit, const Answer& answer);

// The properties that the unit names, in its order. Error: there is none of that name.
Result<std::vector<spec::SpecProperty>> chosen_by(const lessons::Unit& unit);

// explain: the run that is to be explained, and the things of which some would have prevented it.
struct Riddle {
  counterexamples::PropertyReport property;
  struct Candidate {
    std::string text;
    bool prevents = false;
    std::size_t first = 0;  // the step, from 0, with which it begins
  };
  std::vector<Candidate> candidates;
};
Result<Riddle> riddle_of(const lessons::Unit& unit);
// Both as they are shown: every step of the run with its number, then the list.
std::string shown(const Riddle& riddle, const render::Style& style);

// break: what the learner plays on, and the least run there is.
struct Game {
  LessonModel model;
  ir::TransitionSystem system;  // what steps are counted in
};
Result<std::unique_ptr<Game>> game_of(const lessons::Unit& unit);
struct ProvenPar {
  checker::RunCost cost;
  std::string answer;  // a run that costs it, as an answer
};
// Error: nothing violates the property, or it was not found out which run is the least.
Result<ProvenPar> proven_par(const Game& game);
// What the answer leads to, and what can be done then.
Result<Grade> play(const Game& game, const Answer& answer, const render::Style& style);
// Each choice is asked for on the terminal.
Result<Grade> play_by_hand(const Game& game, const render::Style& style);

}  // namespace hotproof::cli
