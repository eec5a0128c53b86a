// Deciding small questions without a solver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::ir {

// By variable: the values that it can have in reachable states, ascending; empty: any value of its width. Found by
// propagating sets of at most 64 values through the updates until nothing is new, in whatever order they fire.
using Domains = std::vector<std::vector<std::uint64_t>>;
Domains domains(const TransitionSystem& system);

// Whether an expression is true under all valuations of its variables within `domains`. "No" may also mean that there
// are too many of them.
bool always_true(const ExprPool& pool, ExprId expr, const Domains& domains, std::size_t most_valuations);

// Whether two conjuncts of a condition (1 bit) plainly contradict each other: one is the negation of the other, or they
// want one expression to equal two constants.
bool contradicts(const ExprPool& pool, ExprId condition);

}  // namespace hotproof::ir
