#include "specs/lang/instrument.hpp"

#include <rapidcheck.h>

#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "specs/lang/test_story.hpp"

using namespace hotproof;
using namespace hotproof::spec::test;

namespace {

spec::Instrumented made(const ir::TransitionSystem& system, const spec::SpecProperty& property) {
  auto out = spec::instrument(system, {&property, 1});
  if (!out) FAIL(to_string(out.error()));
  const auto fault = ir::fault_in(out->system);
  if (fault) FAIL(*fault);
  return std::move(*out);
}
std::size_t observers(const ir::TransitionSystem& system) {
  return static_cast<std::size_t>(std::ranges::count(system.variables, ir::Role::observer, &ir::Variable::role));
}
// At which step of its only run a one-actor story breaks (or covers) a form; 0: nowhere.
std::uint32_t at(const Story& story, const std::string& form, const std::string& before = {}) {
  const Judged judged = judge(story.system(), property(form, before));
  CHECK_MESSAGE(judged.applies, judged.reason);
  return judged.found ? judged.depth : 0;
}

}  // namespace

TEST_CASE("the first line that matches fires, and only that one") {
  const Story story = Story().event("span", {0}).event("present", {0});
  CHECK(at(story, "rule { state a, b; on span: -> b; on span: error \"never\"; on present in b: error \"e\"; }") == 2);
  CHECK(at(story, "rule { state a, b; on span in b: -> a; on span when self == 0: error \"e\"; }") == 1);
  CHECK(at(story, "rule { state a, b; on span when self == 1: error \"other\"; on span: -> b; }") == 0);
}

TEST_CASE("events of one step happen in their order") {
  const Story both = Story().events({{"span", {0}}, {"present", {0}}});
  CHECK(at(both, "rule { state a, b; on span: -> b; on present in b: error \"e\"; }") == 1);
  CHECK(at(both, "rule { state a, b; on present: -> b; on span in b: error \"e\"; }") == 0);
  const Story twice = Story().events({{"span", {0}}, {"span", {0}}, {"span", {0}}}).event("span", {0});
  CHECK(at(twice,
           "rule { state a, b, c, d; on span in a: -> b; on span in b: -> c; on span in c: -> d;"
           " on span in d: error \"e\"; }") == 2);
}

TEST_CASE("a demand that fails does not stop the rule") {
  const Story story = Story().event("span", {0}).event("present", {0});
  const auto out = made(story.system(), property("rule { state a, b; on span: require false, -> b;"
                                                 " on present in b: error \"second\"; }"));
  const auto& t = out.system.transitions;
  CHECK(t[0].assertions.size() == 1);
  CHECK(t[1].assertions.size() == 1);
  ir::State state;
  for (const auto& variable : out.system.variables) state.push_back(variable.initial);
  state = eval::fire(out.system, ir::TransitionId{0}, state);
  CHECK(eval::failed_assertions(out.system, ir::TransitionId{1}, state).size() == 1);
}

TEST_CASE("symbols are those before the step; after() looks behind it") {
  const Story story = Story().event_and_set("span", {0}, "block[0].accessible", 1);
  CHECK(at(story, "rule { on span: require block[0].accessible; }") == 1);
  CHECK(at(story, "rule { on span: require after(block[0].accessible); }") == 0);
  CHECK(at(story, "rule { on span: require after(block[0].accessible) != block[0].accessible; }") == 0);
  const Story unlock = Story().lock("mem_hotplug_lock").unlock("mem_hotplug_lock");
  CHECK(at(unlock, "rule { on unlock: require holds(mem_hotplug_lock, write); }") == 0);
  CHECK(at(unlock, "rule { on unlock: require after(holds(mem_hotplug_lock, write)); }") == 2);
  CHECK(at(unlock, "rule { on lock: require holds(mem_hotplug_lock); }") == 1);
}

