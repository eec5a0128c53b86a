// Expressions as lists of operations, for engines that evaluate the same ones again and again. What counts is judged by
// model/eval; here is only what makes guesses.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::checker::smt {

struct Program {
  std::vector<ir::ExprId> order;        // operands first; the expression itself is the last
  std::vector<std::uint32_t> operands;  // three for each, as places in `order`; its own place where it takes fewer
  std::vector<ir::VarId> variables;     // ascending
};
Program compile(const ir::ExprPool& pool, ir::ExprId expr);

// The successors of states.
class Stepper {
 public:
  // `system` must outlive it; its pool may grow.
  explicit Stepper(const ir::TransitionSystem& system);
  std::vector<ir::State> successors(const ir::State& state);

 private:
  const Program& program(ir::ExprId expr);
  std::uint64_t evaluate(ir::ExprId expr, const ir::State& state);

  const ir::TransitionSystem& system_;
  std::vector<std::vector<std::vector<std::size_t>>> leaving_;  // transitions by actor and location
  std::unordered_map<ir::ExprId, std::unique_ptr<Program>> programs_;
  std::vector<std::uint64_t> values_;
};

}  // namespace hotproof::checker::smt
