#include "counterexamples/console/console.hpp"

#include <algorithm>
#include <charconv>

namespace hotproof::console {

namespace {

using simulate::Stop;

std::optional<std::size_t> number_in(const std::string& word) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> out;
  constexpr std::string_view blanks = " \t\r";
  while (true) {
    const std::size_t begin = line.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return out;
    const std::size_t end = std::min(line.find_first_of(blanks, begin), line.size());
    out.emplace_back(line.substr(begin, end - begin));
    line.remove_prefix(end);
  }
}

// The word of the user's, no longer than a line should be.
std::string quoted(const std::string& word) {
  return "'" + (word.size() > 60 ? word.substr(0, 57) + "..." : word) + "'";
}

}  // namespace

Console::Console(const simulate::View& view, simulate::Session session, render::Style style, bool overview, Save save)
    : view_(view), session_(std::move(session)), screen_(view, style), overview_(overview), save_(std::move(save)) {}

const std::vector<Console::Entry>& Console::entries() {
  static const std::vector<Entry> all = {
      {"go g", "[ACTOR]", "go on while there is only one way on (of this actor); Enter does it too", 1, &Console::go},
      {"step s", "ACTOR", "the only step of this actor", 1, &Console::step},
      {"finish", "[ACTOR]", "this actor alone, until its function returns", 1, &Console::finish},
      {"undo u", "[N]", "take back a step, or N", 1, &Console::undo},
      {"redo r", "[N]", "take again what was undone, or go along a loaded run", 1, &Console::redo},
      {"to", "ACTOR", "along what was undone or loaded, until this actor is to move", 1, &Console::to},
      {"end", "", "to the end of what was undone or loaded; stops at violations", 0, &Console::end},
      {"jump j", "N", "to behind step N (0: the start)", 1, &Console::jump},
      {"fork f", "[NAME]", "a new branch from here", 1, &Console::fork},
      {"branches", "", "all branches", 0, &Console::branches},
      {"branch b", "N|NAME", "to another branch", 1, &Console::branch},
      {"where w", "", "where everybody stands, and what changed last", 0, &Console::where},
      {"choices c", "", "what can happen next", 0, &Console::choices},
      {"list l", "[ACTOR]", "the source around where this actor stands", 1, &Console::list},
      {"print p", "[PART]", "variables and locks with this part in their name", 1, &Console::print},
      {"props", "[all]", "what is known of the properties", 1, &Console::properties},
      {"history h", "", "the steps up to here", 0, &Console::history},
      {"table t", "", "the same as a table, tidied", 0, &Console::table},
      {"save", "FILE", "write the steps up to here to a file, as a recorded trace", 1, &Console::save},
      {"help ?", "", "this list", 0, &Console::help},
      {"quit q", "", "end", 0, &Console::quit},
  };
  return all;
}

const Console::Entry* Console::entry(const std::string& name) {
  for (const Entry& candidate : entries()) {
    const std::vector<std::string> names = words_of(candidate.names);
    if (std::find(names.begin(), names.end(), name) != names.end()) return &candidate;
  }
  return nullptr;
}

std::string Console::greeting() const {
  const simulate::Model& model = view_.model();
  std::string out = screen_.line(model.title, render::Colour::bold) + screen_.line(model.scenario);
  out += screen_.line("properties watched: " + std::to_string(model.system.properties.size()) +
                      "; `help` lists the commands");
  if (session_.branch().loaded)
    out += screen_.line("a run of " + std::to_string(session_.branch().steps.size()) +
                        " steps is loaded: `redo` goes along it, `end` to its end, a number leaves it");
  if (overview_) out += screen_.overview(session_);
  return out + screen_.choices(session_);
}

std::string Console::prompt() const {
  return std::to_string(session_.position()) + "> ";
}

Outcome<Answer> Console::command(std::string_view line) {
  const Words words = words_of(line);
  if (words.empty()) return go({});
  const Words arguments(words.begin() + 1, words.end());
  if (const auto number = number_in(words[0])) {
    if (!arguments.empty()) return failure({}, "a step's number stands alone");
    return take(*number);
  }
  const Entry* found = entry(words[0]);
  if (found == nullptr) return failure({}, "there is no command " + quoted(words[0]), "`help` lists them");
  if (arguments.size() > found->most_arguments)
    return failure({},
                   std::string(words_of(found->names)[0]) + " takes no " + quoted(arguments[found->most_arguments]));
  const bool wants_one = found->arguments[0] != '\0' && found->arguments[0] != '[';
  if (wants_one && arguments.empty()) return failure({}, words_of(found->names)[0] + " wants " + found->arguments);
  return (this->*found->run)(arguments);
}