TEST_CASE("patterns: values, sets, names, self, alternatives") {
  const Story story = Story({.blocks = 2, .listeners = 2}).event("notified", {1, 3, 0, -22});
  CHECK(at(story, "cover notified(self, 1, MEM_GOING_ONLINE, 0, -22);") == 1);
  CHECK(at(story, "cover notified(_, 0, _, _, _);") == 0);
  CHECK(at(story, "cover notified(_, _, MEM_ONLINE | MEM_GOING_ONLINE, _, x) when x < 0 && x + 22 == 0;") == 1);
  CHECK(at(story, "cover notified(a, l, x, b, y) when a == 0 && l == 1 && x == MEM_GOING_ONLINE && b == 0;") == 1);
  CHECK(at(story, "cover notified(_, l, _, l2, _) when l == l2;") == 0);
  CHECK(at(story, "cover notified or span without faults;") == 1);
  CHECK(at(story, "cover span;") == 0);
}

TEST_CASE("an argument that is known only while running") {
  Story story = Story({.blocks = 2}).set("block[0].accessible", 1).event("span", {0});
  ir::TransitionSystem& s = story.mutable_system();
  s.transitions[1].events[0].args[1] = s.symbols.at("block[0].accessible");  // the block's number is 1 by then
  CHECK(at(story, "cover span(_, 1);") == 2);
  CHECK(at(story, "cover span(_, 0);") == 0);
  CHECK(at(story, "rule for block b { on span(_, b): require b == 1; }") == 0);
  CHECK(at(story, "rule { on span(_, x): require mem[x].state == MEM_OFFLINE && block[x].accessible == 0; }") == 0);
  CHECK(at(story, "rule { on span(_, x): require block[x - 1].accessible == 0; }") == 2);
}

TEST_CASE("built-in functions") {
  Story two({.actors = 2});
  two.lock("mem_hotplug_lock").by(1).event("span", {0});
  CHECK(judge(two.system(), property("cover span when held_by_others(mem_hotplug_lock);")).depth == 2);
  CHECK_FALSE(judge(two.system(), property("cover span when holds(mem_hotplug_lock);")).found);
  CHECK_FALSE(judge(two.system(), property("cover span when !holds_nothing();")).found);
  CHECK(judge(two.system(), property("cover span when !free(mem_hotplug_lock);")).depth == 2);
  CHECK(judge(two.system(), property("invariant free(mem_hotplug_lock) || free(some_spinlock);")).depth == 0);
  CHECK(judge(two.system(), property("invariant free(mem_hotplug_lock);")).depth == 1);
  const Story spin = Story().lock("some_spinlock").event("span", {0});
  CHECK(at(spin, "cover span when holds_spinlock();") == 2);
  CHECK(at(spin, "cover span when is_spinlock(some_spinlock) && !is_spinlock(mem_hotplug_lock);") == 2);
  CHECK(at(spin, "invariant cell(\"block[0].memmap\") == 0 && cell(\"mem[0].state\") in {1, MEM_OFFLINE};") == 0);
}

TEST_CASE("rules are instantiated for sets, ranges and locks") {
  const Story story = Story({.blocks = 2, .listeners = 3});
  ir::TransitionSystem s = story.system();
  const auto count = [&](const std::string& quantifiers, const Story& told) {
    return observers(made(told.system(),
                          property("rule " + quantifiers + " { state x, y; on span: -> y; on present: error \"e\"; }"))
                         .system);
  };
  const Story told = Story({.blocks = 2, .listeners = 3, .actors = 2}).event("span", {0});
  CHECK(count("", told) == 1);
  CHECK(count("for block b", told) == 2);
  CHECK(count("for block b, listener l", told) == 6);
  CHECK(count("for actor a, w in 3 .. 6", told) == 8);
  CHECK(count("for lock k", told) == 6);
  // Nothing can leave the first state: no variable is needed.
  CHECK(count("", Story().event("present", {0})) == 0);
}

TEST_CASE("observers are as wide as the states need, and say their names") {
  const auto out = made(Story().event("span", {0}).system(),
                        property("rule for block b { state s0, s1, s2, s3, s4; on span(_, b): -> s4; }"));
  const ir::Variable& variable = out.system.variables.back();
  CHECK(variable.name == "p[0]");
  CHECK(variable.width == 3);
  CHECK(variable.role == ir::Role::observer);
  CHECK(variable.labels.at(4) == "s4");
}

