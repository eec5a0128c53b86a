// Systems against brute force, and systems of which the answer is known.

#include "checker/compare/compare.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <functional>

#include "checker/explicit/test_systems.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using namespace hotproof::checker::compare;
using checker::explicit_state::testing::SystemBuilder;

namespace {

Observables everything() {
  Observables out;
  out.events = {{"*"}};
  return out;
}

Behaviour behaviour(const ir::TransitionSystem& system, const Observables& observables, bool merge = true) {
  BehaviourOptions options;
  options.merge = merge;
  return Behaviour::of(system, observables, options);
}

Compared compared(const ir::TransitionSystem& a, const ir::TransitionSystem& b, const Observables& observables,
                  bool bisimulation = false) {
  CompareOptions options;
  options.bisimulation = bisimulation;
  return compare(behaviour(a, observables, !bisimulation), behaviour(b, observables, !bisimulation), options);
}

// Every state of a system by the reference semantics, without any reduction, and its words by determinising it.
class Reference {
 public:
  Reference(const ir::TransitionSystem& system, bool deadlock) : system_(system), deadlock_(deadlock) {
    const auto initial = eval::initial_states(system, 100'000);
    for (const ir::State& state : *initial) start_.insert(number(state));
    for (std::size_t i = 0; i < states_.size(); ++i) expand(i);
  }

  using Set = std::set<std::size_t>;
  Set start() const { return closed(start_); }
  std::set<std::string> possible(const Set& nodes) const {
    std::set<std::string> out;
    for (const std::size_t node : nodes)
      for (const auto& [label, to] : edges_[node])
        if (!label.empty()) out.insert(label);
    return out;
  }
  Set after(const Set& nodes, const std::string& label) const {
    Set out;
    for (const std::size_t node : nodes)
      for (const auto& [name, to] : edges_[node])
        if (name == label) out.insert(to);
    return closed(out);
  }

 private:
  std::size_t number(const ir::State& state) {
    const auto [found, fresh] = numbers_.try_emplace(state, states_.size());
    if (fresh) add_node(state);
    return found->second;
  }
  std::size_t add_node(const ir::State& state) {
    states_.push_back(state);
    edges_.emplace_back();
    return states_.size() - 1;
  }

  void expand(std::size_t at) {
    const ir::State state = states_[at];
    if (state.empty()) return;
    for (const ir::TransitionId id : eval::enabled(system_, state)) {
      std::size_t node = at;
      for (const std::string& label : labels(id, state)) {
        const std::size_t next = add_node({});
        edges_[node].emplace_back(label, next);
        node = next;
      }
      const std::size_t to = number(eval::fire(system_, id, state));
      edges_[node].emplace_back("", to);
    }
    if (deadlock_ && eval::deadlocked(system_, state)) {
      const std::size_t next = add_node({});
      edges_[at].emplace_back("deadlock", next);
    }
  }

  std::vector<std::string> labels(ir::TransitionId id, const ir::State& state) const {
    std::vector<std::string> out;
    const auto fired = eval::events(system_, id, state);
    for (std::size_t e = 0; e < fired.size(); ++e) {
      std::string label = system_.actors[ir::index(system_[id].actor)].name + ": " + system_.event_names[fired[e].name];
      for (std::size_t a = 0; a < fired[e].args.size(); ++a)
        label += " " + std::to_string(number_of(fired[e].args[a], system_.pool[system_[id].events[e].args[a]].width));
      out.push_back(label);
    }
    return out;
  }

  Set closed(Set nodes) const {
    std::vector<std::size_t> open(nodes.begin(), nodes.end());
    while (!open.empty()) {
      const std::size_t node = open.back();
      open.pop_back();
      for (const auto& [label, to] : edges_[node])
        if (label.empty() && nodes.insert(to).second) open.push_back(to);
    }
    return nodes;
  }

  const ir::TransitionSystem& system_;
  bool deadlock_;
  std::map<ir::State, std::size_t> numbers_;
  std::vector<ir::State> states_;
  std::vector<std::vector<std::pair<std::string, std::size_t>>> edges_;
  Set start_;
};

// The length of a shortest word of `a` that `b` has not.
std::optional<std::size_t> shortest_missing(const Reference& a, const Reference& b) {
  using Pair = std::pair<Reference::Set, Reference::Set>;
  std::vector<Pair> level{{a.start(), b.start()}};
  std::set<Pair> known(level.begin(), level.end());
  for (std::size_t length = 1; !level.empty(); ++length) {
    std::vector<Pair> next;
    for (const auto& [of_a, of_b] : level)
      for (const std::string& label : a.possible(of_a)) {
        const Pair to{a.after(of_a, label), b.after(of_b, label)};
        if (to.second.empty()) return length;
        if (known.insert(to).second) next.push_back(to);
      }
    level = std::move(next);
  }
  return std::nullopt;
}

eval::RandomShape small() {
  eval::RandomShape shape;
  shape.most_actors = 2;
  shape.most_locations = 4;
  shape.most_variables = 3;
  shape.most_width = 2;
  shape.most_bits = 4;
  return shape;
}

void check_difference(const std::optional<Difference>& found, const std::optional<std::size_t>& expected) {
  RC_ASSERT(found.has_value() == expected.has_value());
  if (found) RC_ASSERT(found->common.size() + 1 == *expected);
}

// One of whose events the first is "step N".
ir::Transition& does(SystemBuilder& builder, ir::ActorId actor, ir::Location from, ir::Location to,
                     const std::string& event) {
  ir::Transition& t = builder.step(actor, from, to);
  if (!event.empty()) t.events.push_back({builder.system.event_name(event), {}});
  return t;
}

using Way = std::tuple<ir::Location, ir::Location, std::string>;

ir::TransitionSystem one_actor(const std::vector<Way>& ways, std::uint32_t locations = 8) {
  SystemBuilder builder;
  const ir::ActorId actor = builder.actor("a", locations, {0});
  for (const auto& [from, to, event] : ways) does(builder, actor, from, to, event);
  return builder.system;
}

}  // namespace

TEST_CASE("random systems against systems that lack some of their steps, as by brute force") {
  const auto property = [](std::uint64_t seed, bool disciplined, bool deadlock,
                           const std::vector<std::uint32_t>& gone) {
    eval::RandomShape shape = small();
    shape.disciplined = disciplined;
    const ir::TransitionSystem a = eval::random_system(seed, shape);
    std::set<std::uint32_t> dropped;
    for (const std::uint32_t number : gone) dropped.insert(number % static_cast<std::uint32_t>(a.transitions.size()));
    const ir::TransitionSystem b = eval::without(a, dropped);
    const Reference of_a(a, deadlock), of_b(b, deadlock);
    Observables observables = everything();
    observables.deadlock = deadlock;
    const Compared found = compared(a, b, observables);
    RC_ASSERT(found.internal_error.empty());
    check_difference(found.lost, shortest_missing(of_a, of_b));
    check_difference(found.gained, shortest_missing(of_b, of_a));
    const bool differ = found.lost || found.gained;
    RC_ASSERT(found.answer == (differ ? Answer::differ : Answer::equivalent));
    RC_CLASSIFY(differ);
  };
  for (int round = 0; round < 8; ++round) {
    CHECK(rc::check([&] {
      const auto gone = *rc::gen::container<std::vector<std::uint32_t>>(2, rc::gen::arbitrary<std::uint32_t>());
      property(*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), gone);
    }));
  }
}

