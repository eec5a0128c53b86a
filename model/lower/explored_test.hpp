// For tests only: C text, lowered, and every state of the result met with the reference interpreter.
//
// The text's functions a0, a1, … are the actors; each runs once and then stands still. hp_init may be left out. The
// intrinsics of model/env are declared.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/lower/lower.hpp"

namespace hotproof::lower {

class Explored {
 public:
  using Adjust = std::function<void(Options&)>;
  explicit Explored(const std::string& text, const Adjust& adjust = {});

  std::string error;      // why there is nothing to look at: lowering failed, or too many states
  std::string broken;     // what the system promises and some state breaks: a claim on a lock, a declared range
  bool deadlock = false;  // some state is one
  std::size_t states = 0;

  // The values of globals ("x y[1]") in all states in which every actor has come to its end: "0 1; 2 1", ascending as
  // text. "?" stands for a global whose value is not known.
  std::string finals(const std::string& names) const;
  // The arguments with which an event happens: "0 1; 0 2", ascending as text; without arguments: "()".
  std::string events(const std::string& name) const;
  // The messages of what was not understood, joined by "; ".
  std::string not_understood() const;
  const Lowered& lowered() const { return lowered_; }

 private:
  void explore();
  void meet(const ir::State& state, std::vector<ir::State>& open);
  void check(const ir::State& state);
  void check_claims(const ir::State& state, const ir::Transition& transition);

  std::unique_ptr<c::Program> program_;
  std::unique_ptr<Mir> mir_;
  Lowered lowered_;
  std::set<ir::State> seen_;
  std::vector<ir::State> ends_;
  std::map<std::string, std::set<std::string>> events_;
  std::vector<std::map<ir::Location, std::vector<ir::TransitionId>>> leaving_;  // by actor
  std::set<std::pair<ir::ActorId, ir::Location>> stuck_;  // where an actor stands after a fatal error
};

// The same for text of which everything must be understood and hold; says why not otherwise.
Explored explored(const std::string& text, const Explored::Adjust& adjust = {});

}  // namespace hotproof::lower
