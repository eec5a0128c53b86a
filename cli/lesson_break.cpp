// break: the learner schedules and injects faults.
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>
#include <sstream>

#include "cli/console.hpp"
#include "cli/engines.hpp"
#include "cli/lesson_grade.hpp"
#include "cli/lesson_steps.hpp"
#include "counterexamples/simulate/session.hpp"
#include "model/ir/passes/passes.hpp"

namespace hotproof::cli {

namespace {

using simulate::Session;

struct Word {
  std::string text;
  Place place;
};

// Words with blanks between them; '#' goes to the end of its line.
std::vector<Word> words_of(const Answer& answer) {
  std::vector<Word> out;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  bool comment = false;
  bool inside = false;
  for (const char c : answer.text) {
    if (c == '#') comment = true;
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (c == '\n') comment = false;
    if (blank || comment) {
      inside = false;
    } else {
      if (!inside) out.push_back({"", {answer.file, line, column}});
      inside = true;
      out.back().text += c;
    }
    column = c == '\n' ? 1 : column + 1;
    line += c == '\n' ? 1 : 0;
  }
  return out;
}

bool is_over(const Session& session) { return !session.moment().broken.empty(); }

class Table {
 public:
  Table(const Game& game, const render::Style& style) : game_(game), style_(style), describer_(game.system, game.model.sources) {
    for (const ir::Actor& actor : game.system.actors) names_ = std::max(names_, actor.name.size());
  }

  // The steps of the session from one on.
  std::vector<std::string> taken(const Session& session, std::size_t from) const {
    std::vector<std::string> out;
    const simulate::Branch& branch = session.branch();
    for (std::size_t i = from; i < branch.at; ++i)
      out.push_back(step_line(describer_.step(branch.steps[i], branch.moments[i].state, branch.moments[i + 1].state), i + 1,
                              names_, style_));
    return out;
  }

  // What can be done now, by number; and who waits for a lock.
  std::vector<std::string> choices(const Session& session) const {
    std::vector<std::string> out;
    const auto& enabled = session.enabled();
    for (std::size_t i = 0; i < enabled.size(); ++i) {
      counterexamples::TraceStep step = describer_.place(enabled[i]);
      if (goes_well(enabled, step)) {
        const std::size_t what = step.text.find("): ");
        step.text = "no fault: " + (what == std::string::npos ? step.text : step.text.substr(what + 3));
        step.source.clear();
      }
      out.push_back(step_line(step, i + 1, names_, style_));
    }
    return out;
  }

 private:
  // Beside it stands the same thing failing.
  bool goes_well(const std::vector<ir::TransitionId>& enabled, const counterexamples::TraceStep& step) const {
    return std::any_of(enabled.begin(), enabled.end(), [&](ir::TransitionId other) {
      const ir::Transition& t = game_.system[other];
      return t.faults > 0 && game_.system.actors[ir::index(t.actor)].name == step.actor && t.text == step.text + " fails";
    });
  }