TEST_CASE("every system does what it does itself, also by weak bisimulation and under other names for its variables") {
  CHECK(rc::check([] {
    const ir::TransitionSystem system = eval::random_system(*rc::gen::arbitrary<std::uint64_t>(), small());
    ir::TransitionSystem renamed = system;
    for (ir::Variable& variable : renamed.variables) variable.name = "other " + variable.name;
    std::reverse(renamed.transitions.begin(), renamed.transitions.end());
    const Compared found = compared(system, renamed, everything(), true);
    RC_ASSERT(found.internal_error.empty());
    RC_ASSERT(found.answer == Answer::equivalent);
    RC_ASSERT(found.bisimilar);
  }));
}

TEST_CASE("merging changes no word") {
  CHECK(rc::check([] {
    eval::RandomShape shape = small();
    shape.disciplined = true;
    const ir::TransitionSystem system = eval::random_system(*rc::gen::arbitrary<std::uint64_t>(), shape);
    Observables observables = everything();
    observables.state = *rc::gen::arbitrary<bool>();
    const Behaviour merged = behaviour(system, observables, true);
    const Behaviour whole = behaviour(system, observables, false);
    const Compared found = compare(merged, whole, {});
    RC_ASSERT(found.internal_error.empty());
    RC_ASSERT(found.answer == Answer::equivalent);
  }));
}

