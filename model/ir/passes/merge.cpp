// Merging of steps at the level of the transition system: the reduction of Lipton (1975), in the form in which Flanagan
// and Qadeer ("A type and effect system for atomicity", 2003) use it, with left movers only. docs/reductions.md has the
// argument; the names of its conditions (M1 …) are used below.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "model/ir/passes/mistake.hpp"
#include "model/ir/passes/movers.hpp"
#include "model/ir/passes/passes.hpp"
#include "model/ir/passes/rebuild.hpp"

namespace hotproof::ir {

namespace {

constexpr std::size_t most_valuations = 1U << 12U;
constexpr std::size_t most_lock_valuations = 1U << 16U;

// A location where an actor waits: each way out has a guard and a lock that it wants.
using Wait = std::set<std::pair<ExprId, LockClaim>>;

// A transition on its way: what it was made of, and whether all its parts may be moved and are not seen.
struct Step {
  Transition transition;
  std::vector<TransitionId> parts;
  bool absorbable = false;  // M2, M3, M6: every part is an invisible left mover
  bool alive = true;
};

int strength(Choice choice) {
  switch (choice) {
    case Choice::none:
      return 0;
    case Choice::free:
      return 1;
    case Choice::listener:
      return 2;
    case Choice::fault:
      return 3;
  }
  return 0;
}

class Merger {
 public:
  Merger(const TransitionSystem& system, const MergeOptions& options)
      : system_(system), options_(options), movers_(system_) {}

  Rewritten run() {
    collect_visible();
    if (has_deadlock_property()) collect_waiting();
    for (std::size_t i = 0; i < system_.transitions.size(); ++i)
      steps_.push_back({system_.transitions[i], {static_cast<TransitionId>(i)}, false, true});
    for (std::size_t a = 0; a < system_.actors.size(); ++a)
      if (!movers_.control_is_read(static_cast<ActorId>(a))) merge_actor(static_cast<ActorId>(a));
    return finish();
  }

 private:
  // M3: what an invariant reads is seen between steps.
  void collect_visible() {
    if (mistake_for_tests() == Mistake::merge_seen) return;
    std::set<VarId> seen;
    for (const Property& property : system_.properties) {
      if (property.kind != PropertyKind::invariant) continue;
      for (const VarId var : system_.pool.variables(property.expr)) seen.insert(var);
    }
    visible_.assign(seen.begin(), seen.end());
  }

  bool has_deadlock_property() const {
    return std::any_of(system_.properties.begin(), system_.properties.end(),
                       [](const Property& p) { return p.kind == PropertyKind::deadlock; });
  }

  // M6: where actors wait for locks: at locations all of whose ways out acquire some. Those alike count once.
  void collect_waiting() {
    std::map<std::pair<ActorId, Location>, std::vector<std::size_t>> leaving;
    for (std::size_t i = 0; i < system_.transitions.size(); ++i)
      leaving[{system_.transitions[i].actor, system_.transitions[i].from}].push_back(i);
    for (const auto& [place, ways] : leaving) {
      if (!only_acquires(ways)) continue;
      Wait wait;
      for (const std::size_t way : ways) wait.insert({system_.transitions[way].guard, *system_.transitions[way].lock});
      waits_.insert(std::move(wait));
    }
    std::set<VarId> holding;
    for (const Lock& lock : system_.locks)
      for (const auto* held : {&lock.held_write, &lock.held_read})
        for (const ExprId expr : *held)
          for (const VarId var : system_.pool.variables(expr)) holding.insert(var);
    holding_.assign(holding.begin(), holding.end());
  }

  bool only_acquires(const std::vector<std::size_t>& ways) const {
    return std::all_of(ways.begin(), ways.end(), [&](std::size_t way) {
      const Transition& t = system_.transitions[way];
      return t.lock_effect == LockEffect::acquires && t.lock;
    });
  }

  bool valid(ExprId expr) const { return always_true(system_.pool, expr, movers_.domains(), most_valuations); }

