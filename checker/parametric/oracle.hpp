// Answers lowering's questions about parameters with the solver: is a truth the same for all that are of interest?
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "checker/smt/solver.hpp"
#include "model/ir/expr.hpp"

namespace hotproof::checker {

class ParameterOracle {
 public:
  explicit ParameterOracle(const volatile bool* interrupted = nullptr) { patience_.interrupted = interrupted; }

  // Both over parameters, in `pool`. Nothing if it depends, or if the solver does not know. There is no limit of time: the
  // model must not hang on the clock.
  std::optional<bool> decide(const ir::ExprPool& pool, ir::ExprId required, ir::ExprId truth);

 private:
  // Made when it is asked first: most models have no parameter, and a solver takes longer to make than they do to lower.
  smt::Solver& solver();
  bool possible(ir::ExprId required, ir::ExprId truth);
  ir::ExprId literal(ir::ExprId truth);

  smt::Patience patience_;
  ir::ExprPool pool_;
  std::unique_ptr<smt::Solver> solver_;
  std::map<ir::ExprId, ir::ExprId> literals_;
  std::map<std::pair<ir::ExprId, ir::ExprId>, bool> known_;
};

}  // namespace hotproof::checker
