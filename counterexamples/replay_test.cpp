#include "counterexamples/replay.hpp"

#include <doctest/doctest.h>

#include "checker/result.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

namespace {

using namespace hotproof;
using namespace hotproof::counterexamples;

// One worker takes a lock, asks listener 0 and stores its answer; the rule is that the answer is never NOTIFY_BAD.
struct Sample {
  ir::TransitionSystem system;
  ir::VarId owner{}, answer{};

  Sample() {
    const ir::VarId pc = system.add_variable({.name = "worker0.pc", .width = 2, .role = ir::Role::control});
    owner = system.add_variable({.name = "hotplug.owner", .width = 1, .role = ir::Role::lock});
    answer = system.add_variable({.name = "answer", .width = 16, .labels = {{0, "none"}, {0x8002, "NOTIFY_BAD"}}});
    system.actors.push_back({"worker0", pc, 0, 4, {0}});
    system.files = {"life/block.c", "ours/chain.c"};
    system.functions = {"block_online", "chain"};
    system.constants = {{"MEM_GOING_ONLINE", 3}, {"NOTIFY_BAD", 0x8002}};
    system.locks.push_back({"hotplug", ir::Lock::Kind::mutex, false, {system.read(owner)}, {}});
    system.properties.push_back({.id = "no-veto",
                                 .kind = ir::PropertyKind::invariant,
                                 .expr = system.pool.not_(system.pool.eq(system.read(answer), number(0x8002, 16)))});

    ir::Transition take = step(0, 1, 2, "take(&hotplug)");
    take.updates = {{owner, number(1, 1)}};
    take.lock_effect = ir::LockEffect::acquires;
    system.transitions.push_back(take);

    ir::Transition ask = step(1, 2, 3, "listener 0 answers NOTIFY_BAD");
    ask.updates = {{answer, number(0x8002, 16)}};
    ask.events = {
        {system.event_name("notified"), {number(0, 8), number(0, 8), number(3, 32), number(0, 8), number(0x8002, 32)}}};
    ask.choice = ir::Choice::listener;
    ask.faults = 1;
    ask.depth = 1;
    system.transitions.push_back(ask);

    ir::Transition leave = step(2, 3, 1, "back");
    leave.span.file = 1;
    leave.span.function = 1;
    system.transitions.push_back(leave);
  }

  ir::ExprId number(std::uint64_t value, int width) { return system.pool.constant(value, width); }

  static ir::Transition step(ir::Location from, ir::Location to, std::uint32_t line, const char* text) {
    ir::Transition t;
    t.from = from;
    t.to = to;
    t.span = {0, line, 5, 0};
    t.text = text;
    return t;
  }

  static ir::Run run(std::uint32_t steps) {
    ir::Run run{{0, 0, 0}, {}};
    for (std::uint32_t i = 0; i < steps; ++i) run.steps.push_back(ir::TransitionId{i});
    return run;
  }
};

Sources sources() {
  const auto file = std::make_shared<SourceFile>(
      SourceFile{"life/block.c", "int x;\n\ttake(&hotplug);  \r\n\terr = ask();", {3}, {}});
  return {[file](std::string_view path) { return path == file->path ? file : nullptr; },
          [](std::string_view path) { return path.starts_with("ours/"); }};
}

}  // namespace

