#include "checker/compare/observables.hpp"

#include <algorithm>
#include <string_view>

#include "model/eval/interpreter.hpp"

namespace hotproof::checker::compare {

namespace {

constexpr std::string_view of_arguments = "arguments ";  // an event that says what a function is called with
constexpr int width_of_marks = 64;

// '*' stands for any text.
bool fits(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t at = star; at <= text.size(); ++at)
    if (fits(rest, text.substr(at))) return true;
  return false;
}

bool fits_any(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(), [text](const std::string& one) { return fits(one, text); });
}

std::string read(const ir::TransitionSystem& system, const Argument& argument, std::int64_t value) {
  switch (argument.meaning) {
    case Argument::Meaning::lock:
      if (value >= 0 && static_cast<std::size_t>(value) < system.locks.size())
        return system.locks[static_cast<std::size_t>(value)].name;
      break;
    case Argument::Meaning::word:
      if (value >= 0 && static_cast<std::size_t>(value) < argument.words.size())
        return argument.words[static_cast<std::size_t>(value)];
      break;
    case Argument::Meaning::constant:
      for (const std::string& name : argument.words) {
        const auto found = system.constants.find(name);
        if (found != system.constants.end() && found->second == value) return name;
      }
      break;
    case Argument::Meaning::number:
    case Argument::Meaning::left_out:
      break;
  }
  return std::to_string(value);
}

class Preparer {
 public:
  Preparer(const ir::TransitionSystem& system, const Observables& observables) : observables_(observables) {
    out_.system = system;
    out_.variables = system.variables.size();
    out_.hidden_constants = observables.hidden_constants;
    if (observables.at_once) out_.inside = inside(system, *observables.at_once);
  }

  ObservedSystem run() {
    forget_properties();
    find_event_kinds();
    find_symbols();
    if (observables_.state) find_state();
    out_.marks = out_.system.variables.size();
    out_.system.event_names.clear();
    for (std::size_t i = 0; i < out_.system.transitions.size(); ++i) prepare(i);
    for (const ObservedSystem::Kind& kind : out_.kinds) out_.system.event_names.push_back(kind.name);
    make_visible();
    return std::move(out_);
  }

 private:
  void forget_properties() {
    ir::TransitionSystem& system = out_.system;
    system.properties.clear();
    system.marks.clear();
    for (ir::Transition& t : system.transitions) {
      t.assertions.clear();
      t.hits.clear();
    }
  }

  // By old event name: the kind, if it counts.
  void find_event_kinds() {
    for (const std::string& name : out_.system.event_names) {
      std::optional<std::size_t> kind;
      forgets_.push_back(observables_.state && name == observables_.forgets);
      if (!observables_.unknown_event.empty() && name == observables_.unknown_event) {
        kind = add_kind({name, {}, false, false, true});
      } else if (!fits_any(observables_.hidden_events, name)) {
        const auto found = std::find_if(observables_.events.begin(), observables_.events.end(),
                                        [&name](const ObservedEvent& event) { return fits(event.name, name); });
        if (found != observables_.events.end())
          kind = add_kind({name, found->arguments, found->if_shared, false, false, found->only, found->except});
      }
      kind_of_event_.push_back(kind);
    }
  }

  struct Symbol {
    std::size_t kind;
    ir::ExprId value;
    std::vector<ir::VarId> variables;
  };
  void find_symbols() {
    for (const auto& [name, value] : out_.system.symbols) {
      const auto found = std::find_if(observables_.symbols.begin(), observables_.symbols.end(),
                                      [&n = name](const ObservedSymbol& symbol) { return fits(symbol.name, n); });
      if (found == observables_.symbols.end() || fits_any(observables_.hidden_symbols, name)) continue;
      const std::size_t kind =
          add_kind({name, {Argument{Argument::Meaning::left_out, {}}, found->value}, false, true, false});
      symbols_.push_back({kind, value, out_.system.pool.variables(value)});
    }
  }

  // What an actor called F with last, as a number.
  struct Last {
    ir::VarId variable{};
    std::map<std::uint32_t, std::uint64_t> numbers;  // by event
  };

