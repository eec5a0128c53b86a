// What PDR knows, level by level, and what it asks the solver about it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "checker/smt/cube.hpp"
#include "checker/smt/solver.hpp"
#include "checker/smt/unroll.hpp"

namespace hotproof::checker::smt {

// Frames F(0) = the initial states, F(1), … F(top): F(i) over-approximates what runs of at most i steps reach. A frame
// is the lemmas and the negations of the cubes blocked at its level or above, so F(i) implies F(i + 1).
class Frames {
 public:
  // `system` must outlive it. `rebuild_after`: so many questions to one solver.
  Frames(const ir::TransitionSystem& system, ir::ExprId bad, std::span<const ir::ExprId> lemmas,
         std::uint32_t rebuild_after, const Patience& patience);

  std::uint32_t top() const { return static_cast<std::uint32_t>(blocked_.size() - 1); }
  void add_frame() {
    blocked_.emplace_back();
    activation_.push_back(step_.unknown(1));
  }
  // Cubes whose highest level is this one.
  const std::vector<Cube>& blocked_at(std::uint32_t level) const { return blocked_[level]; }

  // From now on no state of F(1) … F(level) is in the cube. Cubes within it go.
  void block(const Cube& cube, std::uint32_t level);
  // A cube blocked at `level` or above holds all of this one.
  bool is_blocked(const Cube& cube, std::uint32_t level) const;

  // A state of F(level) in which the question's bad condition is true?
  Answer ask_bad(std::uint32_t level);
  // Does a state of F(level) outside the cube have a successor in it?
  Answer ask_step(const Cube& cube, std::uint32_t level);
  // Is one of the initial states in the cube? Nothing where the solver gave up.
  std::optional<bool> meets_initial(const Cube& cube);

  // After Answer::sat: the state.
  std::optional<ir::State> state();
  // After Answer::sat of ask_step(): the transition. Nothing if there is not exactly one.
  std::optional<ir::TransitionId> fired();
  // After Answer::unsat of ask_step(): the literals of the cube that were needed.
  Cube core(const Cube& cube);
  // After meets_initial() said so: an initial state in the cube.
  const ir::State& initial_state() const { return initial_state_; }

  const std::string& reason() const { return asked_->reason(); }
  std::uint64_t queries() const { return queries_; }

 private:
  ir::ExprId next_literal(const Literal& literal);
  ir::ExprId outside(const Cube& cube);
  void assume_frame(std::uint32_t level, std::vector<ir::ExprId>& assumed) const;
  void build_solvers();
  void count();

  const ir::TransitionSystem& system_;
  const Patience& patience_;
  Unrolling step_;
  std::vector<ir::ExprId> now_;             // by VarId, in frame 0 of the unrolling
  std::vector<ir::ExprId> next_;            // in frame 1
  std::vector<ir::ExprId> always_;          // required of a state
  std::vector<ir::ExprId> of_a_step_;       // required of a step, besides
  ir::ExprId initial_{};                    // over frame 0
  ir::ExprId bad_{};                        // over frame 0
  ir::ExprId in_initial_{};                 // activates initial_
  std::vector<std::vector<Cube>> blocked_;  // by level
  std::vector<ir::ExprId> activation_;      // by level
  std::map<Literal, ir::ExprId> literals_;  // over frame 1, with names
  std::unique_ptr<Solver> steps_;           // asked about a step
  std::unique_ptr<Solver> states_;          // asked about a bad state
  std::unique_ptr<Solver> starts_;          // asked about an initial state
  Solver* asked_ = nullptr;                 // the last one
  std::uint32_t rebuild_after_;
  std::uint32_t since_rebuild_ = 0;
  std::uint64_t queries_ = 0;
  std::vector<std::uint64_t> fixed_start_;  // by VarId; of free ones without meaning
  ir::State initial_state_;
  std::optional<ir::State> some_start_;
};

}  // namespace hotproof::checker::smt
