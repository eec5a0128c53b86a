// Cone of influence (Clarke, Grumberg, Peled: Model Checking, 1999, section 13.1): which variables decide something.
#pragma once

#include <unordered_set>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::ir {

// Is the mark the cover's, or one of the triggers?
bool judges_by(const Property& property, MarkId mark);

class Cone {
 public:
  // `system` must outlive it. `transitions`: those that may fire; the others write nothing.
  Cone(const TransitionSystem& system, const std::vector<TransitionId>& transitions);

  // The expression, and whatever decides what the variables that it reads will be.
  void need(ExprId root);
  // What every question needs: where actors stand, the initial states, guards, who holds which lock.
  void need_what_moves();
  // What the property is judged by: its expression, its assertions, hits of its mark and its triggers.
  void need(const Property& property, PropertyId id);

  const std::vector<bool>& variables() const { return needed_; }        // by VarId
  const std::vector<bool>& control_read() const { return control_read_; }  // by VarId: some expression reads where it stands
  void note_control(ExprId expr);

 private:
  void note_control(VarId var);

  const TransitionSystem& system_;
  const std::vector<TransitionId>& transitions_;
  std::vector<bool> needed_, control_read_;
  std::vector<std::vector<ExprId>> updates_of_;  // by VarId
  std::unordered_set<ExprId> seen_, noted_;
};

}  // namespace hotproof::ir
