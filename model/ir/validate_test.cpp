#include <doctest/doctest.h>

#include <functional>

#include "model/ir/system.hpp"

using namespace hotproof::ir;

namespace {

// One actor, one variable, one lock, one transition, one property of each kind; nothing wrong with it.
TransitionSystem sound() {
  TransitionSystem s;
  s.files = {"a.c"};
  s.event_names = {"seen"};
  s.marks = {"m"};
  Variable x{.name = "x", .width = 3, .initial = 2};
  const VarId v = s.add_variable(x);
  const VarId pc = s.add_variable({.name = "pc", .width = 1, .role = Role::control});
  s.actors.push_back({"actor", pc, 0, 2, {0}});
  s.locks.push_back({"lock", Lock::Kind::mutex, false, {s.pool.truth(false)}, {s.pool.truth(false)}});
  s.properties.push_back({.id = "i", .kind = PropertyKind::invariant});
  s.properties.push_back({.id = "a", .kind = PropertyKind::assertion, .triggers = {MarkId{0}}});
  s.properties.push_back({.id = "c", .kind = PropertyKind::cover});
  Transition t;
  t.to = 1;
  t.updates = {{v, s.pool.binary(Op::add, s.read(v), s.pool.constant(1, 3))}};
  t.events = {{0, {s.read(v)}}};
  t.assertions = {{PropertyId{1}, s.pool.truth(true)}};
  t.hits = {{MarkId{0}, s.pool.truth(true)}};
  t.span = {0, 3, 1, 0};
  t.held = {{LockId{0}, LockMode::write}};
  t.lock = LockClaim{LockId{0}, LockMode::write};
  t.lock_effect = LockEffect::releases;
  s.transitions.push_back(t);
  s.symbols["x"] = s.read(v);
  return s;
}

std::string fault_after(const std::function<void(TransitionSystem&)>& change) {
  TransitionSystem s = sound();
  change(s);
  return fault_in(s).value_or("");
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a sound system has no fault") {
  CHECK_FALSE(fault_in(sound()));
  CHECK_FALSE(fault_in(TransitionSystem{}));
}

TEST_CASE("faults of variables") {
  CHECK(has(fault_after([](auto& s) { s.variables[0].name = "pc"; }), "has this name"));
  CHECK(has(fault_after([](auto& s) { s.variables[0].initial = 8; }), "wider than the variable"));
  CHECK(has(fault_after([](auto& s) { s.variables[0].low = 3, s.variables[0].high = 1; }), "range is empty"));
  CHECK(has(fault_after([](auto& s) { s.variables[0].low = 3, s.variables[0].high = 4; }), "outside its range"));
  CHECK(has(fault_after([](auto& s) { s.variables[0].width = 65; }), "width"));
}

TEST_CASE("signed ranges are compared as signed") {
  CHECK(fault_after([](auto& s) {
          s.variables[0].is_signed = true;
          s.variables[0].low = 6;  // -2
          s.variables[0].high = 3;
        }).empty());
}

TEST_CASE("faults of expressions") {
  CHECK(has(fault_after([](auto& s) { s.pool.binary(Op::add, s.read(VarId{0}), s.read(VarId{1})); }),
            "different widths"));
  CHECK(has(fault_after([](auto& s) { s.pool.variable(VarId{0}, 2); }), "not its own"));
  CHECK(has(fault_after([](auto& s) { s.pool.variable(VarId{7}, 2); }), "does not exist"));
  CHECK(has(fault_after([](auto& s) { s.transitions[0].guard = ExprId{999}; }), "guard"));
  CHECK(has(fault_after([](auto& s) { s.transitions[0].guard = s.read(VarId{0}); }), "guard"));
  CHECK(has(fault_after([](auto& s) { s.initial_condition = s.read(VarId{0}); }), "initial condition"));
  CHECK(has(fault_after([](auto& s) { s.symbols["y"] = ExprId{999}; }), "symbol y"));
}

TEST_CASE("faults of actors and locks") {
  CHECK(has(fault_after([](auto& s) { s.actors[0].control = VarId{0}; }), "not a control variable"));
  CHECK(has(fault_after([](auto& s) { s.actors[0].control = VarId{9}; }), "does not exist"));
  CHECK(has(fault_after([](auto& s) { s.actors[0].locations = 3; }), "too narrow"));
  CHECK(has(fault_after([](auto& s) { s.actors[0].initial = 1; }), "does not start"));
  CHECK(has(fault_after([](auto& s) { s.actors[0].resting = {2}; }), "resting"));
  CHECK(has(fault_after([](auto& s) { s.actors.push_back(s.actors[0]); }), "same control"));
  CHECK(has(fault_after([](auto& s) { s.locks[0].held_read.clear(); }), "each actor"));
  CHECK(has(fault_after([](auto& s) { s.locks[0].held_read[0] = s.read(VarId{0}); }), "truth"));
}

TEST_CASE("faults of transitions") {
  const auto fault = [](const std::function<void(Transition&)>& change) {
    return fault_after([&](auto& s) { change(s.transitions[0]); });
  };
  CHECK(has(fault([](auto& t) { t.to = 2; }), "location"));
  CHECK(has(fault([](auto& t) { t.actor = ActorId{1}; }), "actor"));
  CHECK(has(fault([](auto& t) { t.updates.push_back(t.updates[0]); }), "twice"));
  CHECK(has(fault([](auto& t) { t.updates[0].var = VarId{1}; }), "control variable"));
  CHECK(has(fault([](auto& t) { t.updates[0].value = ExprId{}; }), "another width"));
  CHECK(has(fault([](auto& t) { t.events[0].name = 1; }), "event"));
  CHECK(has(fault([](auto& t) { t.events[0].args = {ExprId{999}}; }), "argument"));
  CHECK(has(fault([](auto& t) { t.assertions[0].property = PropertyId{0}; }), "another kind"));
  CHECK(has(fault([](auto& t) { t.hits[0].mark = MarkId{1}; }), "hit"));
  CHECK(has(fault([](auto& t) { t.held[0].lock = LockId{1}; }), "hold"));
  CHECK(has(fault([](auto& t) { t.lock.reset(); }), "go together"));
  CHECK(has(fault([](auto& t) { t.span.file = 1; }), "file"));
}

TEST_CASE("faults of properties") {
  CHECK(has(fault_after([](auto& s) { s.properties[1].id = "i"; }), "has this id"));
  CHECK(has(fault_after([](auto& s) { s.properties[0].expr = s.read(VarId{0}); }), "truth"));
  CHECK(has(fault_after([](auto& s) { s.properties[2].mark = MarkId{5}; }), "mark"));
  CHECK(has(fault_after([](auto& s) { s.properties[1].triggers = {MarkId{5}}; }), "trigger"));
}
