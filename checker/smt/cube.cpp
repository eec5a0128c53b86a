#include "checker/smt/cube.hpp"

#include <algorithm>

namespace hotproof::checker::smt {

bool is_within(const Cube& inner, const Cube& outer) {
  auto at = inner.begin();
  for (const Literal& wanted : outer) {
    while (at != inner.end() && at->var < wanted.var) ++at;
    if (at == inner.end() || at->var != wanted.var) return false;
    if ((at->mask & wanted.mask) != wanted.mask || (at->value & wanted.mask) != wanted.value) return false;
  }
  return true;
}

bool contains(const Cube& cube, const ir::State& state) {
  return std::all_of(cube.begin(), cube.end(), [&](const Literal& literal) {
    return (state[ir::index(literal.var)] & literal.mask) == literal.value;
  });
}

ir::ExprId as_expression(ir::ExprPool& pool, const Literal& literal, ir::ExprId variable) {
  const int width = pool[variable].width;
  const ir::ExprId bits = pool.binary(ir::Op::and_, variable, pool.constant(literal.mask, width));
  return pool.eq(bits, pool.constant(literal.value, width));
}

}  // namespace hotproof::checker::smt
