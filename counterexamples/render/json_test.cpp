#include "counterexamples/render/json.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "counterexamples/render/compare.hpp"
#include "counterexamples/render/mutate.hpp"
#include "counterexamples/render/sample.hpp"
#include "counterexamples/render/series.hpp"

namespace {

using namespace hotproof;
using Json = nlohmann::json;

// The part of JSON Schema that docs/result.schema.json uses. Returns the first difference, or nothing.
class Schema {
 public:
  explicit Schema(Json root) : root_(std::move(root)) {}
  std::string fault(const Json& value) const { return fault(value, root_, ""); }

 private:
  static bool has_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    return type == "null" && value.is_null();
  }

  std::string fault(const Json& value, const Json& schema, const std::string& at) const {
    if (schema.contains("$ref")) {
      const std::string pointer = schema["$ref"].get<std::string>().substr(1);
      return fault(value, root_.at(Json::json_pointer(pointer)), at);
    }
    if (schema.contains("anyOf")) {
      std::string last;
      for (const Json& option : schema["anyOf"]) {
        last = fault(value, option, at);
        if (last.empty()) return "";
      }
      return last;
    }
    if (schema.contains("enum")) {
      for (const Json& allowed : schema["enum"]) {
        if (allowed == value) return "";
      }
      return at + ": not one of " + schema["enum"].dump();
    }
    if (!has_type(value, schema.at("type"))) return at + ": not of type " + schema.at("type").dump();
    if (value.is_object()) return fault_in_object(value, schema, at);
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        std::string found = fault(value[i], schema.at("items"), at + "/" + std::to_string(i));
        if (!found.empty()) return found;
      }
    }
    return "";
  }

  std::string fault_in_object(const Json& value, const Json& schema, const std::string& at) const {
    for (const Json& name : schema.value("required", Json::array())) {
      if (!value.contains(name.get<std::string>())) return at + ": no " + name.dump();
    }
    const Json known = schema.value("properties", Json::object());
    for (const auto& [name, member] : value.items()) {
      const bool is_known = known.contains(name);
      if (!is_known && !schema.at("additionalProperties").is_object()) return at + ": unknown " + name;
      std::string found = fault(member, is_known ? known[name] : schema["additionalProperties"], at + "/" + name);
      if (!found.empty()) return found;
    }
    return "";
  }

  Json root_;
};

Schema schema() {
  std::ifstream in(HOTPROOF_SOURCE_DIR "/docs/result.schema.json");
  return Schema(Json::parse(in));
}

}  // namespace

TEST_CASE("the reports' JSON is what the schema says") {
  CHECK(schema().fault(Json::parse(render::json(render::sample_check()))) == "");
  CHECK(schema().fault(Json::parse(render::json(render::sample_patch()))) == "");
}

TEST_CASE("a series' JSON is what the schema says") {
  counterexamples::SeriesReport series;
  series.patches = {{"3", "a title", render::sample_patch().placement}};
  counterexamples::SeriesOnArchitecture& on = series.architectures.emplace_back();
  on.base = render::sample_check();
  counterexamples::PrefixReport& prefix = on.prefixes.emplace_back();
  prefix.report = render::sample_patch().after;
  prefix.steps["lock-balance"] = counterexamples::SeriesStep::broken;
  CHECK(schema().fault(Json::parse(render::json(series))) == "");
  counterexamples::OrdersReport& orders = series.orders.emplace();
  orders.family = {{"1", "2"}, {}};
  orders.constraints = {{"1 before 2", "the text of 2", {"2"}, {"1"}}};
  orders.precedences = {{"1", "2"}};
  orders.neighbours = {{"2", "1", false, "the text of 2"}};
  Json json = Json::parse(render::json(series));
  CHECK(schema().fault(json) == "");
  json["orders"]["constraints"][0].erase("why");
  CHECK(schema().fault(json) != "");
}

TEST_CASE("a mutation's JSON is what the schema says") {
  using counterexamples::Fate;
  counterexamples::MutateReport report;
  report.bases = {render::sample_check()};
  report.mutants = {{"move:a.c:f:3",
                     "move",
                     "a.c",
                     "f",
                     3,
                     "move call g after call h",
                     "in f\n",
                     Fate::killed,
                     "s390x",
                     "",
                     {"lock-balance"},
                     "",
                     0.5}};
  Json json = Json::parse(render::json(report));
  CHECK(schema().fault(json) == "");
  CHECK(json["counts"]["killed"] == 1);
  CHECK_FALSE(json["counts"].contains("equivalent"));
  json["mutants"][0]["fate"] = "dead";
  CHECK(schema().fault(json) != "");
}

