#include "model/ir/passes/rebuild.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace hotproof::ir {

namespace {

class Rebuilder {
 public:
  Rebuilder(const TransitionSystem& system, const Kept& kept) : old_(system), kept_(kept) {}

  TransitionSystem run(std::vector<VarId>& old_variable) {
    copy_plain();
    for (std::size_t i = 0; i < old_.variables.size(); ++i) {
      new_variable_.push_back(static_cast<VarId>(old_variable.size()));
      if (!kept_.variables[i]) continue;
      old_variable.push_back(static_cast<VarId>(i));
      out_.variables.push_back(old_.variables[i]);
    }
    for (std::size_t a = 0; a < old_.actors.size(); ++a) actor(a);
    out_.transitions.reserve(old_.transitions.size());
    for (std::size_t i = 0; i < old_.transitions.size(); ++i)
      if (kept_.transitions.empty() || kept_.transitions[i]) out_.transitions.push_back(transition(old_.transitions[i]));
    for (Lock& lock : out_.locks) {
      for (ExprId& expr : lock.held_write) expr = copy(expr);
      for (ExprId& expr : lock.held_read) expr = copy(expr);
    }
    for (Property& property : out_.properties)
      property.expr = property.kind == PropertyKind::invariant ? copy(property.expr) : ExprId{};
    out_.initial_condition = copy(old_.initial_condition);
    for (const auto& [name, expr] : old_.symbols)
      if (is_kept(expr)) out_.symbols[name] = copy(expr);
    return std::move(out_);
  }

 private:
  void copy_plain() {
    out_.name = old_.name;
    out_.locks = old_.locks;
    out_.properties = old_.properties;
    out_.marks = old_.marks;
    out_.files = old_.files;
    out_.functions = old_.functions;
    out_.event_names = old_.event_names;
    out_.constants = old_.constants;
    out_.sets = old_.sets;
  }

  void actor(std::size_t a) {
    Actor actor = old_.actors[a];
    actor.control = new_variable_[index(actor.control)];
    new_location_.emplace_back();
    if (!kept_.locations.empty() && !kept_.locations[a].empty()) renumber(actor, kept_.locations[a]);
    out_.actors.push_back(std::move(actor));
  }

  void renumber(Actor& actor, const std::vector<bool>& kept) {
    auto& numbers = new_location_.back();
    Location next = 0;
    for (Location l = 0; l < actor.locations; ++l) {
      numbers.push_back(next);
      if (kept[l]) ++next;
    }
    for (std::vector<Location>* places : {&actor.resting, &actor.halted}) {
      std::erase_if(*places, [&](Location l) { return !kept[l]; });
      for (Location& l : *places) l = numbers[l];
    }
    actor.initial = numbers[actor.initial];
    actor.locations = next;
    Variable& control = out_.variables[index(actor.control)];
    control.initial = actor.initial;
    control.width = std::max(1, static_cast<int>(std::bit_width(next - 1)));
    control.low = control.high = 0;
    std::map<std::uint64_t, std::string> labels;
    for (const auto& [value, label] : control.labels)
      if (value < kept.size() && kept[value]) labels[numbers[value]] = label;
    control.labels = std::move(labels);
  }

  Location location(ActorId actor, Location old) const {
    const auto& numbers = new_location_[index(actor)];
    return numbers.empty() ? old : numbers[old];
  }

  bool is_kept(ExprId expr) {
    const auto [found, fresh] = is_kept_.try_emplace(expr, true);
    if (!fresh) return found->second;
    const auto variables = old_.pool.variables(expr);
    found->second =
        std::all_of(variables.begin(), variables.end(), [&](VarId var) { return kept_.variables[index(var)]; });
    return found->second;
  }

  ExprId copy(ExprId expr) { return copies_(expr); }

  Transition transition(Transition t) {
    t.from = location(t.actor, t.from);
    t.to = location(t.actor, t.to);
    t.guard = copy(t.guard);
    std::erase_if(t.updates, [&](const Update& update) { return !kept_.variables[index(update.var)]; });
    for (Update& update : t.updates) update = {new_variable_[index(update.var)], copy(update.value)};
    std::erase_if(t.events, [&](const Event& event) {
      return !std::all_of(event.args.begin(), event.args.end(), [&](ExprId arg) { return is_kept(arg); });
    });
    for (Event& event : t.events)
      for (ExprId& arg : event.args) arg = copy(arg);
    for (Assertion& assertion : t.assertions) assertion.holds = copy(assertion.holds);
    for (Hit& hit : t.hits) hit.when = copy(hit.when);
    return t;
  }

  const TransitionSystem& old_;
  const Kept& kept_;
  TransitionSystem out_;
  std::vector<VarId> new_variable_;
  std::vector<std::vector<Location>> new_location_;  // by actor; empty: unchanged
  Translation copies_{out_.pool, old_.pool,
                      [this](VarId var, int width) { return out_.pool.variable(new_variable_[index(var)], width); }};
  std::unordered_map<ExprId, bool> is_kept_;
};

}  // namespace

TransitionSystem rebuild(const TransitionSystem& system, const Kept& kept, std::vector<VarId>& old_variable) {
  old_variable.clear();
  return Rebuilder(system, kept).run(old_variable);
}

}  // namespace hotproof::ir