  void find_state() {
    for (const auto& [name, value] : out_.system.symbols) {
      const std::vector<ir::VarId> variables = out_.system.pool.variables(value);
      if (!variables.empty() && !fits_any(observables_.hidden_symbols, name)) add_part(name, value, variables);
    }
    find_last();
    ObservedSystem::Kind kind;
    kind.name = "state";
    kind.is_state = true;
    state_kind_ = static_cast<std::uint32_t>(add_kind(std::move(kind)));
    all_of_state_ = out_.system.pool.constant(0, width_of_marks);
    for (const ir::ExprId value : state_)
      all_of_state_ = out_.system.pool.binary(ir::Op::add, *all_of_state_,
                                              out_.system.pool.resize(value, width_of_marks, false));
  }

  void add_part(const std::string& name, ir::ExprId value, const std::vector<ir::VarId>& variables) {
    const auto initial = [this](ir::VarId var, int width) {
      return out_.system.pool.constant(out_.system[var].initial, width);
    };
    const ir::Node& first = out_.system.pool[out_.system.pool.substitute(value, initial)];
    out_.state.push_back({name, number_of(first.value, first.width),
                          variables.size() == 1 ? std::optional(variables[0]) : std::nullopt, value, {}});
    if (const Concern* concern = concern_of(name)) out_.state.back().things = concern->things;
    state_.push_back(value);
  }

  // For each actor and function a variable that counts what it is called with.
  void find_last() {
    ir::TransitionSystem& system = out_.system;
    for (const ir::Transition& t : system.transitions)
      for (const ir::Event& event : t.events) {
        const std::string& name = system.event_names[event.name];
        if (event.args.size() != 1 || !name.starts_with(of_arguments) || !kind_of_event_[event.name]) continue;
        const std::string function = name.substr(of_arguments.size(), name.find('(') - of_arguments.size());
        Last& last = last_[{t.actor, function}];
        last.numbers.try_emplace(event.name, last.numbers.size() + 1);
      }
    for (auto& [who, last] : last_) {
      ir::Variable variable;
      variable.name = system.actors[ir::index(who.first)].name + " called last: " + who.second;
      variable.width = width_of_marks;
      for (const auto& [name, number] : last.numbers)
        variable.labels[number] = system.event_names[name].substr(of_arguments.size());
      last.variable = system.add_variable(variable);
      add_part(variable.name, system.read(last.variable), {last.variable});
    }
  }

  // What the events of a transition say of arguments, as updates; these events are gone then.
  void tell_as_state(ir::Transition& t) {
    if (last_.empty()) return;
    std::map<ir::VarId, std::uint64_t> now;
    std::erase_if(t.events, [&](const ir::Event& event) {
      if (forgets_[event.name])
        for (const auto& [who, last] : last_)
          if (who.first == t.actor) now[last.variable] = 0;
      if (event.args.size() != 1) return false;
      const auto says = std::find_if(last_.begin(), last_.end(), [&](const auto& one) {
        return one.first.first == t.actor && one.second.numbers.contains(event.name);
      });
      if (says == last_.end()) return false;
      now[says->second.variable] = says->second.numbers.at(event.name);
      return true;
    });
    for (const auto& [var, value] : now)
      t.updates.push_back({var, out_.system.pool.constant(value, width_of_marks)});
  }

