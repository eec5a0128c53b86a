// Liveness of variables (Aho, Lam, Sethi, Ullman: Compilers, 2007, section 9.2.5), by actor, over the control graph.
#include <algorithm>
#include <optional>

#include "model/ir/passes/passes.hpp"

namespace hotproof::ir {

namespace {

class Resetter {
 public:
  explicit Resetter(const TransitionSystem& system) : system_(system), reader_(system.variables.size()) {}

  TransitionSystem run() {
    find_readers();
    TransitionSystem out = system_;
    for (std::size_t a = 0; a < system_.actors.size(); ++a) reset_those_of(static_cast<ActorId>(a), out);
    return out;
  }

 private:
  // Who reads a variable: nobody so far, one actor, or more than one, which includes everything that is no actor.
  struct Reader {
    std::optional<ActorId> only;
    bool many = false;
  };

  void read_by_all(ExprId expr) {
    for (const VarId var : system_.pool.variables(expr)) reader_[index(var)].many = true;
  }
  void read_by(ActorId actor, ExprId expr) {
    for (const VarId var : system_.pool.variables(expr)) {
      Reader& reader = reader_[index(var)];
      reader.many |= reader.only && *reader.only != actor;
      reader.only = actor;
    }
  }

  template <class Visit>
  static void for_each_read(const Transition& t, Visit visit) {
    visit(t.guard);
    for (const Update& update : t.updates) visit(update.value);
    for (const Assertion& assertion : t.assertions) visit(assertion.holds);
    for (const Hit& hit : t.hits) visit(hit.when);
    for (const Event& event : t.events)
      for (const ExprId arg : event.args) visit(arg);
  }

  void find_readers() {
    for (const Transition& t : system_.transitions)
      for_each_read(t, [&](ExprId expr) { read_by(t.actor, expr); });
    for (const Property& property : system_.properties)
      if (property.kind == PropertyKind::invariant) read_by_all(property.expr);
    for (const Lock& lock : system_.locks) {
      for (const ExprId expr : lock.held_write) read_by_all(expr);
      for (const ExprId expr : lock.held_read) read_by_all(expr);
    }
    for (const auto& [name, expr] : system_.symbols) read_by_all(expr);
  }

  bool is_of(ActorId actor, std::size_t var) const {
    const Variable& variable = system_.variables[var];
    return variable.role != Role::control && !variable.free_initially && !reader_[var].many &&
           reader_[var].only == actor;
  }

  void reset_those_of(ActorId actor, TransitionSystem& out) {
    std::vector<std::size_t> own;
    for (std::size_t v = 0; v < system_.variables.size(); ++v)
      if (is_of(actor, v)) own.push_back(v);
    if (own.empty()) return;
    const Live live = live_variables(actor, own);
    for (Transition& t : out.transitions) {
      if (t.actor != actor) continue;
      for (std::size_t i = 0; i < own.size(); ++i) {
        if (live.at[t.to][i]) continue;
        const VarId var = static_cast<VarId>(own[i]);
        const auto written = std::find_if(t.updates.begin(), t.updates.end(), [var](const Update& u) { return u.var == var; });
        // Where it is dead before, too, it has been reset on the way there, or never written.
        if (written == t.updates.end() && !live.at[t.from][i]) continue;
        const ExprId initial = out.pool.constant(system_[var].initial, system_[var].width);
        if (written != t.updates.end())
          written->value = initial;
        else
          t.updates.push_back({var, initial});
      }
    }
  }

  struct Live {
    std::vector<std::vector<bool>> at;  // by location, by index into the actor's own variables
  };
  // What may be read from a location on before it is written.
  Live live_variables(ActorId actor, const std::vector<std::size_t>& own) const {
    std::vector<std::size_t> number(system_.variables.size(), own.size());
    for (std::size_t i = 0; i < own.size(); ++i) number[own[i]] = i;
    struct Step {
      Location from, to;
      std::vector<bool> reads, writes;
    };
    std::vector<Step> steps;
    for (const Transition& t : system_.transitions) {
      if (t.actor != actor) continue;
      Step step{t.from, t.to, std::vector<bool>(own.size()), std::vector<bool>(own.size())};
      for_each_read(t, [&](ExprId expr) {
        for (const VarId var : system_.pool.variables(expr))
          if (number[index(var)] < own.size()) step.reads[number[index(var)]] = true;
      });
      for (const Update& update : t.updates)
        if (number[index(update.var)] < own.size()) step.writes[number[index(update.var)]] = true;
      steps.push_back(std::move(step));
    }
    Live out;
    out.at.assign(system_.actors[index(actor)].locations, std::vector<bool>(own.size(), false));
    for (bool more = true; more;) {
      more = false;
      for (auto step = steps.rbegin(); step != steps.rend(); ++step)
        for (std::size_t i = 0; i < own.size(); ++i) {
          const bool live = step->reads[i] || (out.at[step->to][i] && !step->writes[i]);
          if (!live || out.at[step->from][i]) continue;
          out.at[step->from][i] = more = true;
        }
    }
    return out;
  }

  const TransitionSystem& system_;
  std::vector<Reader> reader_;  // by VarId
};

}  // namespace

TransitionSystem reset_dead(const TransitionSystem& system) {
  return Resetter(system).run();
}

}  // namespace hotproof::ir
