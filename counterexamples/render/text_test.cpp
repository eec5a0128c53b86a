#include "counterexamples/render/text.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "counterexamples/render/run_table.hpp"
#include "counterexamples/render/sample.hpp"

namespace {

using namespace hotproof;
using namespace hotproof::counterexamples;
using namespace hotproof::render;

// Compares with counterexamples/golden/NAME; with HOTPROOF_UPDATE_GOLDEN set, writes the file instead.
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(HOTPROOF_SOURCE_DIR "/counterexamples/golden/") + name;
  if (std::getenv("HOTPROOF_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << text;
    MESSAGE("updated " << path);
    return;
  }
  std::ifstream in(path);
  std::stringstream expected;
  expected << in.rdbuf();
  CHECK_MESSAGE(in.good(), path);
  CHECK(text == expected.str());
}

const Style plain{false, true, 120};

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

PropertyReport violated(Trace trace) {
  PropertyReport property = sample_check().properties[1];
  property.trace = std::move(trace);
  return property;
}

Trace long_trace(std::size_t steps, const std::vector<TraceEvent>& events = {}) {
  Trace trace = sample_trace();
  TraceStep dull = sample_step("worker0", 12, "block_online", "nr = block->pages");
  dull.events = events;
  trace.steps.insert(trace.steps.begin() + 1, steps, dull);
  return trace;
}

}  // namespace

TEST_CASE("reports look as recorded") {
  check_golden("check.txt", text(sample_check(), plain));
  check_golden("patch.txt", text(sample_patch(), plain));
  check_golden("model.txt", model_text(sample_check(), plain));
  check_golden("narrow-ascii.txt", text(sample_check(), Style{false, false, 80}));
  check_golden("colour.txt", text(sample_check(), Style{true, true, 120}));
  check_golden("long-run.txt", violation(violated(long_trace(300)), "life", plain));
}

TEST_CASE("a verdict line has the form that compilers use") {
  const std::string out = violation(violated(sample_trace()), "life", plain);
  CHECK(out.substr(0, out.find('\n')) ==
        "life/block.c:16:2: violated: prepare-has-finish: who accepted PREPARE gets FINISH");
}

TEST_CASE("the verdict points at the tree, not at the environment") {
  Trace trace = sample_trace();
  trace.steps.back().environment = true;
  CHECK(place_of(trace)->line == 14);
  for (TraceStep& step : trace.steps) step.environment = true;
  CHECK(place_of(trace)->line == 16);
  for (TraceStep& step : trace.steps) step.line = 0;
  CHECK(place_of(trace) == nullptr);
  CHECK(violation(violated(trace), "life", plain).starts_with("life: violated: "));
}

TEST_CASE("steps that tell nothing go first, and their number is said") {
  const Trace trace = long_trace(300);
  const std::string out = violation(violated(trace), "life", plain);
  CHECK(lines_of(out) <= violation_lines);
  CHECK(out.find("300 that only read or compute are not shown") != std::string::npos);
  const Trace busy = long_trace(300, {{"counted", {0}, {"worker0"}}});
  CHECK(violation(violated(busy), "life", plain).find(" steps left out") != std::string::npos);
  CHECK(out.find("NOTIFY_BAD") != std::string::npos);
  CHECK(out.find("PREPARE_ONLINE: OK") != std::string::npos);
}

TEST_CASE("no violation takes more than its lines, and none loses its fault, its start or its end") {
  rc::check([] {
    Trace trace;
    trace.actors = {"worker0", "reader0"};
    const auto count_of = *rc::gen::inRange<std::size_t>(1, 400);
    for (std::size_t i = 0; i < count_of; ++i) {
      TraceStep step = sample_step(*rc::gen::element("worker0", "reader0"), *rc::gen::inRange(1u, 50u), "f", "step");
      if (*rc::gen::inRange(0, 3) == 0) step.changes = {{"x", "0", "1", TraceChange::Kind::shared}};
      if (*rc::gen::inRange(0, 3) == 0) step.added_by_patch = true;
      trace.steps.push_back(step);
    }
    trace.steps[count_of / 2].faults = 1;
    count(trace);
    PropertyReport property = violated(trace);
    property.says = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    property.latent_needs = std::string(5000, 'x') + std::string(3000, ' ');
    for (int i = 0; i < 500; ++i) property.origin += " word";
    RC_ASSERT(lines_of(violation(property, "life", plain)) <= violation_lines);
    const std::vector<bool> shown = shown_steps(trace, 20);
    RC_ASSERT(shown.front());
    RC_ASSERT(shown.back());
    RC_ASSERT(shown[count_of / 2]);
  });
}

