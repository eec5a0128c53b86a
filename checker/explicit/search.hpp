// One breadth-first search over packed states, level by level, and what it finds on the way.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/explicit/bytecode.hpp"
#include "checker/explicit/claims.hpp"
#include "checker/explicit/layout.hpp"
#include "checker/explicit/store.hpp"
#include "checker/explicit/wait_for.hpp"
#include "checker/result.hpp"

namespace hotproof::checker::explicit_state {

using Clock = std::chrono::steady_clock;

// What a search looks for.
struct Plan {
  Selection selection;
  std::vector<Demand> invariants;
  std::vector<ir::PropertyId> deadlocks;   // properties of that kind
  std::vector<ir::MarkId> enough;          // not empty: stop once all these marks are reached
  Clock::time_point start = Clock::now();  // from which limits.seconds count
};

// The first place, in the order of the search, where something was found. States are numbered in the order: parent,
// then actor, then transition; so it is the same place every time, at the least depth.
struct Found {
  StateId state = 0;
  std::optional<ir::TransitionId> fired;  // in that state; nothing: the state itself
  std::uint32_t depth = 0;                // steps of the run, `fired` included
};

class Search : private SilentSink {
 public:
  // All arguments must outlive the search.
  Search(const ir::TransitionSystem& system, const Layout& layout, const Options& options, const Plan& plan);
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  void run(const std::vector<ir::State>& initial);

  // Every reachable state was expanded. With a depth limit: no run of that many steps can go on.
  bool complete() const { return stopped_by_.empty(); }
  const std::string& stopped_by() const { return stopped_by_; }
  const std::string& refuted_claim() const { return refuted_claim_; }
  // The depth up to which every run was looked at.
  std::uint32_t covered_depth() const { return covered_; }
  std::uint32_t deepest() const { return depth_; }
  std::uint64_t states() const { return store_.size(); }
  std::uint64_t transitions() const { return transitions_; }
  std::uint64_t bytes() const { return store_.bytes() + parents_.bytes() + batch_bytes(); }

  const std::optional<Found>& broken_at(ir::PropertyId id) const { return broken_[ir::index(id)]; }
  const std::optional<Found>& reached_at(ir::MarkId id) const { return reached_[ir::index(id)]; }
  // The run to a place: each step is the first transition, by id, that leads to the next state.
  ir::Run run_to(const Found& found);
  // Takes the states out of a search that is complete; nothing else may be asked of it afterwards.
  std::shared_ptr<const ReachedStates> take_states();

 private:
  friend class CompiledSystem;  // which calls the functions of a sink
  void broken(ir::PropertyId id, const ir::TransitionId* fired);
  void reached(ir::MarkId id, ir::TransitionId fired);
  std::uint64_t* next() { return &batch_states_[std::size_t{batch_size_} * layout_.words()]; }
  void fired(ir::TransitionId, const std::uint64_t* successor) {
    ++enabled_;
    const std::uint64_t hash = hash_words(successor, layout_.words());
    store_.prefetch_slot(hash);
    batch_[batch_size_] = {hash, current_};
    if (++batch_size_ == batch_.size()) flush();
  }
  void left_range(ir::VarId var, std::uint64_t value, ir::TransitionId fired);

  void start(const std::vector<ir::State>& initial);
  void expand(StateId id);
  void look_at_last_level(StateId begin, StateId end);
  void judge_deadlock(const std::uint64_t* state);
  void check_claims(StateId id);
  void flush();
  void poll();
  void stop(const std::string& why);
  std::uint64_t batch_bytes() const { return batch_.size() * sizeof(Pending) + batch_states_.size() * 8; }
  ir::TransitionId step_between(const std::uint64_t* from, const std::uint64_t* to);

  const ir::TransitionSystem& system_;
  const Layout& layout_;
  const Options& options_;
  const Plan& plan_;
  CompiledSystem compiled_;
  Scratch scratch_;
  DeadlockTest deadlock_test_;
  std::optional<ClaimChecker> claims_;

  StateStore store_;
  ParentLog parents_;
  StateId initial_states_ = 0;

  // Successors wait here until there are enough of them to hide the time that memory takes.
  struct Pending {
    std::uint64_t hash;
    StateId parent;
  };
  std::vector<Pending> batch_;
  std::vector<std::uint64_t> batch_states_;
  std::uint32_t batch_size_ = 0;

  StateId current_ = 0;      // the state being expanded
  std::uint32_t depth_ = 0;  // its level
  std::uint32_t covered_ = 0;
  std::uint64_t enabled_ = 0;  // enabled transitions met in all
  std::uint64_t transitions_ = 0;
  std::vector<std::uint8_t> blocked_;  // by actor, of the current state
  bool deadlock_wanted_ = false;
  std::vector<std::optional<Found>> broken_;   // by PropertyId
  std::vector<std::optional<Found>> reached_;  // by MarkId
  std::size_t still_needed_ = 0;               // of plan.enough
  bool enough_ = false;
  std::string stopped_by_;
  std::string refuted_claim_;
  Clock::time_point last_progress_;
};

// "mem[0].count left its declared range 0 … 16: 17"
std::string left_range_text(const ir::TransitionSystem& system, ir::VarId var, std::uint64_t value);

}  // namespace hotproof::checker::explicit_state
