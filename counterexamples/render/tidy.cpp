#include "counterexamples/render/tidy.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <set>
#include <string_view>

#include "counterexamples/explain.hpp"

namespace hotproof::render {

namespace {

// What the event "request" asks for, by its number.
struct RequestWords {
  std::string_view does, doing, then;
};

const RequestWords& words_of_request(std::int64_t what) {
  static constexpr std::array<RequestWords, 14> words{{
      {"sets", "setting", " offline"},
      {"sets", "setting", " online"},
      {"adds", "adding", ""},
      {"removes", "removing", ""},
      {"sets", "setting", " online_movable"},
      {"sets", "setting", " offline through its device"},
      {"sets", "setting", " online through its device"},
      {"sets offline and removes", "setting offline and removing", ""},
      {"probes for", "probing for", ""},
      {"plugs in", "plugging in", " (ACPI)"},
      {"ejects", "ejecting", " (ACPI)"},
      {"says what becomes of", "saying what becomes of", " when it is added"},
      {"starts the machine and adds", "starting the machine and adding", ""},
      {"poisons or repairs a page of", "poisoning or repairing a page of", ""},
  }};
  static constexpr RequestWords unknown{"asks something of", "asking something of", ""};
  return what >= 0 && what < static_cast<std::int64_t>(words.size()) ? words[static_cast<std::size_t>(what)] : unknown;
}

using namespace counterexamples;

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

// Errors that functions of memory hotplug return.
std::string result_in_words(std::int64_t value) {
  static constexpr std::array<std::pair<int, const char*>, 11> names = {{{EPERM, "EPERM"},
                                                                         {ENOENT, "ENOENT"},
                                                                         {EINTR, "EINTR"},
                                                                         {EIO, "EIO"},
                                                                         {EAGAIN, "EAGAIN"},
                                                                         {ENOMEM, "ENOMEM"},
                                                                         {EBUSY, "EBUSY"},
                                                                         {EEXIST, "EEXIST"},
                                                                         {ENODEV, "ENODEV"},
                                                                         {EINVAL, "EINVAL"},
                                                                         {ENOSPC, "ENOSPC"}}};
  for (const auto& [number, name] : names) {
    if (value == -number) return std::to_string(value) + " (" + name + ")";
  }
  return std::to_string(value);
}

bool same_place(const TraceStep& a, const TraceStep& b) {
  return a.actor == b.actor && a.file == b.file && a.line == b.line && a.function == b.function;
}

bool announces_lock(const TraceStep& step) {
  return std::any_of(step.changes.begin(), step.changes.end(), [](const TraceChange& change) {
    return change.kind == TraceChange::Kind::lock && change.variable.ends_with(".waiting") && change.before == "0";
  });
}

// The model's words for what may fail stand behind the call that fails.
std::string behind_call(const std::string& text) {
  const std::size_t at = text.find("): ");
  return at == std::string::npos ? text : text.substr(at + 3);
}

std::string fault_of(const TraceStep& step) {
  std::string what = behind_call(step.text);
  static constexpr std::string_view fails = " fails";
  const std::string bare = what.ends_with(fails) ? what.substr(0, what.size() - fails.size()) : what;
  // Some faults are sentences of their own: they need no "fails".
  if (bare.ends_with(":")) return bare.substr(0, bare.size() - 1);
  return bare.find(" refuses ") != std::string::npos ? bare : what;
}

// What a reader that is not in the source does to a block's memmap: "reads the memmap of block 0"; empty if nothing.
std::string touch_in_words(const TraceStep& step) {
  static constexpr std::array<std::string_view, 5> does = {"initialises", "reads", "writes", "poisons", "tears down"};
  const TraceEvent* touch = step.environment ? event_of(step, "memmap", 3) : nullptr;
  if (touch == nullptr || touch->args[2] < 0 || touch->args[2] >= static_cast<std::int64_t>(does.size())) return "";
  return std::string(does[static_cast<std::size_t>(touch->args[2])]) + " the memmap of block " + shown(*touch, 1);
}

bool is_answer(const TraceStep& step) {
  return step.text.find("the listener's answer") != std::string::npos;
}

// A listener's answer is chosen first and given in a step right after; to a reader that is one thing.
const TraceStep* answer_after(const Trace& trace, std::size_t at) {
  for (std::size_t i = at + 1; i < trace.steps.size(); ++i) {
    const TraceStep& step = trace.steps[i];
    if (step.actor != trace.steps[at].actor) continue;
    return same_place(step, trace.steps[at]) && event_of(step, "notified", 5) != nullptr ? &step : nullptr;
  }
  return nullptr;
}

std::string listener_name(const Trace& trace, std::int64_t number) {
  const bool named = number >= 0 && static_cast<std::size_t>(number) < trace.listeners.size();
  return named ? trace.listeners[static_cast<std::size_t>(number)] : "listener " + std::to_string(number);
}

// Names of the model's own variables mean nothing to a reader; what follows from them is shown under another name.
bool is_own(const std::string& variable) {
  return (variable.starts_with("hp_") && !variable.starts_with("hp_node.")) ||
         variable.find(".increment[") != std::string::npos || variable.find(".part[") != std::string::npos;
}

TraceChange in_words(TraceChange change) {
  if (change.variable.starts_with("hp_")) change.variable.erase(0, 3);
  static constexpr std::array<const char*, 3> memmap = {"absent", "poisoned", "initialised"};
  static constexpr std::array<const char*, 2> truth = {"no", "yes"};
  const auto name = [](std::string& value, const auto& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (value == std::to_string(i)) {
        value = names[i];
        return;
      }
    }
  };
  const auto name_both = [&](const auto& names) { name(change.before, names), name(change.after, names); };
  if (change.variable.starts_with("block[")) {
    if (change.variable.ends_with("].memmap")) name_both(memmap);
    if (change.variable.ends_with("].accessible") || change.variable.ends_with("].some")) name_both(truth);
  }
  return change;
}

std::vector<TraceChange> telling(const std::vector<TraceChange>& changes) {
  std::vector<TraceChange> out;
  for (const TraceChange& change : changes) {
    if (change.kind == TraceChange::Kind::shared && !is_own(change.variable)) out.push_back(in_words(change));
  }
  // Part of a block turns accessible with the whole of it, or shortly before; where both change, the whole tells.
  const auto is = [&out](const char* end) {
    return std::find_if(out.begin(), out.end(), [end](const TraceChange& c) { return c.variable.ends_with(end); });
  };
  if (is("].accessible") != out.end() && is("].some") != out.end()) out.erase(is("].some"));
  return out;
}

class Tidier {
 public:
  explicit Tidier(const Trace& trace) : trace_(trace), out_(trace) {
    out_.steps.clear();
    for (const TraceStep& step : trace.steps) movers_.insert(step.actor);
  }

