// A simulation by words: commands in, text out. Reads no input and writes no output itself, so that a terminal, a
// script and a test use the same.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/console/screen.hpp"
#include "counterexamples/render/terminal.hpp"
#include "counterexamples/simulate/view.hpp"

namespace hotproof::console {

struct Answer {
  std::string text;  // lines, each ended; may be empty
  bool quit = false;
};

class Console {
 public:
  // Writes the history to a file with this name: says what was written, in one line.
  using Save = std::function<Outcome<std::string>(const simulate::Session&, const std::string& file)>;

  // `view` must outlive it. `overview`: after each move, where all actors stand is shown too.
  Console(const simulate::View& view, simulate::Session session, render::Style style, bool overview, Save save);

  // What is simulated, and where it stands.
  std::string greeting() const;
  // One line of input. An empty one goes on while there is only one way on. Error: a sentence about what is wrong with
  // it, without a place; nothing has changed then.
  Outcome<Answer> command(std::string_view line);
  const simulate::Session& session() const { return session_; }
  // "13 worker0 > " and the like; safe to show.
  std::string prompt() const;

 private:
  using Words = std::vector<std::string>;
  struct Entry {
    const char* names;  // the first is the one that help shows; blanks between
    const char* arguments;
    const char* help;
    std::size_t most_arguments;
    Outcome<Answer> (Console::*run)(const Words& arguments);
  };
  static const std::vector<Entry>& entries();
  static const Entry* entry(const std::string& name);

  Outcome<Answer> take(std::size_t number);
  Outcome<Answer> go(const Words& arguments);
  Outcome<Answer> step(const Words& arguments);
  Outcome<Answer> finish(const Words& arguments);
  Outcome<Answer> undo(const Words& arguments);
  Outcome<Answer> redo(const Words& arguments);
  Outcome<Answer> to(const Words& arguments);
  Outcome<Answer> end(const Words& arguments);
  Outcome<Answer> jump(const Words& arguments);
  Outcome<Answer> fork(const Words& arguments);
  Outcome<Answer> branches(const Words& arguments);
  Outcome<Answer> branch(const Words& arguments);
  Outcome<Answer> where(const Words& arguments);
  Outcome<Answer> choices(const Words& arguments);
  Outcome<Answer> list(const Words& arguments);
  Outcome<Answer> print(const Words& arguments);
  Outcome<Answer> properties(const Words& arguments);
  Outcome<Answer> history(const Words& arguments);
  Outcome<Answer> table(const Words& arguments);
  Outcome<Answer> save(const Words& arguments);
  Outcome<Answer> help(const Words& arguments);
  Outcome<Answer> quit(const Words& arguments);

  Outcome<ir::ActorId> actor_of(const std::string& name) const;
  // The actor that moved last; at the start, the first one.
  ir::ActorId mover() const;
  // What is said after a move from the step with this number; `why` it ended there, if that is worth saying.
  Answer moved(std::size_t from, std::size_t branch, const std::string& why = "") const;
  Answer moved_on(std::size_t from, std::size_t branch, simulate::Stop stop) const;

  const simulate::View& view_;
  simulate::Session session_;
  Screen screen_;
  bool overview_;
  Save save_;
};

}  // namespace hotproof::console
