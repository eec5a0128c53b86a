#include "counterexamples/render/formats/formats.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/formats/life.hpp"
#include "counterexamples/render/formats/readers.hpp"
#include "counterexamples/render/formats/run_view.hpp"
#include "counterexamples/render/json.hpp"
#include "counterexamples/render/sample.hpp"

using namespace hotproof;
using namespace hotproof::counterexamples;
using namespace hotproof::render;
using Json = nlohmann::json;

namespace {

const Context usual{"1.0", "2024-05-01T12:00:00Z", false};
const Context strict{"1.0", "2024-05-01T12:00:00Z", true};

SeriesReport sample_series() {
  SeriesReport series;
  series.title = "a series";
  series.patches = {{"1", "first", {}}, {"2", "second", {}}};
  SeriesOnArchitecture& on = series.architectures.emplace_back();
  on.architecture = "s390x";
  on.base = sample_patch().before;
  on.prefixes.resize(2);
  on.prefixes[0].report = sample_patch().before;
  on.prefixes[1].report = sample_patch().after;
  on.prefixes[1].unbuilt = "a name";
  return series;
}

std::vector<std::string> names_where(const std::string& ktap_text, bool ok) {
  std::vector<std::string> out;
  for (const readers::KtapResult& result : readers::read_ktap(ktap_text))
    if (result.ok == ok && result.depth == 0) out.push_back(result.name);
  return out;
}

TraceStep step_with(std::vector<TraceEvent> events, std::vector<TraceChange> changes) {
  TraceStep step = sample_step("worker0", 10, "f", "x");
  step.events = std::move(events);
  step.changes = std::move(changes);
  return step;
}

Trace run_of(std::vector<TraceStep> steps) {
  Trace trace;
  trace.actors = {"worker0"};
  trace.steps = std::move(steps);
  return trace;
}

std::string way(const Trace& trace) {
  std::string out;
  for (const LifeVisit& visit : life_of(trace, 0))
    out += (out.empty() ? "" : " > ") + std::string(life_names[static_cast<std::size_t>(visit.state)]);
  return out;
}

const TraceEvent ask_online{"request", {0, 0, 1}, {}};
const TraceEvent ask_offline{"request", {0, 0, 0}, {}};
const TraceEvent ask_add{"request", {0, 0, 2}, {}};
const TraceEvent refused{"returned", {0, 0, 1, -1}, {}};
const TraceEvent granted{"returned", {0, 0, 1, 0}, {}};
TraceEvent told(const char* action) {
  return {"notify", {0, 5, 0}, {"worker0", action, "0"}};
}
TraceChange record(const char* before, const char* after) {
  return {"mem[0].state", before, after, TraceChange::Kind::shared};
}

}  // namespace

TEST_CASE("every form of reports and of runs is what its readers say it is") {
  const std::filesystem::path folder = std::filesystem::path(HOTPROOF_BUILD_DIR) / "forms";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto write = [&folder](const std::string& name, const std::string& text) {
    std::ofstream(folder / name) << text;
  };
  const CheckReport check = sample_check();
  const PatchReport patch = sample_patch();
  for (const FormatRow& form : formats()) {
    const std::string name(form.name);
    if (form.run != nullptr) {
      write("1." + name, form.run(choose_run(check)->run, usual));
      write("2." + name, form.run(choose_run(patch)->run, usual));
    } else {
      write("1." + name, form.check(sample_check(), usual));
      write("2." + name, form.patch(sample_patch(), usual));
      write("3." + name, form.series(sample_series(), usual));
      write("4." + name, form.check(report_of(choose_run(check)->run), strict));
    }
  }
  write("1.json", json(sample_check()));
  write("2.json", json(sample_patch()));
  const readers::Said said = readers::validate(folder.string());
  if (said.skipped) MESSAGE("skipped: " << said.text);
  CHECK_MESSAGE((said.skipped || said.exit == 0), said.text);
}