TEST_CASE("a difference comes with two runs up to where they part") {
  const auto a = one_actor({{0, 1, "ask"}, {1, 2, ""}, {2, 3, "work"}, {3, 0, "done"}});
  const auto b = one_actor({{0, 1, "ask"}, {1, 2, "work"}, {2, 0, "gone"}});
  const Compared found = compared(a, b, everything());
  CHECK(found.answer == Answer::differ);
  REQUIRE(found.lost);
  CHECK_FALSE(found.lost->only_new);
  CHECK(found.lost->common.size() == 2);
  CHECK(to_string(found.lost->last) == "a: done");
  REQUIRE(found.lost->instead.size() == 1);
  CHECK(to_string(found.lost->instead.front()) == "a: gone");
  CHECK(found.lost->can.steps.size() == 4);
  CHECK(found.lost->cannot.steps.size() == 3);
  REQUIRE(found.gained);
  CHECK(found.gained->only_new);
  CHECK(to_string(found.gained->last) == "a: gone");
}

TEST_CASE("the same traces, but not bisimilar") {
  const auto late = one_actor({{0, 1, "a"}, {1, 2, "b"}, {1, 3, "c"}});
  const auto early = one_actor({{0, 1, "a"}, {0, 4, "a"}, {1, 2, "b"}, {4, 3, "c"}});
  Observables observables = everything();
  observables.deadlock = false;
  CHECK(compared(late, early, observables).answer == Answer::equivalent);
  CHECK_FALSE(compared(late, early, observables).bisimilar);
  const Compared found = compared(late, early, observables, true);
  CHECK(found.internal_error.empty());
  CHECK(found.answer == Answer::differ);
  REQUIRE(found.choice);
  CHECK(found.choice->common.size() == 1);
}

TEST_CASE("what is silent, or hidden, does not count") {
  const auto plain = one_actor({{0, 1, "a"}, {1, 0, "b"}});
  const auto longer = one_actor({{0, 1, ""}, {1, 2, "a"}, {2, 3, "new"}, {3, 4, ""}, {4, 3, ""}, {4, 0, "b"}});
  CHECK(compared(plain, longer, everything()).answer == Answer::differ);
  Observables observables = everything();
  observables.hidden_events = {"new"};
  const Compared found = compared(plain, longer, observables, true);
  CHECK(found.answer == Answer::equivalent);
  CHECK(found.bisimilar);
  Observables one;
  one.events = {{"a"}, {"b"}};
  CHECK(compared(plain, longer, one).answer == Answer::equivalent);
}

