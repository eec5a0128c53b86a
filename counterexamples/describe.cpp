#include "counterexamples/describe.hpp"

#include <algorithm>
#include <array>

namespace hotproof::counterexamples {

namespace {

std::string shown_number(std::uint64_t value, int width, bool is_signed) {
  return is_signed ? std::to_string(ir::as_signed(value, width)) : std::to_string(value);
}

TraceChoice choice_of(ir::Choice choice) {
  switch (choice) {
    case ir::Choice::none:
      return TraceChoice::none;
    case ir::Choice::free:
      return TraceChoice::free;
    case ir::Choice::fault:
      return TraceChoice::fault;
    case ir::Choice::listener:
      return TraceChoice::listener;
  }
  return TraceChoice::none;
}

}  // namespace

// What an argument of an event stands for (docs/architecture.md, "Events and symbols").
enum class Describer::Meaning : std::uint8_t { number, actor, action, answer };

Describer::Meaning Describer::meaning_of(std::string_view event, std::size_t argument) {
  if (argument == 0) return Meaning::actor;
  if ((event == "notify" || event == "notify-done") && argument == 1) return Meaning::action;
  if (event == "notify-done" && argument == 3) return Meaning::answer;
  if (event == "notified" && argument == 2) return Meaning::action;
  if (event == "notified" && argument == 4) return Meaning::answer;
  return Meaning::number;
}

Describer::Describer(const ir::TransitionSystem& system, const Sources& sources) : system_(system), sources_(sources) {
  name_constants();
}

TraceStep Describer::place(ir::TransitionId transition) const {
  const ir::Transition& t = system_[transition];
  TraceStep out;
  out.actor = system_.actors[ir::index(t.actor)].name;
  place(t.span, out);
  for (const ir::SourceSpan& caller : t.callers) add_caller(caller, out);
  out.depth = t.depth;
  out.text = t.text;
  out.choice = choice_of(t.choice);
  out.faults = t.faults;
  out.takes_lock = t.lock_effect == ir::LockEffect::acquires || t.lock_effect == ir::LockEffect::tries;
  out.releases_lock = t.lock_effect == ir::LockEffect::releases;
  return out;
}

TraceStep Describer::step(ir::TransitionId fired, const ir::State& before, const ir::State& after) const {
  const ir::Transition& t = system_[fired];
  TraceStep out = place(fired);
  const auto fired_events = eval::events(system_, fired, before);
  for (std::size_t i = 0; i < fired_events.size(); ++i) out.events.push_back(event(t.events[i], fired_events[i]));
  out.changes = changes(before, after);
  out.locks = held(t.actor, after);
  return out;
}

void Describer::name_constants() {
  static constexpr std::array<const char*, 8> actions = {"MEM_ONLINE",         "MEM_GOING_ONLINE",  "MEM_CANCEL_ONLINE",
                                                         "MEM_PREPARE_ONLINE", "MEM_OFFLINE",       "MEM_GOING_OFFLINE",
                                                         "MEM_CANCEL_OFFLINE", "MEM_FINISH_OFFLINE"};
  static constexpr std::array<const char*, 4> answers = {"NOTIFY_DONE", "NOTIFY_OK", "NOTIFY_STOP", "NOTIFY_BAD"};
  for (const char* name : actions) add_constant(name, actions_);
  for (const char* name : answers) add_constant(name, answers_);
}

void Describer::add_constant(const char* name, std::map<std::int64_t, std::string>& into) const {
  if (const auto found = system_.constants.find(name); found != system_.constants.end()) into[found->second] = name;
}

std::string Describer::shown_argument(Meaning meaning, std::int64_t value) const {
  const auto named = [value](const std::map<std::int64_t, std::string>& names) {
    const auto found = names.find(value);
    return found == names.end() ? std::to_string(value) : found->second;
  };
  switch (meaning) {
    case Meaning::actor:
      if (value >= 0 && static_cast<std::size_t>(value) < system_.actors.size()) {
        return system_.actors[static_cast<std::size_t>(value)].name;
      }
      return std::to_string(value);
    case Meaning::action:
      return named(actions_);
    case Meaning::answer:
      return named(answers_);
    case Meaning::number:
      return std::to_string(value);
  }
  return "";
}

std::string Describer::shown_value(const ir::Variable& variable, std::uint64_t value) const {
  if (const auto label = variable.labels.find(value); label != variable.labels.end()) return label->second;
  // The kernel has the same names for what a block is and for what is said of it.
  const bool of_block = variable.name.starts_with("mem[") && variable.name.ends_with("].state");
  if (const auto name = actions_.find(static_cast<std::int64_t>(value)); of_block && name != actions_.end()) {
    return name->second;
  }
  return shown_number(value, variable.width, variable.is_signed);
}

TraceEvent Describer::event(const ir::Event& declared, const eval::FiredEvent& fired) const {
  TraceEvent out;
  out.name = system_.event_names[fired.name];
  for (std::size_t i = 0; i < fired.args.size(); ++i) {
    const int width = system_.pool[declared.args[i]].width;
    // A one-bit argument is a truth, not a sign.
    const std::int64_t value =
        width == 1 ? static_cast<std::int64_t>(fired.args[i]) : ir::as_signed(fired.args[i], width);
    out.args.push_back(value);
    out.shown.push_back(shown_argument(meaning_of(out.name, i), value));
  }
  return out;
}

std::vector<TraceChange> Describer::changes(const ir::State& before, const ir::State& after) const {
  std::vector<TraceChange> out;
  for (std::size_t v = 0; v < system_.variables.size(); ++v) {
    const ir::Variable& variable = system_.variables[v];
    if (before[v] == after[v] || variable.role == ir::Role::control || variable.role == ir::Role::observer) continue;
    out.push_back({variable.name, shown_value(variable, before[v]), shown_value(variable, after[v]),
                   variable.role == ir::Role::local  ? TraceChange::Kind::local
                   : variable.role == ir::Role::lock ? TraceChange::Kind::lock
                                                     : TraceChange::Kind::shared});
  }
  return out;
}

std::vector<TraceLock> Describer::held(ir::ActorId actor, const ir::State& state) const {
  std::vector<TraceLock> out;
  const auto holds = [&](const std::vector<ir::ExprId>& by_actor) {
    return ir::index(actor) < by_actor.size() && eval::is_true(system_.pool, by_actor[ir::index(actor)], state);
  };
  for (const ir::Lock& lock : system_.locks) {
    if (holds(lock.held_write)) {
      out.push_back({lock.name, true});
    } else if (holds(lock.held_read)) {
      out.push_back({lock.name, false});
    }
  }
  return out;
}

void Describer::place(const ir::SourceSpan& span, TraceStep& out) const {
  if (span.line == 0) return;
  out.file = span.file < system_.files.size() ? system_.files[span.file] : "";
  out.function = span.function < system_.functions.size() ? system_.functions[span.function] : "";
  out.line = span.line;
  out.column = span.column;
  out.environment = sources_.is_environment && sources_.is_environment(out.file);
  const auto file = sources_.read ? sources_.read(out.file) : nullptr;
  if (file == nullptr) return;
  out.added_by_patch = file->added_lines.contains(span.line);
  out.source = line_of(*file, span.line);
}

void Describer::add_caller(const ir::SourceSpan& span, TraceStep& out) const {
  TraceStep at;
  place(span, at);
  if (at.line == 0 || at.environment) return;
  out.callers.push_back({at.file, at.line, at.function, at.source, at.added_by_patch});
}

// The line without the blanks around it; empty if the file has no such line.
const std::string& Describer::line_of(const SourceFile& file, std::uint32_t line) const {
  std::vector<std::string>& lines = lines_[file.path];
  if (lines.empty()) {
    std::string_view rest = file.text;
    while (!rest.empty()) {
      const std::string_view whole = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(whole.size() + 1, rest.size()));
      const std::size_t begin = std::min(whole.find_first_not_of(" \t\r"), whole.size());
      const std::size_t end = whole.find_last_not_of(" \t\r") + 1;
      lines.emplace_back(whole.substr(begin, std::max(end, begin) - begin));
    }
  }
  static const std::string nothing;
  return line >= 1 && line <= lines.size() ? lines[line - 1] : nothing;
}