TEST_CASE("a step has its line, what happened, what changed and what is held") {
  const Sample sample;
  const auto trace = replay(sample.system, ir::PropertyId{0}, Sample::run(2), Claim::violates, sources());
  REQUIRE(trace.has_value());
  CHECK(trace->property == "no-veto");
  CHECK(trace->actors == std::vector<std::string>{"worker0"});
  CHECK(trace->listeners == std::vector<std::string>{"listener 0"});
  CHECK(trace->faults == 1);
  CHECK(trace->switches == 0);
  REQUIRE(trace->steps.size() == 2);
  const TraceStep& take = trace->steps[0];
  CHECK(take.file == "life/block.c");
  CHECK(take.line == 2);
  CHECK(take.column == 5);
  CHECK(take.function == "block_online");
  CHECK(take.source == "take(&hotplug);");
  CHECK(take.takes_lock);
  CHECK_FALSE(take.added_by_patch);
  CHECK(take.changes == std::vector<TraceChange>{{"hotplug.owner", "0", "1", TraceChange::Kind::lock}});
  CHECK(take.locks == std::vector<TraceLock>{{"hotplug", true}});
  const TraceStep& ask = trace->steps[1];
  CHECK(ask.added_by_patch);
  CHECK(ask.source == "err = ask();");
  CHECK(ask.choice == TraceChoice::listener);
  CHECK(ask.depth == 1);
  CHECK(ask.changes == std::vector<TraceChange>{{"answer", "none", "NOTIFY_BAD", TraceChange::Kind::shared}});
  REQUIRE(ask.events.size() == 1);
  CHECK(ask.events[0].args == std::vector<std::int64_t>{0, 0, 3, 0, 0x8002});
  CHECK(ask.events[0].shown == std::vector<std::string>{"worker0", "0", "MEM_GOING_ONLINE", "0", "NOTIFY_BAD"});
}

TEST_CASE("a step of the environment is told from one of the tree, and needs no text") {
  const Sample sample;
  const auto trace = replay(sample.system, ir::PropertyId{0}, Sample::run(3), Claim::happens, sources());
  REQUIRE(trace.has_value());
  REQUIRE(trace->steps.size() == 3);
  CHECK(trace->steps[2].environment);
  CHECK(trace->steps[2].source == "");
  CHECK(place_of(*trace)->line == 3);
}

TEST_CASE("a run that is none, or does not do what it should, is refused") {
  const Sample sample;
  const auto refused = [&sample](const ir::Run& run, Claim claim) {
    const auto trace = replay(sample.system, ir::PropertyId{0}, run, claim, sources());
    return !trace && trace.error().message.find("no-veto was refused by the replay") != std::string::npos;
  };
  CHECK(refused(Sample::run(1), Claim::violates));
  CHECK(refused(Sample::run(0), Claim::violates));
  CHECK(refused(Sample::run(2), Claim::reaches));
  CHECK_FALSE(refused(Sample::run(1), Claim::happens));
  ir::Run wrong = Sample::run(2);
  std::swap(wrong.steps[0], wrong.steps[1]);
  CHECK(refused(wrong, Claim::violates));
  CHECK(refused(wrong, Claim::happens));
  wrong = Sample::run(2);
  wrong.initial[2] = 7;
  CHECK(refused(wrong, Claim::violates));
}

TEST_CASE("what a run does behind the violation is left out") {
  const Sample sample;
  const auto trace = replay(sample.system, ir::PropertyId{0}, Sample::run(3), Claim::violates, sources());
  REQUIRE(trace.has_value());
  CHECK(trace->steps.size() == 2);
}

TEST_CASE("a value outside its declared range is refused") {
  Sample sample;
  sample.system.variables[ir::index(sample.answer)].high = 10;
  CHECK_FALSE(replay(sample.system, ir::PropertyId{0}, Sample::run(2), Claim::violates, sources()).has_value());
}

TEST_CASE("shortest runs of random systems replay, and nothing shorter of them does") {
  std::size_t replayed = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const ir::TransitionSystem system = eval::random_system(seed);
    const auto reference = eval::explore(system, 20'000);
    if (!reference) continue;
    for (std::size_t p = 0; p < system.properties.size(); ++p) {
      if (!reference->properties[p]) continue;
      const Claim claim = system.properties[p].kind == ir::PropertyKind::cover ? Claim::reaches : Claim::violates;
      ir::Run run = reference->properties[p]->run;
      const auto trace = replay(system, static_cast<ir::PropertyId>(p), run, claim, {});
      REQUIRE_MESSAGE(trace.has_value(), "seed " << seed << " property " << p);
      CHECK(trace->steps.size() == run.steps.size());
      ++replayed;
      if (run.steps.empty()) continue;
      run.steps.pop_back();
      CHECK_FALSE(replay(system, static_cast<ir::PropertyId>(p), run, claim, {}).has_value());
    }
  }
  CHECK(replayed > 50);
}
