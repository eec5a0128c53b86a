// One breadth-first search over states with parameters, and what it finds on the way.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/explicit/layout.hpp"
#include "checker/parametric/conditions.hpp"
#include "checker/parametric/evaluator.hpp"
#include "checker/parametric/start.hpp"
#include "checker/result.hpp"

namespace hotproof::checker::parametric {

using Clock = std::chrono::steady_clock;

// What all searches in one system share.
struct Arena {
  // `system` and `options` must outlive this.
  Arena(const ir::TransitionSystem& system, const Options& options);

  const ir::TransitionSystem& original;
  const Options& options;
  ir::TransitionSystem system;  // with the expressions below in its pool
  ir::ExprId deadlock{};        // where the system has a property of that kind
  bool asks_deadlock = false;
  explicit_state::Layout layout;
  ir::ExprPool pool;
  ir::Canonical canonical{pool};
  Start start;
  Conditions conditions;
  Clock::time_point began = Clock::now();
  std::vector<std::vector<std::vector<ir::TransitionId>>> leaving;  // by actor and location
};

// What a search looks for.
struct Plan {
  bool faults = true;
  bool demands = true;                // invariants, assertions, deadlocks
  std::vector<ir::MarkId> enough;     // not empty: only these marks, and stop once all are reached
};

// The first place in the order of the search where something was found, and for which parameters.
struct Found {
  std::uint32_t state = 0;
  std::optional<ir::TransitionId> fired;  // in that state; nothing: the state itself
  ConditionId condition = 0;
  ir::ExprId truth{};                     // beside the condition
  std::uint32_t depth = 0;
};

class Search {
 public:
  Search(Arena& arena, const Plan& plan);

  void run();

  bool complete() const { return stopped_by_.empty(); }
  const std::string& stopped_by() const { return stopped_by_; }
  std::uint32_t covered_depth() const { return covered_; }
  std::uint32_t deepest() const { return depth_; }
  std::uint64_t states() const { return entries_.size(); }
  std::uint64_t transitions() const { return transitions_; }
  std::uint64_t bytes() const { return bytes_; }

  const std::optional<Found>& broken_at(ir::PropertyId id) const { return broken_[ir::index(id)]; }
  const std::optional<Found>& reached_at(ir::MarkId id) const { return reached_[ir::index(id)]; }
  // The run to a place, for the least parameters. Nothing if the solver gave up.
  std::optional<ir::Run> run_to(const Found& found);
  // After a complete search that had everything in its plan: all states that were met, if they are not too many.
  std::shared_ptr<const Invariant> invariant() const;

 private:
  using Key = std::vector<std::uint64_t>;  // the packed numbers, then each variable that is none and its expression
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Entry {
    const Key* key = nullptr;
    std::uint32_t parent = 0;
    ir::TransitionId by{};
    ConditionId condition = 0;
  };
  // One way of a transition: what it assigns, and when.
  struct Way {
    Valuation next;
    std::vector<ir::VarId> assigned;
    ConditionId condition = 0;
  };

  void begin();
  Valuation unpacked(const Key& key) const;
  void expand(std::uint32_t index);
  void judge_state(const Valuation& state, ConditionId condition);
  // Tells whether the transition can fire for every parameter that the condition leaves.
  bool fire(const Valuation& state, ConditionId condition, ir::TransitionId id);
  void judge_fired(ConditionId condition, ir::TransitionId id);
  void judge_deadlock(ConditionId condition);
  void settle(Way way, std::size_t from, ir::TransitionId by);
  void add(const Way& way, ir::TransitionId by);
  bool stays_in_range(const Way& way);
  bool is_tame(const Value& value, ir::VarId var);
  bool all_decided() const;
  std::optional<ir::ExprId> undecided_part(ir::ExprId value) const;
  ir::ExprId with_part(ir::ExprId value, ir::ExprId part, bool truth);
  bool is_wanted(ir::MarkId id) const { return wanted_[ir::index(id)] && !reached_[ir::index(id)]; }
  void note_broken(ir::PropertyId id, std::optional<ir::TransitionId> fired, ConditionId condition, ir::ExprId truth);
  void poll();
  void stop(const std::string& why);

  Arena& arena_;
  const Plan& plan_;
  Evaluator evaluator_;
  std::unordered_map<Key, std::vector<std::uint32_t>, KeyHash> known_;
  std::vector<Entry> entries_;
  std::map<ir::VarId, std::set<std::pair<bool, std::uint64_t>>> values_;  // met, of wide variables
  std::vector<bool> wanted_;  // by MarkId
  std::vector<std::optional<Found>> broken_;
  std::vector<std::optional<Found>> reached_;
  std::size_t still_needed_ = 0;
  bool enough_ = false;
  std::uint32_t current_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t covered_ = 0;
  std::uint64_t transitions_ = 0;
  std::uint64_t settled_ = 0;  // values looked at, for the clock
  std::uint64_t bytes_ = 0;
  bool starting_ = false;
  bool last_level_ = false;   // judged, and nothing is added
  bool could_go_on_ = false;  // from it
  std::string stopped_by_;
  Clock::time_point last_progress_ = Clock::now();
};

}  // namespace hotproof::checker::parametric
