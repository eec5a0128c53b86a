// Sets of states as PDR handles them: some bits of some variables are given. The finest literal is a bit, the coarsest
// a whole value; which of them a cube is made of is the engine's choice.
#pragma once

#include <cstdint>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::checker::smt {

// Those bits of the variable that `mask` has are as in `value`; value has no others. The mask is not 0.
struct Literal {
  ir::VarId var{};
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
  friend bool operator==(const Literal&, const Literal&) = default;
  friend auto operator<=>(const Literal&, const Literal&) = default;
};

// The conjunction; by variable, ascending, each at most once.
using Cube = std::vector<Literal>;

// Every state of `inner` is one of `outer`.
bool is_within(const Cube& inner, const Cube& outer);
bool contains(const Cube& cube, const ir::State& state);
// Over the variables of a system.
ir::ExprId as_expression(ir::ExprPool& pool, const Literal& literal, ir::ExprId variable);

}  // namespace hotproof::checker::smt