namespace {

// Numbers beyond this are no listeners but a mistake of the model; they are shown by number all the same.
constexpr std::int64_t most_listeners = 64;

const TraceEvent* notification_of(const TraceStep& step) {
  const auto found = std::find_if(step.events.begin(), step.events.end(), [](const TraceEvent& event) {
    return event.name == "notified" && event.args.size() >= 2 && event.args[1] >= 0 && event.args[1] < most_listeners;
  });
  return found == step.events.end() ? nullptr : &*found;
}

// The function that `step` runs in for a call at the line of `call`; empty if it does not.
std::string callee_at(const TraceStep& step, const TraceStep& call) {
  for (std::size_t i = 0; i < step.callers.size(); ++i) {
    if (step.callers[i].file != call.file || step.callers[i].line != call.line) continue;
    return i + 1 < step.callers.size() ? step.callers[i + 1].function : step.function;
  }
  return "";
}

}  // namespace

// Listeners of the tree have steps of their own, right before what they answer is known; ideal ones have not.
std::vector<std::string> listeners_of(const std::vector<TraceStep>& steps) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const TraceStep& answered = steps[at];
    const TraceEvent* notified = notification_of(answered);
    if (notified == nullptr) continue;
    const auto number = static_cast<std::size_t>(notified->args[1]);
    while (out.size() <= number) out.push_back("listener " + std::to_string(out.size()));
    for (std::size_t i = at; i-- > 0;) {
      if (steps[i].actor != answered.actor) continue;
      const std::string callee = callee_at(steps[i], answered);
      if (callee.empty()) break;
      out[number] = callee;
    }
  }
  return out;
}

}  // namespace hotproof::counterexamples