Outcome<ir::ActorId> Console::actor_of(const std::string& name) const {
  const auto& actors = session_.system().actors;
  for (std::size_t a = 0; a < actors.size(); ++a)
    if (actors[a].name == name) return static_cast<ir::ActorId>(a);
  std::string all;
  for (const ir::Actor& actor : actors) all += (all.empty() ? "" : ", ") + actor.name;
  return failure({}, "there is no actor " + quoted(name), "there are " + all);
}

ir::ActorId Console::mover() const {
  if (session_.position() == 0) return ir::ActorId{};
  return session_.system()[session_.branch().steps[session_.position() - 1]].actor;
}

Answer Console::moved(std::size_t from, std::size_t branch, const std::string& why) const {
  Answer out;
  const std::size_t now = session_.position();
  if (session_.current() != branch)
    out.text += screen_.line("on branch " + session_.branch().name + ": the loaded run stays as it is");
  if (now == from + 1) {
    out.text += screen_.step(session_, now);
  } else if (now > from) {
    for (std::size_t k = from + 1; k < now; ++k) out.text += screen_.short_step(session_, k);
    out.text += screen_.step(session_, now);
  } else if (now < from) {
    out.text += screen_.line(now == 0 ? "back at the start" : "back behind step " + std::to_string(now));
  }
  if (!why.empty()) out.text += screen_.line(why, render::Colour::dim);
  if (overview_) out.text += screen_.overview(session_);
  out.text += screen_.choices(session_);
  return out;
}

Answer Console::moved_on(std::size_t from, std::size_t branch, Stop stop) const {
  return moved(from, branch, "stopped: " + simulate::words(stop));
}

Outcome<Answer> Console::take(std::size_t number) {
  const std::size_t from = session_.position();
  const std::size_t branch = session_.current();
  const std::vector<simulate::Choice> all = view_.choices(session_);
  if (number < 1 || number > all.size())
    return failure({}, "there is no step " + std::to_string(number) + " to take",
                   all.empty() ? "nothing can happen here" : "they are numbered 1 to " + std::to_string(all.size()));
  if (auto taken = session_.step(all[number - 1].transition); !taken) return tl::unexpected(taken.error());
  return moved(from, branch);
}

Outcome<Answer> Console::go(const Words& arguments) {
  const std::size_t from = session_.position();
  const std::size_t branch = session_.current();
  if (arguments.empty()) return moved_on(from, branch, simulate::go_on(session_));
  const auto actor = actor_of(arguments[0]);
  if (!actor) return tl::unexpected(actor.error());
  return moved_on(from, branch, simulate::go_on(session_, *actor));
}

Outcome<Answer> Console::step(const Words& arguments) {
  const std::size_t from = session_.position();
  const std::size_t branch = session_.current();
  const auto actor = actor_of(arguments[0]);
  if (!actor) return tl::unexpected(actor.error());
  const std::vector<ir::TransitionId> ways = session_.enabled(*actor);
  if (ways.empty()) return failure({}, arguments[0] + " cannot move now", "`where` says why");
  if (ways.size() > 1)
    return failure({}, arguments[0] + " has " + std::to_string(ways.size()) + " ways on", "choose one by its number");
  if (auto taken = session_.step(ways[0]); !taken) return tl::unexpected(taken.error());
  return moved(from, branch);
}

Outcome<Answer> Console::finish(const Words& arguments) {
  const std::size_t from = session_.position();
  const std::size_t branch = session_.current();
  Outcome<ir::ActorId> actor = arguments.empty() ? mover() : actor_of(arguments[0]);
  if (!actor) return tl::unexpected(actor.error());
  return moved_on(from, branch, simulate::finish(session_, *actor));
}

Outcome<Answer> Console::undo(const Words& arguments) {
  const std::size_t from = session_.position();
  const auto count = arguments.empty() ? std::optional<std::size_t>(1) : number_in(arguments[0]);
  if (!count) return failure({}, quoted(arguments[0]) + " is no number of steps");
  if (*count > from)
    return failure(
        {}, from == 0 ? "there is nothing to undo" : "there are only " + std::to_string(from) + " steps to undo");
  for (std::size_t i = 0; i < *count; ++i) session_.undo();
  return moved(from, session_.current());
}