TEST_CASE("arguments are compared by their names, and constants may be hidden") {
  const auto with = [](std::int64_t first, std::int64_t second, std::int64_t value) {
    SystemBuilder builder;
    const ir::ActorId actor = builder.actor("a", 4, {0});
    builder.system.constants = {{"FIRST", first}, {"SECOND", second}};
    for (const auto& [from, to] : {std::pair(0, 1), std::pair(1, 0)}) {
      ir::Transition& t = does(builder, actor, static_cast<ir::Location>(from), static_cast<ir::Location>(to), "say");
      const std::int64_t number = from == 0 ? first : value;
      t.events[0].args = {builder.system.pool.constant(static_cast<std::uint64_t>(number), 64)};
    }
    return builder.system;
  };
  Observables observables;
  observables.events = {{"say", {{Argument::Meaning::constant, {"FIRST", "SECOND"}}}}};
  CHECK(compared(with(1, 2, 2), with(7, 8, 8), observables).answer == Answer::equivalent);
  CHECK(compared(with(1, 2, 2), with(1, 2, 1), observables).answer == Answer::differ);
  observables.hidden_constants = {"SECOND"};
  const Compared found = compared(with(1, 2, 2), with(1, 3, 1), observables);
  CHECK(found.answer == Answer::equivalent);
  REQUIRE(found.extra_old.labels.size() == 1);
  CHECK(to_string(found.extra_old.labels[0]) == "a: say SECOND");
  CHECK(found.extra_new.labels.empty());
}

TEST_CASE("an event may count with one argument only") {
  const auto with = [](std::uint64_t value) {
    SystemBuilder builder;
    const ir::ActorId actor = builder.actor("a", 2, {0});
    does(builder, actor, 0, 1, "say").events[0].args = {builder.system.pool.constant(value, 64)};
    does(builder, actor, 1, 0, "b");
    return builder.system;
  };
  Observables observables;
  observables.events = {{"say", {}, false, ObservedEvent::Only{0, 1}}, {"b"}};
  CHECK(compared(with(2), with(3), observables).answer == Answer::equivalent);
  CHECK(compared(with(2), with(1), observables).answer == Answer::differ);
}

TEST_CASE("what only one of them has does not count where that is asked for") {
  const auto without = one_actor({{0, 1, "a"}, {1, 0, "b"}});
  const auto with = one_actor({{0, 1, "a"}, {1, 2, "fault x"}, {1, 0, "b"}, {2, 0, "b"}});
  Observables observables;
  observables.events = {{"fault *", {}, true}, {"*"}};
  const Compared found = compared(without, with, observables);
  CHECK(found.answer == Answer::equivalent);
  CHECK(found.only_new == std::vector<std::string>{"fault x"});
  CHECK(found.only_old.empty());
  const auto other = one_actor({{0, 1, "a"}, {1, 2, "fault x"}, {1, 0, "b"}, {2, 0, "c"}});
  CHECK(compared(with, other, observables).answer == Answer::differ);
  CHECK(compared(without, other, observables).answer == Answer::differ);
}

TEST_CASE("symbols whose value changes count") {
  const auto writes = [](std::uint64_t value) {
    SystemBuilder builder;
    const ir::ActorId actor = builder.actor("a", 2, {0});
    const ir::VarId var = builder.variable("x", 4);
    builder.system.symbols["x[0].state"] = builder.system.read(var);
    builder.step(actor, 0, 1).updates.push_back({var, builder.number(var, value)});
    builder.step(actor, 1, 0).updates.push_back({var, builder.number(var, 0)});
    return builder.system;
  };
  Observables observables;
  observables.symbols = {{"x[*].state", {}}};
  CHECK(compared(writes(3), writes(3), observables).answer == Answer::equivalent);
  const Compared found = compared(writes(3), writes(4), observables);
  REQUIRE(found.gained);
  CHECK(to_string(found.gained->last) == "a: x[0].state = 4");
  CHECK(compared(writes(3), writes(0), observables).answer == Answer::differ);
  observables.hidden_symbols = {"x[*].state"};
  CHECK(compared(writes(3), writes(4), observables).answer == Answer::equivalent);
}

