#include "counterexamples/record/recorded.hpp"

#include "counterexamples/record/json_reader.hpp"
#include "counterexamples/render/json_parts.hpp"
#include "counterexamples/render/suggest.hpp"

namespace hotproof::counterexamples {

namespace {

using render::ordered_json;

constexpr const char* format_name = "hotproof-trace";
constexpr std::uint64_t version = 1;
// More than any run that an engine finds, and few enough to be read at once.
constexpr std::size_t most_steps = 1'000'000;
constexpr std::size_t most_entries = 100'000;

std::vector<std::string> texts(const JsonValue& list) {
  std::vector<std::string> out;
  for (const JsonValue& item : list.items(most_entries)) out.push_back(item.text());
  return out;
}

TraceEvent event(const JsonValue& json) {
  TraceEvent out;
  out.name = json["name"].text();
  for (const JsonValue& arg : json["args"].items(most_entries)) out.args.push_back(arg.integer());
  out.shown = texts(json["shown"]);
  if (out.shown.size() > out.args.size()) json["shown"].wrong("more words than arguments");
  return out;
}

TraceChange change(const JsonValue& json) {
  return {json["variable"].text(), json["before"].text(), json["after"].text(),
          json["kind"].one_of<TraceChange::Kind>({{"shared", TraceChange::Kind::shared},
                                                  {"local", TraceChange::Kind::local},
                                                  {"lock", TraceChange::Kind::lock}})};
}

TraceStep step(const JsonValue& json) {
  TraceStep out;
  out.actor = json["actor"].text();
  out.file = json["file"].text();
  out.line = json["line"].small();
  out.column = json["column"].small();
  out.function = json["function"].text();
  out.depth = json["depth"].small();
  out.text = json["text"].text();
  out.source = json["source"].text();
  out.environment = json["environment"].truth();
  out.added_by_patch = json["added_by_patch"].truth();
  out.choice = json["choice"].one_of<TraceChoice>({{"none", TraceChoice::none},
                                                   {"free", TraceChoice::free},
                                                   {"fault", TraceChoice::fault},
                                                   {"listener", TraceChoice::listener}});
  out.faults = json["faults"].small();
  out.takes_lock = json["takes_lock"].truth();
  out.releases_lock = json["releases_lock"].truth();
  for (const JsonValue& item : json["events"].items(most_entries)) out.events.push_back(event(item));
  for (const JsonValue& item : json["changes"].items(most_entries)) out.changes.push_back(change(item));
  for (const JsonValue& item : json["locks"].items(most_entries))
    out.locks.push_back({item["name"].text(), item["mode"].one_of<bool>({{"write", true}, {"read", false}})});
  for (const JsonValue& item : json["callers"].items(most_entries))
    out.callers.push_back({item["file"].text(), item["line"].small(), item["function"].text(), item["source"].text(),
                           item["added_by_patch"].truth()});
  return out;
}

Trace trace(const JsonValue& json) {
  Trace out;
  out.property = json["property"].text();
  out.actors = texts(json["actors"]);
  out.listeners = texts(json["listeners"]);
  for (const JsonValue& item : json["steps"].items(most_steps)) out.steps.push_back(step(item));
  out.minimal = json["minimal"].truth();
  out.reaches = json["reaches"].truth();
  if (json.has("loop_start")) {
    const std::uint64_t start = json["loop_start"].number();
    if (start > out.steps.size()) json["loop_start"].wrong("the run has fewer steps");
    out.loop_start = start;
  }
  count(out);
  if (json["faults"].number() != out.faults) json["faults"].wrong("the steps have another number of faults");
  if (json["switches"].number() != out.switches) json["switches"].wrong("the steps have another number of switches");
  return out;
}

Why why(const JsonValue& json, const Trace& run) {
  Why out;
  if (json.has("unknown")) {
    out.unknown = json["unknown"].text();
    return out;
  }
  const auto a_step = [&run](const JsonValue& value) {
    const std::uint64_t number = value.number();
    if (number >= run.steps.size()) value.wrong("the run has no such step");
    return static_cast<std::size_t>(number);
  };
  for (const JsonValue& item : json["steps"].items(most_steps))
    out.steps.push_back(item.one_of<StepFate>(
        {{"free", StepFate::free}, {"only", StepFate::only}, {"fated", StepFate::fated}}));
  if (out.steps.size() != run.steps.size()) json["steps"].wrong("the run has another number of steps");
  if (!json["no_return"].is_null()) out.no_return = a_step(json["no_return"]);
  for (const JsonValue& item : json["ways_out"].items(most_entries)) out.ways_out.push_back(step(item));
  for (const JsonValue& item : json["prevented_by"].items(most_entries)) {
    using Kind = PreventionReport::Kind;
    out.prevented_by.push_back(
        {item["kind"].one_of<Kind>({{"choice", Kind::choice}, {"actor", Kind::actor}, {"together", Kind::together}}),
         a_step(item["first"]), a_step(item["last"])});
  }
  for (const JsonValue& item : json["refusals"].items(most_entries))
    out.refusals.push_back({item["action"].text(), texts(item["followed_by"])});
  if (!json["good"].is_null()) out.good = trace(json["good"]);
  return out;
}

Quote quote(const JsonValue& json) {
  Quote out;
  out.file = json["file"].text();
  out.function = json["function"].text();
  out.first = json["first"].small();
  if (out.first == 0) json["first"].wrong("lines are numbered from 1");
  out.lines = texts(json["lines"]);
  for (const JsonValue& item : json["added"].items(most_entries)) {
    const std::uint32_t line = item.small();
    if (line < out.first || line - out.first >= out.lines.size()) item.wrong("the quote has no such line");
    out.added.insert(line);
  }
  return out;
}

ordered_json json_of(const Quote& quote) {
  return {{"file", quote.file}, {"function", quote.function}, {"first", quote.first}, {"lines", quote.lines}, {"added", quote.added}};
}

ir::Run run(const JsonValue& json) {
  ir::Run out;
  for (const JsonValue& item : json["initial"].items(most_steps)) out.initial.push_back(item.number());
  for (const JsonValue& item : json["steps"].items(most_steps))
    out.steps.push_back(static_cast<ir::TransitionId>(item.small()));
  return out;
}

PropertyReport property(const JsonValue& json) {
  PropertyReport out;
  out.id = json["id"].text();
  out.says = json["says"].text();
  out.origin = json["origin"].text();
  out.confidence = json["confidence"].one_of<ir::Confidence>(
      {{"high", ir::Confidence::high}, {"moderate", ir::Confidence::moderate}});
  out.variant = json["variant"].text();
  out.latent_needs = json["latent_needs"].text();
  out.reason = json["reason"].text();
  out.verdict = json["verdict"].one_of<Verdict>({{"violated", Verdict::violated}});
  out.trace = trace(json["trace"]);
  if (out.trace->steps.empty()) json["trace"]["steps"].wrong("a run without steps");
  if (json.has("why")) out.why = why(json["why"], *out.trace);
  return out;
}

RecordedTrace recorded_trace(const JsonValue& json) {
  if (!json.has("format") || json["format"].text() != format_name) json.wrong("this is no recorded trace of hotproof");
  if (json["version"].number() != version)
    json["version"].wrong("another version than " + std::to_string(version) + ": this hotproof does not know it");
  RecordedTrace out;
  out.arguments = texts(json["arguments"]);
  out.before = json["before"].truth();
  out.directory = json["directory"].text();
  out.title = json["title"].text();
  out.architecture = json["architecture"].text();
  out.scenario = json["scenario"].text();
  out.system_sha256 = json["system_sha256"].text();
  out.property = property(json["property"]);
  for (const JsonValue& item : json["fixes"].items(most_entries))
    out.fixes.push_back({texts(item["says"]), item["diff"].text(), texts(item["mends"]), texts(item["breaks"]),
                         item["all_hold"].truth()});
  // Traces of before there were quotes are read as well.
  if (json.has("quotes"))
    for (const JsonValue& item : json["quotes"].items(most_entries)) out.property.quotes.push_back(quote(item));
  if (!json["run"].is_null()) out.property.run = run(json["run"]);
  return out;
}

// nlohmann's sentence begins with its own number of the error and the place, which stand elsewhere here.
std::string sentence_of(const nlohmann::json::parse_error& error) {
  const std::string what = error.what();
  const std::size_t at = what.find(": ");
  return "this is no JSON" + (at == std::string::npos ? "" : ": " + what.substr(at + 2));
}

TextPlace place_of_byte(const std::string& text, std::size_t byte) {
  TextPlace out;
  for (std::size_t i = 0; i + 1 < byte && i < text.size(); ++i) {
    out.column = text[i] == '\n' ? 1 : out.column + 1;
    out.line += text[i] == '\n' ? 1 : 0;
  }
  return out;
}

// A hostile file may nest as deep as it likes; nothing of ours is deeper than this.
constexpr int deepest = 32;

}  // namespace

std::string to_text(const RecordedTrace& recorded) {
  ordered_json out = {{"format", format_name},
                      {"version", version},
                      {"arguments", recorded.arguments},
                      {"before", recorded.before},
                      {"directory", recorded.directory},
                      {"title", recorded.title},
                      {"architecture", recorded.architecture},
                      {"scenario", recorded.scenario},
                      {"system_sha256", recorded.system_sha256},
                      {"property", render::json_of(recorded.property)}};
  out["fixes"] = ordered_json::array();
  for (const SuggestionReport& fix : recorded.fixes) out["fixes"].push_back(render::json_of(fix));
  out["quotes"] = ordered_json::array();
  for (const Quote& quote : recorded.property.quotes) out["quotes"].push_back(json_of(quote));
  out["run"] = nullptr;
  if (recorded.property.run) {
    ordered_json steps = ordered_json::array();
    for (const ir::TransitionId id : recorded.property.run->steps) steps.push_back(ir::index(id));
    out["run"] = {{"initial", recorded.property.run->initial}, {"steps", std::move(steps)}};
  }
  // A value a line, without indentation: half the size, and places of mistakes still tell something.
  return out.dump(0, ' ', true, ordered_json::error_handler_t::replace) + "\n";
}

Outcome<RecordedTrace> read_recorded(const std::string& text, const std::string& path) {
  const auto failed = [&](const TextPlace& place, const std::string& what) {
    return failure({path, place.line, place.column}, what);
  };
  bool too_deep = false;
  const auto nested = [&failed] { return failed({}, "values nested deeper than " + std::to_string(deepest)); };
  try {
    const auto watch = [&too_deep](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
      too_deep |= depth > deepest;
      return !too_deep;
    };
    const nlohmann::json json = nlohmann::json::parse(text, watch);
    if (too_deep) return nested();
    return recorded_trace(JsonValue(json, {}));
  } catch (const nlohmann::json::parse_error& error) {
    if (too_deep) return nested();
    return failed(place_of_byte(text, error.byte), sentence_of(error));
  } catch (const JsonMistake& mistake) {
    return failed(place_in_json(text, mistake.path), mistake.what);
  }
}

}  // namespace hotproof::counterexamples
