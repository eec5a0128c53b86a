// Expressions in single states, and which states are initial: for what is asked seldom.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "verify/system.hpp"

namespace hotproof::verify {

using Values = std::vector<std::uint64_t>;  // by variable

class Evaluator {
 public:
  explicit Evaluator(const System& system);
  std::uint64_t operator()(Expr root, const Values& state);

 private:
  const System& system_;
  std::vector<std::uint64_t> value_;    // by expression
  std::vector<std::uint64_t> current_;  // by expression: in which call value_ was computed
  std::uint64_t call_ = 0;
  std::vector<Expr> open_;
};

// Why a state is no initial one; nothing if it is.
std::optional<std::string> not_initial(const System& system, Evaluator& evaluate, const Values& state);

// Calls `visit` for each initial state. False if there are more than `most` candidates: nothing may be concluded then.
bool for_each_initial(const System& system, std::uint64_t most, const std::function<void(const Values&)>& visit);

// "transition 12 (mutex_lock) of worker0"
std::string describe(const System& system, std::uint32_t transition);

}  // namespace hotproof::verify
