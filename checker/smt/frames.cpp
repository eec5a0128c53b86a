#include "checker/smt/frames.hpp"

#include <algorithm>

namespace hotproof::checker::smt {

using ir::ExprId;
using ir::VarId;

Frames::Frames(const ir::TransitionSystem& system, ExprId bad, std::span<const ExprId> lemmas,
               std::uint32_t rebuild_after, const Patience& patience)
    : system_(system), patience_(patience), step_(system, Start::anywhere), rebuild_after_(rebuild_after) {
  for (std::size_t i = 0; i < system.variables.size(); ++i) now_.push_back(step_.value(static_cast<VarId>(i)));
  ir::ExprPool& pool = step_.pool();
  initial_ = is_initial(system, pool, [this](VarId id, int) { return now_[ir::index(id)]; });
  bad_ = step_.now(bad);
  for (const ExprId lemma : lemmas) always_.push_back(step_.now(lemma));
  for (const ExprId requirement : step_.take_requirements()) always_.push_back(requirement);
  in_initial_ = step_.unknown(1);
  step_.step();
  for (std::size_t i = 0; i < system.variables.size(); ++i) next_.push_back(step_.value(static_cast<VarId>(i)));
  of_a_step_ = step_.take_requirements();
  for (const ir::Variable& variable : system.variables) fixed_start_.push_back(variable.initial);
  for (const ir::Actor& actor : system.actors) fixed_start_[ir::index(actor.control)] = actor.initial;
  starts_ = std::make_unique<Solver>(pool);
  starts_->require(initial_);
  add_frame();  // the initial states; no cube is ever blocked there
  build_solvers();
}

void Frames::build_solvers() {
  ir::ExprPool& pool = step_.pool();
  steps_ = std::make_unique<Solver>(pool);
  states_ = std::make_unique<Solver>(pool);
  for (Solver* solver : {steps_.get(), states_.get()}) {
    for (const ExprId requirement : always_) solver->require(requirement);
    solver->require(pool.or_(pool.not_(in_initial_), initial_));
    for (std::uint32_t level = 0; level < blocked_.size(); ++level)
      for (const Cube& cube : blocked_[level]) solver->require(pool.or_(pool.not_(activation_[level]), outside(cube)));
  }
  for (const ExprId requirement : of_a_step_) steps_->require(requirement);
  for (const auto& [literal, name] : literals_)
    steps_->require(pool.eq(name, as_expression(pool, literal, next_[ir::index(literal.var)])));
  states_->require(bad_);
  since_rebuild_ = 0;
  asked_ = steps_.get();
}

void Frames::count() {
  ++queries_;
  if (++since_rebuild_ > rebuild_after_) build_solvers();
}

// With a name of its own, even where it is a constant, so that it can be assumed.
ExprId Frames::next_literal(const Literal& literal) {
  const auto [found, fresh] = literals_.try_emplace(literal);
  if (!fresh) return found->second;
  ir::ExprPool& pool = step_.pool();
  found->second = step_.unknown(1);
  steps_->require(pool.eq(found->second, as_expression(pool, literal, next_[ir::index(literal.var)])));
  return found->second;
}

ExprId Frames::outside(const Cube& cube) {
  ir::ExprPool& pool = step_.pool();
  std::vector<ExprId> ways;
  for (const Literal& literal : cube)
    ways.push_back(pool.not_(as_expression(pool, literal, now_[ir::index(literal.var)])));
  return pool.any(ways);
}

void Frames::assume_frame(std::uint32_t level, std::vector<ExprId>& assumed) const {
  if (level == 0) assumed.push_back(in_initial_);
  for (std::uint32_t i = std::max(level, 1U); i < activation_.size(); ++i) assumed.push_back(activation_[i]);
}

void Frames::block(const Cube& cube, std::uint32_t level) {
  for (std::uint32_t i = 1; i <= level; ++i)
    std::erase_if(blocked_[i], [&](const Cube& other) { return is_within(other, cube); });
  blocked_[level].push_back(cube);
  ir::ExprPool& pool = step_.pool();
  const ExprId clause = pool.or_(pool.not_(activation_[level]), outside(cube));
  steps_->require(clause);
  states_->require(clause);
}

bool Frames::is_blocked(const Cube& cube, std::uint32_t level) const {
  for (std::size_t i = level; i < blocked_.size(); ++i)
    for (const Cube& other : blocked_[i])
      if (is_within(cube, other)) return true;
  return false;
}

Answer Frames::ask_bad(std::uint32_t level) {
  count();
  std::vector<ExprId> assumed;
  assume_frame(level, assumed);
  asked_ = states_.get();
  return asked_->check(assumed, patience_);
}

Answer Frames::ask_step(const Cube& cube, std::uint32_t level) {
  count();
  ir::ExprPool& pool = step_.pool();
  std::vector<ExprId> assumed;
  // The literals come first: what can be refuted without the frame should be.
  for (const Literal& literal : cube) assumed.push_back(next_literal(literal));
  assume_frame(level, assumed);
  const ExprId here = step_.unknown(1);
  steps_->require(pool.or_(pool.not_(here), outside(cube)));
  assumed.push_back(here);
  asked_ = steps_.get();
  return asked_->check(assumed, patience_);
}

std::optional<bool> Frames::meets_initial(const Cube& cube) {
  std::vector<Literal> open;
  for (const Literal& literal : cube) {
    const std::size_t i = ir::index(literal.var);
    if (system_.variables[i].free_initially)
      open.push_back(literal);
    else if ((fixed_start_[i] & literal.mask) != literal.value)
      return false;
  }
  if (open.empty() && some_start_) {
    initial_state_ = *some_start_;
    return true;
  }
  ir::ExprPool& pool = step_.pool();
  const ExprId here = step_.unknown(1);
  ExprId inside = pool.truth(true);
  for (const Literal& literal : open)
    inside = pool.and_(inside, as_expression(pool, literal, now_[ir::index(literal.var)]));
  starts_->require(pool.or_(pool.not_(here), inside));
  ++queries_;
  asked_ = starts_.get();
  const Answer answer = asked_->check({&here, 1}, patience_);
  if (answer == Answer::unknown) return std::nullopt;
  if (answer == Answer::unsat) return false;
  const auto found = state();
  if (!found) return std::nullopt;
  some_start_ = initial_state_ = *found;
  return true;
}

std::optional<ir::State> Frames::state() {
  ir::State out;
  for (const ExprId variable : now_) {
    const auto value = asked_->value(variable);
    if (!value) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

std::optional<ir::TransitionId> Frames::fired() {
  const auto run = step_.run([this](ExprId id) { return asked_->value(id); });
  if (!run) return std::nullopt;
  return run->steps.front();
}

Cube Frames::core(const Cube& cube) {
  const std::vector<ExprId>& needed = asked_->core();
  Cube out;
  for (const Literal& literal : cube)
    if (std::find(needed.begin(), needed.end(), literals_.at(literal)) != needed.end()) out.push_back(literal);
  return out;
}

}  // namespace hotproof::checker::smt
