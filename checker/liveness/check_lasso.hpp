// The judgement of a lasso by the reference interpreter and by the meaning of formulas, which share nothing with the search
// that found it.
#pragma once

#include <optional>
#include <string>

#include "checker/liveness/product.hpp"
#include "model/ir/temporal.hpp"

namespace hotproof::checker::liveness {

// Why the lasso does not show that the formula fails; nothing if it does:
// - it is a run of the question's system from an initial state, in its ranges, without anybody halting;
// - its cycle comes back to the state in which it began; or it is empty, and everybody who can move without a fault rests;
// - in the cycle, each actor moves, or at some place cannot without a fault, or rests;
// - with assumptions: a lock that somebody can get at some place of the cycle he gets there, and of a free choice that
//   is met each way is taken;
// - the formula is false of its word.
std::optional<std::string> refuted(const ir::TemporalQuestion& question, const ir::Assumptions& assumptions,
                                   ir::FormulaId formula, const Lasso& lasso);

// Whether it is a run of `system`, which may have more variables than the one in which the cycle was found, and can go
// round a second time.
std::optional<std::string> not_a_run(const ir::TransitionSystem& system, const Lasso& lasso);

}  // namespace hotproof::checker::liveness
