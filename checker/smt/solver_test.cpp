#include "checker/smt/solver.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <vector>

using namespace hotproof;
namespace smt = checker::smt;
using ir::ExprId;
using ir::ExprPool;
using ir::Op;
using ir::VarId;
using smt::Answer;
using smt::Solver;

namespace {

constexpr std::array two_operands = {Op::add,  Op::sub,  Op::mul, Op::udiv, Op::sdiv, Op::urem,
                                     Op::srem, Op::and_, Op::or_, Op::xor_, Op::shl,  Op::lshr,
                                     Op::ashr, Op::eq,   Op::ult, Op::ule,  Op::slt,  Op::sle};

ExprId fixed(ExprPool& pool, Solver& solver, std::uint32_t number, std::uint64_t value, int width) {
  const ExprId variable = pool.variable(static_cast<VarId>(number), width);
  solver.require(pool.eq(variable, pool.constant(value, width)));
  return variable;
}

// Two unknowns that are required to be a and b; whatever the solver says of an operation on them must be what
// ir::apply says, and it must not be able to say anything else.
void same_meaning(Op op, int width, std::uint64_t a, std::uint64_t b) {
  ExprPool pool;
  Solver solver(pool);
  const ExprId x = fixed(pool, solver, 0, a, width);
  const ExprId y = fixed(pool, solver, 1, b, width);
  const ExprId result = pool.binary(op, x, y);
  const std::uint64_t meant = ir::apply(op, pool[result].width, width, a, b, 0);
  CAPTURE(ir::name(op));
  CAPTURE(width);
  CAPTURE(a);
  CAPTURE(b);
  const ExprId different = pool.variable(static_cast<VarId>(2), 1);
  solver.require(pool.or_(pool.not_(different), pool.not_(pool.eq(result, pool.constant(meant, pool[result].width)))));
  const std::array assumptions = {different};
  CHECK(solver.check(assumptions, {}) == Answer::unsat);
  REQUIRE(solver.check({}, {}) == Answer::sat);
  CHECK(solver.value(result) == meant);
}

// A question that takes the solver very long: factors of a product of two primes of 31 bits.
void require_factors(ExprPool& pool, Solver& solver) {
  const ExprId a = pool.variable(static_cast<VarId>(0), 64);
  const ExprId b = pool.variable(static_cast<VarId>(1), 64);
  const ExprId limit = pool.constant(std::uint64_t{1} << 32U, 64);
  const ExprId one = pool.constant(1, 64);
  solver.require(pool.eq(pool.binary(Op::mul, a, b), pool.constant(2147483647ULL * 2147483629ULL, 64)));
  for (const ExprId factor : {a, b}) {
    solver.require(pool.binary(Op::ult, factor, limit));
    solver.require(pool.binary(Op::ult, one, factor));
  }
}

}  // namespace

TEST_CASE("every operation means to the solver what it means to the interpreter") {
  for (const Op op : two_operands)
    for (std::uint64_t a = 0; a < 8; ++a)
      for (std::uint64_t b = 0; b < 8; ++b) same_meaning(op, 3, a, b);
  for (const Op op : two_operands)
    for (std::uint64_t bits = 0; bits < 4; ++bits) same_meaning(op, 1, bits & 1U, bits >> 1U);
}

TEST_CASE("operations on wide and random values") {
  rc::check([] {
    const Op op = two_operands[*rc::gen::inRange<std::size_t>(0, two_operands.size())];
    const bool hard = op == Op::udiv || op == Op::sdiv || op == Op::urem || op == Op::srem || op == Op::mul;
    const int width = *rc::gen::inRange(1, hard ? 17 : 65);
    const auto number =
        rc::gen::oneOf(rc::gen::arbitrary<std::uint64_t>(), rc::gen::element<std::uint64_t>(0, 1, ~0ULL));
    same_meaning(op, width, ir::truncate(*number, width), ir::truncate(*number, width));
  });
}

TEST_CASE("one operand, widths and choices") {
  for (std::uint64_t a = 0; a < 8; ++a) {
    for (const int width : {1, 3}) {
      const std::uint64_t in = ir::truncate(a, width);
      ExprPool pool;
      Solver solver(pool);
      const ExprId x = fixed(pool, solver, 0, in, width);
      const ExprId small = pool.resize(x, 1, false);
      const std::vector<ExprId> results = {pool.unary(Op::not_, x),
                                           pool.unary(Op::neg, x),
                                           pool.resize(x, 7, true),
                                           pool.resize(x, 7, false),
                                           small,
                                           pool.ite(small, x, pool.unary(Op::not_, x))};
      REQUIRE(solver.check({}, {}) == Answer::sat);
      CHECK(solver.value(results[0]) == ir::apply(Op::not_, width, width, in, 0, 0));
      CHECK(solver.value(results[1]) == ir::apply(Op::neg, width, width, in, 0, 0));
      CHECK(solver.value(results[2]) == ir::apply(Op::sext, 7, width, in, 0, 0));
      CHECK(solver.value(results[3]) == in);
      CHECK(solver.value(results[4]) == (in & 1U));
      CHECK(solver.value(results[5]) == ((in & 1U) != 0 ? in : ir::truncate(~in, width)));
    }
  }
}