TEST_CASE("lines fit the width") {
  for (const std::size_t width : {60u, 80u, 120u, 200u}) {
    for (const std::string& line : run_table(sample_trace(), TableOptions{}, Style{false, true, width})) {
      CHECK(columns(line) <= std::max<std::size_t>(width, 100));
    }
  }
}

TEST_CASE("a cover that nothing reaches says so, with or without an attempt") {
  PropertyReport cover = sample_check().properties[3];
  cover.verdict = Verdict::violated;
  CHECK(violation(cover, "life", plain).find("No run gets there.") != std::string::npos);
  cover.trace = sample_trace();
  CHECK(violation(cover, "life", plain).find("An attempt without faults, and how it ends") != std::string::npos);
}

TEST_CASE("nothing a stranger wrote reaches the terminal") {
  const std::string evil =
      "\x1b]0;owned\x07\x1b[2J\r\b\x7f\xc2\x9b"
      "31m\xe2\x80\xae\xff\xc0\xaf\n\t\xed\xa0\x80";
  PatchReport report = sample_patch();
  report.title = evil;
  for (CheckReport* side : {&report.before, &report.after}) {
    side->title = side->architecture = side->scenario = side->engine = side->stopped_by = evil;
    side->complete = false;
    side->model.not_understood.assign(1, Diagnostic{Place{evil, 1, 2}, evil, evil});
    side->model.assumptions = {evil};
    side->model.configuration = {{evil, true}};
    side->model.leaves[0].function = side->model.leaves[0].reason = evil;
    side->model.harmless[0].function = side->model.harmless[0].why = evil;
    side->model.followed[0].file = side->model.followed[0].function = evil;
    for (PropertyReport& property : side->properties) {
      property.says = property.origin = property.reason = property.latent_needs = evil;
      property.id += evil;
      property.triggers = {{evil, false}};
      if (!property.trace) continue;
      property.trace->actors = {evil, "reader0"};
      property.trace->listeners = {evil, evil};
      for (TraceStep& step : property.trace->steps) {
        step.file = step.function = step.text = step.source = evil;
        if (step.actor == "worker0") step.actor = evil;
        step.changes = {{evil, evil, evil, TraceChange::Kind::shared}};
        step.locks = {{evil, true}};
        for (TraceEvent& event : step.events) event.shown = {evil, evil, evil, evil, evil};
      }
    }
  }
  report.changes = {{evil, Change::new_}};
  report.placement[0].file = report.placement[0].why = evil;
  report.claims = {{evil, evil, evil, Claimed::refuted, evil, evil, report.after.properties.front()},
                   {evil, "message", "", Claimed::not_checked, evil, "", {}}};
  for (const bool utf8 : {true, false}) {
    const Style style{false, utf8, 120};
    for (const std::string& out : {text(report, style), text(report.after, style), model_text(report.after, style)}) {
      for (const char c : out) {
        const auto byte = static_cast<unsigned char>(c);
        const bool harmless = c == '\n' || (byte >= 0x20 && byte != 0x7f && (utf8 || byte < 0x80));
        REQUIRE_MESSAGE(harmless, "byte " << int{byte});
      }
      CHECK(out.find("\xc2\x9b") == std::string::npos);
      CHECK(out.find("\xe2\x80\xae") == std::string::npos);
      CHECK(out.find("\\x1b]0;owned\\x07") != std::string::npos);
    }
  }
}

TEST_CASE("a run of which nobody knows that it is the simplest is not called that") {
  PropertyReport property = violated(sample_trace());
  CHECK(violation(property, "life", plain).find("; no run is simpler.") != std::string::npos);
  property.trace->minimal = false;
  CHECK(violation(property, "life", plain).find("; it is the simplest that was found.") != std::string::npos);
}
