// Which of the actors that cannot move wait for each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/explicit/bytecode.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::explicit_state {

// Decides on one state what checker::deadlocked() says as an expression, given the actors that have no enabled
// transition. Evaluating only where some actor is blocked, and only its location, is what makes this cheap: the
// expression speaks of every location of every actor.
class DeadlockTest {
 public:
  DeadlockTest(const ir::TransitionSystem& system, const CompiledSystem& compiled);

  // `blocked`: by actor, 1 if it has no enabled transition.
  bool deadlocked(const std::uint64_t* state, const std::vector<std::uint8_t>& blocked, Scratch& scratch);

 private:
  bool stuck(const std::uint64_t* state, const std::vector<std::uint8_t>& blocked) const;
  bool wait_in_a_circle(const std::uint64_t* state, const std::vector<std::uint8_t>& blocked, Scratch& scratch);
  struct Edge {
    std::uint32_t waits;
    std::uint32_t holds;
  };

  const CompiledSystem& compiled_;
  std::vector<std::vector<bool>> rests_;  // by actor, by location
  std::vector<std::vector<bool>> halts_;
  std::vector<Edge> edges_;
  std::vector<std::uint8_t> waits_;       // by actor
  std::vector<std::uint64_t> successor_;  // what every sink has to offer; nothing is fired here
};

}  // namespace hotproof::checker::explicit_state
