#include "checker/explicit/wait_for.hpp"

#include <algorithm>

namespace hotproof::checker::explicit_state {

DeadlockTest::DeadlockTest(const ir::TransitionSystem& system, const CompiledSystem& compiled)
    : compiled_(compiled), successor_(compiled.words()) {
  for (const ir::Actor& actor : system.actors) {
    rests_.emplace_back(std::max<std::uint32_t>(actor.locations, 1), false);
    for (const ir::Location location : actor.resting) rests_.back()[location] = true;
    halts_.emplace_back(rests_.back().size(), false);
    for (const ir::Location location : actor.halted) halts_.back()[location] = true;
  }
}

bool DeadlockTest::deadlocked(const std::uint64_t* state, const std::vector<std::uint8_t>& blocked, Scratch& scratch) {
  return stuck(state, blocked) || wait_in_a_circle(state, blocked, scratch);
}

bool DeadlockTest::stuck(const std::uint64_t* state, const std::vector<std::uint8_t>& blocked) const {
  if (std::find(blocked.begin(), blocked.end(), 0) != blocked.end()) return false;
  bool all_rest = true;
  for (std::size_t actor = 0; actor < rests_.size(); ++actor) {
    const auto location = compiled_.location(actor, state);
    if (halts_[actor][location]) return false;
    all_rest = all_rest && rests_[actor][location];
  }
  return !all_rest;
}

// Takes away, again and again, the actors that wait for nobody who waits; what is left, if anything, holds a circle.
bool DeadlockTest::wait_in_a_circle(const std::uint64_t* state, const std::vector<std::uint8_t>& blocked,
                                    Scratch& scratch) {
  struct Sink : SilentSink {
    void waits_for(std::uint32_t holder) {
      if (holder < blocked->size() && (*blocked)[holder] != 0) edges->push_back({waiter, holder});
    }
    std::uint64_t* next() { return successor; }
    const std::vector<std::uint8_t>* blocked;
    std::vector<Edge>* edges;
    std::uint32_t waiter;
    std::uint64_t* successor;
  };
  Sink sink;
  sink.blocked = &blocked;
  sink.edges = &edges_;
  sink.successor = successor_.data();
  edges_.clear();
  for (std::uint32_t actor = 0; actor < blocked.size(); ++actor) {
    sink.waiter = actor;
    if (blocked[actor] != 0) compiled_.waiting(actor, state, scratch, sink);
  }
  for (std::size_t before = edges_.size() + 1; edges_.size() < before;) {
    before = edges_.size();
    waits_.assign(blocked.size(), 0);
    for (const Edge& edge : edges_) waits_[edge.waits] = 1;
    std::erase_if(edges_, [&](const Edge& edge) { return waits_[edge.holds] == 0; });
  }
  return !edges_.empty();
}

}  // namespace hotproof::checker::explicit_state