  // M6 for one step: it changes only what its own actor holds, and an actor that is blocked by another one still is.
  bool keeps_waits(std::size_t original) {
    const Transition& t = system_.transitions[original];
    if (movers_.writes_any(original, holding_)) {
      for (const Lock& lock : system_.locks)
        for (std::size_t a = 0; a < system_.actors.size(); ++a)
          for (const ExprId held : {lock.held_write[a], lock.held_read[a]})
            if (a != index(t.actor) && !never(t, system_.pool.not_(system_.pool.eq(held, after(system_, t, held)))))
              return false;
    }
    return std::all_of(waits_.begin(), waits_.end(), [&](const Wait& wait) { return keeps_wait(t, wait); });
  }

  bool keeps_wait(const Transition& t, const Wait& wait) {
    ExprPool& pool = system_.pool;
    ExprId open = pool.truth(false);
    ExprId in_the_way = pool.truth(false);
    for (const auto& [guard, claim] : wait) {
      open = pool.or_(open, guard);
      const Lock& lock = system_.locks[index(claim.lock)];
      for (std::size_t a = 0; a < system_.actors.size(); ++a) {
        if (a == index(t.actor)) continue;  // it is not waiting itself, so it is in no circle
        in_the_way = pool.or_(in_the_way, lock.held_write[a]);
        if (claim.mode == LockMode::write) in_the_way = pool.or_(in_the_way, lock.held_read[a]);
      }
    }
    const ExprId opened = pool.and_(pool.not_(open), after(system_, t, open));
    return never(t, pool.and_(in_the_way, opened));
  }

  // The condition is false wherever the transition fires with its claims true.
  bool never(const Transition& t, ExprId condition) {
    ExprPool& pool = system_.pool;
    if (pool.is_false(condition)) return true;
    ExprId known = pool.and_(condition, t.guard);
    const std::vector<VarId> asked = pool.variables(condition);
    for (const LockClaim& claim : t.held) {
      // Claims that say nothing about these variables would only add valuations to try.
      const ExprId holds = holds_claim(system_, t.actor, claim);
      const std::vector<VarId> told = pool.variables(holds);
      if (std::find_first_of(told.begin(), told.end(), asked.begin(), asked.end()) != told.end())
        known = pool.and_(known, holds);
    }
    const auto [found, fresh] = never_.try_emplace(known);
    if (fresh)
      found->second =
          contradicts(pool, known) || always_true(pool, pool.not_(known), movers_.domains(), most_lock_valuations);
    return found->second;
  }

  bool absorbable(const Step& step) {
    if (step.parts.size() > 1) return step.absorbable;
    const std::size_t original = index(step.parts[0]);
    return !movers_.writes_any(original, visible_) && keeps_waits(original) && movers_.is_left_mover(original);
  }

  void merge_actor(ActorId actor) {
    const Actor& a = system_.actors[index(actor)];
    into_.assign(a.locations, {});
    out_of_.assign(a.locations, {});
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (steps_[i].transition.actor == actor) attach(i);
    }
    for (Location location = 0; location < a.locations; ++location) {
      // M1: the initial location and those where standing means something stay.
      const auto is_among = [&](const std::vector<Location>& places) {
        return std::find(places.begin(), places.end(), location) != places.end();
      };
      const bool means_something = location == a.initial || is_among(a.resting) || is_among(a.halted);
      if (!means_something && can_go(location)) eliminate(location);
    }
  }

  void attach(std::size_t step) {
    into_[steps_[step].transition.to].push_back(step);
    out_of_[steps_[step].transition.from].push_back(step);
  }

  bool can_go(Location location) {
    auto& in = into_[location];
    auto& out = out_of_[location];
    std::erase_if(in, [&](std::size_t i) { return !steps_[i].alive; });
    std::erase_if(out, [&](std::size_t i) { return !steps_[i].alive; });
    if (in.empty() || out.empty()) return false;
    if (in.size() * out.size() > in.size() + out.size() + options_.most_growth) return false;
    // M4: no circle of locations goes. When the others of a circle have gone, the last one has a way to itself.
    for (const std::size_t i : out)
      if (steps_[i].transition.to == location) return false;
    // M5: something can always be done, without a fault.
    std::vector<ExprId> guards;
    for (const std::size_t i : out)
      if (steps_[i].transition.faults == 0) guards.push_back(steps_[i].transition.guard);
    if (!valid(system_.pool.any(guards))) return false;
    return std::all_of(out.begin(), out.end(), [&](std::size_t i) { return absorbable(steps_[i]); });
  }

