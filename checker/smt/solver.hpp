// The one door to the SMT solver: truths and bit-vectors of an ir::ExprPool, asserted and asked. Z3 stays behind it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/ir/expr.hpp"

namespace hotproof::checker::smt {

enum class Answer : std::uint8_t { sat, unsat, unknown };

// When a question is to be given up. Answer::unknown says so, and Solver::reason() why.
struct Patience {
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::uint64_t bytes = 0;                            // memory of all solvers of the process together; 0: no limit
  const volatile bool* interrupted = nullptr;         // set from another thread or a signal handler; may be null
  std::vector<const std::atomic<bool>*> pointless{};  // set by others that have the answer by now: "interrupted", too
};

// What is exceeded now: "interrupted", "time limit" or "memory limit"; an empty text if nothing is.
std::string exceeded(const Patience& patience);

// An incremental solver over the expressions of `pool`, whose variables are its unknowns. Expressions may be added to
// the pool between calls. Nothing is ever retracted: to ask about a condition only once, assert "literal implies
// condition" and assume the literal. No function throws; a failure inside the solver is Answer::unknown from the next
// check on, never an answer.
class Solver {
 public:
  explicit Solver(const ir::ExprPool& pool);
  ~Solver();
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  // `truth` has width 1.
  void require(ir::ExprId truth);
  // Is there a valuation for everything required and assumed? Assumptions are variables of width 1, or their negations.
  // A question that takes long is asked again of solvers made afresh, with other seeds and another method, each with more
  // time; Answer::unknown means that patience is at its end, or that the last of them has given up.
  Answer check(std::span<const ir::ExprId> assumptions, const Patience& patience);
  // After Answer::unsat, until the next require() or check(): assumptions that are enough for that answer, in the order
  // in which they were given. Never fewer than are needed: where the solver's own list turns out not to be enough, or
  // names something that was not assumed, these are all assumptions.
  const std::vector<ir::ExprId>& core() const;
  // After Answer::sat, until the next require() or check(): the value of an expression; unknowns that do not matter
  // are 0. Nothing if the solver could not evaluate it.
  std::optional<std::uint64_t> value(ir::ExprId id);
  // After Answer::unknown: "time limit", "memory limit", "interrupted", or the solver's own words.
  const std::string& reason() const;
  // How often a solver was made afresh for a question that took long.
  std::size_t restarts() const;
  // Memory that all solvers of the process hold, in bytes.
  static std::uint64_t bytes();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The answer to a script of SMT-LIB 2 in QF_BV, by a solver of its own. Whatever of the script says how to answer is
// passed over: its assertions count. `why` is set where the answer is unknown.
Answer solve_script(const std::string& script, const Patience& patience, std::string& why);

// For tests: from now on nearly every question takes too long at first.
void lose_patience_for_tests(bool soon);

// For tests of the comparison between engines: from now on solvers take "less" for "less or equal", in every question.
void break_comparisons_for_tests(bool broken);

}  // namespace hotproof::checker::smt
