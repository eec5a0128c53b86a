#include "model/ir/passes/cone.hpp"

#include <algorithm>

#include "model/ir/passes/mistake.hpp"

namespace hotproof::ir {

Cone::Cone(const TransitionSystem& system, const std::vector<TransitionId>& transitions)
    : system_(system),
      transitions_(transitions),
      needed_(system.variables.size(), false),
      control_read_(system.variables.size(), false),
      updates_of_(system.variables.size()) {
  for (const TransitionId t : transitions)
    for (const Update& update : system[t].updates) updates_of_[index(update.var)].push_back(update.value);
  for (const Actor& actor : system.actors) needed_[index(actor.control)] = true;
}

void Cone::need(ExprId root) {
  std::vector<ExprId> open{root};
  while (!open.empty()) {
    const ExprId expr = open.back();
    open.pop_back();
    if (!seen_.insert(expr).second) continue;
    for (const VarId var : system_.pool.variables(expr)) {
      note_control(var);
      if (needed_[index(var)]) continue;
      needed_[index(var)] = true;
      open.insert(open.end(), updates_of_[index(var)].begin(), updates_of_[index(var)].end());
    }
  }
}

void Cone::need_what_moves() {
  need(system_.initial_condition);
  for (const Lock& lock : system_.locks) {
    for (const ExprId expr : lock.held_write) need(expr);
    for (const ExprId expr : lock.held_read) need(expr);
  }
  if (mistake_for_tests() == Mistake::slice_guards) return;
  for (const TransitionId t : transitions_) need(system_[t].guard);
}

void Cone::need(const Property& property, PropertyId id) {
  if (property.kind == PropertyKind::invariant) need(property.expr);
  for (const TransitionId t : transitions_) {
    for (const Assertion& assertion : system_[t].assertions)
      if (assertion.property == id) need(assertion.holds);
    for (const Hit& hit : system_[t].hits)
      if (judges_by(property, hit.mark)) need(hit.when);
  }
}

void Cone::note_control(ExprId expr) {
  if (!noted_.insert(expr).second) return;
  for (const VarId var : system_.pool.variables(expr)) note_control(var);
}

void Cone::note_control(VarId var) {
  if (system_[var].role == Role::control) control_read_[index(var)] = true;
}

bool judges_by(const Property& property, MarkId mark) {
  if (property.kind == PropertyKind::cover && property.mark == mark) return true;
  return std::find(property.triggers.begin(), property.triggers.end(), mark) != property.triggers.end();
}

}  // namespace hotproof::ir
