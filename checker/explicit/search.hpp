// One breadth-first search over packed states, level by level, on as many threads as it is given.
//
// A level is gone through in rounds of a fixed number of states. Threads first expand states, chunk by chunk; then they
// insert the successors, each thread into other shards, in the order of their parents; at last the new states are
// numbered in that order, by one thread while the others begin with the next round. So the numbering, the runs, the
// counts and where a search stops are those of a search by one thread, and no state is ever locked: between the two
// parts everybody waits for everybody. (docs/decisions/parallel-search.md says what else was thought of.)
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/explicit/checkpoint.hpp"
#include "checker/explicit/crew.hpp"
#include "checker/explicit/expander.hpp"
#include "checker/explicit/states.hpp"
#include "checker/result.hpp"

namespace hotproof::checker::explicit_state {

class Search {
 public:
  // All arguments must outlive the search.
  Search(const ir::TransitionSystem& system, const Layout& layout, const Orbits& orbits, const Options& options,
         const Plan& plan);
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  // Checkpoints are written there from now on.
  void keep(Checkpoint& checkpoint) { checkpoint_ = &checkpoint; }
  // Goes on from there, with the states that were loaded.
  Outcome<void> resume(const Progressed& progressed);
  void run(const std::vector<ir::State>& initial);

  // Every reachable state was expanded. With a depth limit: no run of that many steps can go on.
  bool complete() const { return stopped_by_.empty(); }
  const std::string& stopped_by() const { return stopped_by_; }
  const std::string& refuted_claim() const { return refuted_claim_; }
  const std::string& refused() const { return refused_; }  // a checkpoint could not be written: why
  // The depth up to which every run was looked at. (Where somebody goes alone, a deadlock shows a step later.)
  std::uint32_t covered_depth() const { return std::min(covered_, reduced_from_ == 0 ? 0 : reduced_from_ - 1); }
  std::uint32_t deepest() const { return depth_; }
  // No run to what was found is shorter, if it has at most so many steps.
  std::uint32_t shortest_up_to() const { return reduced_from_; }
  std::uint64_t states() const { return states_.size(); }
  std::uint64_t transitions() const { return transitions_; }
  std::uint64_t slept() const;  // enabled transitions, in all levels, that were counted without being fired
  bool some_go_alone() const { return reduced_from_ != never; }
  std::uint64_t bytes() const { return states_.bytes() + successor_bytes() + sleepers_.bytes(); }

  const std::optional<Found>& broken_at(ir::PropertyId id) const { return broken_[ir::index(id)]; }
  const std::optional<Found>& reached_at(ir::MarkId id) const { return reached_[ir::index(id)]; }
  // The run to a place: each step is the first transition, by id, that leads to the next state; in terms of the actors as
  // they began, where states stand for others.
  ir::Run run_to(const Found& found);
  // Takes the states out of a search that is complete; nothing else may be asked of it afterwards.
  std::shared_ptr<const ReachedStates> take_states();

 private:
  // The successors of a round, chunk by chunk; those of a larger one before may be there, too.
  struct Round {
    std::vector<Successors> chunks;
    std::size_t used = 0;
  };
  std::unique_ptr<Expander> new_expander() const;
  void fill_crew();
  void start(const std::vector<ir::State>& initial);
  void prepare(Round& round, std::size_t chunks);
  static std::uint64_t bytes_of(const Round& round);
  void run_levels();
  bool is_last_level() const;
  bool begin_next_level();
  void prepare_level();
  void fold_if_large();
  void let_sleep_if_large();
  void wake_all();
  void reduce_if_large();
  void begin_to_reduce(std::uint32_t level);
  void look_at_round(StateId begin, StateId end, bool last_level);
  void expand_together(StateId begin, StateId end, bool last_level);
  void expand_alone(StateId begin, StateId end, bool last_level);
  // Inserts the successors of the round at hand, all of its chunks. False: there is no room, and none of them is in.
  bool insert(bool together);
  bool there_is_room();
  bool go_to_disk();
  bool insert_into(unsigned number);
  void number(const Round& round);
  void number(const Successors& chunk);
  void number(unsigned shard, const Successors::Fresh& fresh);
  void number_what_is_left();
  void stop_for_room(std::uint64_t enabled_before);
  void hear_news();
  void hear_of(const Expander& from);
  void settle_everywhere();
  std::uint64_t enabled() const;
  std::uint64_t successor_bytes() const;
  void poll();
  Progressed progressed() const;
  void save();
  void stop(const std::string& why);
  // The first transition from one to the other, and how what it leads to was made canonical.
  struct Step {
    ir::TransitionId transition{~std::uint32_t{0}};
    Places places;
  };
  Step step_between(const std::uint64_t* from, const std::uint64_t* to);

  const ir::TransitionSystem& system_;
  const Layout& layout_;
  const Orbits& orbits_;
  const Options& options_;
  const Plan& plan_;
  CompiledSystem compiled_;
  Crew crew_;
  std::vector<std::unique_ptr<Expander>> expanders_;  // one a thread; the first alone, until there is much to do
  Round rounds_[2];
  unsigned at_hand_ = 0;   // which of them is filled; the other may wait for its numbers
  bool is_left_ = false;   // it does
  States states_;
  StateId initial_states_ = 0;

  StateId next_ = 0;         // the first state that is not expanded
  StateId level_end_ = 0;    // one more than the last state of its level
  std::uint32_t depth_ = 0;  // its level
  std::uint32_t covered_ = 0;
  std::uint64_t fold_beyond_ = 0;  // bytes: then it is looked at whether folding states takes less room
  std::uint64_t looked_at_ = 0;    // states there were when that was done last
  static constexpr std::uint32_t never = ~std::uint32_t{0};
  std::uint32_t reduced_from_ = never;  // the level from which actors go alone; never, if none can
  std::unique_ptr<ir::AmpleSets> ample_;
  SleepersByLevel sleepers_;
  std::uint64_t transitions_ = 0;
  std::uint64_t enabled_before_ = 0;  // when the level began
  std::uint64_t enabled_then_ = 0;    // in the part of the search that a checkpoint was resumed from
  std::shared_ptr<DiskMemory> disk_;  // for when memory is full; null if that is the end
  std::uint64_t most_bytes_ = 0;      // in memory; 0: as many as there are
  Filling filling_ = Filling::usual;  // tight from when memory does not allow tables as roomy as they should be
  std::vector<std::optional<Found>> broken_;   // by PropertyId
  std::vector<std::optional<Found>> reached_;  // by MarkId
  bool enough_ = false;                        // all of plan.enough were reached
  std::string stopped_by_;
  std::string refuted_claim_;
  std::string refused_;
  Checkpoint* checkpoint_ = nullptr;
  Clock::time_point last_progress_, last_saved_;
};

}  // namespace hotproof::checker::explicit_state
