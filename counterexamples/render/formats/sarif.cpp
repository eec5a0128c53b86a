// SARIF 2.1.0: rules are properties, results are violations, a code flow is a run. Numbers in comments are sections of
// the standard.
#include <map>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/formats/formats.hpp"
#include "counterexamples/render/formats/judged.hpp"
#include "counterexamples/render/formats/run_view.hpp"
#include "counterexamples/render/json_parts.hpp"
#include "counterexamples/render/sentences.hpp"
#include "counterexamples/render/tidy.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;
using Json = nlohmann::ordered_json;

constexpr std::size_t snippet_columns = 400;

Json message(std::string_view text, std::size_t most = 2000) {
  return {{"text", sarif_message(text, most)}};
}

bool is_ascii(const std::string& text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

// Files of the model's surroundings are hotproof's own and do not lie in the tree.
Json artifact_location(const std::string& file) {
  return {{"uri", relative_uri(file)}, {"uriBaseId", file.starts_with("model/") ? "HOTPROOF" : "SRCROOT"}};
}

Json location_of(const TraceStep& step, const std::string& text) {
  Json out = Json::object();
  if (!step.file.empty() && step.line != 0) {
    Json region = {{"startLine", step.line}};
    // Columns of a step are bytes; where the line is ASCII they are characters too.
    if (step.column != 0 && is_ascii(step.source)) region["startColumn"] = step.column;
    if (!step.source.empty()) region["snippet"] = {{"text", plain(step.source, snippet_columns)}};
    out["physicalLocation"] = {{"artifactLocation", artifact_location(step.file)}, {"region", std::move(region)}};
  }
  if (!step.function.empty()) {
    out["logicalLocations"] = Json::array({Json{{"fullyQualifiedName", plain(step.function)}, {"kind", "function"}}});
  }
  if (!text.empty()) out["message"] = message(text);
  return out;
}

std::string text_of(const Trace& trace, const TraceStep& step) {
  std::string out = step.actor + ": " + step.text;
  if (step.faults > 0) out += " (injected fault)";
  for (const TraceChange& change : step.changes)
    out += "; " + change.variable + " " + change.before + " -> " + change.after;
  for (const TraceEvent& event : step.events) {
    if (event.name == "notified" && event.args.size() >= 5)
      out += "; " + listener_name(trace, event.args[1]) + " answers " + shown(event, 2) + " with " + shown(event, 4);
  }
  return out;
}

Json thread_location(const Trace& trace, std::size_t at) {
  const TraceStep& step = trace.steps[at];
  const bool last = at + 1 == trace.steps.size();
  Json out = {
      {"location", location_of(step, text_of(trace, step))}, {"executionOrder", at + 1}, {"nestingLevel", step.depth}};
  const bool tells = !step.events.empty() || !step.changes.empty();
  out["importance"] = last || step.faults > 0 ? "essential" : tells ? "important" : "unimportant";
  Json kinds = Json::array();
  if (step.takes_lock) kinds = Json::array({"acquire", "lock"});
  if (step.releases_lock) kinds = Json::array({"release", "lock"});
  if (!kinds.empty()) out["kinds"] = std::move(kinds);
  if (!step.changes.empty()) {
    Json state = Json::object();
    for (const TraceChange& change : step.changes) state[plain(change.variable)] = message(change.after);
    out["state"] = std::move(state);
  }
  return out;
}

// One thread flow an actor; the order across them is the run's (3.38.11).
Json code_flow(const Trace& whole) {
  const Trace trace = tidy(whole);
  Json flows = Json::array();
  for (const std::size_t actor : moving_actors(trace)) {
    Json locations = Json::array();
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
      if (number_of_actor(trace, trace.steps[i].actor) != actor) continue;
      locations.push_back(thread_location(trace, i));
    }
    const std::string id = actor < trace.actors.size() ? trace.actors[actor] : "somebody";
    flows.push_back({{"id", plain(id)}, {"locations", std::move(locations)}});
  }
  return {{"message", message(std::to_string(trace.faults) + " injected faults, " + std::to_string(trace.switches) +
                              " switches between actors" + (trace.minimal ? "; no run is simpler" : ""))},
          {"threadFlows", std::move(flows)}};
}

Json rule_of(const PropertyReport& property) {
  Json out = {{"id", plain(property.id)},
              {"shortDescription", message(property.says)},
              {"fullDescription", message(property.says)},
              {"defaultConfiguration", {{"level", "error"}}},
              {"properties", {{"confidence", name(property.confidence)}, {"cover", property.cover}}}};
  if (!property.origin.empty()) out["help"] = message("Rule from: " + property.origin);
  return out;
}

std::string says(const PropertyReport& property) {
  std::string out = property.says;
  if (property.cover) out = "No run gets there: " + out;
  if (!property.reason.empty()) out += ". " + property.reason;
  if (property.trace && property.trace->loop_start) out += ". In the run, " + for_ever_in_words(*property.trace);
  if (property.latent()) out += ". Latent: it needs " + property.latent_needs;
  return out;
}