TEST_CASE("the outside validator refuses what is wrong") {
  const std::filesystem::path folder = std::filesystem::path(HOTPROOF_BUILD_DIR) / "wrong-forms";
  const auto refused_as = [&folder](const std::string& name, const std::string& text) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / ("1." + name)) << text;
    const readers::Said said = readers::validate(folder.string());
    return said.exit == 1 || said.skipped;
  };
  const auto without = [](std::string text, const std::string& part) {
    const std::size_t at = text.find(part);
    REQUIRE(at != std::string::npos);
    return text.erase(at, part.size());
  };
  const CheckReport report = sample_check();
  const RunView view{&report.properties[1], "t", "t", "s390x", "s", &report.model.files};
  CHECK(refused_as("sarif", without(sarif(report, usual), "\"executionOrder\": 2,")));
  CHECK(refused_as("junit", without(junit(report, usual), "<skipped")));
  CHECK(refused_as("graphml", without(graphml(view, usual), "<data key=\"violation\">true</data>")));
  CHECK(refused_as("witness-yaml", without(witness_yaml(view, usual), "language: \"C\"")));
  CHECK(refused_as("svg", without(run_svg(view, usual), "</text>")));
  CHECK(refused_as("dot", without(run_dot(view, usual), "{")));
}

TEST_CASE("KTAP fails where the exit status does") {
  const CheckReport report = sample_check();
  REQUIRE(exit_code(report, false) == 0);
  CHECK(names_where(ktap(report, usual), false).empty());
  REQUIRE(exit_code(report, true) == 1);
  CHECK(names_where(ktap(report, strict), false) == std::vector<std::string>{"prepare-has-finish"});

  PatchReport patch = sample_patch();
  patch.after.properties[1].latent_needs.clear();
  REQUIRE(exit_code(patch, false) == 1);
  CHECK(names_where(ktap(patch, usual), false) == std::vector<std::string>{"prepare-has-finish"});
  patch.before.properties[1].verdict = Verdict::violated;
  REQUIRE(patch.before.properties[1].latent());
  REQUIRE(exit_code(patch, false) == 1);  // it needed something that no tree does, and needs it no longer
  patch.before.properties[1].latent_needs.clear();  // now the patch did not bring it
  REQUIRE(exit_code(patch, false) == 0);
  CHECK(names_where(ktap(patch, usual), false).empty());
  patch.after.properties[0].verdict = Verdict::inconclusive;
  REQUIRE(exit_code(patch, false) == 3);
  CHECK(names_where(ktap(patch, usual), false) == std::vector<std::string>{"memmap-after-accessible "});
}

TEST_CASE("KTAP: a rule that does not apply is skipped, a series has a subtest for each tree") {
  const auto results = readers::read_ktap(ktap(sample_check(), usual));
  REQUIRE(results.size() == 4);
  CHECK(results[1].directive == "XFAIL");
  CHECK(results[2].directive == "SKIP");
  const auto series = readers::read_ktap(ktap(sample_series(), usual));
  std::vector<bool> trees;
  for (const auto& result : series)
    if (result.depth == 0) trees.push_back(result.ok);
  CHECK(trees == std::vector<bool>{true, true, false});  // the last cannot be built
}

TEST_CASE("SARIF: the baseline is the tree without the patch") {
  PatchReport patch = sample_patch();
  const auto states = [](const std::string& text) {
    std::map<std::string, std::string> out;
    const Json log = Json::parse(text);
    for (const Json& result : log["runs"][0]["results"]) out[result["ruleId"]] = result["baselineState"];
    return out;
  };
  using States = std::map<std::string, std::string>;
  CHECK(states(sarif(patch, usual)) == States{{"memmap-after-accessible", "absent"}, {"prepare-has-finish", "new"}});
  patch.before.properties[1].verdict = Verdict::violated;
  CHECK(states(sarif(patch, usual)) ==
        States{{"memmap-after-accessible", "absent"}, {"prepare-has-finish", "unchanged"}});
  patch.after.properties[0].verdict = Verdict::inconclusive;  // not known to be gone
  CHECK(states(sarif(patch, usual)) == States{{"prepare-has-finish", "unchanged"}});
  const Json run = Json::parse(sarif(patch, usual))["runs"][0];
  CHECK(run["results"][0]["level"] == "note");  // latent
  CHECK(run["invocations"][0]["toolExecutionNotifications"][0]["associatedRule"]["id"] == "memmap-after-accessible");
  const Json flows = run["results"][0]["codeFlows"][0]["threadFlows"];
  REQUIRE(flows.size() == 2);
  CHECK(flows[0]["id"] == "worker0");
  CHECK(flows[1]["id"] == "reader0");
}

