#include "counterexamples/render/json.hpp"

#include "counterexamples/render/json_parts.hpp"
#include "counterexamples/render/suggest.hpp"
#include "counterexamples/render/why.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;
using Json = nlohmann::ordered_json;

Json of(const Place& place) {
  Json out = {{"file", place.file}};
  if (place.line != 0) out["line"] = place.line;
  if (place.column != 0) out["column"] = place.column;
  return out;
}

Json of(const std::vector<Place>& places) {
  Json out = Json::array();
  for (const Place& place : places) out.push_back(of(place));
  return out;
}

std::string_view kind_of(TraceChange::Kind kind) {
  switch (kind) {
    case TraceChange::Kind::shared:
      return "shared";
    case TraceChange::Kind::local:
      return "local";
    case TraceChange::Kind::lock:
      return "lock";
  }
  return "";
}

Json of(const TraceStep& step) {
  Json events = Json::array();
  for (const TraceEvent& event : step.events) {
    events.push_back({{"name", event.name}, {"args", event.args}, {"shown", event.shown}});
  }
  Json changes = Json::array();
  for (const TraceChange& change : step.changes) {
    changes.push_back({{"variable", change.variable},
                       {"before", change.before},
                       {"after", change.after},
                       {"kind", kind_of(change.kind)}});
  }
  Json locks = Json::array();
  for (const TraceLock& lock : step.locks) {
    locks.push_back({{"name", lock.name}, {"mode", lock.write ? "write" : "read"}});
  }
  Json out = {{"actor", step.actor},       {"file", step.file},   {"line", step.line}, {"column", step.column},
              {"function", step.function}, {"depth", step.depth}, {"text", step.text}, {"source", step.source}};
  // The first event is the step's own; all of them stand in `events`.
  out["event"] = step.events.empty() ? Json(nullptr) : Json(step.events.front().name);
  out["events"] = std::move(events);
  out["fault"] = step.faults > 0;
  out["choice"] = name(step.choice);
  out["added_by_patch"] = step.added_by_patch;
  out["environment"] = step.environment;
  out["changes"] = std::move(changes);
  out["locks"] = std::move(locks);
  out["faults"] = step.faults;
  out["takes_lock"] = step.takes_lock;
  out["releases_lock"] = step.releases_lock;
  Json callers = Json::array();
  for (const TraceCall& call : step.callers)
    callers.push_back({{"file", call.file},
                       {"line", call.line},
                       {"function", call.function},
                       {"source", call.source},
                       {"added_by_patch", call.added_by_patch}});
  out["callers"] = std::move(callers);
  return out;
}

Json of(const Trace& trace) {
  Json steps = Json::array();
  for (const TraceStep& step : trace.steps) steps.push_back(of(step));
  Json out = {{"property", trace.property}, {"actors", trace.actors},     {"listeners", trace.listeners},
              {"faults", trace.faults},     {"switches", trace.switches}, {"minimal", trace.minimal},
              {"reaches", trace.reaches},   {"steps", std::move(steps)}};
  if (trace.loop_start) out["loop_start"] = *trace.loop_start;
  return out;
}

Json of(const Why& why, const Trace& trace) {
  if (!why.unknown.empty()) return {{"unknown", why.unknown}};
  Json steps = Json::array();
  for (const StepFate fate : why.steps) steps.push_back(name(fate));
  Json ways_out = Json::array();
  for (const TraceStep& step : why.ways_out) ways_out.push_back(of(step));
  Json prevented_by = Json::array();
  for (const PreventionReport& prevention : why.prevented_by)
    prevented_by.push_back({{"kind", name(prevention.kind)},
                            {"first", prevention.first},
                            {"last", prevention.last},
                            {"says", prevention_in_words(trace, prevention)}});
  Json refusals = Json::array();
  for (const RefusalReport& refusal : why.refusals)
    refusals.push_back({{"action", refusal.action}, {"followed_by", refusal.followed_by}});
  return {{"steps", std::move(steps)},
          {"refusals", std::move(refusals)},
          {"no_return", why.no_return ? Json(*why.no_return) : Json(nullptr)},
          {"ways_out", std::move(ways_out)},
          {"prevented_by", std::move(prevented_by)},
          {"good", why.good ? of(*why.good) : Json(nullptr)}};
}

