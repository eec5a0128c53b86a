#include "checker/smt/bmc.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using checker::PropertyResult;
using checker::Result;
using checker::Verdict;
using ir::ExprId;
using ir::TransitionSystem;

namespace {

// One actor that counts x up from 0, location 0 for ever, while `guard` holds.
struct Counter {
  TransitionSystem system;
  ir::VarId x{};
  explicit Counter(int width) {
    ir::Variable pc{.name = "pc", .width = 1, .role = ir::Role::control};
    const ir::VarId control = system.add_variable(pc);
    x = system.add_variable({.name = "x", .width = width});
    system.actors.push_back({"counter", control, 0, 1, {0}});
    ir::Transition up;
    up.updates.push_back({x, system.pool.binary(ir::Op::add, value(), number(1))});
    up.text = "count";
    system.transitions.push_back(up);
  }
  ExprId value() { return system.read(x); }
  ExprId number(std::uint64_t n) { return system.pool.constant(n, system[x].width); }
  ExprId less(std::uint64_t n) { return system.pool.binary(ir::Op::ult, value(), number(n)); }
  ir::Transition& up() { return system.transitions[0]; }
  ir::Property& add(const std::string& id, ir::PropertyKind kind) {
    system.properties.push_back({.id = id, .kind = kind});
    return system.properties.back();
  }
  void add_invariant(const std::string& id, ExprId holds) { add(id, ir::PropertyKind::invariant).expr = holds; }
  Result bounded(std::uint32_t depth) {
    REQUIRE(ir::fault_in(system) == std::nullopt);
    checker::Options options;
    options.limits.depth = depth;
    return checker::smt::bounded(system, options);
  }
};

}  // namespace

TEST_CASE("the shortest violation is found, and the others go on") {
  Counter counter(8);
  counter.add_invariant("below 5", counter.less(5));
  counter.add_invariant("below 9", counter.less(9));
  counter.add_invariant("below 100", counter.less(100));
  const Result result = counter.bounded(12);
  CHECK(result.internal_error == "");
  CHECK(result.properties[0].verdict == Verdict::violated);
  CHECK(result.properties[0].depth == 5);
  REQUIRE(result.properties[0].run);
  CHECK(result.properties[0].run->steps.size() == 5);
  CHECK(result.properties[1].depth == 9);
  CHECK(result.properties[2].verdict == Verdict::inconclusive);
  CHECK(result.properties[2].bounded);
  CHECK(result.properties[2].depth == 12);
  CHECK(result.properties[2].engine == "bmc");
  CHECK(result.stopped_by == "depth");
  CHECK_FALSE(result.complete);
}

TEST_CASE("a property that is broken at once has an empty run") {
  Counter counter(4);
  counter.add_invariant("x is not 0", counter.system.pool.not_(counter.less(1)));
  const Result result = counter.bounded(3);
  CHECK(result.properties[0].verdict == Verdict::violated);
  CHECK(result.properties[0].depth == 0);
  CHECK(result.properties[0].run->steps.empty());
  CHECK(result.stopped_by == "");
}

TEST_CASE("a system whose runs all end is decided completely") {
  Counter counter(8);
  counter.up().guard = counter.less(6);
  counter.system.marks = {"at 3", "at 9"};
  counter.up().hits = {{ir::MarkId{0}, counter.system.pool.eq(counter.value(), counter.number(3))},
                       {ir::MarkId{1}, counter.system.pool.eq(counter.value(), counter.number(9))}};
  counter.add_invariant("below 7", counter.less(7));
  counter.add_invariant("triggered", counter.less(7));
  counter.system.properties.back().triggers = {ir::MarkId{0}, ir::MarkId{1}};
  counter.add_invariant("vacuous", counter.less(7));
  counter.system.properties.back().triggers = {ir::MarkId{1}};
  counter.add("reached", ir::PropertyKind::cover).mark = ir::MarkId{0};
  counter.add("unreached", ir::PropertyKind::cover).mark = ir::MarkId{1};
  counter.add("rest is no deadlock", ir::PropertyKind::deadlock);
  const Result result = counter.bounded(0);
  CHECK(result.complete);
  CHECK(result.statistics.depth == 6);
  CHECK(result.properties[0].verdict == Verdict::proved);
  CHECK(result.properties[1].verdict == Verdict::proved);
  CHECK(result.properties[2].verdict == Verdict::vacuous);
  CHECK(result.properties[3].verdict == Verdict::proved);
  CHECK(result.properties[3].run->steps.size() == 4);
  CHECK(result.properties[4].verdict == Verdict::violated);
  CHECK_FALSE(result.properties[4].run);
  CHECK(result.properties[5].verdict == Verdict::proved);
}

TEST_CASE("an actor that is stuck outside its resting place is a deadlock") {
  Counter counter(8);
  counter.up().guard = counter.less(6);
  counter.system.actors[0].resting.clear();
  counter.add("deadlock", ir::PropertyKind::deadlock);
  const Result result = counter.bounded(0);
  CHECK(result.properties[0].verdict == Verdict::violated);
  CHECK(result.properties[0].depth == 6);
}

