// A depth-first search that keeps little of the states it has met (checker/explicit/traces): what it finds is there,
// what it does not find may still be. For where an exact search has no room, not even on a disk.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/explicit/bytecode.hpp"
#include "checker/explicit/expander.hpp"
#include "checker/explicit/traces.hpp"
#include "checker/explicit/wait_for.hpp"

namespace hotproof::checker::explicit_state {

class LossySearch : private SilentSink {
 public:
  // All arguments must outlive it.
  LossySearch(const ir::TransitionSystem& system, const Layout& layout, const Orbits& orbits, const Options& options,
              const Plan& plan);
  LossySearch(const LossySearch&) = delete;
  LossySearch& operator=(const LossySearch&) = delete;

  void run(const std::vector<ir::State>& initial);

  // Empty: it went everywhere, as far as it can tell.
  const std::string& stopped_by() const { return stopped_by_; }
  std::uint64_t states() const { return states_; }
  std::uint64_t transitions() const { return enabled_; }
  std::uint32_t deepest() const { return deepest_; }
  std::uint64_t bytes() const;
  bool some_go_alone() const { return ample_ && !ample_->empty(); }
  double expected_missed() const { return traces_ ? traces_->expected_missed() : 0; }
  // Runs are as long as the search happened to be deep.
  const std::optional<ir::Run>& broken_by(ir::PropertyId id) const { return broken_[ir::index(id)]; }
  const std::optional<ir::Run>& reached_by(ir::MarkId id) const { return reached_[ir::index(id)]; }

 private:
  friend class CompiledSystem;  // which calls the functions of a sink
  void broken(ir::PropertyId id, const ir::TransitionId* fired);
  void reached(ir::MarkId id, ir::TransitionId fired);
  std::uint64_t* next() { return successor_.data(); }
  void fired(ir::TransitionId id, const std::uint64_t*);
  void left_range(ir::VarId var, std::uint64_t value, ir::TransitionId fired);

  void meet(std::uint64_t step);
  void search();
  void look_at();
  bool leave(std::size_t actor);
  void poll();
  ir::Run run_here(const ir::TransitionId* last);
  Places places_behind(const std::uint64_t* state, ir::TransitionId step);

  // The stack: of each entry a state, and the transition that led to it. Entries that were looked at are the path to
  // the last of them; what lies between waits.
  static constexpr std::uint64_t on_path = std::uint64_t{1} << 63U;
  static constexpr std::uint64_t no_step = on_path - 1;
  std::size_t entry() const { return std::size_t{words_} + 1; }
  std::uint64_t& step_of_last() { return stack_.back(); }

  const ir::TransitionSystem& system_;
  const Layout& layout_;
  const Orbits& orbits_;
  const Options& options_;
  const Plan& plan_;
  CompiledSystem compiled_;
  Scratch scratch_;
  DeadlockTest deadlock_test_;
  std::unique_ptr<ir::AmpleSets> ample_;
  std::unique_ptr<Traces> traces_;
  std::uint32_t words_;
  std::vector<std::uint64_t> stack_;
  std::vector<std::uint64_t> current_, successor_;
  std::vector<std::uint8_t> blocked_;  // by actor
  Alone alone_;
  std::uint32_t depth_ = 0, deepest_ = 0;
  std::uint64_t states_ = 0, enabled_ = 0, looked_at_ = 0;
  std::string stopped_by_;
  std::vector<std::optional<ir::Run>> broken_;   // by PropertyId
  std::vector<std::optional<ir::Run>> reached_;  // by MarkId
  Clock::time_point last_progress_ = Clock::now();
};

}  // namespace hotproof::checker::explicit_state
