// The initial states of a system as one, over the initial values of its free variables.
#pragma once

#include <vector>

#include "checker/parametric/evaluator.hpp"

namespace hotproof::checker::parametric {

struct Start {
  Valuation values;                    // by VarId
  ir::ExprId required{};               // what a valuation of the unknowns has to satisfy
  std::vector<ir::ExprId> unknowns;    // variables with the ids of the system's; parameters first
  std::uint32_t past_unknowns = 0;     // no unknown has this id or a larger one
  bool only_parameters = true;         // every unknown is a parameter
};

// A free variable is an unknown, unless the initial condition says that it equals an expression over parameters: then it
// has that value from the start.
Start start_of(const ir::TransitionSystem& system, ir::Canonical& canonical);

// By VarId: some transition writes it, or it is a control variable.
std::vector<bool> written(const ir::TransitionSystem& system);

}  // namespace hotproof::checker::parametric