Json of(const AnyListeners& listeners) {
  return {{"any", listeners.any},
          {"from", listeners.from},
          {"breaks_with", listeners.breaks_with ? Json(*listeners.breaks_with) : Json(nullptr)},
          {"least", listeners.least},
          {"checked", listeners.checked}};
}

Json of(const PropertyReport& property) {
  Json triggers = Json::array();
  for (const MarkReport& mark : property.triggers) triggers.push_back({{"name", mark.name}, {"reached", mark.reached}});
  Json out = {{"id", property.id},
              {"verdict", checker::name(property.verdict)},
              {"says", property.says},
              {"origin", property.origin},
              {"confidence", name(property.confidence)},
              {"variant", property.variant},
              {"latent", property.latent()},
              {"latent_needs", property.latent_needs},
              {"cover", property.cover},
              {"applicable", property.applicable},
              {"engine", property.engine},
              {"bounded", property.bounded},
              {"reason", property.reason},
              {"states", property.states},
              {"transitions", property.transitions},
              {"depth", property.depth},
              {"seconds", property.seconds},
              {"triggers", std::move(triggers)}};
  out["trace"] = property.trace ? of(*property.trace) : Json(nullptr);
  if (property.trace && property.why) out["why"] = of(*property.why, *property.trace);
  if (property.listeners) out["listeners"] = of(*property.listeners);
  out["sizes"] = Json::object();
  for (const auto& [name, value] : property.sizes) out["sizes"][name] = value;
  return out;
}

Json of(const std::vector<Diagnostic>& diagnostics) {
  Json out = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) {
    Json entry = of(diagnostic.place);
    entry["message"] = diagnostic.message;
    if (!diagnostic.hint.empty()) entry["hint"] = diagnostic.hint;
    out.push_back(std::move(entry));
  }
  return out;
}

Json of(const std::vector<ChangedLine>& lines) {
  Json out = Json::array();
  for (const ChangedLine& line : lines) {
    out.push_back({{"file", line.file}, {"line", line.line}, {"removal", line.removal}, {"class", name(line.kind)}});
  }
  return out;
}

Json of(const std::vector<ModelReport::Size>& sizes) {
  Json out = Json::array();
  for (const ModelReport::Size& size : sizes)
    out.push_back({{"name", size.name}, {"low", size.low}, {"high", size.high}});
  return out;
}

Json of(const ModelReport& model) {
  Json followed = Json::array();
  for (const FollowedReport& f : model.followed) {
    followed.push_back({{"function", f.function},
                        {"file", f.file},
                        {"line", f.line},
                        {"calls", f.calls},
                        {"calls_counted", f.calls_counted},
                        {"environment", f.environment},
                        {"statements", f.statements},
                        {"missing", f.missing},
                        {"branches", f.branches},
                        {"branches_both_ways", f.branches_both_ways}});
  }
  Json leaves = Json::array();
  for (const LeafReport& leaf : model.leaves) {
    leaves.push_back({{"function", leaf.function},
                      {"kind", leaf.kind},
                      {"cut", leaf.cut},
                      {"reason", leaf.reason},
                      {"used", of(leaf.used)}});
  }
  Json harmless = Json::array();
  for (const HarmlessReport& call : model.harmless) {
    harmless.push_back({{"function", call.function}, {"why", call.why}, {"used", of(call.used)}});
  }
  Json reached = Json::object();
  for (const auto& [file, lines] : model.reached) reached[file] = lines;
  Json configuration = Json::object();
  for (const auto& [name, on] : model.configuration) configuration[name] = on;
  Json files = Json::object();
  for (const auto& [file, hash] : model.files) files[file] = hash;
  return {{"followed", std::move(followed)},
          {"leaves", std::move(leaves)},
          {"coverage", json_of(coverage_of(model))},
          {"harmless", std::move(harmless)},
          {"not_understood", of(model.not_understood)},
          {"reached", std::move(reached)},
          {"configuration", std::move(configuration)},
          {"files", std::move(files)},
          {"assumptions", model.assumptions},
          {"sizes", of(model.sizes)},
          {"size_requirements", model.size_requirements},
          {"actors", model.actors},
          {"variables", model.variables},
          {"transitions", model.transitions}};
}