TEST_CASE("what the system lacks makes a property inapplicable, with the reason") {
  const auto reason = [](const std::string& form, const Story& story) {
    const Judged judged = judge(story.system(), property(form));
    CHECK_FALSE(judged.applies);
    return judged.reason;
  };
  const Story story = Story().event("span", {0});
  Story old = story;
  old.mutable_system().constants.erase("MEM_PREPARE_ONLINE");
  CHECK(reason("cover notify(_, MEM_PREPARE_ONLINE, _);", old) == "this tree has no MEM_PREPARE_ONLINE");
  CHECK(reason("rule for listener l { on span: error \"e\"; }", Story({.listeners = 0})) ==
        "this model has no listener");
  CHECK(reason("rule { on span: require mem[0].online_type; }", story) == "this model has no 'mem[0].online_type'");
  CHECK(reason("invariant block[7].boot;", story) == "this model has no 'block[7].boot'");
  CHECK(reason("rule { on span: require holds(slab_mutex); }", story) == "this model has no lock 'slab_mutex'");
  CHECK(reason("rule { on span: require holds(mem[1].dev.mutex); }", story) ==
        "this model has no lock 'mem[1].dev.mutex'");
  CHECK(reason("invariant cell(\"nonsense\");", story) == "this model has no 'nonsense'");
  // An event that never happens is no reason: a cover of it is simply not reached.
  CHECK(judge(story.system(), property("cover zonelists;")).applies);
  // Nothing of such a property stays behind.
  const auto out = made(story.system(), property("rule { state a, b; on span: require mem[0].missing, -> b; }"));
  CHECK(out.inapplicable.size() == 1);
  CHECK(out.system.properties.empty());
  CHECK(observers(out.system) == 0);
  CHECK(out.system.transitions[0].assertions.empty());
  // Nor does it disturb the next one.
  const std::vector<spec::SpecProperty> two{
      property("rule { state a, b; on span: require mem[0].missing, -> b; }"),
      property("rule { state a, b, c, d, e; on span: -> e; on present in e: error \"e\"; }")};
  const auto second = spec::instrument(story.system(), two);
  REQUIRE(second.has_value());
  CHECK_FALSE(ir::fault_in(second->system));
  CHECK(second->system.properties.size() == 1);
}

TEST_CASE("what an assertion demands can be told") {
  const auto out =
      made(Story({.blocks = 2}).event("span", {1}).system(),
           property("rule for block b, lock k {\n on span(_, b): require block[b].memmap == 2 ,\n"
                    "   require free(k) && !block[b].accessible \"it is free\"; on present: error \"e\"; }"));
  REQUIRE(out.demands.size() == 1);
  REQUIRE(out.demands[0].size() == out.system.transitions[0].assertions.size());
  REQUIRE(out.demands[0].size() == 12);
  CHECK(out.demands[0][0].sentence == "this does not hold: block[b].memmap == 2");
  CHECK(out.demands[0][0].instance == "b = 1, k = mem[0].dev.mutex");
  CHECK(out.demands[0][1].sentence == "it is free");
  CHECK(out.demands[0][1].place == Place{"test.spec", 3, 4});
}

TEST_CASE("triggers") {
  const std::string rule = " rule { on present: error \"e\"; }";
  const auto triggered = [&](const std::string& trigger) {
    return judge(Story().event("span", {0}).system(), property(trigger + rule)).triggered;
  };
  CHECK(triggered("trigger span;"));
  CHECK(triggered("trigger zonelists or span(_, 0);"));
  CHECK_FALSE(triggered("trigger span(_, 1);"));
  CHECK_FALSE(triggered("trigger span(_, b) when block[b].accessible;"));
  CHECK_FALSE(triggered("trigger span; trigger zonelists;"));
}

