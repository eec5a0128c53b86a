// What bounded model checking asks of each depth: whether a run of that length ends in something of interest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/result.hpp"
#include "checker/smt/unroll.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker::smt {

struct Goal {
  enum class Kind : std::uint8_t {
    property,  // broken; or, a cover, reached
    trigger,   // a mark that some property needs so as not to be vacuous
    range      // a value outside its declared range
  };
  Kind kind = Kind::property;
  std::size_t index = 0;  // property: its number; trigger: the mark's
  ir::ExprId reached{};   // an unknown of the unrolling
};

std::string describe(const ir::TransitionSystem& system, const Goal& goal);

// Whether the run ends in the goal, as the reference interpreter sees it.
bool is_reached(const ir::TransitionSystem& system, const Goal& goal, const ir::Run& run, const eval::Replay& replay);

class Goals {
 public:
  // Adds the condition of a deadlock to the system's pool, if a property asks for it. Both must outlive the goals.
  Goals(ir::TransitionSystem& system, Unrolling& unrolling);

  // The goals at the last frame of the unrolling; to be asked once a frame, in order of frames. Those that no run can
  // reach, by constants alone, are left out.
  std::vector<Goal> at_this_depth();

  void set_reached(const Goal& goal);
  // Some property is not decided yet.
  bool undecided() const;
  // False for a goal that was reached and for a trigger that only decided properties need.
  bool is_wanted(const Goal& goal) const;
  // The property has triggers, and none was reached.
  bool is_vacuous(const ir::Property& property) const;

 private:
  ir::ExprId now_broken(const ir::Property& property);
  ir::ExprId assertion_failed(std::size_t property);
  ir::ExprId mark_hit(ir::MarkId mark);
  ir::ExprId reached(std::size_t property);
  ir::ExprId stays_in_range();
  void follow_faults();

  ir::TransitionSystem& system_;
  Unrolling& unrolling_;
  ir::ExprId deadlocked_{};      // over the system
  ir::ExprId without_faults_{};  // over the unrolling: no step so far injects a fault
  ir::ExprId in_range_{};        // over the unrolling: the last frame is in range
  bool counts_faults_ = false;
  std::vector<bool> decided_;       // by property
  std::vector<bool> mark_reached_;  // by mark
};

}  // namespace hotproof::checker::smt