Json result_of(const PropertyReport& property, std::size_t rule, const char* baseline) {
  Json out = {{"ruleId", plain(property.id)},
              {"ruleIndex", rule},
              {"kind", "fail"},
              {"level", property.latent() ? "note" : "error"},
              {"message", message(says(property))}};
  if (baseline != nullptr) out["baselineState"] = baseline;
  std::string fingerprint = property.id;
  if (property.trace) {
    if (const TraceStep* place = place_of(*property.trace)) {
      out["locations"] = Json::array({location_of(*place, "")});
      fingerprint += ":" + place->file + ":" + place->function;
    }
    if (!property.trace->steps.empty()) out["codeFlows"] = Json::array({code_flow(*property.trace)});
  }
  out["partialFingerprints"] = {{"propertyFileFunction/v1", plain(fingerprint)}};
  out["properties"] = {{"latent", property.latent()},
                       {"engine", plain(property.engine)},
                       {"states", property.states},
                       {"depth", property.depth}};
  return out;
}

// What keeps silence from being a proof: an answer that is none (3.58).
Json notifications_of(const CheckReport& report, const std::map<std::string, std::size_t>& rules) {
  Json out = Json::array();
  for (const PropertyReport& property : report.properties) {
    const bool open =
        property.applicable && property.verdict != Verdict::proved && property.verdict != Verdict::violated;
    if (!open) continue;
    out.push_back({{"level", "warning"},
                   {"message", message(std::string(checker::name(property.verdict)) + ": " + property.id +
                                       (property.reason.empty() ? "" : ": " + property.reason))},
                   {"associatedRule", {{"id", plain(property.id)}, {"index", rules.at(property.id)}}}});
  }
  for (const Diagnostic& diagnostic : report.model.not_understood) {
    Json entry = {{"level", "warning"}, {"message", message("not understood: " + diagnostic.message)}};
    if (!diagnostic.place.file.empty() && diagnostic.place.line != 0) {
      const Json physical = {{"artifactLocation", artifact_location(diagnostic.place.file)},
                             {"region", {{"startLine", diagnostic.place.line}}}};
      entry["locations"] = Json::array({Json{{"physicalLocation", physical}}});
    }
    out.push_back(std::move(entry));
  }
  return out;
}

Json artifacts_of(const CheckReport& report) {
  Json out = Json::array();
  for (const auto& [file, hash] : report.model.files) {
    out.push_back({{"location", artifact_location(file)}, {"sourceLanguage", "c"}, {"hashes", {{"sha-256", hash}}}});
  }
  return out;
}

// `before`, if given, is what results are compared with; `label` tells runs of one log apart.
Json run_of(const CheckReport& report, const CheckReport* before, const std::string& label, const Context& context) {
  Json rules = Json::array();
  std::map<std::string, std::size_t> numbers;
  for (const PropertyReport& property : report.properties) {
    numbers.emplace(property.id, rules.size());
    rules.push_back(rule_of(property));
  }
  Json results = Json::array();
  for (const PropertyReport& property : report.properties) {
    const PropertyReport* was = before == nullptr ? nullptr : find(*before, property.id);
    const Change change = change_of(was, &property);
    if (property.verdict == Verdict::violated && property.applicable) {
      results.push_back(result_of(property, numbers.at(property.id),
                                  before == nullptr        ? nullptr
                                  : change == Change::kept ? "unchanged"
                                                           : "new"));
    } else if (before != nullptr && was != nullptr && change == Change::fixed) {
      results.push_back(result_of(*was, numbers.at(property.id), "absent"));
    }
  }
  Json invocation = {{"executionSuccessful", report.stopped_by != "interrupted"},
                     {"toolExecutionNotifications", notifications_of(report, numbers)}};
  std::string id = "hotproof/" + report.architecture;
  if (!label.empty()) id += "/" + label;
  return {
      {"tool",
       {{"driver", {{"name", "hotproof"}, {"semanticVersion", plain(context.version)}, {"rules", std::move(rules)}}}}},
      {"automationDetails", {{"id", plain(id)}, {"description", message(report.title + ": " + report.scenario)}}},
      {"invocations", Json::array({std::move(invocation)})},
      {"originalUriBaseIds",
       {{"SRCROOT", {{"description", message("the root of the tree that was checked")}}},
        {"HOTPROOF", {{"description", message("hotproof's own source: the model's surroundings")}}}}},
      {"columnKind", "unicodeCodePoints"},
      {"artifacts", artifacts_of(report)},
      {"results", std::move(results)},
      {"properties",
       {{"verdict", checker::name(report.verdict)}, {"engine", plain(report.engine)}, {"complete", report.complete}}}};
}

std::string log_of(Json runs) {
  return written(
      {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", std::move(runs)}});
}

}  // namespace

std::string sarif(const CheckReport& report, const Context& context) {
  return log_of(Json::array({run_of(report, nullptr, "", context)}));
}

std::string sarif(const PatchReport& report, const Context& context) {
  return log_of(Json::array({run_of(report.after, &report.before, "", context)}));
}

std::string sarif(const SeriesReport& report, const Context& context) {
  Json runs = Json::array();
  for (const SeriesOnArchitecture& on : report.architectures) {
    runs.push_back(run_of(on.base, nullptr, "0", context));
    for (std::size_t i = 0; i < on.prefixes.size(); ++i) {
      const std::string label = i < report.patches.size() ? report.patches[i].label : std::to_string(i + 1);
      runs.push_back(run_of(on.prefixes[i].report, i == 0 ? &on.base : &on.prefixes[i - 1].report, label, context));
    }
  }
  return log_of(std::move(runs));
}

}  // namespace hotproof::render
