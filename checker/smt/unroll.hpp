// A transition system unrolled into steps: for k steps, an expression that is true exactly of the runs of length k.
//
// Biere, Cimatti, Clarke, Zhu: Symbolic Model Checking without BDDs (TACAS 1999), in functional form: the unknowns of a
// step are only who moves and which of its ways on it takes; the next value of every variable is a choice between
// the values that the transitions give it. Constants are folded on the way, and transitions whose location cannot be
// reached in so many steps are left out, so the first steps cost next to nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::checker::smt {

// Where an unrolling starts: in the initial states, or in any state at all: each variable has any value of its width,
// and an actor may stand at a location that it has not, from where no transition leads on.
enum class Start : std::uint8_t { initial, anywhere };

class Unrolling {
 public:
  // `system` must outlive the unrolling and have no fault (ir::fault_in). Starts with frame 0.
  explicit Unrolling(const ir::TransitionSystem& system, Start start = Start::initial);

  // Expressions over all frames; the unknowns are its variables (not the system's).
  ir::ExprPool& pool() { return pool_; }
  std::uint32_t depth() const { return static_cast<std::uint32_t>(frames_.size() - 1); }

  // One step more: frame depth()+1 out of frame depth(). Exactly one enabled transition fires; there is no standing
  // still, so a run that is stuck before is no run of the new length.
  void step();

  // What must hold of all frames so far and was not taken before. A run of length depth() is a solution of everything
  // that was ever taken.
  std::vector<ir::ExprId> take_requirements();

  // An expression of the system over the state of the last frame, or of the last but one.
  ir::ExprId now(ir::ExprId expr) { return translate(frames_.back(), expr); }
  ir::ExprId before(ir::ExprId expr) { return translate(frames_[frames_.size() - 2], expr); }
  // A variable of the system in a frame, the last one if none is named.
  ir::ExprId value(ir::VarId id) const { return value(id, depth()); }
  ir::ExprId value(ir::VarId id, std::uint32_t frame) const { return frames_[frame].variables[ir::index(id)]; }
  // That the last step was this transition; false (the constant) if it cannot have been. Needs depth() > 0.
  ir::ExprId fired(ir::TransitionId id) const { return steps_.back().fired[ir::index(id)]; }

  // A fresh variable of width 1 that is required to be equal to `truth`.
  ir::ExprId named(ir::ExprId truth);
  // A fresh variable.
  ir::ExprId unknown(int width);

  // The run that a solution describes: `value` gives an unknown's value. Nothing if it describes none, which would be
  // a defect of the encoding or the solver.
  std::optional<ir::Run> run(const std::function<std::optional<std::uint64_t>(ir::ExprId)>& value) const;

 private:
  struct Frame {
    std::vector<ir::ExprId> variables;  // by VarId of the system: a constant or an unknown
    std::unordered_map<ir::ExprId, ir::ExprId> translated;
    std::vector<std::vector<bool>> reachable;  // by actor and location: an over-approximation
  };
  struct Step {
    std::vector<ir::ExprId> fired;  // by TransitionId
  };
  // One value that a step may give a variable, and when it does.
  struct Alternative {
    ir::ExprId when{};
    ir::ExprId value{};
  };

  ir::ExprId translate(Frame& frame, ir::ExprId root);
  void build_translation(Frame& frame, ir::ExprId id);
  ir::ExprId in_range(ir::VarId id, ir::ExprId value);
  void start();
  void start_anywhere();
  Step choose(Frame& frame);
  Frame next(Frame& frame, const Step& step);
  ir::ExprId settled(const std::vector<Alternative>& alternatives, ir::ExprId old_value);

  const ir::TransitionSystem& system_;
  ir::ExprPool pool_;
  std::uint32_t unknowns_ = 0;
  std::vector<Frame> frames_;
  std::vector<Step> steps_;
  std::vector<ir::ExprId> requirements_;
  std::vector<std::uint32_t> way_;   // by TransitionId: its number among those of the same actor and location
  std::vector<std::uint32_t> ways_;  // by actor: the largest number of ways on, at any of its locations
  std::vector<std::vector<ir::TransitionId>> writers_;  // by VarId
};

// That the state `value` of a variable is an initial one, all in all: `value` gives a variable's expression.
ir::ExprId is_initial(const ir::TransitionSystem& system, ir::ExprPool& pool,
                      const std::function<ir::ExprId(ir::VarId, int width)>& value);

// The system's declared range of a variable as a condition on `value`; nothing if every value of the width is in it.
std::optional<ir::ExprId> range_condition(ir::ExprPool& pool, const ir::Variable& variable, ir::ExprId value);

}  // namespace hotproof::checker::smt
