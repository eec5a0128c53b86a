#include <algorithm>
#include <set>

#include "model/ir/system.hpp"

namespace hotproof::ir {

namespace {

using Fault = std::optional<std::string>;

// True if `value` lies outside what `variable` declares; low == high == 0 declares nothing.
bool outside_range(const Variable& variable, std::uint64_t value) {
  if (variable.low == 0 && variable.high == 0) return false;
  if (!variable.is_signed) return value < variable.low || value > variable.high;
  const std::int64_t v = as_signed(value, variable.width);
  return v < as_signed(variable.low, variable.width) || v > as_signed(variable.high, variable.width);
}

bool fits(std::uint64_t value, int width) {
  return truncate(value, width) == value;
}

class Validator {
 public:
  explicit Validator(const TransitionSystem& system) : system_(system) {}

  Fault run() const {
    if (auto fault = pool()) return fault;
    if (auto fault = variables()) return fault;
    if (auto fault = actors()) return fault;
    if (auto fault = locks()) return fault;
    if (auto fault = properties()) return fault;
    for (std::size_t i = 0; i < system_.transitions.size(); ++i)
      if (auto fault = transition(system_.transitions[i]))
        return "transition " + std::to_string(i) + " (" + system_.transitions[i].text + "): " + *fault;
    if (!is_truth(system_.initial_condition)) return "the initial condition is no truth value";
    for (const auto& [name, expr] : system_.symbols)
      if (!known(expr)) return "symbol " + name + " has no expression";
    return std::nullopt;
  }

 private:
  bool known(ExprId id) const { return index(id) < system_.pool.size(); }
  bool is_truth(ExprId id) const { return known(id) && system_.pool[id].width == 1; }
  int width(ExprId id) const { return system_.pool[id].width; }

  Fault node(const Node& node) const {
    if (node.width < 1 || node.width > 64) return "has width " + std::to_string(node.width);
    const auto arg = [&](int i) { return width(node.args[i]); };
    switch (node.op) {
      case Op::constant:
        if (!fits(node.value, node.width)) return "has a value wider than itself";
        break;
      case Op::variable:
        if (node.value >= system_.variables.size()) return "reads a variable that does not exist";
        if (system_.variables[node.value].width != node.width)
          return "reads variable " + system_.variables[node.value].name + " at a width that is not its own";
        break;
      case Op::not_:
      case Op::neg:
        if (arg(0) != node.width) return "has an operand of another width";
        break;
      case Op::zext:
      case Op::sext:
        if (arg(0) >= node.width) return "extends to a width that is no greater";
        break;
      case Op::trunc:
        if (arg(0) <= node.width) return "truncates to a width that is no smaller";
        break;
      case Op::eq:
      case Op::ult:
      case Op::ule:
      case Op::slt:
      case Op::sle:
        if (node.width != 1) return "compares, but is no truth value";
        if (arg(0) != arg(1)) return "has operands of different widths";
        break;
      case Op::ite:
        if (arg(0) != 1) return "has a condition that is no truth value";
        if (arg(1) != node.width || arg(2) != node.width) return "has operands of different widths";
        break;
      default:
        if (arg(0) != node.width || arg(1) != node.width) return "has operands of different widths";
    }
    return std::nullopt;
  }

  Fault pool() const {
    for (std::size_t i = 0; i < system_.pool.size(); ++i) {
      const Node& n = system_.pool[static_cast<ExprId>(i)];
      const std::string who = "expression " + std::to_string(i) + " (" + std::string(name(n.op)) + ") ";
      for (int k = 0; k < arity(n.op); ++k)
        if (index(n.args[k]) >= i) return who + "uses an expression that does not come before it";
      if (auto fault = node(n)) return who + *fault;
    }
    return std::nullopt;
  }

  Fault variables() const {
    std::set<std::string> names;
    for (const Variable& v : system_.variables) {
      const std::string who = "variable " + v.name + ": ";
      if (v.name.empty()) return "a variable has no name";
      if (!names.insert(v.name).second) return who + "another one has this name";
      if (v.width < 1 || v.width > 64) return who + "width " + std::to_string(v.width) + " is not between 1 and 64";
      if (!fits(v.initial, v.width) || !fits(v.low, v.width) || !fits(v.high, v.width))
        return who + "initial value or range is wider than the variable";
      const bool empty = v.is_signed ? as_signed(v.low, v.width) > as_signed(v.high, v.width) : v.low > v.high;
      if (empty) return who + "its range is empty";
      if (!v.free_initially && outside_range(v, v.initial)) return who + "the initial value is outside its range";
    }
    return std::nullopt;
  }

