#include "checker/smt/question.hpp"

#include <algorithm>
#include <vector>

#include "checker/result.hpp"
#include "checker/smt/unroll.hpp"

namespace hotproof::checker::smt {

using ir::ExprId;
using ir::PropertyKind;
using ir::VarId;

namespace {

// The transition is enabled.
ExprId can_fire(ir::TransitionSystem& system, const ir::Transition& t) {
  const ir::VarId control = system.actors[ir::index(t.actor)].control;
  const ExprId here = system.pool.eq(system.read(control), system.pool.constant(t.from, system[control].width));
  return system.pool.and_(here, t.guard);
}

ExprId can_hit(ir::TransitionSystem& system, ir::MarkId mark, bool with_faults) {
  std::vector<ExprId> ways;
  for (const ir::Transition& t : system.transitions) {
    if (t.faults != 0 && !with_faults) continue;
    for (const ir::Hit& hit : t.hits)
      if (hit.mark == mark) ways.push_back(system.pool.and_(can_fire(system, t), hit.when));
  }
  return system.pool.any(ways);
}

ExprId can_fail(ir::TransitionSystem& system, std::size_t property) {
  std::vector<ExprId> ways;
  for (const ir::Transition& t : system.transitions)
    for (const ir::Assertion& assertion : t.assertions)
      if (ir::index(assertion.property) == property)
        ways.push_back(system.pool.and_(can_fire(system, t), system.pool.not_(assertion.holds)));
  return system.pool.any(ways);
}

bool counts(const Question& question, const ir::Transition& t) {
  return t.faults == 0 || !question.without_faults;
}

class Slicer {
 public:
  Slicer(const ir::TransitionSystem& system, const Question& question)
      : system_(system), question_(question), needed_(system.variables.size(), false), updates_(needed_.size()) {
    for (const ir::Transition& t : system.transitions)
      for (const ir::Update& update : t.updates) updates_[ir::index(update.var)].push_back(update.value);
    seen_.assign(system.pool.size(), false);
  }

  Cone run() {
    need(question_.bad);
    need(system_.initial_condition);
    for (const ir::Actor& actor : system_.actors) needed_[ir::index(actor.control)] = true;
    for (const ir::Transition& t : system_.transitions)
      if (counts(question_, t)) need(t.guard);
    Cone out{restricted(system_, question_), needed_};
    out.system.properties.clear();
    for (ir::Transition& t : out.system.transitions) {
      t.assertions.clear();
      t.hits.clear();
      t.events.clear();
      std::erase_if(t.updates, [this](const ir::Update& update) { return !needed_[ir::index(update.var)]; });
    }
    return out;
  }

 private:
  void need(ExprId root) {
    std::vector<ExprId> open{root};
    while (!open.empty()) {
      const ExprId id = open.back();
      open.pop_back();
      if (seen_[static_cast<std::size_t>(id)]) continue;
      seen_[static_cast<std::size_t>(id)] = true;
      const ir::Node& node = system_.pool[id];
      for (int i = 0; i < ir::arity(node.op); ++i) open.push_back(node.args[i]);
      if (node.op != ir::Op::variable || needed_[node.value]) continue;
      needed_[node.value] = true;
      open.insert(open.end(), updates_[node.value].begin(), updates_[node.value].end());
    }
  }

  const ir::TransitionSystem& system_;
  const Question& question_;
  std::vector<bool> needed_;                  // by VarId
  std::vector<std::vector<ExprId>> updates_;  // by VarId
  std::vector<bool> seen_;                    // by ExprId
};

}  // namespace

Question about_property(ir::TransitionSystem& system, std::size_t index) {
  const ir::Property property = system.properties[index];
  Question out{Question::Kind::property, index, {}, property.cover_without_faults, false};
  switch (property.kind) {
    case PropertyKind::invariant:
      out.bad = system.pool.not_(property.expr);
      return out;
    case PropertyKind::deadlock:
      out.bad = deadlocked(system);
      return out;
    case PropertyKind::assertion:
      out.without_faults = false;
      out.bad = can_fail(system, index);
      break;
    case PropertyKind::cover:
      out.bad = can_hit(system, property.mark, !property.cover_without_faults);
      break;
  }
  out.by_a_step = true;
  return out;
}

Question about_trigger(ir::TransitionSystem& system, ir::MarkId mark) {
  return {Question::Kind::trigger, ir::index(mark), can_hit(system, mark, true), false, true};
}

Question about_ranges(ir::TransitionSystem& system) {
  ExprId fits = system.pool.truth(true);
  for (std::size_t i = 0; i < system.variables.size(); ++i) {
    const ExprId value = system.read(static_cast<VarId>(i));
    if (const auto in_range = range_condition(system.pool, system.variables[i], value))
      fits = system.pool.and_(fits, *in_range);
  }
  return {Question::Kind::range, 0, system.pool.not_(fits), false, false};
}

ir::TransitionSystem restricted(const ir::TransitionSystem& system, const Question& question) {
  ir::TransitionSystem out = system;
  for (ir::Transition& t : out.transitions)
    if (!counts(question, t)) t.guard = out.pool.truth(false);
  return out;
}

std::vector<ExprId> Cone::facts(std::span<const ExprId> all) const {
  std::vector<ExprId> out;
  for (const ExprId fact : all) {
    const std::vector<VarId> read = system.pool.variables(fact);
    if (std::all_of(read.begin(), read.end(), [this](VarId id) { return variables[ir::index(id)]; }))
      out.push_back(fact);
  }
  return out;
}

Cone cone(const ir::TransitionSystem& system, const Question& question) {
  return Slicer(system, question).run();
}

}  // namespace hotproof::checker::smt