Json of(const CheckReport& report) {
  Json properties = Json::array();
  for (const PropertyReport& property : report.properties) properties.push_back(of(property));
  const checker::Statistics& s = report.statistics;
  Json out = {{"verdict", checker::name(report.verdict)},
              {"title", report.title},
              {"tree", report.tree},
              {"architecture", report.architecture},
              {"scenario", report.scenario},
              {"engine", report.engine},
              {"complete", report.complete},
              {"stopped_by", report.stopped_by},
              {"model", of(report.model)},
              {"properties", std::move(properties)},
              {"statistics",
               {{"searches", s.searches},
                {"states", s.states},
                {"transitions", s.transitions},
                {"depth", s.depth},
                {"seconds", s.seconds},
                {"bytes", s.bytes},
                {"seconds_total", report.seconds_total},
                {"seconds_verifying", report.seconds_verifying}}}};
  if (s.up_to_exchanges) out["statistics"]["reduced_by"].push_back("symmetry");
  if (s.some_go_alone) out["statistics"]["reduced_by"].push_back("partial-order");
  if (report.certificate) {
    const CertificateReport& c = *report.certificate;
    out["certificate"] = {
        {"file", c.file}, {"sha256", c.sha256}, {"system_sha256", c.system_sha256}, {"reduced", c.reduced}};
  }
  if (report.suggestions) out["suggestions"] = json_of(*report.suggestions);
  return out;
}

}  // namespace

ordered_json json_of(const CheckReport& report) {
  return of(report);
}

ordered_json json_of(const PropertyReport& property) {
  return of(property);
}

ordered_json json_of(const Coverage& coverage) {
  return {{"statements", coverage.statements},
          {"reached", coverage.reached},
          {"branches", coverage.branches},
          {"branches_both_ways", coverage.branches_both_ways}};
}

ordered_json json_of(const std::vector<PlacementReport>& placement) {
  Json out = Json::array();
  for (const PlacementReport& hunk : placement) {
    out.push_back({{"patch", hunk.patch},
                   {"file", hunk.file},
                   {"hunk", hunk.hunk},
                   {"header_line", hunk.header_line},
                   {"line", hunk.placed_line},
                   {"how", hunk.exact ? "exact" : "guessed"},
                   {"why", hunk.why}});
  }
  return out;
}

ordered_json json_of(const Trace& trace) {
  return of(trace);
}

ordered_json json_of(const std::vector<Diagnostic>& diagnostics) {
  return of(diagnostics);
}

ordered_json json_of(const std::vector<ChangedLine>& lines) {
  return of(lines);
}

ordered_json json_of(const std::vector<ClaimReport>& claims) {
  Json out = Json::array();
  for (const ClaimReport& claim : claims) {
    out.push_back({{"claim", claim.claim},
                   {"from", claim.from},
                   {"form", claim.form},
                   {"verdict", name(claim.verdict)},
                   {"why", claim.why},
                   {"where", claim.where},
                   {"run", claim.run ? of(*claim.run) : Json(nullptr)}});
  }
  return out;
}

std::string written(const ordered_json& json) {
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string json(const CheckReport& report) {
  return written(of(report));
}

std::string json(const PatchReport& report) {
  // The object of the patched tree, with what the comparison adds.
  Json out = of(report.after);
  out["title"] = report.title;
  out["before"] = of(report.before);
  out["after"] = of(report.after);
  out["placement"] = json_of(report.placement);
  out["changes"] = Json::object();
  for (const auto& [id, change] : report.changes) out["changes"][id] = name(change);
  out["changed_lines"] = of(report.lines);
  out["claims"] = json_of(report.claims);
  return written(out);
}

}  // namespace hotproof::render
