// The checking mode: tests on every state met what reductions take for granted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::checker::explicit_state {

class ClaimChecker {
 public:
  // `accesses`, by transition, are what is tested; without them, what ir::access() says.
  explicit ClaimChecker(const ir::TransitionSystem& system);
  ClaimChecker(const ir::TransitionSystem& system, std::vector<ir::Access> accesses);

  // What is wrong in this state, as a sentence that names the transition; nothing if all is right. Tests for each
  // transition whose actor stands at `from`: the locks that it claims are held; that it does the same after everything
  // it claims not to read was overwritten; that it changes nothing it claims not to write.
  std::optional<std::string> refuted(const ir::State& state);

 private:
  std::optional<std::string> refuted(ir::TransitionId id, const ir::State& state);
  std::optional<std::string> missing_lock(const ir::Transition& transition, const ir::State& state) const;
  ir::State scrambled(const ir::Access& access, const ir::State& state);
  bool does_the_same(ir::TransitionId id, const ir::State& state, const ir::State& other) const;
  std::optional<std::string> undeclared_write(ir::TransitionId id, const ir::State& state) const;
  std::uint64_t random();

  const ir::TransitionSystem& system_;
  std::vector<ir::Access> accesses_;
  std::uint64_t random_state_ = 1;
};

}  // namespace hotproof::checker::explicit_state
