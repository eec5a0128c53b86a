// The cone of influence over variables, and what is left of the control graphs.
#include "model/ir/passes/cone.hpp"
#include "model/ir/passes/mistake.hpp"
#include "model/ir/passes/passes.hpp"
#include "model/ir/passes/rebuild.hpp"

namespace hotproof::ir {

namespace {

class Slicer {
 public:
  explicit Slicer(const TransitionSystem& system) : system_(system) {}

  Rewritten run() {
    Rewritten out;
    find_reached();
    for (const TransitionId t : transitions_) out.parts.push_back({t});
    const Cone cone = cone_of_all();
    kept_.variables = cone.variables();
    for (const Actor& actor : system_.actors) keep_locations(actor, cone);
    out.system = mistake_ == Mistake::slice_guards ? rebuild(without_lost_guards(), kept_, out.old_variable)
                                                   : rebuild(system_, kept_, out.old_variable);
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
    for (const Transition& t : system_.transitions)
      if (mistake_ != Mistake::slice_faults || t.faults == 0) next[index(t.actor)][t.from].push_back(t.to);
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
      const std::vector<bool>& reached = reached_[index(t.actor)];
      kept_.transitions.push_back(reached[t.from] && reached[t.to]);
      if (kept_.transitions.back()) transitions_.push_back(static_cast<TransitionId>(i));
    }
  }

  Cone cone_of_all() const {
    Cone cone(system_, transitions_);
    cone.need_what_moves();
    for (const Property& property : system_.properties)
      if (property.kind == PropertyKind::invariant) cone.need(property.expr);
    for (const TransitionId id : transitions_) {
      const Transition& t = system_[id];
      for (const Assertion& assertion : t.assertions) cone.need(assertion.holds);
      for (const Hit& hit : t.hits) cone.need(hit.when);
      for (const Event& event : t.events)
        for (const ExprId arg : event.args) cone.note_control(arg);
    }
    for (const auto& [name, expr] : system_.symbols) cone.note_control(expr);
    return cone;
  }

  // Locations keep their numbers where some expression reads them.
  void keep_locations(const Actor& actor, const Cone& cone) {
    const auto a = static_cast<std::size_t>(&actor - system_.actors.data());
    kept_.locations.push_back(cone.control_read()[index(actor.control)] ? std::vector<bool>{} : reached_[a]);
  }

  // For tests: what a cone of influence that knows no guards would leave.
  TransitionSystem without_lost_guards() const {
    TransitionSystem out = system_;
    for (Transition& t : out.transitions)
      for (const VarId var : system_.pool.variables(t.guard))
        if (!kept_.variables[index(var)]) t.guard = out.pool.truth(true);
    return out;
  }

  const TransitionSystem& system_;
  const Mistake mistake_ = mistake_for_tests();
  Kept kept_;
  std::vector<std::vector<bool>> reached_;       // by actor, by location
  std::vector<TransitionId> transitions_;        // that leave a location which is reached
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
