// A violation witness in the exchange format 2.0 of SV-COMP: a sequence of waypoints that the run passes. The format
// has no word for threads: the order of the segments is the order of the run, whoever moves.
#include <algorithm>
#include <map>
#include <set>

#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/formats/run_view.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

struct Spot {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string function;
};

std::string segment(const char* type, const Spot& spot, const std::string& holds) {
  std::string out = "    - segment:\n        - waypoint:\n            type: \"" + std::string(type) +
                    "\"\n            action: \"follow\"\n";
  if (!holds.empty()) {
    out +=
        "            constraint:\n              value: " + yaml(holds) + "\n              format: \"c_expression\"\n";
  }
  out += "            location:\n              file_name: " + yaml(spot.file) +
         "\n              line: " + std::to_string(spot.line) + "\n";
  if (spot.column != 0) out += "              column: " + std::to_string(spot.column) + "\n";
  if (!spot.function.empty()) out += "              function: " + yaml(spot.function) + "\n";
  return out;
}

Spot spot_of(const TraceStep& step) {
  return {step.file, step.line, step.column, step.function};
}

// A key that is written without '?' has 1024 characters at most.
std::string under_key(const std::string& key, const std::string& value) {
  const std::string indent(8, ' ');
  return key.size() < 1000 ? indent + key + ": " + value + "\n"
                           : indent + "? " + key + "\n" + indent + ": " + value + "\n";
}

bool is_somewhere(const TraceStep& step) {
  return !step.environment && !step.file.empty() && step.line != 0;
}

// The step that the violation is at: the last that stands in the source.
std::size_t target_of(const Trace& trace) {
  for (std::size_t i = trace.steps.size(); i > 0; --i)
    if (is_somewhere(trace.steps[i - 1])) return i - 1;
  return trace.steps.size();
}

std::string content_of(const Trace& trace) {
  std::string out;
  std::map<std::string, std::vector<TraceCall>> calls;
  std::string actor;
  const std::size_t target = target_of(trace);
  for (std::size_t i = 0; i < std::min(target + 1, trace.steps.size()); ++i) {
    const TraceStep& step = trace.steps[i];
    if (!is_somewhere(step)) continue;
    std::vector<TraceCall>& before = calls[step.actor];
    const auto [here, there] = std::mismatch(before.begin(), before.end(), step.callers.begin(), step.callers.end());
    for (auto call = there; call != step.callers.end(); ++call) {
      if (call->file.empty() || call->line == 0) continue;
      out += segment("function_enter", {call->file, call->line, 0, call->function}, "");
    }
    before = step.callers;
    const std::string holds = assumption_of(step);
    if (i == target) {
      out += segment("target", spot_of(step), "");
    } else if (!holds.empty() || step.actor != actor || step.faults > 0 || step.takes_lock || step.releases_lock) {
      out += segment("assumption", spot_of(step), holds.empty() ? "1" : holds);  // 1: the run passes here
    }
    actor = step.actor;
  }
  return out;
}

std::set<std::string> files_of(const Trace& trace) {
  std::set<std::string> out;
  for (const TraceStep& step : trace.steps) {
    if (is_somewhere(step)) out.insert(step.file);
    for (const TraceCall& call : step.callers)
      if (!call.file.empty()) out.insert(call.file);
  }
  return out;
}

}  // namespace

std::string witness_yaml(const RunView& run, const Context& context) {
  const Trace& trace = *run.property->trace;
  if (trace.loop_start)
    return "# " + plain(run.property->id, 80, false) +
           " is violated by a run that goes on for ever; a violation_sequence cannot say that\n[]\n";
  std::string out = "- entry_type: \"violation_sequence\"\n  metadata:\n    format_version: \"2.0\"\n    uuid: " +
                    yaml(uuid_of(run)) + "\n    creation_time: " + yaml(context.created) +
                    "\n    producer:\n      name: \"hotproof\"\n      version: " + yaml(context.version) +
                    "\n      configuration: " + yaml(run.scenario) + "\n      description: " + yaml(run.title) +
                    "\n    task:\n";
  std::string names, hashes;
  for (const std::string& file : files_of(trace)) {
    names += "        - " + yaml(file) + "\n";
    if (const std::string hash = hash_of(run, file); !hash.empty()) hashes += under_key(yaml(file), yaml(hash));
  }
  const auto under = [](const char* key, const std::string& entries, const char* none) {
    return "      " + std::string(key) + (entries.empty() ? std::string(": ") + none + "\n" : ":\n" + entries);
  };
  out += under("input_files", names, "[]") + under("input_file_hashes", hashes, "{}");
  out += "      specification: " + yaml(rule_in_words(*run.property)) +
         "\n      data_model: \"LP64\"\n      language: \"C\"\n";
  const std::string content = content_of(trace);
  return out + (content.empty() ? "  content: []\n" : "  content:\n" + content);
}

}  // namespace hotproof::render
