#include "checker/smt/lift.hpp"

#include <doctest/doctest.h>

#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"

using namespace hotproof;
using checker::smt::Cube;
using checker::smt::KnownBits;
using ir::ExprId;
using ir::Op;

namespace {

// splitmix64
std::uint64_t next(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

KnownBits some_known(std::uint64_t& random, int width) {
  const std::uint64_t mask = ir::truncate(next(random), width);
  return {mask, next(random) & mask};
}

// Fills the unknown bits in.
std::uint64_t completed(std::uint64_t& random, const KnownBits& known, int width) {
  return known.value | ir::truncate(next(random) & ~known.mask, width);
}

// A state of the cube in which everything else is as chance has it.
ir::State anywhere_in(const ir::TransitionSystem& system, const Cube& cube, std::uint64_t& random) {
  ir::State out;
  for (const ir::Variable& variable : system.variables) out.push_back(ir::truncate(next(random), variable.width));
  for (const auto& literal : cube) {
    std::uint64_t& value = out[ir::index(literal.var)];
    value = (value & ~literal.mask) | literal.value;
  }
  return out;
}

}  // namespace

TEST_CASE("what is known of a result is true of it, whatever the unknown bits are") {
  std::uint64_t random = 1;
  std::size_t known = 0;
  for (int round = 0; round < 40000; ++round) {
    const auto op = static_cast<Op>(static_cast<int>(Op::not_) + static_cast<int>(next(random) % 22));
    const int operand = 1 + static_cast<int>(next(random) % 8);
    const bool resizes = op == Op::zext || op == Op::sext;
    int width = operand;
    if (op >= Op::eq && op <= Op::sle) width = 1;
    if (resizes) width = operand + static_cast<int>(next(random) % 5);
    if (op == Op::trunc) width = 1 + static_cast<int>(next(random) % static_cast<std::uint64_t>(operand));
    const int first = op == Op::ite ? 1 : operand;
    const KnownBits a = some_known(random, first), b = some_known(random, operand), c = some_known(random, operand);
    const KnownBits out = checker::smt::apply_known(op, width, first, a, b, c);
    CHECK((out.value & ~out.mask) == 0);
    known += out.mask != 0 ? 1 : 0;
    for (int i = 0; i < 4; ++i) {
      const std::uint64_t value = ir::apply(op, width, first, completed(random, a, first),
                                            completed(random, b, operand), completed(random, c, operand));
      CAPTURE(static_cast<int>(op));
      CHECK((value & out.mask) == out.value);
    }
  }
  CHECK(known > 10000);
}

TEST_CASE("every state of a lifted cube does what the one does from which it was lifted") {
  std::size_t open_bits = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const ir::TransitionSystem system = eval::random_system(seed);
    checker::smt::Lifter lifter(system);
    std::uint64_t random = seed;
    const auto starts = eval::initial_states(system, 100000);
    REQUIRE(starts);
    if (starts->empty()) continue;
    ir::State state = starts->front();
    for (int step = 0; step < 30; ++step) {
      const auto ways = eval::enabled(system, state);
      if (ways.empty()) break;
      const ir::TransitionId way = ways[next(random) % ways.size()];
      const ir::State after = eval::fire(system, way, state);
      Cube target;
      for (std::size_t i = 0; i < after.size(); ++i) {
        const std::uint64_t mask = ir::truncate(next(random), system.variables[i].width);
        if (mask != 0 && next(random) % 2 == 0) target.push_back({static_cast<ir::VarId>(i), mask, after[i] & mask});
      }
      const Cube cube = lifter.leading_to(state, way, target);
      CHECK(contains(cube, state));
      for (int i = 0; i < 5; ++i) {
        const ir::State other = anywhere_in(system, cube, random);
        REQUIRE(eval::is_enabled(system, way, other));
        CHECK(contains(target, eval::fire(system, way, other)));
        if (other != state) ++open_bits;
      }
      state = after;
    }
  }
  CHECK(open_bits > 1000);
}

TEST_CASE("a cube is within another if it says at least as much of every bit") {
  using checker::smt::is_within;
  const Cube narrow{{ir::VarId{1}, 0xf, 5}, {ir::VarId{3}, 1, 1}};
  CHECK(is_within(narrow, narrow));
  CHECK(is_within(narrow, {}));
  CHECK(is_within(narrow, {{ir::VarId{1}, 0x4, 4}}));
  CHECK_FALSE(is_within(narrow, {{ir::VarId{1}, 0x4, 0}}));
  CHECK_FALSE(is_within(narrow, {{ir::VarId{2}, 1, 1}}));
  CHECK_FALSE(is_within({{ir::VarId{1}, 0x4, 4}}, narrow));
}