  const Concern* concern_of(const std::string& name) const {
    const auto& all = observables_.concerns;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Concern& one) { return fits(one.name, name); });
    return found == all.end() ? nullptr : &*found;
  }

  std::size_t add_kind(ObservedSystem::Kind kind) {
    if (const Concern* concern = concern_of(kind.name)) kind.concern = *concern;
    out_.kinds.push_back(std::move(kind));
    return out_.kinds.size() - 1;
  }

  void prepare(std::size_t number) {
    ir::Transition& t = out_.system.transitions[number];
    tell_as_state(t);
    std::vector<ir::Event> events;
    for (ir::Event& event : t.events)
      if (const auto kind = kind_of_event_[event.name])
        add(events, {static_cast<std::uint32_t>(*kind), std::move(event.args)}, t);
    for (const Symbol& symbol : symbols_)
      add(events, {static_cast<std::uint32_t>(symbol.kind), {symbol.value, value_behind(t, symbol)}}, t);
    if (state_kind_ && (!events.empty() || begins_region(number)))
      events.insert(events.begin(), {static_cast<std::uint32_t>(*state_kind_), state_});
    t.events = std::move(events);
  }

  // The state in which a region is found is told, whatever happens then.
  bool begins_region(std::size_t number) const {
    return observables_.at_once && out_.inside.of_region[number] && !out_.inside.from_inner[number];
  }

  // Most arguments are constants: then it is known here whether the event counts.
  void add(std::vector<ir::Event>& events, ir::Event event, const ir::Transition& t) {
    const bool is_symbol = out_.kinds[event.name].is_symbol;
    if (is_symbol && event.args[0] == event.args[1]) return;
    std::vector<std::int64_t> values;
    for (const ir::ExprId arg : event.args) {
      const ir::Node& node = out_.system.pool[arg];
      if (node.op == ir::Op::constant) values.push_back(number_of(node.value, node.width));
    }
    const bool known = values.size() == event.args.size();
    if (known && !label_of(out_, t.actor, event.name, values)) {
      const ObservedSystem::Kind& kind = out_.kinds[event.name];
      if (!is_symbol && !kind.only && !kind.except) note_hidden(whole_label(out_, t.actor, event.name, values), t);
    } else {
      events.push_back(std::move(event));
    }
  }

  // The locks that the transition claims to be held.
  void note_hidden(const Label& label, const ir::Transition& t) {
    HeldLocks held;
    for (const ir::LockClaim& claim : t.held)
      held.insert({out_.system.locks[ir::index(claim.lock)].name, claim.mode == ir::LockMode::write});
    const auto [found, fresh] = out_.hidden.try_emplace(label, held);
    if (!fresh) std::erase_if(found->second, [&held](const HeldLock& lock) { return !held.contains(lock); });
  }

  ir::ExprId value_behind(const ir::Transition& t, const Symbol& symbol) {
    const auto updates = [&](ir::VarId var) {
      return std::find_if(t.updates.begin(), t.updates.end(),
                          [var](const ir::Update& update) { return update.var == var; });
    };
    const auto touched = [&](ir::VarId var) { return updates(var) != t.updates.end(); };
    if (std::none_of(symbol.variables.begin(), symbol.variables.end(), touched)) return symbol.value;
    return out_.system.pool.substitute(symbol.value, [&](ir::VarId var, int width) {
      const auto update = updates(var);
      return update != t.updates.end() ? update->value : out_.system.pool.variable(var, width);
    });
  }

  // Two steps that do what counts do not commute, a step that writes what an argument reads does not pass an event, and
  // none of them is merged into the step before it.
  void make_visible() {
    ir::TransitionSystem& system = out_.system;
    ir::ExprId all = system.pool.truth(true);
    for (ir::Transition& t : system.transitions) {
      std::size_t next = 0;
      if (!t.events.empty()) t.updates.push_back({variable(next++, 1), system.pool.truth(true)});
      for (const ir::Event& event : t.events) {
        if (event.name == state_kind_) {
          t.updates.push_back({variable(next++, width_of_marks), *all_of_state_});
          continue;
        }
        for (const ir::ExprId arg : event.args)
          t.updates.push_back({variable(next++, width_of_marks), system.pool.resize(arg, width_of_marks, false)});
      }
    }
    for (std::size_t v = out_.marks; v < system.variables.size(); ++v) {
      const ir::ExprId value = system.read(static_cast<ir::VarId>(v));
      const int width = system.variables[v].width;
      all = system.pool.and_(
          all, system.pool.binary(ir::Op::ule, value,
                                  system.pool.binary(ir::Op::add, value, system.pool.constant(1, width))));
    }
    ir::Property property;
    property.id = "observed";
    property.kind = ir::PropertyKind::invariant;
    property.expr = all;
    system.properties.push_back(property);
    if (!observables_.deadlock) return;
    ir::Property deadlock;
    deadlock.id = "deadlock";
    deadlock.kind = ir::PropertyKind::deadlock;
    system.properties.push_back(deadlock);
  }

  ir::VarId variable(std::size_t number, int width) {
    while (out_.system.variables.size() <= out_.marks + number) {
      ir::Variable variable;
      variable.name = "observed " + std::to_string(out_.system.variables.size() - out_.marks);
      variable.width = out_.system.variables.size() == out_.marks ? 1 : width;
      variable.role = ir::Role::observer;
      out_.system.add_variable(variable);
    }
    return static_cast<ir::VarId>(out_.marks + number);
  }

  const Observables& observables_;
  ObservedSystem out_;
  std::vector<std::optional<std::size_t>> kind_of_event_;
  std::vector<Symbol> symbols_;
  std::vector<bool> forgets_;  // by old event name
  std::vector<ir::ExprId> state_;
  std::optional<std::uint32_t> state_kind_;
  std::optional<ir::ExprId> all_of_state_;  // reads all of it
  std::map<std::pair<ir::ActorId, std::string>, Last> last_;
};

}  // namespace

