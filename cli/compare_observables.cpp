#include "cli/compare_observables.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "specs/lang/vocabulary.hpp"

namespace hotproof::cli {

namespace {

using checker::compare::Argument;
using checker::compare::Observables;
using checker::compare::ObservedEvent;

constexpr std::string_view any_fault = "fault *";

// What a user, a driver or a listener can see: what is asked and answered, what listeners are told, what becomes of the
// block and its memory. How it is done inside (locks, references, calls) is not part of it.
constexpr std::array<std::string_view, 23> usual_events = {
    "request", "returned",         "notify",       "notify-done",      "notified",
    "memmap",  "memmap-made",      "memmap-freed", "accessible",       "partly-accessible",
    "span",    "node-span",        "present",      "accounts",         "disable",
    "enable",  "node-state",       "zonelists",    "null-dereference", "use-after-free",
    "bug",     "division-by-zero", "warning"};

struct Group {
  std::string_view name;
  std::vector<std::string> events;
  std::vector<std::string> symbols;
};

const std::vector<Group>& groups() {
  static const std::vector<Group> table = [] {
    Group usual{"usual", {usual_events.begin(), usual_events.end()}, {"mem[*].state"}};
    usual.events.insert(usual.events.end(), {"assert-failed", std::string(any_fault)});
    Group all{"all", {"call *", "return *", std::string(any_fault)}, {"mem[*].*", "block[*].*"}};
    for (const std::string_view name : spec::event_names()) all.events.emplace_back(name);
    return std::vector<Group>{std::move(usual),
                              std::move(all),
                              {"locks", {"lock", "unlock"}, {}},
                              {"faults", {std::string(any_fault)}, {}},
                              {"states", {}, {"mem[*].state"}}};
  }();
  return table;
}

// What names stand for.
struct Chosen {
  std::set<std::string> events, symbols, constants;
  bool state = false;
  bool reads = false;  // of struct pages
};

constexpr std::string_view everything = "everything";
constexpr std::string_view reads = "reads";

bool is_notification(const std::string& name) {
  return name.starts_with("MEM_") || name.starts_with("NODE_");
}

bool has_event(const ir::TransitionSystem& system, const std::string& name) {
  return std::find(system.event_names.begin(), system.event_names.end(), name) != system.event_names.end();
}

bool add_group(Chosen& chosen, std::string_view name) {
  const auto group = std::find_if(groups().begin(), groups().end(), [name](const Group& g) { return g.name == name; });
  chosen.events.insert(group->events.begin(), group->events.end());
  chosen.symbols.insert(group->symbols.begin(), group->symbols.end());
  return true;
}

Result<bool> add(Chosen& chosen, const std::string& name, const Model& old_model, const Model& new_model) {
  if (name == everything) {
    chosen.state = true;
    chosen.events.insert({"leaf *", "arguments *"});
    return add_group(chosen, "all");
  }
  if (name == reads) return chosen.reads = true;
  const auto is_named = [&name](const Group& group) { return group.name == name; };
  if (std::any_of(groups().begin(), groups().end(), is_named)) return add_group(chosen, name);
  for (const Model* model : {&old_model, &new_model}) {
    const ir::TransitionSystem& system = model->lowered.system;
    if (system.constants.contains(name)) return chosen.constants.insert(name), true;
    if (system.symbols.contains(name)) return chosen.symbols.insert(name), true;
    if (has_event(system, name)) return chosen.events.insert(name), true;
  }
  if (spec::find_event(name) != nullptr) return chosen.events.insert(name), true;
  std::vector<std::string_view> words = spec::event_names();
  for (const Group& group : groups()) words.push_back(group.name);
  words.push_back(everything);
  words.push_back(reads);
  for (const std::string_view word : spec::known_constants())
    if (is_notification(std::string(word))) words.push_back(word);
  const std::string hint = spec::suggestion(name, words);
  return usage_error({{},
                      "neither version has an event, symbol or notification '" + name + "'",
                      hint.empty() ? "docs/compare.md lists what can be observed" : hint});
}

Argument argument_of(std::string_view event, const spec::Parameter& parameter, const std::vector<std::string>& hidden,
                     const std::vector<std::string>& listeners) {
  using Meaning = Argument::Meaning;
  if (parameter.name == "actor") return {Meaning::left_out, {}, {}, {}};
  if (parameter.kind == spec::Parameter::Kind::lock) return {Meaning::lock, {}, {}, {}};
  if (parameter.name == "listener") return {Meaning::word, listeners, {}, {}};
  const bool answers = parameter.name == "answer" || (event == "notify-done" && parameter.name == "result");
  if (answers) return {Meaning::constant, {"NOTIFY_DONE", "NOTIFY_OK", "NOTIFY_STOP", "NOTIFY_BAD"}, {}, {}};
  if (parameter.name == "action") {
    Argument out{Meaning::constant, hidden, {}, {}};
    for (const std::string_view name : spec::known_constants())
      if (is_notification(std::string(name))) out.words.emplace_back(name);
    return out;
  }
  // A count of pages that changes is of no block in particular.
  if (parameter.name == "block") return {Meaning::number, {}, "block", -1};
  if (parameter.words.empty()) return {Meaning::number, {}, std::string(parameter.name), {}};
  Argument out{Meaning::word, {}, {}, {}};
  for (const spec::NamedValue& named : parameter.words) {
    const auto value = static_cast<std::size_t>(named.value);
    out.words.resize(std::max(out.words.size(), value + 1));
    out.words[value] = named.word;
  }
  return out;
}

// The chain's listeners by their numbers in events: ideal ones, then those of the tree.
std::vector<std::string> listeners_of(const Model& model) {
  std::vector<std::string> out;
  for (unsigned i = 0; i < model.request.listeners; ++i) out.push_back("listener " + std::to_string(i));
  for (const scenarios::Listener& listener : model.scenario->listeners())
    if (!listener.node) out.push_back(listener.callback);
  return out;
}

ObservedEvent observed_event(const std::string& name, const std::vector<std::string>& hidden,
                             const std::vector<std::string>& listeners) {
  ObservedEvent out;
  out.name = name;
  out.if_shared = name == any_fault || name.starts_with("fault ");
  const std::string first_word = name.substr(0, name.find(' '));
  if (out.if_shared) {
    out.arguments = {{Argument::Meaning::left_out, {}, {}, {}}};
  } else if (first_word == "leaf" || first_word == "arguments") {
    out.arguments = {{Argument::Meaning::left_out, {}, {}, {}}};
  } else if (const spec::EventKind* kind = spec::find_event(first_word)) {
    for (const spec::Parameter& parameter : kind->parameters)
      out.arguments.push_back(argument_of(first_word, parameter, hidden, listeners));
  }
  return out;
}

// The event memmap with the word "read".
ObservedEvent::Only read_of_struct_pages() {
  const std::vector<spec::Parameter>& parameters = spec::find_event("memmap")->parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    for (const spec::NamedValue& named : parameters[i].words)
      if (named.word == "read") return {i, named.value};
  return {parameters.size(), 0};
}

Observables observables(const Chosen& shown, const Chosen& hidden, const Model& model) {
  Observables out;
  out.unknown_event = "not-understood";
  const std::vector<std::string> names(hidden.constants.begin(), hidden.constants.end());
  const std::vector<std::string> listeners = listeners_of(model);
  for (const std::string& name : shown.events)
    if (!hidden.events.contains(name)) out.events.push_back(observed_event(name, names, listeners));
  Argument state{Argument::Meaning::constant, {}, {}, {}};
  for (const std::string_view name : spec::known_constants())
    if (name.starts_with("MEM_")) state.words.emplace_back(name);
  if (hidden.reads) {
    for (ObservedEvent& event : out.events)
      if (event.name == "memmap") event.except = read_of_struct_pages();
  }
  // To give back what one does not hold is a mistake that anybody sees.
  if (!shown.events.contains("unlock") && !hidden.events.contains("unlock")) {
    out.events.push_back(observed_event("unlock", names, listeners));
    out.events.back().only = {3, 0};
  }
  out.hidden_constants = names;
  out.hidden_events.assign(hidden.events.begin(), hidden.events.end());
  out.hidden_symbols.assign(hidden.symbols.begin(), hidden.symbols.end());
  if (shown.state) {
    // What a step changes is told at the next event. Behind this one, a request is over.
    out.state = true;
    out.forgets = "accounts";
    return out;
  }
  // Of patterns that fit the same, the longer one comes first.
  std::vector<std::string> symbols(shown.symbols.begin(), shown.symbols.end());
  std::stable_sort(symbols.begin(), symbols.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  for (const std::string& name : symbols) {
    if (hidden.symbols.contains(name)) continue;
    out.symbols.push_back({name, name.ends_with("].state") ? state : Argument{}});
  }
  return out;
}

}  // namespace

Result<ChosenObservables> choose_observables(const Model& old_model, const Model& new_model,
                                             const CompareOptions& options) {
  Chosen shown, hidden;
  std::vector<std::string> names = {"usual"};
  names.insert(names.end(), options.observe.begin(), options.observe.end());
  for (const std::string& name : names)
    if (auto added = add(shown, name, old_model, new_model); !added) return tl::unexpected(added.error());
  for (const std::string& name : options.hide)
    if (auto added = add(hidden, name, old_model, new_model); !added) return tl::unexpected(added.error());
  if (shown.reads)
    return usage_error({{}, "reads of struct pages are observed as the event memmap", "--hide reads leaves them out"});
  if (!shown.constants.empty())
    return usage_error({{},
                        "'" + *shown.constants.begin() + "' is a constant: notifications are observed as events",
                        "--hide leaves the events of a notification out"});
  const auto is_hidden = [&hidden](const std::string& name) { return hidden.events.contains(name); };
  if (std::all_of(shown.events.begin(), shown.events.end(), is_hidden))
    return usage_error({{}, "nothing is left to compare", "--hide takes away all that counts"});
  return ChosenObservables{observables(shown, hidden, old_model), observables(shown, hidden, new_model), names,
                           options.hide};
}

std::vector<std::string> hidden_notifications(const CompareOptions& options) {
  std::vector<std::string> out;
  for (const std::string& name : options.hide)
    if (is_notification(name)) out.push_back(name);
  return out;
}

bool observes_everything(const CompareOptions& options) {
  return std::find(options.observe.begin(), options.observe.end(), everything) != options.observe.end();
}

std::vector<std::string> observed_functions(const CompareOptions& options) {
  std::vector<std::string> out;
  for (const std::string& name : options.observe)
    for (const std::string_view word : {"call ", "return "})
      if (name.starts_with(word)) out.push_back(name.substr(word.size()));
  return out;
}

}  // namespace hotproof::cli
