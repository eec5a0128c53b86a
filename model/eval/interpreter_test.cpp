#include "model/eval/interpreter.hpp"

#include <doctest/doctest.h>

using namespace hotproof;
using namespace hotproof::ir;

namespace {

// A counter of 3 bits that an actor raises while it is below 3, then it may stop.
struct Counter {
  TransitionSystem s;
  VarId x = s.add_variable({.name = "x", .width = 3});
  VarId pc = s.add_variable({.name = "pc", .width = 1, .role = Role::control});
  Counter() {
    s.event_names = {"raised"};
    s.marks = {"last"};
    s.actors.push_back({"actor", pc, 0, 2, {1}});
    s.properties.push_back({.id = "small", .kind = PropertyKind::assertion});
    const ExprId three = s.pool.constant(3, 3);
    Transition raise;
    raise.guard = s.pool.binary(Op::ult, s.read(x), three);
    raise.updates = {{x, s.pool.binary(Op::add, s.read(x), s.pool.constant(1, 3))}};
    raise.events = {{0, {s.read(x)}}};
    raise.assertions = {{PropertyId{0}, s.pool.binary(Op::ult, s.read(x), s.pool.constant(2, 3))}};
    raise.hits = {{MarkId{0}, s.pool.eq(s.read(x), s.pool.constant(2, 3))}};
    raise.text = "raise";
    s.transitions.push_back(raise);
    Transition stop;
    stop.to = 1;
    stop.text = "stop";
    s.transitions.push_back(stop);
  }
};

constexpr TransitionId raise{0}, stop{1};

}  // namespace

TEST_CASE("transitions fire on the old state") {
  Counter c;
  // Two variables that swap show that all updates read the old state.
  const VarId a = c.s.add_variable({.name = "a", .width = 2, .initial = 1});
  const VarId b = c.s.add_variable({.name = "b", .width = 2, .initial = 2});
  c.s.transitions[1].updates = {{a, c.s.read(b)}, {b, c.s.read(a)}};
  REQUIRE_FALSE(fault_in(c.s));
  const State start = eval::initial_states(c.s, 10)->at(0);
  CHECK(start == State{0, 0, 1, 2});
  CHECK(eval::enabled(c.s, start) == std::vector{raise, stop});
  CHECK(eval::fire(c.s, stop, start) == State{0, 1, 2, 1});
  CHECK(eval::enabled(c.s, {0, 1, 2, 1}).empty());
  CHECK(eval::enabled(c.s, {3, 0, 1, 2}) == std::vector{stop});
}

TEST_CASE("events, assertions and marks are of the old state") {
  Counter c;
  CHECK(eval::events(c.s, raise, {2, 0}) == std::vector<eval::FiredEvent>{{0, {2}}});
  CHECK(eval::failed_assertions(c.s, raise, {1, 0}).empty());
  CHECK(eval::failed_assertions(c.s, raise, {2, 0}) == std::vector{PropertyId{0}});
  CHECK(eval::marks_hit(c.s, raise, {1, 0}).empty());
  CHECK(eval::marks_hit(c.s, raise, {2, 0}) == std::vector{MarkId{0}});
}

TEST_CASE("initial states: free variables take every value of their range that the condition allows") {
  Counter c;
  Variable& x = c.s.variables[0];
  x.free_initially = true;
  CHECK(eval::initial_states(c.s, 100)->size() == 8);
  x.is_signed = true;
  x.low = 6;  // -2
  x.high = 1;
  const auto states = eval::initial_states(c.s, 100);
  REQUIRE(states);
  CHECK(*states == std::vector<State>{{6, 0}, {7, 0}, {0, 0}, {1, 0}});
  c.s.initial_condition = c.s.pool.binary(Op::slt, c.s.read(VarId{0}), c.s.pool.constant(0, 3));
  CHECK(eval::initial_states(c.s, 100)->size() == 2);
  CHECK_FALSE(eval::initial_states(c.s, 3));
}

TEST_CASE("initial states of 64 free bits end at the limit") {
  Counter c;
  c.s.add_variable({.name = "wide", .width = 64, .free_initially = true});
  const auto states = eval::initial_states(c.s, 1000);
  REQUIRE_FALSE(states);
  CHECK(states.error().message.find("1000") != std::string::npos);
}

TEST_CASE("declared ranges") {
  Counter c;
  c.s.variables[0].high = 2;
  CHECK_FALSE(eval::out_of_range(c.s, {2, 0}));
  CHECK(eval::out_of_range(c.s, {3, 0}) == VarId{0});
  const auto replay = eval::replay(c.s, {{0, 0}, {raise, raise, raise, stop}});
  REQUIRE(replay);
  CHECK(replay->left_range_at == 3);
}

TEST_CASE("a replay gives all states, or says which step cannot be and why") {
  Counter c;
  const auto good = eval::replay(c.s, {{0, 0}, {raise, raise, stop}});
  REQUIRE(good);
  CHECK(good->states == std::vector<State>{{0, 0}, {1, 0}, {2, 0}, {2, 1}});
  const auto why = [&](const Run& run) {
    const auto bad = eval::replay(c.s, run);
    return bad ? std::string() : bad.error().message;
  };
  CHECK(why({{1, 0}, {}}) == "step 0: x starts as 1, not as 0");
  CHECK(why({{0}, {}}) == "step 0: the state has 1 values for 2 variables");
  CHECK(why({{8, 0}, {}}) == "step 0: x has a value wider than itself");
  CHECK(why({{0, 0}, {TransitionId{7}}}) == "step 1: transition 7 does not exist");
  CHECK(why({{0, 0}, {raise, stop, raise}}) ==
        "step 3: transition 0 (raise) of actor leaves location 0, but the actor stands at 1");
  CHECK(why({{0, 0}, {raise, raise, raise, raise}}) == "step 4: transition 0 (raise) of actor: its guard is false");
}

TEST_CASE("an expression a million operations high is evaluated") {
  TransitionSystem s;
  const VarId x = s.add_variable({.name = "x", .width = 32});
  ExprId e = s.read(x);
  for (int i = 0; i < 1'000'000; ++i) e = s.pool.binary(i % 2 == 0 ? Op::add : Op::xor_, e, s.read(x));
  CHECK(eval::evaluate(s.pool, e, {0}) == 0);
  CHECK(s.pool.substitute(e, [&](VarId, int width) { return s.pool.constant(0, width); }) == s.pool.constant(0, 32));
}