TEST_CASE("an assumption holds for one question only") {
  ExprPool pool;
  Solver solver(pool);
  const ExprId literal = pool.variable(static_cast<VarId>(0), 1);
  const ExprId x = pool.variable(static_cast<VarId>(1), 4);
  solver.require(pool.or_(pool.not_(literal), pool.eq(x, pool.constant(9, 4))));
  solver.require(pool.not_(pool.eq(x, pool.constant(9, 4))));
  const std::array assumptions = {literal};
  CHECK(solver.check(assumptions, {}) == Answer::unsat);
  CHECK_FALSE(solver.value(x));
  CHECK(solver.check({}, {}) == Answer::sat);
  CHECK(solver.value(x) != 9);
}

TEST_CASE("a refutation names the assumptions that it needs, never none of several") {
  ExprPool pool;
  Solver solver(pool);
  const auto literal = [&](std::uint32_t number) { return pool.variable(static_cast<VarId>(number), 1); };
  const ExprId x = pool.variable(static_cast<VarId>(100), 8);
  for (std::uint32_t i = 0; i < 8; ++i) {
    const ExprId bit = pool.binary(Op::and_, pool.binary(Op::lshr, x, pool.constant(i, 8)), pool.constant(1, 8));
    solver.require(pool.or_(pool.not_(literal(i)), pool.eq(bit, pool.constant(1, 8))));
  }
  solver.require(pool.binary(Op::ult, x, pool.constant(40, 8)));
  const std::vector<ExprId> possible{literal(0), literal(5), pool.not_(literal(7))};
  CHECK(solver.check(possible, {}) == Answer::sat);
  CHECK(solver.core().empty());
  for (int round = 0; round < 3; ++round) {
    const std::vector<ExprId> assumed{literal(0), literal(3), pool.not_(literal(6)), literal(5), literal(1)};
    REQUIRE(solver.check(assumed, {}) == Answer::unsat);
    const std::vector<ExprId> core = solver.core();
    REQUIRE_FALSE(core.empty());
    CHECK(core.size() < assumed.size());
    for (const ExprId id : core) CHECK(std::find(assumed.begin(), assumed.end(), id) != assumed.end());
    CHECK(solver.check(core, {}) == Answer::unsat);
  }
  solver.require(pool.truth(false));
  CHECK(solver.check(possible, {}) == Answer::unsat);
  CHECK(solver.core().empty());
}

TEST_CASE("a long question ends when its time is over") {
  ExprPool pool;
  Solver solver(pool);
  require_factors(pool, solver);
  smt::Patience patience;
  patience.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
  CHECK(solver.check({}, patience) == Answer::unknown);
  CHECK(solver.reason() == "time limit");
  CHECK(std::chrono::steady_clock::now() < *patience.deadline + std::chrono::seconds(5));
}

TEST_CASE("a long question ends when it is interrupted") {
  ExprPool pool;
  Solver solver(pool);
  require_factors(pool, solver);
  volatile bool stop = true;
  smt::Patience patience;
  patience.interrupted = &stop;
  CHECK(solver.check({}, patience) == Answer::unknown);
  CHECK(solver.reason() == "interrupted");
}

TEST_CASE("a question ends at the memory limit") {
  ExprPool pool;
  Solver solver(pool);
  require_factors(pool, solver);
  smt::Patience patience;
  patience.bytes = 1;
  CHECK(solver.check({}, patience) == Answer::unknown);
  CHECK(solver.reason() == "memory limit");
}

TEST_CASE("a question that takes too long at first is answered all the same, by solvers made afresh") {
  // x * y == n with both above 1: the answers are known.
  smt::lose_patience_for_tests(true);
  std::size_t restarts = 0;
  for (const std::uint64_t number : {3233U, 3241U, 3249U, 3251U, 3431U, 4087U, 4093U}) {
    CAPTURE(number);
    ExprPool pool;
    Solver solver(pool);
    const ExprId x = pool.variable(static_cast<VarId>(0), 16), y = pool.variable(static_cast<VarId>(1), 16);
    const ExprId literal = pool.variable(static_cast<VarId>(2), 1), other = pool.variable(static_cast<VarId>(3), 1);
    const auto between = [&](ExprId n, std::uint64_t low, std::uint64_t high) {
      return pool.and_(pool.binary(Op::ule, pool.constant(low, 16), n),
                       pool.binary(Op::ule, n, pool.constant(high, 16)));
    };
    solver.require(between(x, 2, 100));
    solver.require(between(y, 2, 100));
    solver.require(pool.or_(pool.not_(literal), pool.eq(pool.binary(Op::mul, x, y), pool.constant(number, 16))));
    bool composite = false;
    for (std::uint64_t a = 2; a <= 100; ++a)
      composite = composite || (number % a == 0 && number / a <= 100 && number / a > 1);
    const std::array assumptions = {other, literal};
    for (int round = 0; round < 2; ++round) {
      CHECK(solver.check(assumptions, {}) == (composite ? Answer::sat : Answer::unsat));
      if (composite)
        CHECK(*solver.value(x) * *solver.value(y) == number);
      else
        CHECK(std::count(solver.core().begin(), solver.core().end(), literal) == 1);
      CHECK(solver.check({}, {}) == Answer::sat);
    }
    restarts += solver.restarts();
  }
  smt::lose_patience_for_tests(false);
  CHECK(restarts > 7);
  ExprPool pool;
  Solver solver(pool);
  require_factors(pool, solver);
  smt::Patience patience;
  patience.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
  smt::lose_patience_for_tests(true);
  CHECK(solver.check({}, patience) == Answer::unknown);
  smt::lose_patience_for_tests(false);
  CHECK(solver.reason() == "time limit");
}
