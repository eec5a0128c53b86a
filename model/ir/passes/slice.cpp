// Cone of influence (Clarke, Grumberg, Peled: Model Checking, 1999, section 13.1) over variables, and what is left of
// the control graphs.
#include <unordered_set>

#include "model/ir/passes/passes.hpp"
#include "model/ir/passes/rebuild.hpp"

namespace hotproof::ir {

namespace {

class Slicer {
 public:
  explicit Slicer(const TransitionSystem& system)
      : system_(system), control_read_(system.variables.size(), false), updates_of_(system.variables.size()) {
    kept_.variables.assign(system.variables.size(), false);
  }

  Rewritten run() {
    Rewritten out;
    find_reached();
    for (const TransitionId t : transitions_) out.parts.push_back({t});
    collect_needs();
    for (const Actor& actor : system_.actors) keep_locations(actor);
    out.system = rebuild(system_, kept_, out.old_variable);
    return out;
  }

 private:
  // Transitions that leave locations which no path of the actor's control reaches can never fire.
  void find_reached() {
    std::vector<std::vector<std::vector<Location>>> next;
    for (const Actor& actor : system_.actors) {
      next.emplace_back(actor.locations);
      reached_.emplace_back(actor.locations, false);
    }
    for (const Transition& t : system_.transitions) next[index(t.actor)][t.from].push_back(t.to);
    for (std::size_t a = 0; a < system_.actors.size(); ++a) {
      std::vector<Location> open{system_.actors[a].initial};
      while (!open.empty()) {
        const Location at = open.back();
        open.pop_back();
        if (reached_[a][at]) continue;
        reached_[a][at] = true;
        open.insert(open.end(), next[a][at].begin(), next[a][at].end());
      }
    }
    for (std::size_t i = 0; i < system_.transitions.size(); ++i) {
      const Transition& t = system_.transitions[i];
      kept_.transitions.push_back(reached_[index(t.actor)][t.from]);
      if (kept_.transitions.back()) transitions_.push_back(static_cast<TransitionId>(i));
    }
  }

  void collect_needs() {
    for (const TransitionId t : transitions_)
      for (const Update& update : system_[t].updates) updates_of_[index(update.var)].push_back(update.value);
    for (const Actor& actor : system_.actors) kept_.variables[index(actor.control)] = true;
    need(system_.initial_condition);
    for (const Property& property : system_.properties)
      if (property.kind == PropertyKind::invariant) need(property.expr);
    for (const Lock& lock : system_.locks) {
      for (const ExprId expr : lock.held_write) need(expr);
      for (const ExprId expr : lock.held_read) need(expr);
    }
    for (const TransitionId id : transitions_) {
      const Transition& t = system_[id];
      need(t.guard);
      for (const Assertion& assertion : t.assertions) need(assertion.holds);
      for (const Hit& hit : t.hits) need(hit.when);
      for (const Event& event : t.events)
        for (const ExprId arg : event.args) note_control(arg);
    }
    for (const auto& [name, expr] : system_.symbols) note_control(expr);
  }

  void note_control(ExprId expr) {
    if (!noted_.insert(expr).second) return;
    for (const VarId var : system_.pool.variables(expr)) note_control(var);
  }

  void note_control(VarId var) {
    if (system_[var].role == Role::control) control_read_[index(var)] = true;
  }

  void need(ExprId root) {
    std::vector<ExprId> open{root};
    while (!open.empty()) {
      const ExprId expr = open.back();
      open.pop_back();
      if (!needed_.insert(expr).second) continue;
      for (const VarId var : system_.pool.variables(expr)) {
        note_control(var);
        if (kept_.variables[index(var)]) continue;
        kept_.variables[index(var)] = true;
        open.insert(open.end(), updates_of_[index(var)].begin(), updates_of_[index(var)].end());
      }
    }
  }

  // Locations keep their numbers where some expression reads them.
  void keep_locations(const Actor& actor) {
    const auto a = static_cast<std::size_t>(&actor - system_.actors.data());
    kept_.locations.push_back(control_read_[index(actor.control)] ? std::vector<bool>{} : reached_[a]);
  }

  const TransitionSystem& system_;
  Kept kept_;
  std::vector<bool> control_read_;               // by VarId
  std::vector<std::vector<ExprId>> updates_of_;  // by VarId
  std::vector<std::vector<bool>> reached_;       // by actor, by location
  std::vector<TransitionId> transitions_;        // that leave a location which is reached
  std::unordered_set<ExprId> needed_, noted_;
};

}  // namespace

Rewritten slice(const TransitionSystem& system) {
  return Slicer(system).run();
}

Rewritten chain(const Rewritten& first, Rewritten second) {
  for (auto& parts : second.parts) {
    std::vector<TransitionId> older;
    for (const TransitionId part : parts) {
      const auto& of_part = first.parts[index(part)];
      older.insert(older.end(), of_part.begin(), of_part.end());
    }
    parts = std::move(older);
  }
  for (VarId& var : second.old_variable) var = first.old_variable[index(var)];
  return second;
}

}  // namespace hotproof::ir
