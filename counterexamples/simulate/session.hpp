// A simulation of a transition system: somebody else chooses each step. Knows no terminal and no editor; the reference
// interpreter computes every state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::simulate {

// What is known of a property up to now.
struct PropertyState {
  enum class Kind : std::uint8_t {
    holds,        // not violated so far
    silent,       // the same, and nothing has happened yet that it speaks of
    violated,     // by the step `at`, the first one that does (0: by the initial state)
    reached,      // a cover: by the step `at`
    not_reached,  // a cover
    out_of_reach  // a cover that wants no faults, and there was one
  };
  Kind kind = Kind::holds;
  std::size_t at = 0;

  friend bool operator==(const PropertyState&, const PropertyState&) = default;
};

// A point of a history, and what the step that led to it brought.
struct Moment {
  ir::State state;
  std::vector<PropertyState> properties;  // of every property, in the system's order
  std::vector<ir::PropertyId> broken;     // violated here for the first time, by the state or by the step; ascending
  std::vector<ir::PropertyId> reached;    // covers that the step is the first to reach; ascending
  std::optional<ir::VarId> left_range;    // a value that lies outside its declared range
  std::uint32_t faults = 0;               // injected so far
};

// A history with, behind the point where it stands, what was undone.
struct Branch {
  std::string name;
  std::optional<std::size_t> from;  // the branch that it was forked from,
  std::size_t forked_at = 0;        // after so many steps
  bool loaded = false;              // a run from elsewhere: it is never cut, a step off it makes a branch of its own
  std::vector<ir::TransitionId> steps;
  std::vector<Moment> moments;  // one more than steps
  std::size_t at = 0;           // moments[at] is now
};

// Why a helper that takes several steps stopped.
enum class Stop : std::uint8_t {
  choice,    // several ways go on
  stuck,     // none does
  returned,  // the function has returned
  property,  // a property was violated
  asked,     // what was waited for is here
  end,       // the end of what was undone or loaded
  limit      // so many steps were taken
};

// Histories never go beyond so many steps.
inline constexpr std::size_t most_steps = 100'000;
inline constexpr std::size_t most_branches = 1'000;

class Session {
 public:
  // A system for which ir::fault_in() returns nothing; it must outlive the session. Starts in its first initial state,
  // or in the one given. Errors: there is none (or too many candidates to try), the given one is none.
  static Outcome<Session> start(const ir::TransitionSystem& system);
  static Outcome<Session> start(const ir::TransitionSystem& system, ir::State initial);

  const ir::TransitionSystem& system() const { return *system_; }
  const ir::State& state() const { return moment().state; }
  const Moment& moment() const { return branch().moments[branch().at]; }
  std::size_t position() const { return branch().at; }
  // As eval::enabled() gives them for the state.
  const std::vector<ir::TransitionId>& enabled() const;
  // Of one actor.
  std::vector<ir::TransitionId> enabled(ir::ActorId actor) const;
  // The step that redo() would take.
  std::optional<ir::TransitionId> next() const;

  // Takes an enabled step. What was undone is forgotten, unless it begins with this step; a loaded run is left for a
  // new branch. Error: it is not enabled, or the history is too long; nothing has changed then.
  Outcome<bool> step(ir::TransitionId transition);
  // False: there is nothing to undo, to redo.
  bool undo();
  bool redo();
  // To behind the step with this number (0: the start), forward or back. Error: the branch has fewer steps.
  Outcome<bool> jump(std::size_t step);

  // A new branch with the history up to now, and on it. An empty name stands for "branch N". Errors: the name is taken,
  // there are too many.
  Outcome<bool> fork(std::string name = {});
  // A branch of a run from elsewhere, standing at its start, and on it. Error: it is no run of the system.
  Outcome<bool> load(std::string name, const ir::Run& run);
  const std::vector<Branch>& branches() const { return branches_; }
  std::size_t current() const { return current_; }
  const Branch& branch() const { return branches_[current_]; }
  Outcome<bool> switch_to(std::size_t number);
  std::optional<std::size_t> find_branch(const std::string& name) const;

  // The history as choices.
  ir::Run run() const;

 private:
  explicit Session(const ir::TransitionSystem& system) : system_(&system) {}
  Branch& mine() { return branches_[current_]; }
  Moment first(ir::State state) const;
  Moment behind(const Moment& before, ir::TransitionId fired, std::size_t number, ir::State state) const;
  void judge_state(Moment& moment, std::size_t number) const;
  Outcome<bool> add_branch(Branch branch);
  std::string free_name(const std::string& stem) const;
  void moved() { enabled_.reset(); }

  const ir::TransitionSystem* system_;
  std::vector<Branch> branches_;
  std::size_t current_ = 0;
  mutable std::optional<std::vector<ir::TransitionId>> enabled_;
};

// These take steps as long as nobody has a choice, and stop behind a step that violates a property. All take at most
// `limit` steps.

// While one step only is enabled, whoever's it is.
Stop go_on(Session& session, std::size_t limit = 10'000);
// The actor alone, while it has one step only.
Stop go_on(Session& session, ir::ActorId actor, std::size_t limit = 10'000);
// The actor alone until the function that it stands in has returned; ends early where it has a choice or cannot move.
Stop finish(Session& session, ir::ActorId actor, std::size_t limit = 10'000);
// Along what was loaded or undone, until `there` is true before a step; takes at least one step. Does not stop at
// choices.
Stop forward(Session& session, const std::function<bool(const Session&)>& there, std::size_t limit = most_steps);
// The other way, to the start (Stop::end) or until `there` is true.
Stop back(Session& session, const std::function<bool(const Session&)>& there);

// How deep in calls the actor stands: the least of what the ways on from its location say; nothing where it has none.
std::optional<std::uint32_t> depth_of(const Session& session, ir::ActorId actor);

}  // namespace hotproof::simulate