TEST_CASE("all of the state counts at each event, and in which order it got there does not") {
  // Writes to x and y in that order, or the other; then an event.
  const auto writes = [](const std::vector<int>& order, const std::vector<std::uint64_t>& values, bool between = false) {
    SystemBuilder builder;
    const ir::ActorId actor = builder.actor("a", 4, {0});
    const std::vector<ir::VarId> variables = {builder.variable("x", 2), builder.variable("y", 2)};
    for (std::size_t i = 0; i < 2; ++i)
      builder.system.symbols[i == 0 ? "x" : "y"] = builder.system.read(variables[i]);
    for (std::size_t i = 0; i < 2; ++i) {
      const auto which = static_cast<std::size_t>(order[i]);
      const auto from = static_cast<ir::Location>(i);
      ir::Transition& t = does(builder, actor, from, from + 1, between && i == 1 ? "between" : "");
      t.updates.push_back({variables[which], builder.system.pool.constant(values[which], 2)});
    }
    does(builder, actor, 2, 3, "done");
    return builder.system;
  };
  Observables observables = everything();
  CHECK(compared(writes({0, 1}, {1, 2}), writes({0, 1}, {1, 3}), observables).answer == Answer::equivalent);
  observables.state = true;
  const Compared found = compared(writes({0, 1}, {1, 2}), writes({0, 1}, {1, 3}), observables);
  CHECK(found.answer == Answer::differ);
  REQUIRE(found.lost);
  CHECK(to_string(found.lost->last) == "a: state x = 1; y = -2");
  CHECK(compared(writes({0, 1}, {1, 2}), writes({1, 0}, {1, 2}), observables).answer == Answer::equivalent);
  CHECK(compared(writes({0, 1}, {1, 2}, true), writes({1, 0}, {1, 2}, true), observables).answer == Answer::differ);
  CHECK(compared(writes({0, 1}, {0, 2}, true), writes({0, 1}, {0, 2}, true), observables).answer == Answer::equivalent);
  observables.hidden_symbols = {"y"};
  CHECK(compared(writes({0, 1}, {1, 2}), writes({0, 1}, {1, 3}), observables).answer == Answer::equivalent);
  CHECK_FALSE(differs_at_start(writes({0, 1}, {1, 2}), writes({0, 1}, {1, 3})));
  auto other = writes({0, 1}, {1, 2});
  other.variables[ir::index(other.pool.variables(other.symbols.at("y"))[0])].initial = 1;
  CHECK(differs_at_start(writes({0, 1}, {1, 2}), other) == "y");
}

TEST_CASE("what somebody was called with last is a part of the state, until it is forgotten") {
  const auto calls = [](const std::vector<std::string>& events) {
    std::vector<Way> ways;
    for (std::size_t i = 0; i < events.size(); ++i)
      ways.push_back({static_cast<ir::Location>(i), static_cast<ir::Location>(i + 1), events[i]});
    ir::TransitionSystem out = one_actor(ways);
    for (ir::Transition& t : out.transitions)
      for (ir::Event& event : t.events) event.args = {out.pool.constant(0, 64)};
    return out;
  };
  Observables observables = everything();
  observables.state = true;
  observables.forgets = "end";
  const auto answer = [&](const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return compared(calls(a), calls(b), observables).answer;
  };
  CHECK(answer({"arguments f(1)", "end"}, {"arguments f(1)", "arguments f(1)", "end"}) == Answer::equivalent);
  CHECK(answer({"arguments f(1)", "end"}, {"arguments f(2)", "end"}) == Answer::differ);
  CHECK(answer({"arguments f(1)", "end"}, {"end"}) == Answer::differ);
  CHECK(answer({"arguments f(1)", "arguments g(2)", "end"}, {"arguments g(2)", "arguments f(1)", "end"}) ==
        Answer::equivalent);
  CHECK(answer({"arguments f(1)", "now", "end"}, {"now", "arguments f(1)", "end"}) == Answer::differ);
  CHECK(answer({"end", "arguments f(1)"}, {"end"}) == Answer::equivalent);
  CHECK(answer({"arguments f(1)", "end", "now"}, {"arguments f(1)", "end", "now"}) == Answer::equivalent);
}