  Fault actors() const {
    std::set<VarId> controls;
    for (const Actor& actor : system_.actors) {
      const std::string who = "actor " + actor.name + ": ";
      if (index(actor.control) >= system_.variables.size()) return who + "its control variable does not exist";
      const Variable& control = system_[actor.control];
      if (control.role != Role::control) return who + control.name + " is not a control variable";
      if (!controls.insert(actor.control).second) return who + "another actor has the same control variable";
      if (actor.locations == 0) return who + "it has no location";
      if (!fits(actor.locations - 1, control.width))
        return who + "its control variable is too narrow for its locations";
      if (actor.initial >= actor.locations) return who + "the initial location does not exist";
      if (control.free_initially || control.initial != actor.initial)
        return who + "the control variable does not start at the initial location";
      for (const Location location : actor.resting)
        if (location >= actor.locations) return who + "a resting location does not exist";
      for (const Location location : actor.halted)
        if (location >= actor.locations) return who + "a halted location does not exist";
    }
    const auto count = std::count_if(system_.variables.begin(), system_.variables.end(),
                                     [](const Variable& v) { return v.role == Role::control; });
    if (static_cast<std::size_t>(count) != controls.size()) return "a control variable belongs to no actor";
    return std::nullopt;
  }

  Fault locks() const {
    for (const Lock& lock : system_.locks) {
      for (const auto* held : {&lock.held_write, &lock.held_read}) {
        if (held->size() != system_.actors.size()) return "lock " + lock.name + ": not one condition for each actor";
        if (!std::all_of(held->begin(), held->end(), [&](ExprId id) { return is_truth(id); }))
          return "lock " + lock.name + ": a condition is no truth value";
      }
    }
    return std::nullopt;
  }

  bool has_mark(MarkId mark) const { return index(mark) < system_.marks.size(); }

  Fault properties() const {
    std::set<std::string> ids;
    for (const Property& p : system_.properties) {
      const std::string who = "property " + p.id + ": ";
      if (!ids.insert(p.id).second) return who + "another one has this id";
      if (p.kind == PropertyKind::invariant && !is_truth(p.expr)) return who + "the invariant is no truth value";
      if (!known(p.expr)) return who + "the expression does not exist";
      if (p.kind == PropertyKind::cover && !has_mark(p.mark)) return who + "the mark does not exist";
      for (const MarkId mark : p.triggers)
        if (!has_mark(mark)) return who + "a trigger does not exist";
    }
    return std::nullopt;
  }

  Fault updates(const Transition& t) const {
    std::set<VarId> seen;
    for (const Update& update : t.updates) {
      if (index(update.var) >= system_.variables.size()) return "it writes a variable that does not exist";
      const Variable& variable = system_[update.var];
      if (variable.role == Role::control) return "it writes the control variable " + variable.name;
      if (!seen.insert(update.var).second) return "it writes " + variable.name + " twice";
      if (!known(update.value)) return "the new value of " + variable.name + " does not exist";
      if (width(update.value) != variable.width) return "the new value of " + variable.name + " has another width";
    }
    return std::nullopt;
  }

  Fault transition(const Transition& t) const {
    if (index(t.actor) >= system_.actors.size()) return "its actor does not exist";
    const Actor& actor = system_.actors[index(t.actor)];
    if (t.from >= actor.locations || t.to >= actor.locations) return "a location does not exist";
    if (!is_truth(t.guard)) return "the guard is no truth value";
    if (auto fault = updates(t)) return fault;
    for (const Event& event : t.events) {
      if (event.name >= system_.event_names.size()) return "the name of an event does not exist";
      if (!std::all_of(event.args.begin(), event.args.end(), [&](ExprId id) { return known(id); }))
        return "an argument of an event does not exist";
    }
    for (const Assertion& assertion : t.assertions) {
      if (index(assertion.property) >= system_.properties.size()) return "the property of an assertion does not exist";
      if (system_.properties[index(assertion.property)].kind != PropertyKind::assertion)
        return "an assertion is for a property of another kind";
      if (!is_truth(assertion.holds)) return "an assertion is no truth value";
    }
    for (const Hit& hit : t.hits)
      if (!has_mark(hit.mark) || !is_truth(hit.when)) return "a hit has no mark or is no truth value";
    for (const LockClaim& claim : t.held)
      if (index(claim.lock) >= system_.locks.size()) return "a lock that it claims to hold does not exist";
    if (t.lock.has_value() != (t.lock_effect != LockEffect::none)) return "lock effect and lock do not go together";
    if (t.lock && index(t.lock->lock) >= system_.locks.size()) return "its lock does not exist";
    for (const SourceSpan& caller : t.callers)
      if (auto fault = span(caller)) return fault;
    return span(t.span);
  }

  Fault span(const SourceSpan& span) const {
    if (span.line == 0) return std::nullopt;
    if (span.file >= system_.files.size()) return "its file does not exist";
    if (span.function >= std::max<std::size_t>(system_.functions.size(), 1)) return "its function does not exist";
    return std::nullopt;
  }

  const TransitionSystem& system_;
};

}  // namespace

std::optional<std::string> fault_in(const TransitionSystem& system) {
  return Validator(system).run();
}

}  // namespace hotproof::ir