TEST_CASE("a cover without faults does not count a run with one") {
  Counter counter(4);
  ir::Transition jump = counter.up();
  jump.updates[0].value = counter.number(7);
  jump.faults = 1;
  counter.system.transitions.push_back(jump);
  counter.system.marks = {"at 7"};
  counter.up().hits = {{ir::MarkId{0}, counter.system.pool.eq(counter.value(), counter.number(7))}};
  counter.add("any way", ir::PropertyKind::cover);
  counter.add("faultless", ir::PropertyKind::cover).cover_without_faults = true;
  const Result result = counter.bounded(20);
  CHECK(result.properties[0].depth == 2);
  CHECK(result.properties[1].depth == 8);
  CHECK(result.properties[1].verdict == Verdict::proved);
}

TEST_CASE("a value outside its declared range ends the search without a verdict") {
  Counter counter(8);
  counter.system.variables[ir::index(counter.x)].high = 4;
  counter.add_invariant("below 3", counter.less(3));
  counter.add_invariant("below 5", counter.less(5));
  counter.add_invariant("below 6", counter.less(6));
  const Result result = counter.bounded(12);
  CHECK(result.internal_error == "");
  CHECK(result.properties[0].verdict == Verdict::violated);
  CHECK(result.properties[1].verdict == Verdict::inconclusive);
  CHECK(result.properties[2].verdict == Verdict::inconclusive);
  CHECK(result.properties[2].depth == 4);
  CHECK(result.stopped_by == "range of x");
}

TEST_CASE("a free start is chosen so that it fits, and shown") {
  Counter counter(8);
  ir::Variable& x = counter.system.variables[ir::index(counter.x)];
  x.free_initially = true;
  x.low = 0;
  x.high = 200;
  counter.system.initial_condition = counter.system.pool.not_(counter.less(40));
  counter.up().guard = counter.less(60);
  counter.add_invariant("not 58",
                        counter.system.pool.not_(counter.system.pool.eq(counter.value(), counter.number(58))));
  counter.add_invariant("not 30",
                        counter.system.pool.not_(counter.system.pool.eq(counter.value(), counter.number(30))));
  const Result result = counter.bounded(30);
  CHECK(result.properties[0].depth == 0);
  CHECK(result.properties[0].run->initial[ir::index(counter.x)] == 58);
  CHECK(result.properties[1].verdict == Verdict::proved);
  CHECK(result.statistics.depth == 20);
}

TEST_CASE("no initial state at all, no actor at all") {
  Counter counter(4);
  counter.system.initial_condition = counter.system.pool.truth(false);
  counter.add_invariant("nothing", counter.system.pool.truth(false));
  CHECK(counter.bounded(3).properties[0].verdict == Verdict::proved);
  TransitionSystem empty;
  empty.properties.push_back({.id = "true"});
  const Result result = checker::smt::bounded(empty, {});
  CHECK(result.complete);
  CHECK(result.properties[0].verdict == Verdict::proved);
}

TEST_CASE("time, interruption and memory end in inconclusive") {
  Counter counter(32);
  // x steps through squares: hard to foresee, so the solver has something to chew on.
  ir::ExprPool& pool = counter.system.pool;
  counter.system.variables[ir::index(counter.x)].free_initially = true;
  const ExprId square = pool.binary(ir::Op::mul, counter.value(), counter.value());
  counter.up().updates[0].value = pool.binary(ir::Op::add, square, counter.number(12345));
  counter.add_invariant("not 7", pool.not_(pool.eq(counter.value(), counter.number(7))));
  counter.system.initial_condition = pool.binary(ir::Op::ult, counter.number(100), counter.value());
  REQUIRE(ir::fault_in(counter.system) == std::nullopt);
  checker::Options options;
  const auto ends_by = [&](const std::string& why) {
    const auto start = std::chrono::steady_clock::now();
    const Result result = checker::smt::bounded(counter.system, options);
    CHECK(result.stopped_by == why);
    CHECK(result.properties[0].verdict == Verdict::inconclusive);
    CHECK(result.properties[0].reason.find(why) != std::string::npos);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
  };
  options.limits = {0.3, 0, 1'000'000};
  ends_by("time limit");
  volatile bool stop = true;
  options = {};
  options.interrupted = &stop;
  ends_by("interrupted");
  options = {};
  options.limits.bytes = 1;
  ends_by("memory limit");
}

TEST_CASE("random systems: what is found is what brute force finds, at the same depth") {
  constexpr std::uint32_t bound = 8;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const TransitionSystem system = eval::random_system(seed);
    const auto reference = eval::explore(system, 100000);
    REQUIRE(reference);
    checker::Options options;
    options.limits.depth = bound;
    const Result result = checker::smt::bounded(system, options);
    CAPTURE(seed);
    CHECK(result.internal_error == "");
    for (const PropertyResult& property : result.properties) {
      CAPTURE(ir::index(property.property));
      const auto& known = reference->properties[ir::index(property.property)];
      CHECK(property.run.has_value() == (known && known->depth <= bound));
      if (property.run && known) CHECK(property.depth == known->depth);
    }
  }
}