TEST_CASE("the run that is shown is one that counts") {
  CheckReport report = sample_check();
  CHECK(choose_run(report)->run.property->id == "prepare-has-finish");
  CHECK(choose_run(report)->others == 0);
  report.properties[0].verdict = Verdict::violated;
  report.properties[0].trace = sample_trace();
  CHECK(choose_run(report)->run.property->id == "memmap-after-accessible");  // the other one is latent
  CHECK(choose_run(report)->others == 1);
  report.properties[0].cover = true;
  CHECK(choose_run(report)->run.property->id == "prepare-has-finish");
  report.properties[1].trace.reset();
  CHECK_FALSE(choose_run(report).has_value());
}

TEST_CASE("the life of a block is read off events and changes") {
  CHECK(way(run_of({step_with({ask_online}, {}), step_with({told("MEM_GOING_ONLINE")}, {}),
                    step_with({}, {record("MEM_OFFLINE", "MEM_ONLINE")}), step_with({granted}, {})})) ==
        "offline > going online > online");
  CHECK(way(run_of({step_with({ask_online}, {}), step_with({refused}, {})})) == "offline > going online > offline");
  CHECK(way(run_of({step_with({ask_offline}, {}), step_with({}, {record("MEM_ONLINE", "MEM_GOING_OFFLINE")}),
                    step_with({}, {record("MEM_GOING_OFFLINE", "MEM_OFFLINE")})})) ==
        "online > going offline > offline");
  CHECK(way(run_of({step_with({ask_add}, {}), step_with({}, {{"block[0].added", "0", "1", TraceChange::Kind::shared}}),
                    step_with({told("MEM_GOING_ONLINE")}, {}),
                    step_with({}, {{"block[0].added", "1", "0", TraceChange::Kind::shared}})})) ==
        "absent > offline > going online > absent");
  CHECK(life_of(run_of({step_with({ask_online}, {}), step_with({told("MEM_GOING_ONLINE")}, {})}), 0).back().told ==
        std::vector<std::string>{"MEM_GOING_ONLINE"});
  CHECK_FALSE(block_of(run_of({step_with({}, {})})).has_value());
}

TEST_CASE("an assumption is what the run chose, as C") {
  TraceStep step = step_with({{"notified", {0, 1, 6, 0, 0x8002}, {}}}, {});
  const auto of = [&step](const char* source) {
    step.source = source;
    return assumption_of(step);
  };
  CHECK(of("ret = nb->notifier_call(nb, val, v);") == "ret == 32770");
  CHECK(of("int ret = nb->notifier_call(nb, val, v);") == "ret == 32770");
  CHECK(of("if (x == nb->notifier_call(nb, val, v))") == "");
  CHECK(of("x == 1;") == "");
  CHECK(of("*p = nb->notifier_call(nb, val, v);") == "");
  CHECK(of("return nb->notifier_call(nb, val, v);") == "");
  step.events.clear();
  CHECK(of("ret = 5;") == "");
}

TEST_CASE("names of files become references that lead nowhere else") {
  CHECK(relative_uri("mm/memory_hotplug.c") == "mm/memory_hotplug.c");
  CHECK(relative_uri("/etc/passwd") == "etc/passwd");
  CHECK(relative_uri("../../a//b/./c") == "_/_/a/b/_/c");
  CHECK(relative_uri("javascript:alert(1)") == "javascript%3Aalert%281%29");
  CHECK(relative_uri("a b?c#d\xff") == "a%20b%3Fc%23d%FF");
  CHECK(relative_uri("") == "_");
}

TEST_CASE("escapes say the text itself") {
  CHECK(xml("<a b='c'>&\"") == "&lt;a b=&#39;c&#39;&gt;&amp;&quot;");
  CHECK(dot("a\"b\\n&lt;\nc") == "\"a\\\"b\\\\n&amp;lt;\\lc\\l\"");
  CHECK(yaml("a\"b\\\x1b") == "\"a\\\"b\\\\\\\\x1b\"");
  CHECK(sarif_message("{0} [a](b) mem[0].x") == "{{0}} [a\\](b) mem[0].x");
}

TEST_CASE("a witness has the same name for the same run, and another for another") {
  const CheckReport report = sample_check();
  RunView run{&report.properties[1], "t", "t", "s390x", "s", nullptr};
  const std::string first = uuid_of(run);
  CHECK(uuid_of(run) == first);
  run.title = "another";
  CHECK(uuid_of(run) != first);
}
