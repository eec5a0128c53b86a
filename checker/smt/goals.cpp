#include "checker/smt/goals.hpp"

#include <algorithm>

namespace hotproof::checker::smt {

using ir::ExprId;
using ir::MarkId;
using ir::PropertyId;
using ir::PropertyKind;
using ir::TransitionId;

std::string describe(const ir::TransitionSystem& system, const Goal& goal) {
  switch (goal.kind) {
    case Goal::Kind::property:
      return "property " + system.properties[goal.index].id;
    case Goal::Kind::trigger:
      return "trigger " + system.marks[goal.index];
    case Goal::Kind::range:
      break;
  }
  return "the declared ranges";
}

bool is_reached(const ir::TransitionSystem& system, const Goal& goal, const ir::Run& run, const eval::Replay& replay) {
  const std::size_t last = run.steps.size();
  if (replay.left_range_at && *replay.left_range_at < last) return false;
  if (goal.kind == Goal::Kind::range) return replay.left_range_at.has_value();
  if (goal.kind == Goal::Kind::trigger) {
    if (last == 0) return false;
    const auto hit = eval::marks_hit(system, run.steps.back(), replay.states[last - 1]);
    return std::find(hit.begin(), hit.end(), static_cast<MarkId>(goal.index)) != hit.end();
  }
  const ir::Property& property = system.properties[goal.index];
  const auto id = static_cast<PropertyId>(goal.index);
  if (property.kind == PropertyKind::invariant || property.kind == PropertyKind::deadlock)
    return !replay.left_range_at && violates(system, id, replay.states[last], std::nullopt);
  const auto injects = [&](TransitionId step) { return system[step].faults != 0; };
  if (property.cover_without_faults && std::any_of(run.steps.begin(), run.steps.end(), injects)) return false;
  return last > 0 && violates(system, id, replay.states[last - 1], run.steps.back());
}

Goals::Goals(ir::TransitionSystem& system, Unrolling& unrolling)
    : system_(system),
      unrolling_(unrolling),
      without_faults_(unrolling.pool().truth(true)),
      in_range_(unrolling.pool().truth(true)),
      decided_(system.properties.size(), false),
      mark_reached_(system.marks.size(), false) {
  for (const ir::Property& property : system.properties) {
    if (property.kind == PropertyKind::deadlock) deadlocked_ = deadlocked(system);
    if (property.cover_without_faults) counts_faults_ = true;
  }
}

bool Goals::undecided() const {
  return std::find(decided_.begin(), decided_.end(), false) != decided_.end();
}

bool Goals::is_wanted(const Goal& goal) const {
  if (goal.kind == Goal::Kind::range) return true;
  if (goal.kind == Goal::Kind::property) return !decided_[goal.index];
  if (mark_reached_[goal.index]) return false;
  for (std::size_t i = 0; i < decided_.size(); ++i) {
    const auto& triggers = system_.properties[i].triggers;
    if (!decided_[i] && std::find(triggers.begin(), triggers.end(), static_cast<MarkId>(goal.index)) != triggers.end())
      return true;
  }
  return false;
}

bool Goals::is_vacuous(const ir::Property& property) const {
  return !property.triggers.empty() && std::none_of(property.triggers.begin(), property.triggers.end(),
                                                    [this](MarkId mark) { return mark_reached_[ir::index(mark)]; });
}

void Goals::set_reached(const Goal& goal) {
  if (goal.kind == Goal::Kind::property) decided_[goal.index] = true;
  if (goal.kind == Goal::Kind::trigger) mark_reached_[goal.index] = true;
}

ExprId Goals::assertion_failed(std::size_t property) {
  ir::ExprPool& pool = unrolling_.pool();
  std::vector<ExprId> failures;
  for (std::size_t i = 0; i < system_.transitions.size(); ++i) {
    const ExprId fired = unrolling_.fired(static_cast<TransitionId>(i));
    if (pool.is_false(fired)) continue;
    for (const ir::Assertion& assertion : system_.transitions[i].assertions)
      if (ir::index(assertion.property) == property)
        failures.push_back(pool.and_(fired, pool.not_(unrolling_.before(assertion.holds))));
  }
  return pool.any(failures);
}

ExprId Goals::mark_hit(MarkId mark) {
  ir::ExprPool& pool = unrolling_.pool();
  std::vector<ExprId> ways;
  for (std::size_t i = 0; i < system_.transitions.size(); ++i) {
    const ExprId fired = unrolling_.fired(static_cast<TransitionId>(i));
    if (pool.is_false(fired)) continue;
    for (const ir::Hit& hit : system_.transitions[i].hits)
      if (hit.mark == mark) ways.push_back(pool.and_(fired, unrolling_.before(hit.when)));
  }
  return pool.any(ways);
}

ExprId Goals::reached(std::size_t index) {
  ir::ExprPool& pool = unrolling_.pool();
  const ir::Property& property = system_.properties[index];
  const bool no_step = unrolling_.depth() == 0;
  switch (property.kind) {
    case PropertyKind::invariant:
      return pool.and_(in_range_, pool.not_(unrolling_.now(property.expr)));
    case PropertyKind::deadlock:
      return pool.and_(in_range_, unrolling_.now(deadlocked_));
    case PropertyKind::assertion:
      return no_step ? pool.truth(false) : assertion_failed(index);
    case PropertyKind::cover:
      break;
  }
  if (no_step) return pool.truth(false);
  const ExprId hit = mark_hit(property.mark);
  return property.cover_without_faults ? pool.and_(without_faults_, hit) : hit;
}

ExprId Goals::stays_in_range() {
  ir::ExprPool& pool = unrolling_.pool();
  ExprId out = pool.truth(true);
  for (std::size_t i = 0; i < system_.variables.size(); ++i) {
    const ExprId value = unrolling_.now(system_.read(static_cast<ir::VarId>(i)));
    // A value that no step can have changed was in range before.
    if (unrolling_.depth() > 0 && value == unrolling_.before(system_.read(static_cast<ir::VarId>(i)))) continue;
    if (const auto in_range = range_condition(pool, system_.variables[i], value)) out = pool.and_(out, *in_range);
  }
  return out;
}

void Goals::follow_faults() {
  if (!counts_faults_ || unrolling_.depth() == 0) return;
  ir::ExprPool& pool = unrolling_.pool();
  std::vector<ExprId> faults;
  for (std::size_t i = 0; i < system_.transitions.size(); ++i)
    if (system_.transitions[i].faults != 0) faults.push_back(unrolling_.fired(static_cast<TransitionId>(i)));
  without_faults_ = unrolling_.named(pool.and_(without_faults_, pool.not_(pool.any(faults))));
}

std::vector<Goal> Goals::at_this_depth() {
  ir::ExprPool& pool = unrolling_.pool();
  follow_faults();
  in_range_ = unrolling_.named(stays_in_range());
  std::vector<Goal> out;
  const auto add = [&](Goal::Kind kind, std::size_t index, ExprId reached) {
    if (!pool.is_false(reached)) out.push_back({kind, index, unrolling_.named(reached)});
  };
  for (std::size_t i = 0; i < system_.properties.size(); ++i)
    if (!decided_[i]) add(Goal::Kind::property, i, reached(i));
  for (std::size_t i = 0; i < system_.marks.size(); ++i)
    if (unrolling_.depth() > 0 && is_wanted({Goal::Kind::trigger, i, {}}))
      add(Goal::Kind::trigger, i, mark_hit(static_cast<MarkId>(i)));
  add(Goal::Kind::range, 0, pool.not_(in_range_));
  return out;
}

}  // namespace hotproof::checker::smt