  void eliminate(Location location) {
    const std::vector<std::size_t> in = into_[location];
    const std::vector<std::size_t> out = out_of_[location];
    for (const std::size_t i : in) {
      const bool in_absorbable = absorbable(steps_[i]);
      std::size_t made = 0;
      for (std::size_t k = 0; k < out.size(); ++k) {
        Step composed = compose(steps_[i], steps_[out[k]]);
        composed.absorbable = in_absorbable;
        // The last one stays even if it can never fire: its actor still counts as one that waits for a lock.
        const bool last = made == 0 && k + 1 == out.size();
        if (system_.pool.is_false(composed.transition.guard) && !last) continue;
        ++made;
        steps_.push_back(std::move(composed));
        attach(steps_.size() - 1);
      }
    }
    for (const auto* gone : {&in, &out})
      for (const std::size_t i : *gone) steps_[i].alive = false;
  }

  Step compose(const Step& first, const Step& second) {
    Step out = first;
    out.parts.insert(out.parts.end(), second.parts.begin(), second.parts.end());
    const Transition& t1 = first.transition;
    const Transition& t2 = second.transition;
    const auto moved = [&](ExprId expr) { return after(system_, t1, expr); };
    Transition& t = out.transition;
    t.to = t2.to;
    t.guard = system_.pool.and_(t1.guard, moved(t2.guard));
    t.updates = composed_updates(t1, t2);
    for (Event event : t2.events) {
      for (ExprId& arg : event.args) arg = moved(arg);
      t.events.push_back(std::move(event));
    }
    for (const Assertion& assertion : t2.assertions) {
      const ExprId holds = moved(assertion.holds);
      if (!system_.pool.is_true(holds)) t.assertions.push_back({assertion.property, holds});
    }
    for (const Hit& hit : t2.hits) {
      const ExprId when = moved(hit.when);
      if (!system_.pool.is_false(when)) t.hits.push_back({hit.mark, when});
    }
    if (strength(t2.choice) > strength(t1.choice)) t.choice = t2.choice;
    t.faults = static_cast<std::uint8_t>(std::min(255, t1.faults + t2.faults));
    return out;
  }

  std::vector<Update> composed_updates(const Transition& t1, const Transition& t2) {
    std::vector<Update> out;
    const auto writes = [](const Transition& t, VarId var) {
      return std::any_of(t.updates.begin(), t.updates.end(), [&](const Update& update) { return update.var == var; });
    };
    for (const Update& update : t1.updates)
      if (!writes(t2, update.var)) out.push_back(update);
    for (const Update& update : t2.updates) {
      const ExprId value = after(system_, t1, update.value);
      if (value != system_.read(update.var)) out.push_back({update.var, value});
    }
    return out;
  }

  Rewritten finish() {
    Rewritten out;
    system_.transitions.clear();
    for (Step& step : steps_) {
      if (!step.alive) continue;
      system_.transitions.push_back(std::move(step.transition));
      out.parts.push_back(std::move(step.parts));
    }
    out.system = rebuild(system_, {std::vector<bool>(system_.variables.size(), true), {}}, out.old_variable);
    return out;
  }

  TransitionSystem system_;  // a copy, whose pool grows
  MergeOptions options_;
  Movers movers_;
  std::vector<VarId> visible_, holding_;
  std::set<Wait> waits_;
  std::unordered_map<ExprId, bool> never_;
  std::vector<Step> steps_;
  std::vector<std::vector<std::size_t>> into_, out_of_;  // of the actor at hand, by location
};

}  // namespace

Rewritten merge(const TransitionSystem& system, const MergeOptions& options) {
  if (options.enabled) return Merger(system, options).run();
  Rewritten out{system, {}, {}};
  for (std::size_t i = 0; i < system.transitions.size(); ++i) out.parts.push_back({static_cast<TransitionId>(i)});
  for (std::size_t i = 0; i < system.variables.size(); ++i) out.old_variable.push_back(static_cast<VarId>(i));
  return out;
}

}  // namespace hotproof::ir