  std::size_t hidden() const { return hidden_; }

  Trace run() {
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
      const TraceStep& step = trace_.steps[i];
      if (trace_.loop_start == i) begins_loop_ = true;
      if (step.faults > 0 && is_answer(step) && answer_after(trace_, i) != nullptr) {
        owed_[step.actor] += step.faults;
        continue;
      }
      add(i);
    }
    if (trace_.loop_start && *trace_.loop_start >= trace_.steps.size()) out_.loop_start = out_.steps.size();
    return std::move(out_);
  }

 private:
  void add(std::size_t i) {
    TraceStep step = trace_.steps[i];
    step.changes = telling(step.changes);
    if (std::uint32_t& owed = owed_[step.actor]; owed > 0 && event_of(step, "notified", 5) != nullptr) {
      step.faults += owed;
      step.choice = TraceChoice::fault;
      step.text = step.source;
      owed = 0;
    }
    if (!tells(i, step)) {
      // What the environment chooses and what a lock waits for stand in the row that follows.
      if (!step.environment && !announces_lock(trace_.steps[i])) ++hidden_;
      return;
    }
    step.text = words_of(step);
    step.number = static_cast<std::uint32_t>(i + 1);
    add_calls(step);
    last_[step.actor] = step;
    if (begins_loop_) {
      out_.loop_start = out_.steps.size();
      step.text = "from here it repeats: " + step.text;
      begins_loop_ = false;
    }
    out_.steps.push_back(std::move(step));
  }

  bool tells(std::size_t i, const TraceStep& step) const {
    if (i + 1 == trace_.steps.size() || step.faults > 0 || begins_loop_) return true;
    if (step.environment) return !step.events.empty() || !step.changes.empty();
    if (announces_lock(trace_.steps[i])) return !taken_next(i);
    if (!step.events.empty() || !step.changes.empty() || step.takes_lock || step.releases_lock) return true;
    if (step.choice != TraceChoice::none && !is_answer(step)) return !behind_call(step.text).empty();
    const bool switches = (i > 0 && trace_.steps[i - 1].actor != step.actor) || trace_.steps[i + 1].actor != step.actor;
    return step.added_by_patch || (movers_.size() > 1 && switches);
  }

  bool taken_next(std::size_t i) const {
    return i + 1 < trace_.steps.size() && same_place(trace_.steps[i], trace_.steps[i + 1]) &&
           trace_.steps[i + 1].takes_lock;
  }

