#include "checker/parametric/oracle.hpp"

namespace hotproof::checker {

namespace {

constexpr std::uint32_t first_literal = 1U << 30U;  // no system has so many variables

}  // namespace

smt::Solver& ParameterOracle::solver() {
  if (!solver_) solver_ = std::make_unique<smt::Solver>(pool_);
  return *solver_;
}

ir::ExprId ParameterOracle::literal(ir::ExprId truth) {
  const auto [found, fresh] = literals_.try_emplace(truth);
  if (fresh) {
    found->second = pool_.variable(static_cast<ir::VarId>(first_literal + literals_.size()), 1);
    solver().require(pool_.or_(pool_.not_(found->second), truth));
  }
  return found->second;
}

// What is not known to be impossible is taken for possible: that only costs a way that no run takes.
bool ParameterOracle::possible(ir::ExprId required, ir::ExprId truth) {
  if (pool_.is_constant(truth)) return pool_.is_true(truth);
  const auto [found, fresh] = known_.try_emplace({required, truth}, true);
  if (!fresh) return found->second;
  const ir::ExprId assumed[] = {literal(required), literal(truth)};
  const bool answer = solver().check(assumed, patience_) != smt::Answer::unsat;
  known_[{required, truth}] = answer;
  return answer;
}

std::optional<bool> ParameterOracle::decide(const ir::ExprPool& pool, ir::ExprId required, ir::ExprId truth) {
  const auto itself = [this](ir::VarId var, int width) { return pool_.variable(var, width); };
  const ir::ExprId base = pool_.import(pool, required, itself);
  const ir::ExprId asked = pool_.import(pool, truth, itself);
  const bool yes = possible(base, asked);
  const bool no = possible(base, pool_.not_(asked));
  if (yes == no) return std::nullopt;
  return yes;
}

}  // namespace hotproof::checker
