#include "counterexamples/render/formats/run_view.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "verify/sha256.hpp"

namespace hotproof::render {

using namespace counterexamples;

std::vector<std::string> stack_of(const TraceStep& step) {
  std::vector<std::string> out;
  for (const TraceCall& call : step.callers) out.push_back(call.function);
  if (!step.function.empty()) out.push_back(step.function);
  return out;
}

std::size_t number_of_actor(const Trace& trace, std::string_view actor) {
  return static_cast<std::size_t>(std::find(trace.actors.begin(), trace.actors.end(), actor) - trace.actors.begin());
}

std::vector<std::size_t> moving_actors(const Trace& trace) {
  std::set<std::size_t> moves;
  for (const TraceStep& step : trace.steps) moves.insert(number_of_actor(trace, step.actor));
  return {moves.begin(), moves.end()};
}

std::string listener_name(const Trace& trace, std::int64_t number) {
  const bool named = number >= 0 && static_cast<std::size_t>(number) < trace.listeners.size();
  return named ? trace.listeners[static_cast<std::size_t>(number)] : "listener " + std::to_string(number);
}

const TraceEvent* event_of(const TraceStep& step, std::string_view name, std::size_t args) {
  const auto found = std::find_if(step.events.begin(), step.events.end(), [&](const TraceEvent& event) {
    return event.name == name && event.args.size() >= args;
  });
  return found == step.events.end() ? nullptr : &*found;
}

std::string shown(const TraceEvent& event, std::size_t argument) {
  const bool named = argument < event.shown.size() && !event.shown[argument].empty();
  return named ? event.shown[argument] : std::to_string(event.args[argument]);
}

std::string assumption_of(const TraceStep& step) {
  const TraceEvent* notified = event_of(step, "notified", 5);
  const std::size_t equals = step.source.find('=');
  if (notified == nullptr || equals == std::string::npos || step.source.find('(') < equals) return "";
  if (equals + 1 < step.source.size() && step.source[equals + 1] == '=') return "";
  // "ret = …", "int ret = …": the last word before the sign, where there are words alone.
  std::string_view left = std::string_view(step.source).substr(0, equals);
  while (left.ends_with(' ') || left.ends_with('\t')) left.remove_suffix(1);
  const auto is_name = [](char c) { return c == '_' || (std::isalnum(static_cast<unsigned char>(c)) != 0 && c > 0); };
  std::size_t begin = left.size();
  while (begin > 0 && is_name(left[begin - 1])) --begin;
  const std::string_view name = left.substr(begin);
  const bool words = std::all_of(left.begin(), left.end(), [&](char c) { return is_name(c) || c == ' '; });
  if (name.empty() || !words || (name[0] >= '0' && name[0] <= '9')) return "";
  return std::string(name) + " == " + std::to_string(notified->args[4]);
}

std::string hash_of(const RunView& run, const std::string& file) {
  if (run.files == nullptr) return "";
  const auto found = run.files->find(file);
  return found == run.files->end() ? "" : found->second;
}

std::string uuid_of(const RunView& run) {
  std::string text = run.property->id + "\n" + run.title + "\n" + run.architecture + "\n" + run.scenario + "\n";
  for (const TraceStep& step : run.property->trace->steps) {
    text += step.actor + "\t" + step.file + ":" + std::to_string(step.line) + "\t" + step.text + "\n";
  }
  std::string hex = verify::sha256(text).substr(0, 32);
  hex[12] = '8';
  constexpr std::string_view variant = "89ab";
  hex[16] = variant[static_cast<std::size_t>(hex[16] <= '9' ? hex[16] - '0' : hex[16] - 'a' + 10) % 4];
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

std::string rule_in_words(const PropertyReport& property) {
  return property.id + ": " + property.says;
}

}  // namespace hotproof::render
