#include "model/ir/expr.hpp"

#include <doctest/doctest.h>

#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"

using namespace hotproof;
using namespace hotproof::ir;

TEST_CASE("folding means what the interpreter means: constants put in for variables give the value") {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    TransitionSystem s;
    std::uint64_t random = seed;
    std::vector<VarId> vars;
    State state;
    for (int i = 0; i < 4; ++i) {
      const int width = i == 3 ? 64 : static_cast<int>(1 + (seed + static_cast<std::uint64_t>(i) * 3) % 8);
      vars.push_back(s.add_variable({.name = std::to_string(i), .width = width}));
      state.push_back(truncate(seed * 0x9e3779b97f4a7c15U >> (i * 7), width));
    }
    const ExprId e = eval::random_expression(s, random, static_cast<int>(1 + seed % 6), vars, 5);
    const ExprId folded = s.pool.substitute(
        e, [&](VarId var, int width) { return s.pool.constant(state[static_cast<std::size_t>(var)], width); });
    REQUIRE(s.pool.is_constant(folded));
    CHECK(s.pool[folded].value == eval::evaluate(s.pool, e, state));
  }
}

TEST_CASE("division and shifts as SMT-LIB has them") {
  const auto at4 = [](Op op, std::uint64_t a, std::uint64_t b) { return apply(op, 4, 4, a, b, 0); };
  CHECK(at4(Op::udiv, 7, 0) == 15);
  CHECK(at4(Op::urem, 7, 0) == 7);
  CHECK(at4(Op::sdiv, 7, 0) == 15);  // 7 / 0 = -1
  CHECK(at4(Op::sdiv, 9, 0) == 1);   // -7 / 0 = 1
  CHECK(at4(Op::srem, 9, 0) == 9);
  CHECK(at4(Op::sdiv, 9, 2) == 13);  // -7 / 2 = -3
  CHECK(at4(Op::srem, 9, 2) == 15);  // -7 rem 2 = -1
  CHECK(at4(Op::sdiv, 8, 15) == 8);  // -8 / -1 wraps
  CHECK(at4(Op::shl, 3, 4) == 0);
  CHECK(at4(Op::lshr, 12, 15) == 0);
  CHECK(at4(Op::ashr, 12, 15) == 15);
  CHECK(at4(Op::ashr, 12, 1) == 14);
  CHECK(apply(Op::sdiv, 64, 64, std::uint64_t{1} << 63U, ~std::uint64_t{0}, 0) == std::uint64_t{1} << 63U);
  CHECK(apply(Op::sext, 64, 4, 9, 0, 0) == ~std::uint64_t{6});
}

TEST_CASE("equal expressions are the same expression") {
  ExprPool pool;
  const ExprId x = pool.variable(VarId{0}, 8), y = pool.variable(VarId{1}, 8);
  CHECK(pool.binary(Op::add, x, y) == pool.binary(Op::add, y, x));
  CHECK(pool.binary(Op::sub, x, y) != pool.binary(Op::sub, y, x));
  CHECK(pool.unary(Op::not_, pool.unary(Op::not_, x)) == x);
  const ExprId p = pool.eq(x, y);
  CHECK(pool.is_false(pool.and_(p, pool.not_(p))));
  CHECK(pool.is_true(pool.or_(pool.not_(p), p)));
  CHECK(pool.below(p).size() == 3);
  CHECK(pool.variables(p) == std::vector{VarId{0}, VarId{1}});
}

TEST_CASE("replacing a few variables, a copy and a translation give what replacing all variables gives") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    TransitionSystem s;
    std::uint64_t random = seed;
    std::vector<VarId> vars;
    for (int i = 0; i < 70; ++i) vars.push_back(s.add_variable({.name = std::to_string(i), .width = 4}));  // share bits
    const ExprId e = eval::random_expression(s, random, 4, vars, 6);
    const VarId var = vars[seed % vars.size()];
    const ExprId value = eval::random_expression(s, random, 4, vars, 2);
    const std::pair<VarId, ExprId> one[] = {{var, value}};
    const auto replaced = [&](VarId v, int width) { return v == var ? value : s.pool.variable(v, width); };
    const std::size_t before = s.pool.size();
    const ExprId few = s.pool.substitute(e, one);
    const std::size_t after = s.pool.size();
    CHECK(s.pool.substitute(e, replaced) == few);
    CHECK(s.pool.size() == after);
    if (few == e) CHECK(before == after);
    ExprPool other, again;
    Translation translation(again, s.pool, [&](VarId v, int width) { return again.variable(v, width); });
    for (const ExprId root : {e, few, e}) {
      const ExprId copy = other.import(s.pool, root, [&](VarId v, int width) { return other.variable(v, width); });
      CHECK(translation(root) == copy);
      CHECK(again.size() == other.size());
    }
  }
}