TEST_CASE("a comparison's JSON is what the schema says") {
  counterexamples::CompareReport report;
  report.verdict = counterexamples::Verdict::violated;
  report.placement = render::sample_patch().placement;
  report.lines = render::sample_patch().lines;
  report.new_version.not_understood = {{{"a.c", 3, 1}, "what is this", "a hint"}};
  report.held = {{"mem_hotplug_lock", true, true, {"worker0: memmap"}}};
  counterexamples::DifferenceReport& difference = report.differences.emplace_back();
  difference.common = {"worker0: request"};
  difference.can.trace = render::sample_trace();
  difference.can.happens = {{"worker0: request", 0}};
  report.lock_differences = report.differences;
  Json json = Json::parse(render::json(report));
  CHECK(schema().fault(json) == "");
  CHECK(json["answer"] == "different");
  CHECK(json["differences"][0]["old"]["happens"][0]["what"] == "worker0: request");
  json["differences"][0].erase("old");
  CHECK(schema().fault(json) != "");
}

TEST_CASE("the schema refuses what is not a report") {
  Json report = Json::parse(render::json(render::sample_check()));
  report["verdict"] = "fine";
  CHECK(schema().fault(report) != "");
  report = Json::parse(render::json(render::sample_check()));
  report["properties"][1]["trace"]["steps"][0].erase("line");
  CHECK(schema().fault(report) == "/properties/1/trace/steps/0: no \"line\"");
  report = Json::parse(render::json(render::sample_check()));
  report["extra"] = 1;
  CHECK(schema().fault(report) != "");
}

TEST_CASE("why a run ends as it does is in the schema too") {
  counterexamples::CheckReport report = render::sample_check();
  counterexamples::Why& why = report.properties[1].why.emplace();
  why.steps.assign(6, counterexamples::StepFate::free);
  why.no_return = 4;
  why.ways_out = {render::sample_trace().steps[4]};
  why.prevented_by = {{counterexamples::PreventionReport::Kind::choice, 4, 4}};
  why.refusals = {{"MEM_PREPARE_ONLINE", {}}};
  why.good = render::sample_trace();
  report.properties[1].trace->steps[0].callers = {{"life/block.c", 3, "state", "block_online();", false}};
  Json json = Json::parse(render::json(report));
  CHECK(schema().fault(json) == "");
  json["properties"][1]["why"]["steps"][0] = "doomed";
  CHECK(schema().fault(json) != "");
  report.properties[1].why = counterexamples::Why{};
  report.properties[1].why->unknown = "too large";
  CHECK(schema().fault(Json::parse(render::json(report))) == "");
}

TEST_CASE("a patch's JSON is the patched tree's, with the comparison") {
  const Json report = Json::parse(render::json(render::sample_patch()));
  CHECK(report["verdict"] == "violated");
  CHECK(report["properties"] == report["after"]["properties"]);
  CHECK(report["changes"]["memmap-after-accessible"] == "fixed");
  CHECK(report["changes"]["prepare-has-finish"] == "new");
  CHECK(report["placement"][1]["how"] == "guessed");
  CHECK(report["changed_lines"][1]["class"] == "outside");
  const Json& step = report["properties"][1]["trace"]["steps"][4];
  CHECK(step["fault"] == true);
  CHECK(step["event"] == "notified");
  CHECK(step["added_by_patch"] == true);
  CHECK(step["line"] == 14);
}

TEST_CASE("JSON is ASCII whatever the texts are, and stays JSON") {
  counterexamples::CheckReport report = render::sample_check();
  report.title = "\x1b[2J\xff\xe2\x80\xae é";
  report.model.configuration = {{"\xff\x1b", true}};
  const std::string out = render::json(report);
  for (const char c : out) REQUIRE((c == '\n' || (c >= 0x20 && c < 0x7f)));
  CHECK(schema().fault(Json::parse(out)) == "");
}
