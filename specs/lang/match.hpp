// Event patterns against the events of transitions.
#pragma once

#include "model/ir/system.hpp"
#include "specs/lang/ast.hpp"
#include "specs/lang/evaluate.hpp"

namespace hotproof::spec {

// When `event` fits `pattern` (its name already does): 1 bit over the old state, the `when` included. Names that the
// pattern binds are known to `evaluator` from then on. False as a constant if it never fits.
ir::ExprId match(ir::TransitionSystem& system, Evaluator& evaluator, const EventPattern& pattern,
                 const std::vector<Expr>& when, const ir::Event& event);

}  // namespace hotproof::spec
