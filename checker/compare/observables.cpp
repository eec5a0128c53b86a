#include "checker/compare/observables.hpp"

#include <algorithm>
#include <string_view>

namespace hotproof::checker::compare {

namespace {

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
  }

  ObservedSystem run() {
    forget_properties();
    find_event_kinds();
    find_symbols();
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
      if (!observables_.unknown_event.empty() && name == observables_.unknown_event) {
        kind = add_kind({name, {}, false, false, true});
      } else if (!fits_any(observables_.hidden_events, name)) {
        const auto found = std::find_if(observables_.events.begin(), observables_.events.end(),
                                        [&name](const ObservedEvent& event) { return fits(event.name, name); });
        if (found != observables_.events.end())
          kind = add_kind({name, found->arguments, found->if_shared, false, false, found->only});
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

  std::size_t add_kind(ObservedSystem::Kind kind) {
    out_.kinds.push_back(std::move(kind));
    return out_.kinds.size() - 1;
  }

  void prepare(std::size_t number) {
    ir::Transition& t = out_.system.transitions[number];
    std::vector<ir::Event> events;
    for (ir::Event& event : t.events)
      if (const auto kind = kind_of_event_[event.name])
        add(events, {static_cast<std::uint32_t>(*kind), std::move(event.args)}, t);
    for (const Symbol& symbol : symbols_)
      add(events, {static_cast<std::uint32_t>(symbol.kind), {symbol.value, value_behind(t, symbol)}}, t);
    t.events = std::move(events);
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
      if (!is_symbol && !out_.kinds[event.name].only) note_hidden(whole_label(out_, t.actor, event.name, values), t);
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
      for (const ir::Event& event : t.events)
        for (const ir::ExprId arg : event.args)
          t.updates.push_back({variable(next++, 64), system.pool.resize(arg, 64, false)});
    }
    for (std::size_t v = out_.variables; v < system.variables.size(); ++v) {
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
    while (out_.system.variables.size() <= out_.variables + number) {
      ir::Variable variable;
      variable.name = "observed " + std::to_string(out_.system.variables.size() - out_.variables);
      variable.width = out_.system.variables.size() == out_.variables ? 1 : width;
      variable.role = ir::Role::observer;
      out_.system.add_variable(variable);
    }
    return static_cast<ir::VarId>(out_.variables + number);
  }

  const Observables& observables_;
  ObservedSystem out_;
  std::vector<std::optional<std::size_t>> kind_of_event_;
  std::vector<Symbol> symbols_;
};

}  // namespace

std::string to_string(const Label& label) {
  std::string out = label.actor.empty() ? label.event : label.actor + ": " + label.event;
  for (const std::string& argument : label.arguments) out += " " + argument;
  return out;
}

ObservedSystem observed(const ir::TransitionSystem& system, const Observables& observables) {
  return Preparer(system, observables).run();
}

Label whole_label(const ObservedSystem& system, ir::ActorId actor, std::uint32_t number,
                  const std::vector<std::int64_t>& arguments) {
  static const Argument plain;
  const ObservedSystem::Kind& kind = system.kinds[number];
  Label out{system.system.actors[ir::index(actor)].name, kind.name + (kind.is_symbol ? " =" : ""), {}};
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
  if (kind.only && (kind.only->argument >= arguments.size() || arguments[kind.only->argument] != kind.only->value))
    return std::nullopt;
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
