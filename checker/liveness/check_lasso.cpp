#include "checker/liveness/check_lasso.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "model/eval/interpreter.hpp"

namespace hotproof::checker::liveness {

namespace {

bool stands_at(const ir::TransitionSystem& system, std::size_t actor, const std::vector<ir::Location>& places,
               const ir::State& state) {
  const std::uint64_t at = state[ir::index(system.actors[actor].control)];
  return std::find(places.begin(), places.end(), at) != places.end();
}

class Checker {
 public:
  Checker(const ir::TemporalQuestion& question, const Lasso& lasso)
      : question_(question), system_(question.system), lasso_(lasso) {}

  std::optional<std::string> run(const ir::Assumptions& assumptions, ir::FormulaId formula) {
    const auto replayed = eval::replay(system_, {lasso_.initial, lasso_.steps});
    if (!replayed) return replayed.error().message;
    if (replayed->left_range_at) return "a value leaves its declared range";
    states_ = replayed->states;
    for (const ir::State& state : states_)
      for (std::size_t actor = 0; actor < system_.actors.size(); ++actor)
        if (stands_at(system_, actor, system_.actors[actor].halted, state)) return "somebody has halted";
    if (lasso_.loop_start > lasso_.steps.size()) return "its loop begins behind its end";
    if (!ends() && states_.back() != states_[lasso_.loop_start]) return "its cycle does not come back";
    if (auto unfair = unfair_to_somebody()) return unfair;
    if (auto unfair = breaks(assumptions)) return unfair;
    const std::size_t length = lasso_.steps.size() + (ends() ? 1 : 0);
    const auto letter = [&](std::size_t at, std::uint32_t atom) { return is_true(at, atom); };
    if (ir::holds(question_.formulas, formula, length, lasso_.loop_start, letter)) return "the formula holds of it";
    return {};
  }

 private:
  bool ends() const { return lasso_.loop_start == lasso_.steps.size(); }

  bool is_true(std::size_t at, std::uint32_t atom) const {
    const ir::TemporalAtom& what = question_.atoms[atom];
    if (!what.is_event)
      return eval::is_true(system_.pool, system_.properties[ir::index(what.state)].expr, states_[at]);
    if (at == lasso_.steps.size()) return false;
    const auto marks = eval::marks_hit(system_, lasso_.steps[at], states_[at]);
    return std::find(marks.begin(), marks.end(), what.event) != marks.end();
  }

  bool must_move(std::size_t actor, const ir::State& state) const {
    if (stands_at(system_, actor, system_.actors[actor].resting, state)) return false;
    const auto enabled = eval::enabled(system_, state);
    return std::any_of(enabled.begin(), enabled.end(), [&](ir::TransitionId t) {
      return ir::index(system_[t].actor) == actor && system_[t].faults == 0;
    });
  }

  std::optional<std::string> unfair_to_somebody() const {
    for (std::size_t actor = 0; actor < system_.actors.size(); ++actor) {
      bool fair = false;
      for (std::size_t at = lasso_.loop_start; at < lasso_.steps.size(); ++at)
        fair |= ir::index(system_[lasso_.steps[at]].actor) == actor;
      for (std::size_t at = lasso_.loop_start; at < states_.size(); ++at) fair |= !must_move(actor, states_[at]);
      if (!fair) return system_.actors[actor].name + " could move for ever and never does";
    }
    return {};
  }

  // The lock that a step gives to its actor: it changes who holds what, and is no release.
  bool gets_lock(const ir::Transition& t) const {
    if (t.lock_effect == ir::LockEffect::acquires) return t.lock.has_value();
    if (t.lock_effect != ir::LockEffect::tries || !t.lock) return false;
    for (const ir::Update& update : t.updates)
      if (system_[update.var].role == ir::Role::lock) return true;
    return false;
  }

  std::optional<std::string> breaks(const ir::Assumptions& assumptions) const {
    using Lock = std::tuple<ir::ActorId, ir::Location, ir::LockClaim>;
    std::set<Lock> open, won;
    std::set<ir::TransitionId> ways, taken;
    for (std::size_t at = lasso_.loop_start; at < lasso_.steps.size(); ++at) {
      for (const ir::TransitionId id : eval::enabled(system_, states_[at])) {
        const ir::Transition& t = system_[id];
        const bool fires = id == lasso_.steps[at];
        if (t.faults > 0 || stands_at(system_, ir::index(t.actor), system_.actors[ir::index(t.actor)].resting, states_[at]))
          continue;
        if (gets_lock(t) && assumptions.locks) {
          open.insert({t.actor, t.from, *t.lock});
          if (fires) won.insert({t.actor, t.from, *t.lock});
        } else if (t.choice == ir::Choice::free && assumptions.choices) {
          ways.insert(id);
          if (fires) taken.insert(id);
        }
      }
    }
    if (open != won) return "somebody could get a lock again and again and never does";
    if (ways != taken) return "somebody could choose something again and again and never does";
    return {};
  }

  const ir::TemporalQuestion& question_;
  const ir::TransitionSystem& system_;
  const Lasso& lasso_;
  std::vector<ir::State> states_;
};

}  // namespace

std::optional<std::string> refuted(const ir::TemporalQuestion& question, const ir::Assumptions& assumptions,
                                   ir::FormulaId formula, const Lasso& lasso) {
  return Checker(question, lasso).run(assumptions, formula);
}

std::optional<std::string> not_a_run(const ir::TransitionSystem& system, const Lasso& lasso) {
  ir::Run run{lasso.initial, lasso.steps};
  run.steps.insert(run.steps.end(), lasso.steps.begin() + static_cast<std::ptrdiff_t>(lasso.loop_start), lasso.steps.end());
  const auto replayed = eval::replay(system, run);
  if (!replayed) return replayed.error().message;
  if (replayed->left_range_at) return "a value leaves its declared range";
  return {};
}

}  // namespace hotproof::checker::liveness
