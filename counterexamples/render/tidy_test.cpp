#include "counterexamples/render/tidy.hpp"

#include <doctest/doctest.h>

#include "counterexamples/render/run_table.hpp"
#include "counterexamples/render/sample.hpp"

using namespace hotproof;
using namespace hotproof::counterexamples;
using namespace hotproof::render;

namespace {

TraceStep environment_step(const char* text, std::vector<TraceEvent> events) {
  TraceStep step = sample_step("worker0", 10, "hp_worker", text);
  step.file = "model/env/actors.c";
  step.environment = true;
  step.source.clear();
  step.events = std::move(events);
  return step;
}

Trace trace_of(std::vector<TraceStep> steps) {
  Trace trace;
  trace.actors = {"worker0", "reader0"};
  trace.steps = std::move(steps);
  count(trace);
  return trace;
}

const TraceStep last = sample_step("worker0", 90, "f", "end");

}  // namespace

TEST_CASE("a request is said once, in words, and a result with its error") {
  const Trace run = trace_of({environment_step("0 sets it offline, 1 sets it online: 1", {}),
                              environment_step("", {{"request", {0, 2, 1}, {"worker0", "2", "1"}}}),
                              environment_step("", {{"returned", {0, 2, 1, -16}, {"worker0", "2", "1", "-16"}}})});
  const Trace shown = tidy(run);
  REQUIRE(shown.steps.size() == 2);
  CHECK(shown.steps[0].text == "sets block 2 online");
  CHECK(shown.steps[1].text == "returns -16 (EBUSY)");
  CHECK(requests_in_words(run, "worker0") == "setting block 2 online");
  CHECK(requests_in_words(run, "reader0").empty());
}

TEST_CASE("a lock that is announced and then taken is one row, unless another actor comes between") {
  TraceStep waits = sample_step("worker0", 20, "f", "down_write(&sem)");
  waits.changes = {{"sem.waiting", "0", "1", TraceChange::Kind::lock}};
  TraceStep takes = sample_step("worker0", 20, "f", "down_write(&sem)");
  takes.takes_lock = true;
  takes.changes = {{"sem.owner", "0", "1", TraceChange::Kind::lock}};
  CHECK(tidy(trace_of({waits, takes, last})).steps.size() == 2);
  CHECK(tidy(trace_of({waits, takes, last})).steps[0].changes.empty());
  CHECK(tidy(trace_of({waits, sample_step("reader0", 40, "reader", "peek"), takes, last})).steps.size() == 4);
}

TEST_CASE("readings are left out where one actor is alone, and counted") {
  const TraceStep reads = sample_step("worker0", 21, "f", "read x");
  CHECK(tidy(trace_of({reads, reads, last})).steps.size() == 1);
  CHECK(hidden_steps(trace_of({reads, reads, last})) == 2);
  const TraceStep other = sample_step("reader0", 40, "reader", "read x");
  CHECK(tidy(trace_of({reads, reads, other, last})).steps.size() == 3);
}

TEST_CASE("an answer that was chosen to be bad is one row with its fault") {
  TraceStep chooses =
      sample_step("worker0", 42, "walk", "nb->call(nb): the listener's answer to MEM_GOING_ONLINE fails");
  chooses.choice = TraceChoice::fault;
  chooses.faults = 1;
  TraceStep answers = sample_step("worker0", 42, "walk", "nb->call(nb)");
  answers.events = {{"notified", {0, 1, 8, 0, 0x8002}, {"worker0", "1", "MEM_GOING_ONLINE", "0", "NOTIFY_BAD"}}};
  const Trace run = trace_of({chooses, answers, last});
  const Trace shown = tidy(run);
  REQUIRE(shown.steps.size() == 2);
  CHECK(shown.steps[0].faults == 1);
  CHECK(faults_in_words(run) == std::vector<std::string>{"listener 1 answers MEM_GOING_ONLINE with NOTIFY_BAD"});
}

TEST_CASE("a call that the patch added has a row of its own where the run comes into it, once") {
  TraceStep inside = sample_step("worker0", 70, "begin", "down(&sem)");
  inside.takes_lock = true;
  inside.callers = {{"life/block.c", 31, "online", "err = online_it();", false},
                    {"life/block.c", 14, "online_it", "begin();", true}};
  TraceStep again = inside;
  again.line = 71;
  const Trace shown = tidy(trace_of({inside, again, last}));
  REQUIRE(shown.steps.size() == 4);
  CHECK(shown.steps[0].added_by_patch);
  CHECK(shown.steps[0].text == "begin();");
  CHECK(shown.steps[0].line == 14);
  CHECK_FALSE(shown.steps[1].added_by_patch);
}

TEST_CASE("changes are the kernel's and the block's, in words") {
  TraceStep step = sample_step("worker0", 50, "f", "x = 1");
  step.changes = {{"hp_page_zone[0]", "0", "3", TraceChange::Kind::shared},
                  {"block[0].increment[1]", "0", "1", TraceChange::Kind::shared},
                  {"block[0].some", "0", "1", TraceChange::Kind::shared},
                  {"block[0].accessible", "0", "1", TraceChange::Kind::shared},
                  {"block[0].memmap", "1", "2", TraceChange::Kind::shared},
                  {"worker0.f.x", "0", "1", TraceChange::Kind::local},
                  {"hp_node.node_spanned_pages", "0", "512", TraceChange::Kind::shared}};
  const std::vector<TraceChange> expected = {{"block[0].accessible", "no", "yes", TraceChange::Kind::shared},
                                             {"block[0].memmap", "poisoned", "initialised", TraceChange::Kind::shared},
                                             {"node.node_spanned_pages", "0", "512", TraceChange::Kind::shared}};
  CHECK(tidy(trace_of({step, last})).steps[0].changes == expected);
}

TEST_CASE("what a reader outside the source does, and what is chosen, have words") {
  Trace trace = sample_trace();
  TraceStep reads = sample_step("reader0", 30, "hp_reader", "");
  reads.source = "";
  reads.environment = true;
  reads.events = {{"memmap", {1, 0, 1}, {"reader0", "0", "1"}}};
  trace.steps = {reads};
  CHECK(tidy(trace).steps.front().text == "reads the memmap of block 0");
  CHECK(step_in_words(trace, reads) == "reader0 reads the memmap of block 0");
  reads.events[0].args[2] = 99;
  CHECK(step_in_words(trace, reads) == "reader0: ");
  TraceStep chooses = sample_step("worker0", 31, "block_offline", "__hp_choose(2, \"pages move:\"): pages move: 1");
  chooses.choice = TraceChoice::free;
  CHECK(step_in_words(trace, chooses) == "worker0: pages move: 1");
}