TEST_CASE("a line that speaks is a trigger in the states that it names") {
  const std::string rule =
      "rule for block b { state idle, going, odd; on span in idle: -> going; on zonelists in idle: speaks, -> odd;"
      " on zonelists in going: -> idle; on present in odd: error \"e\"; }";
  const auto p = property(rule);
  CHECK(p.speaks);
  CHECK_FALSE(property("trigger span; rule { on span: error \"e\"; }").speaks);
  CHECK_FALSE(judge(Story().event("span", {0}).event("zonelists", {0}).system(), p).triggered);
  CHECK_FALSE(judge(Story().event("span", {0}).system(), p).triggered);
  const auto odd = judge(Story().event("zonelists", {0}).event("present", {0}).system(), p);
  CHECK(odd.triggered);
  CHECK(odd.found);
  const auto later = judge(Story().event("span", {0}).event("zonelists", {0}).event("zonelists", {0}).system(), p);
  CHECK(later.triggered);
  CHECK_FALSE(later.found);
}

TEST_CASE("errors: too many instances, events of the wrong shape") {
  const auto many = property("rule for a in 0 .. 63, b in 0 .. 63, c in 0 .. 63 { on span: error \"e\"; }");
  const auto out = spec::instrument(Story().event("span", {0}).system(), {&many, 1});
  REQUIRE_FALSE(out.has_value());
  CHECK(out.error().message == "property 'p' has more than 4096 instances in this model");
  const auto wrong = spec::instrument(Story().event("span", {0, 1, 2}).system(), {});
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().message == "event 'span' has 4 arguments, not 2");
  CHECK(wrong.error().hint == "actor, block");
}

TEST_CASE("properties the system already has stay, and their assertions keep their places") {
  ir::TransitionSystem s = Story().event("span", {0}).system();
  s.properties.push_back({.id = "old", .kind = ir::PropertyKind::assertion});
  s.transitions[0].assertions.push_back({ir::PropertyId{0}, s.pool.truth(true)});
  const auto out = made(s, property("rule { on span: error \"e\"; }"));
  CHECK(out.system.properties[0].id == "old");
  CHECK(out.system.properties[1].id == "p");
  CHECK(out.demands[0].size() == 2);
  CHECK(out.demands[0][1].sentence == "e");
}

TEST_CASE("observers change nothing about the program") {
  CHECK(rc::check("random systems with random events", [] {
    ir::TransitionSystem s = eval::random_system(*rc::gen::arbitrary<std::uint64_t>());
    s.sets = {{"block", 2}};
    s.event_names.clear();
    std::uint64_t random = *rc::gen::arbitrary<std::uint64_t>();
    for (ir::Transition& t : s.transitions) {
      t.events.clear();
      for (std::uint64_t i = 0; i < random % 3; ++i) {
        const auto block = eval::random_expression(s, random, 2, {}, 1);
        t.events.push_back(
            {s.event_name((random & 8) != 0 ? "span" : "present"), {s.pool.constant(ir::index(t.actor), 64), block}});
      }
    }
    const auto p = property(
        "rule for block b { state x, y, z; on span(_, b) in x: -> y; on span(_, b) in y: -> z;"
        " on present(_, b) in z: error \"e\", -> x; }");
    const auto out = spec::instrument(s, {&p, 1});
    RC_ASSERT(out.has_value());
    RC_ASSERT(!ir::fault_in(out->system));
    const auto before = eval::explore(s, 20'000);
    const auto after = eval::explore(out->system, 200'000);
    if (!before || !after) return;
    for (std::size_t i = 0; i < s.properties.size(); ++i) {
      RC_ASSERT(before->properties[i].has_value() == after->properties[i].has_value());
      if (before->properties[i]) RC_ASSERT(before->properties[i]->depth == after->properties[i]->depth);
    }
    // The run that breaks the rule, judged a second time by a rule machine written by hand.
    const auto& broken = after->properties.back();
    if (!broken) return;
    const auto replay = eval::replay(out->system, broken->run);
    RC_ASSERT(replay.has_value());
    std::vector<int> machine{0, 0};
    std::size_t errors = 0;
    for (std::size_t i = 0; i < broken->run.steps.size(); ++i) {
      for (const auto& event : eval::events(out->system, broken->run.steps[i], replay->states[i])) {
        if (event.args[1] > 1) continue;
        int& state = machine[event.args[1]];
        if (out->system.event_names[event.name] == "span") {
          if (state < 2) ++state;
        } else if (state == 2) {
          state = 0;
          ++errors;
        }
      }
      RC_ASSERT((errors > 0) == (i + 1 == broken->run.steps.size()));
    }
  }));
}
