// A hand-made report for the renderers' tests: a small file of our own words, one worker, one reader, two listeners.
#pragma once

#include "counterexamples/report.hpp"

namespace hotproof::render {

inline counterexamples::TraceStep sample_step(const char* actor, std::uint32_t line, const char* function,
                                              const char* text) {
  counterexamples::TraceStep step;
  step.actor = actor;
  step.file = "life/block.c";
  step.line = line;
  step.column = 2;
  step.function = function;
  step.text = text;
  step.source = std::string(text) + ";";
  return step;
}

inline counterexamples::Trace sample_trace() {
  using namespace counterexamples;
  const auto notified = [](std::int64_t listener, std::int64_t answer, const char* shown) {
    return TraceEvent{"notified", {0, listener, 6, 0, answer}, {"worker0", "", "MEM_PREPARE_ONLINE", "0", shown}};
  };
  Trace trace;
  trace.property = "prepare-has-finish";
  trace.actors = {"worker0", "reader0", "worker1"};
  trace.minimal = true;
  trace.steps = {sample_step("worker0", 10, "block_online", "take(&hotplug)"),
                 sample_step("worker0", 12, "block_online", "nr = block->pages"),
                 sample_step("reader0", 40, "reader", "peek(block)"),
                 sample_step("worker0", 14, "block_online", "err = notify(MEM_PREPARE_ONLINE)"),
                 sample_step("worker0", 14, "block_online", "listener 1 answers NOTIFY_BAD"),
                 sample_step("worker0", 16, "block_online", "goto out")};
  trace.steps[0].takes_lock = true;
  for (std::size_t i : {0u, 1u, 3u, 4u, 5u}) trace.steps[i].locks = {{"hotplug", true}};
  trace.steps[3].added_by_patch = trace.steps[4].added_by_patch = trace.steps[5].added_by_patch = true;
  trace.steps[3].events = {notified(0, 1, "NOTIFY_OK")};
  trace.steps[3].changes = {{"block[0].accessible", "0", "1", TraceChange::Kind::shared}};
  trace.steps[4].events = {notified(1, 0x8002, "NOTIFY_BAD")};
  trace.steps[4].choice = TraceChoice::listener;
  trace.steps[4].faults = 1;
  count(trace);
  return trace;
}

inline counterexamples::CheckReport sample_check() {
  using namespace counterexamples;
  CheckReport report;
  report.title = "life";
  report.tree = "life";
  report.architecture = "s390x";
  report.scenario = "s390-standby: 1 block, 2 listeners, 1 worker, 1 reader";
  report.engine = "explicit search";
  report.complete = true;
  report.statistics = {1234, 5678, 21, 0.25, 65536};
  report.seconds_total = 0.5;
  report.model.followed = {{"block_online", "life/block.c", 8, 4, 4, false, {10, 12, 14, 16, 18}, {18}, 3, 2}};
  report.model.leaves = {{"take", "meaning", false, "a mutex", {{"life/block.c", 10, 2}}}};
  report.model.harmless = {{"print", "its arguments are numbers", {{"life/block.c", 11, 2}}}};
  report.model.reached = {{"life/block.c", {10, 12, 14, 16}}};
  report.model.files = {{"life/block.c", std::string(64, 'a')}};
  report.model.configuration = {{"CONFIG_MEMORY_HOTPLUG", true}, {"CONFIG_NUMA", false}};
  report.model.assumptions = {"a worker asks for one thing at a time"};
  PropertyReport holds;
  holds.id = "memmap-after-accessible";
  holds.says = "the memmap is touched only while its memory is accessible";
  holds.origin = "a rule of the tests";
  holds.verdict = Verdict::proved;
  holds.engine = "explicit";
  holds.states = 1234;
  holds.transitions = 5678;
  holds.depth = 21;
  holds.triggers = {{"memmap-touched", true}};
  PropertyReport broken = holds;
  broken.id = "prepare-has-finish";
  broken.says = "who accepted PREPARE gets FINISH";
  broken.verdict = Verdict::violated;
  broken.depth = 6;
  broken.reason = "listener 0 accepted MEM_PREPARE_ONLINE and got no MEM_FINISH_OFFLINE";
  broken.latent_needs = "two listeners that act on MEM_PREPARE_ONLINE; this tree has one";
  broken.trace = sample_trace();
  Why why;
  why.steps = {StepFate::free, StepFate::only, StepFate::free, StepFate::only, StepFate::free, StepFate::fated};
  why.no_return = 4;
  why.ways_out = {broken.trace->steps[2]};
  why.prevented_by = {{PreventionReport::Kind::choice, 4, 4}, {PreventionReport::Kind::together, 0, 5}};
  why.refusals = {{"MEM_PREPARE_ONLINE", {}}, {"MEM_GOING_ONLINE", {"MEM_CANCEL_ONLINE"}}};
  why.good = broken.trace;
  broken.why = why;
  PropertyReport cover = holds;
  cover.id = "online-possible";
  cover.says = "a block can be set online";
  cover.cover = true;
  cover.triggers.clear();
  PropertyReport absent = holds;
  absent.id = "finish-needs-prepare";
  absent.confidence = ir::Confidence::moderate;
  absent.verdict = Verdict::vacuous;
  absent.applicable = false;
  absent.reason = "the tree has no MEM_FINISH_OFFLINE";
  report.properties = {holds, broken, absent, cover};
  report.verdict = overall(report.properties);
  return report;
}

inline counterexamples::PatchReport sample_patch() {
  using namespace counterexamples;
  PatchReport report;
  report.title = "life: prepare listeners before a block is set online";
  report.before = sample_check();
  report.before.title = "life as it is";
  report.before.properties[0].verdict = Verdict::violated;
  report.before.properties[1].verdict = Verdict::proved;
  report.before.properties[1].trace.reset();
  report.before.verdict = overall(report.before.properties);
  report.after = sample_check();
  report.after.title = "life with the patch";
  for (std::size_t i = 0; i < report.after.properties.size(); ++i) {
    report.changes[report.after.properties[i].id] =
        change_of(&report.before.properties[i], &report.after.properties[i]);
  }
  report.placement = {{report.title, "life/block.c", 1, 14, 14, true, ""},
                      {report.title, "life/block.c", 2, 30, 33, false, "5 of 6 lines are the same"}};
  report.lines = {{"life/block.c", 14, false, LineClass::executed}, {"life/block.h", 3, false, LineClass::outside}};
  report.claims = {{"No functional change.", "message", "no functional change", Claimed::refuted, "a listener sees two events more", "", {}},
                   {"The memmap comes first.", "message", "", Claimed::not_checked, "", "", {}}};
  return report;
}

}  // namespace hotproof::render