  static std::string words_of(const TraceStep& step) {
    if (const TraceEvent* request = event_of(step, "request", 3)) {
      const RequestWords& words = words_of_request(request->args[2]);
      return std::string(words.does) + " block " + shown(*request, 1) + std::string(words.then);
    }
    if (const TraceEvent* returned = event_of(step, "returned", 4))
      return "returns " + result_in_words(returned->args[3]);
    if (const TraceEvent* done = event_of(step, "notify-done", 4)) return step.text + " returns " + shown(*done, 3);
    if (step.faults > 0 && step.text != step.source) return fault_of(step);
    if (std::string touch = touch_in_words(step); !touch.empty()) return touch;
    // A function on one line: only the call in it is what happens.
    const bool whole_function = step.source.find('{') != std::string::npos && step.source.ends_with('}');
    if (step.choice != TraceChoice::none && step.faults == 0) return step.text;
    if (step.source.empty() || whole_function) {
      return step.text.substr(
          0, step.text.find("): ") == std::string::npos ? step.text.find(": ") : step.text.find("): ") + 1);
    }
    return step.source;
  }

  // Rows for calls that the patch added, where the run comes into what they call.
  void add_calls(const TraceStep& step) {
    const TraceStep& last = last_[step.actor];
    for (const TraceCall& call : step.callers) {
      if (!call.added_by_patch || (last.file == call.file && last.line == call.line)) continue;
      if (std::find(last.callers.begin(), last.callers.end(), call) != last.callers.end()) continue;
      TraceStep row;
      row.actor = step.actor;
      row.file = call.file;
      row.line = call.line;
      row.function = call.function;
      row.source = row.text = call.source;
      row.added_by_patch = true;
      out_.steps.push_back(std::move(row));
    }
  }

  const Trace& trace_;
  Trace out_;
  std::size_t hidden_ = 0;
  bool begins_loop_ = false;  // the next step that is kept stands where the run begins to repeat itself
  std::set<std::string> movers_;
  std::map<std::string, TraceStep> last_;      // kept, by actor
  std::map<std::string, std::uint32_t> owed_;  // faults of an answer that is not yet given
};

}  // namespace

Trace tidy(const Trace& trace) {
  return Tidier(trace).run();
}

std::size_t hidden_steps(const Trace& trace) {
  Tidier tidier(trace);
  tidier.run();
  return tidier.hidden();
}

std::string fault_in_words(const Trace& trace, std::size_t at) {
  const TraceStep& step = trace.steps[at];
  const TraceStep* given = is_answer(step) ? answer_after(trace, at) : nullptr;
  if (const TraceEvent* answer = event_of(given != nullptr ? *given : step, "notified", 5); answer != nullptr)
    return listener_name(trace, answer->args[1]) + " answers " + shown(*answer, 2) + " with " + shown(*answer, 4);
  return step.text.empty() ? "" : fault_of(step);
}

std::vector<std::string> faults_in_words(const Trace& trace) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    if (trace.steps[i].faults == 0) continue;
    std::string words = fault_in_words(trace, i);
    if (!words.empty()) out.push_back(std::move(words));
  }
  return out;
}

std::string step_in_words(const Trace& trace, const TraceStep& step) {
  if (step.faults > 0) {
    const std::string action = counterexamples::refused_action(step.text);
    return action.empty() ? fault_of(step) : "a listener refuses " + action;
  }
  if (const TraceEvent* told = event_of(step, "notified", 5))
    return listener_name(trace, told->args[1]) + " answers " + shown(*told, 2) + " with " + shown(*told, 4);
  if (const TraceEvent* request = event_of(step, "request", 3)) {
    const RequestWords& words = words_of_request(request->args[2]);
    return step.actor + " " + std::string(words.does) + " block " + shown(*request, 1) + std::string(words.then);
  }
  if (const std::string touch = touch_in_words(step); !touch.empty()) return step.actor + " " + touch;
  static constexpr std::string_view asked = "what is asked for: ";
  if (step.text.starts_with(asked)) return step.actor + " asks for " + step.text.substr(asked.size());
  // Of a choice, the text says which way; of anything else, the line says more.
  if (step.choice != TraceChoice::none) return step.actor + ": " + behind_call(step.text);
  return step.actor + ": " + (step.source.empty() || step.environment ? step.text : step.source);
}

std::string requests_in_words(const Trace& trace, const std::string& actor) {
  std::string out;
  std::string_view before;  // "setting block 0 online, then block 0 offline"
  for (const TraceStep& step : trace.steps) {
    const TraceEvent* request = step.actor == actor ? event_of(step, "request", 3) : nullptr;
    if (request == nullptr) continue;
    const RequestWords& words = words_of_request(request->args[2]);
    const bool same = words.doing == before && words.doing == "setting";
    before = words.doing;
    out += (out.empty() ? "" : ", then ") + (same ? "" : std::string(words.doing) + " ") + "block " +
           shown(*request, 1) + std::string(words.then);
  }
  return out;
}

}  // namespace hotproof::render