std::string to_string(const Label& label) {
  std::string out = label.actor.empty() ? label.event : label.actor + ": " + label.event;
  for (const std::string& argument : label.arguments) out += " " + argument;
  return out;
}

std::string text_of_state(const ObservedSystem& system, const std::vector<std::int64_t>& values,
                          const Things& things) {
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ObservedSystem::Part& part = system.state[i];
    if (values[i] == part.initial || are_apart(part.things, things)) continue;
    std::string value = std::to_string(values[i]);
    if (part.variable) {
      const auto& labels = system.system[*part.variable].labels;
      const auto label = labels.find(static_cast<std::uint64_t>(values[i]));
      if (label != labels.end()) value = label->second;
    }
    out += (out.empty() ? "" : "; ") + part.name + " = " + value;
  }
  return out;
}

ObservedSystem observed(const ir::TransitionSystem& system, const Observables& observables) {
  return Preparer(system, observables).run();
}

std::optional<std::string> differs_at_start(const ir::TransitionSystem& a, const ir::TransitionSystem& b) {
  const auto text = [](const ir::TransitionSystem& system, ir::ExprId value) {
    ir::State start;
    for (const ir::Variable& variable : system.variables) start.push_back(variable.initial);
    const std::uint64_t number = eval::evaluate(system.pool, value, start);
    const std::vector<ir::VarId> variables = system.pool.variables(value);
    if (variables.size() == 1)
      if (const auto label = system[variables[0]].labels.find(number); label != system[variables[0]].labels.end())
        return label->second;
    return std::to_string(number);
  };
  for (const auto& [name, value] : a.symbols) {
    const auto other = b.symbols.find(name);
    if (other != b.symbols.end() && text(a, value) != text(b, other->second)) return name;
  }
  return std::nullopt;
}

Label whole_label(const ObservedSystem& system, ir::ActorId actor, std::uint32_t number,
                  const std::vector<std::int64_t>& arguments) {
  static const Argument plain;
  const ObservedSystem::Kind& kind = system.kinds[number];
  Label out{system.system.actors[ir::index(actor)].name, kind.name + (kind.is_symbol ? " =" : ""), {}};
  if (kind.is_state) {
    out.arguments.push_back(text_of_state(system, arguments, {}));
    return out;
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Argument& argument = i < kind.arguments.size() ? kind.arguments[i] : plain;
    if (argument.meaning == Argument::Meaning::left_out || argument.unsaid == arguments[i]) continue;
    const std::string value = read(system.system, argument, arguments[i]);
    out.arguments.push_back(argument.called.empty() ? value : argument.called + " " + value);
  }
  return out;
}

std::optional<Label> label_of(const ObservedSystem& system, ir::ActorId actor, std::uint32_t number,
                              const std::vector<std::int64_t>& arguments) {
  const ObservedSystem::Kind& kind = system.kinds[number];
  if (kind.is_symbol && arguments[0] == arguments[1]) return std::nullopt;
  const auto has = [&arguments](const ObservedEvent::Only& wanted) {
    return wanted.argument < arguments.size() && arguments[wanted.argument] == wanted.value;
  };
  if ((kind.only && !has(*kind.only)) || (kind.except && has(*kind.except))) return std::nullopt;
  for (std::size_t i = 0; i < arguments.size() && i < kind.arguments.size(); ++i) {
    if (kind.arguments[i].meaning != Argument::Meaning::constant) continue;
    const auto& hidden = system.hidden_constants;
    if (std::find(hidden.begin(), hidden.end(), read(system.system, kind.arguments[i], arguments[i])) != hidden.end())
      return std::nullopt;
  }
  return whole_label(system, actor, number, arguments);
}

std::int64_t number_of(std::uint64_t value, int width) {
  return width == 1 ? static_cast<std::int64_t>(value) : ir::as_signed(value, width);
}

}  // namespace hotproof::checker::compare