TEST_CASE("a deadlock is something that happens") {
  const auto ends = one_actor({{0, 1, "a"}, {1, 0, ""}, {1, 2, ""}});
  const auto goes_on = one_actor({{0, 1, "a"}, {1, 0, ""}});
  const Compared found = compared(goes_on, ends, everything());
  CHECK(found.internal_error.empty());
  REQUIRE(found.gained);
  CHECK(to_string(found.gained->last) == "deadlock");
  CHECK_FALSE(found.lost);
  Observables observables = everything();
  observables.deadlock = false;
  CHECK(compared(goes_on, ends, observables).answer == Answer::equivalent);
}

TEST_CASE("where something is not known, there is no equivalence") {
  const auto understood = one_actor({{0, 1, "a"}, {1, 0, "b"}});
  const auto not_understood = [] {
    SystemBuilder builder;
    const ir::ActorId actor = builder.actor("a", 4, {0});
    does(builder, actor, 0, 1, "a");
    does(builder, actor, 1, 0, "b");
    ir::Transition& t = does(builder, actor, 1, 3, "gap");
    const ir::ExprId zero = builder.system.pool.constant(0, 64);
    t.events[0].args = {zero, builder.system.pool.constant(5, 64)};
    return builder.system;
  }();
  Observables observables = everything();
  observables.unknown_event = "gap";
  observables.deadlock = false;
  CHECK(behaviour(not_understood, observables).unknown() == std::set<std::int64_t>{5});
  CHECK(compared(not_understood, not_understood, observables).answer == Answer::not_understood);
  // What the understood one cannot do is certain; what lies behind the gap is not.
  const auto more = one_actor({{0, 1, "a"}, {1, 0, "c"}});
  const Compared found = compared(more, not_understood, observables);
  CHECK(found.answer == Answer::differ);
  CHECK_FALSE(found.lost);
  REQUIRE(found.gained);
  CHECK(found.gained->only_new);
}

TEST_CASE("limits give no answer") {
  const auto counting = checker::explicit_state::testing::counters(3, 200);
  BehaviourOptions options;
  options.search.limits.bytes = 1 << 20;
  Observables observables = everything();
  observables.symbols = {{"*", {}}};
  ir::TransitionSystem system = counting.system;
  system.symbols["x"] = system.read(ir::VarId{1});
  const Behaviour cut = Behaviour::of(system, observables, options);
  CHECK_FALSE(cut.complete());
  CHECK(compare(cut, cut, {}).answer == Answer::inconclusive);
  const auto small_one = one_actor({{0, 1, "a"}});
  const volatile bool interrupted = true;
  CompareOptions stopped;
  stopped.interrupted = &interrupted;
  const Behaviour whole = behaviour(small_one, everything());
  CHECK(compare(whole, whole, stopped).answer == Answer::inconclusive);
  options.search.limits.bytes = 0;
  options.search.interrupted = &interrupted;
  CHECK(Behaviour::of(small_one, everything(), options).stopped_by() == "interrupted");
}

TEST_CASE("locks that are held at what happens") {
  const auto with_lock = [](bool around) {
    auto builder = checker::explicit_state::testing::opposite_orders();
    ir::TransitionSystem& system = builder.system;
    const std::uint32_t name = system.event_name("work");
    for (ir::Transition& t : system.transitions)
      if (ir::index(t.actor) == 0 && t.from == (around ? 1 : 0)) t.events.push_back({name, {}});
    return system;
  };
  Observables observables = everything();
  observables.deadlock = false;
  const Compared found = compared(with_lock(false), with_lock(true), observables);
  REQUIRE(found.held.size() == 1);
  CHECK(found.held[0].lock.lock == "lock0");
  CHECK(found.held[0].now_held);
  CHECK(to_string(found.held[0].label) == "actor0: work");
}
