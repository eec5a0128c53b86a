// The state graph that one property is asked about, kept whole: what "no way back" and "never happens without" are read from.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checker/explicit/layout.hpp"
#include "checker/explicit/store.hpp"
#include "checker/result.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::fate {

using StateId = explicit_state::StateId;

struct Edge {
  StateId to = 0;
  ir::TransitionId fired{};
  bool violates = false;  // an assertion of the property fails when it fires
};

class StateGraph {
 public:
  // Explores from the state `initial` everything that `property` (not a cover) can be judged by. A state that violates it
  // is met and not gone on from. Limits of `options`: seconds, bytes, interruption; `most_states` beside them.
  // `system` must outlive the graph; ir::fault_in() returns nothing for it.
  StateGraph(const ir::TransitionSystem& system, ir::PropertyId property, const ir::State& initial,
             const Options& options, std::uint32_t most_states);

  bool complete() const { return stopped_by_.empty(); }
  const std::string& stopped_by() const { return stopped_by_; }  // "time limit", "2000000 states", …

  const ir::TransitionSystem& system() const { return *system_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(violates_.size()); }
  // Enabled transitions, by actor and then by id. State 0 is the initial one.
  std::span<const Edge> edges(StateId state) const {
    return std::span(edges_).subspan(first_[state], first_[state + 1] - first_[state]);
  }
  bool violates(StateId state) const { return violates_[state]; }
  // The actor has nothing to do there unless it chooses to.
  bool rests(StateId state, std::size_t actor) const;
  // Somebody stands where the run is over for everybody.
  bool halted(StateId state) const;
  // Where the actor stands.
  ir::Location location(StateId state, std::size_t actor) const;
  ir::State state(StateId id) const { return layout_.unpack(store_[id]); }

 private:
  class Builder;
  const ir::TransitionSystem* system_;
  explicit_state::Layout layout_;
  explicit_state::StateStore store_;
  std::vector<std::uint64_t> first_;  // by state, one more than there are
  std::vector<Edge> edges_;
  std::vector<bool> violates_;
  std::vector<std::vector<bool>> resting_, halting_;  // by actor, by location
  std::string stopped_by_;
};

}  // namespace hotproof::checker::fate