Outcome<Answer> Console::redo(const Words& arguments) {
  const std::size_t from = session_.position();
  const std::size_t left = session_.branch().steps.size() - from;
  const auto count = arguments.empty() ? std::optional<std::size_t>(1) : number_in(arguments[0]);
  if (!count) return failure({}, quoted(arguments[0]) + " is no number of steps");
  if (*count > left)
    return failure(
        {}, left == 0 ? "there is nothing to redo" : "there are only " + std::to_string(left) + " steps to redo");
  for (std::size_t i = 0; i < *count; ++i) session_.redo();
  return moved(from, session_.current());
}

Outcome<Answer> Console::to(const Words& arguments) {
  const std::size_t from = session_.position();
  const auto actor = actor_of(arguments[0]);
  if (!actor) return tl::unexpected(actor.error());
  const Stop stop = simulate::forward(
      session_, [&](const simulate::Session& session) { return session.system()[*session.next()].actor == *actor; });
  return moved_on(from, session_.current(), stop);
}

Outcome<Answer> Console::end(const Words&) {
  const std::size_t from = session_.position();
  return moved_on(from, session_.current(),
                  simulate::forward(session_, [](const simulate::Session&) { return false; }));
}

Outcome<Answer> Console::jump(const Words& arguments) {
  const std::size_t from = session_.position();
  const auto step = number_in(arguments[0]);
  if (!step) return failure({}, quoted(arguments[0]) + " is no step's number");
  if (auto there = session_.jump(*step); !there) return tl::unexpected(there.error());
  return moved(from, session_.current());
}

Outcome<Answer> Console::fork(const Words& arguments) {
  if (!arguments.empty() && number_in(arguments[0]))
    return failure({}, "a branch's name is no number: " + quoted(arguments[0]));
  if (auto forked = session_.fork(arguments.empty() ? "" : arguments[0]); !forked)
    return tl::unexpected(forked.error());
  return Answer{screen_.branches(session_)};
}

Outcome<Answer> Console::branches(const Words&) {
  return Answer{screen_.branches(session_)};
}

Outcome<Answer> Console::branch(const Words& arguments) {
  const auto number = number_in(arguments[0]);
  const auto found =
      number && *number > 0 ? std::optional<std::size_t>(*number - 1) : session_.find_branch(arguments[0]);
  if (!found) return failure({}, "there is no branch " + quoted(arguments[0]), "`branches` lists them");
  if (auto there = session_.switch_to(*found); !there) return tl::unexpected(there.error());
  return Answer{screen_.branches(session_) + screen_.choices(session_)};
}

Outcome<Answer> Console::where(const Words&) {
  return Answer{screen_.overview(session_)};
}

Outcome<Answer> Console::choices(const Words&) {
  return Answer{screen_.choices(session_)};
}

Outcome<Answer> Console::list(const Words& arguments) {
  Outcome<ir::ActorId> actor = arguments.empty() ? mover() : actor_of(arguments[0]);
  if (!actor) return tl::unexpected(actor.error());
  return Answer{screen_.source(session_, *actor)};
}

Outcome<Answer> Console::print(const Words& arguments) {
  return Answer{screen_.values(session_, arguments.empty() ? "" : arguments[0])};
}

Outcome<Answer> Console::properties(const Words& arguments) {
  if (!arguments.empty() && arguments[0] != "all") return failure({}, "props takes no " + quoted(arguments[0]));
  return Answer{screen_.properties(session_, !arguments.empty())};
}

Outcome<Answer> Console::history(const Words&) {
  return Answer{screen_.history(session_)};
}

Outcome<Answer> Console::table(const Words&) {
  return Answer{screen_.table(session_)};
}

Outcome<Answer> Console::save(const Words& arguments) {
  if (!save_) return failure({}, "steps cannot be saved here");
  auto saved = save_(session_, arguments[0]);
  if (!saved) return tl::unexpected(saved.error());
  return Answer{screen_.line(*saved)};
}

Outcome<Answer> Console::help(const Words&) {
  std::string out = screen_.line("  N                       take the step with this number");
  for (const Entry& entry : entries()) {
    const std::vector<std::string> names = words_of(entry.names);
    std::string call = names[0] + (names.size() > 1 ? ", " + names[1] : "");
    if (entry.arguments[0] != '\0') call += " " + std::string(entry.arguments);
    out += screen_.line("  " + render::padded(call, 23) + " " + entry.help);
  }
  return Answer{out + screen_.line("  # …                     a remark")};
}

Outcome<Answer> Console::quit(const Words&) {
  return Answer{"", true};
}

}  // namespace hotproof::console