  const Game& game_;
  const render::Style& style_;
  counterexamples::Describer describer_;
  std::size_t names_ = 0;
};

std::optional<ir::ActorId> actor_of(const ir::TransitionSystem& system, std::string_view name) {
  for (std::size_t i = 0; i < system.actors.size(); ++i)
    if (system.actors[i].name == name) return static_cast<ir::ActorId>(i);
  return std::nullopt;
}

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

using Step = std::optional<Diagnostic>;  // what is wrong with it

Step refused(const Word& word, std::string message, std::string hint = {}) {
  return Diagnostic{word.place, std::move(message), std::move(hint)};
}

// One step of an actor that has just one.
Step one_step(Session& session, const Word& word, ir::ActorId actor) {
  const std::string& name = session.system().actors[ir::index(actor)].name;
  const auto ways = session.enabled(actor);
  if (ways.empty()) return refused(word, name + " cannot move here", "it waits, or it is done");
  if (ways.size() > 1) return refused(word, name + " has several ways to go on here", "take one by its number");
  if (const auto taken = session.step(ways.front()); !taken) return refused(word, taken.error().message);
  return std::nullopt;
}

// "worker0", "worker0:3", "worker0:all"
Step actor_moves(Session& session, const Word& word) {
  const std::string_view text = word.text;
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto actor = actor_of(session.system(), text.substr(0, colon));
  if (!actor) {
    std::string names;
    for (const ir::Actor& one : session.system().actors) names += (names.empty() ? "" : ", ") + one.name;
    return refused(word, "'" + word.text + "' is neither a number nor an actor", "actors are " + names);
  }
  const std::string_view many = colon == text.size() ? "1" : text.substr(colon + 1);
  const std::size_t before = session.position();
  if (many == "all") {
    simulate::go_on(session, *actor);
    if (session.position() == before) return one_step(session, word, *actor);
    return std::nullopt;
  }
  const auto count = number_in(many);
  if (!count || *count == 0) return refused(word, "behind ':' stands how many steps, or 'all'");
  for (std::size_t i = 0; i < *count; ++i) {
    if (is_over(session)) return refused(word, "the property is violated after " + std::to_string(i) + " of these steps");
    if (auto problem = one_step(session, word, *actor)) return problem;
  }
  return std::nullopt;
}

Step take(Session& session, const Word& word) {
  if (word.text == "undo") {
    if (!session.undo()) return refused(word, "there is nothing to undo");
    return std::nullopt;
  }
  if (is_over(session)) return refused(word, "the property is violated: the run is over");
  const auto number = number_in(word.text);
  if (!number) return actor_moves(session, word);
  const auto& enabled = session.enabled();
  if (*number == 0 || *number > enabled.size())
    return refused(word, "there is no choice " + word.text + " here",
                   enabled.empty() ? "nothing can be done any more" : "1 to " + std::to_string(enabled.size()));
  if (const auto taken = session.step(enabled[*number - 1]); !taken) return refused(word, taken.error().message);
  return std::nullopt;
}

Grade judged(const Game& game, const Session& session) {
  Grade out;
  if (is_over(session)) {
    out.cost = checker::cost(game.system, session.run());
    return out;
  }
  const ir::Property& property = game.system.properties.front();
  out.findings.push_back({"not-violated", "", property.id + " still holds after " + std::to_string(session.position()) +
                                             (session.position() == 1 ? " step" : " steps")});
  return out;
}

void add(std::vector<std::string>& to, const std::vector<std::string>& more) { to.insert(to.end(), more.begin(), more.end()); }

void add_choices(std::vector<std::string>& to, const Table& table, const Session& session) {
  to.push_back(session.enabled().empty() ? "Nothing can be done any more." : "What can be done now:");
  add(to, table.choices(session));
}

}  // namespace

Result<std::unique_ptr<Game>> game_of(const lessons::Unit& unit) {
  const auto subject = lesson_subject(unit);
  if (!subject) return tl::unexpected(subject.error());
  const auto properties = chosen_by(unit);
  if (!properties) return tl::unexpected(properties.error());
  auto model = lesson_model(unit, subject->start, *properties);
  if (!model) return tl::unexpected(model.error());
  if (!model->not_understood.empty())
    return usage_error({{unit.file, 0, 0}, "the unit's program is not understood: " + to_string(model->not_understood.front()), ""});
  if (model->instrumented.system.properties.empty())
    return usage_error({unit.property_places.front(), unit.properties.front() + " says nothing of this model", ""});
  auto out = std::make_unique<Game>();
  out->model = std::move(*model);
  out->system = ir::merge_equal(out->model.instrumented.system);
  return out;
}

Result<Grade> play(const Game& game, const Answer& answer, const render::Style& style) {
  auto session = Session::start(game.system);
  if (!session) return internal_error(session.error());
  for (const Word& word : words_of(answer))
    if (auto problem = take(*session, word)) return usage_error(*problem);
  Grade out = judged(game, *session);
  const Table table(game, style);
  if (session->position() > 0) out.said.push_back("The run:");
  add(out.said, table.taken(*session, 0));
  if (!out.passed()) add_choices(out.said, table, *session);
  return out;
}

Result<Grade> play_by_hand(const Game& game, const render::Style& style) {
  auto session = Session::start(game.system);
  if (!session) return internal_error(session.error());
  const Table table(game, style);
  std::string line;
  while (!is_over(*session)) {
    std::vector<std::string> lines;
    add_choices(lines, table, *session);
    std::string text;
    for (const std::string& one : lines) text += one + "\n";
    print(text + "> ");
    std::cout.flush();
    if (!std::getline(std::cin, line) || line == "quit") break;
    const std::size_t before = session->position();
    for (const Word& word : words_of({line, ""})) {
      if (const auto problem = take(*session, word)) {
        print(render::safe(problem->message + (problem->hint.empty() ? "" : " (" + problem->hint + ")"), style.utf8) + "\n");
        break;
      }
    }
    text.clear();
    for (const std::string& one : table.taken(*session, std::min(before, session->position()))) text += one + "\n";
    print(text);
  }
  return judged(game, *session);
}

Result<Grade> grade_break(const lessons::Unit& unit, const Answer& answer, const render::Style& style) {
  const auto game = game_of(unit);
  if (!game) return tl::unexpected(game.error());
  return play(**game, answer, style);
}

namespace {

// The run in the words of an answer: by actors where they have one way, by numbers where they choose.
std::string as_answer(const Game& game, const ir::Run& run) {
  auto session = Session::start(game.system, run.initial);
  if (!session) return "";
  std::vector<std::pair<std::string, std::size_t>> words;  // and how often
  for (const ir::TransitionId step : run.steps) {
    const ir::ActorId actor = game.system[step].actor;
    const std::string& name = game.system.actors[ir::index(actor)].name;
    if (session->enabled(actor).size() == 1) {
      if (!words.empty() && words.back().first == name) ++words.back().second;
      else words.emplace_back(name, 1);
    } else {
      const auto& enabled = session->enabled();
      const auto at = std::find(enabled.begin(), enabled.end(), step) - enabled.begin();
      words.emplace_back(std::to_string(at + 1), 0);
    }
    if (!session->step(step)) return "";
  }
  std::string out;
  for (const auto& [word, count] : words) {
    out += (out.empty() ? "" : " ") + word;
    if (count > 1) out += ":" + std::to_string(count);
  }
  return out;
}

}  // namespace

Result<ProvenPar> proven_par(const Game& game) {
  checker::Options options;
  options.limits.seconds = 60;
  options.interrupted = interrupt_flag();
  const checker::Result found = explored(game.system, options);
  const checker::PropertyResult& property = found.properties.front();
  if (property.verdict != checker::Verdict::violated || !property.run)
    return usage_error({{}, "no run violates " + game.system.properties.front().id, ""});
  const checker::SimplestRun least = checker::simplest(game.system, property.property, *property.run, options);
  if (!least.minimal)
    return tl::unexpected(Failure{{{}, "it was not found out which run is the least: " + least.note, ""}, Exit::undecided});
  return ProvenPar{least.cost, as_answer(game, least.run)};
}

}  // namespace hotproof::cli
