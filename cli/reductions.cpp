#include "cli/reductions.hpp"

#include <set>

#include "checker/explicit/explorer.hpp"
#include "model/eval/interpreter.hpp"
#include "model/ir/passes/passes.hpp"

namespace hotproof::cli {

namespace {

using checker::Verdict;

tl::unexpected<Failure> broken(const std::string& message) {
  return internal_error(defect("a reduction relies on what does not hold: " + message));
}

// "whoever stands where a transition begins holds what it claims", as an expression over the state.
ir::ExprId all_claims(ir::TransitionSystem& system, const std::vector<ir::ExprId>& claims) {
  std::set<std::tuple<ir::ActorId, ir::Location, ir::ExprId>> known;
  ir::ExprId out = system.pool.truth(true);
  for (std::size_t t = 0; t < claims.size(); ++t) {
    const ir::Transition& transition = system.transitions[t];
    if (!known.insert({transition.actor, transition.from, claims[t]}).second) continue;
    const ir::VarId control = system.actors[ir::index(transition.actor)].control;
    const ir::ExprId at = system.read(control);
    const ir::ExprId here = system.pool.eq(at, system.pool.constant(transition.from, system.pool[at].width));
    out = system.pool.and_(out, system.pool.or_(system.pool.not_(here), claims[t]));
  }
  return out;
}

// The transition whose claim is broken at the end of the run.
std::string first_broken(const ir::TransitionSystem& system, const std::vector<ir::ExprId>& claims,
                         const ir::Run& run) {
  const auto replayed = eval::replay(system, run);
  if (!replayed) return "a lock that is claimed is not held";
  const ir::State& state = replayed->states.back();
  for (std::size_t t = 0; t < claims.size(); ++t) {
    const ir::Transition& transition = system.transitions[t];
    const ir::Actor& actor = system.actors[ir::index(transition.actor)];
    if (state[ir::index(actor.control)] != transition.from || eval::is_true(system.pool, claims[t], state)) continue;
    return "transition " + std::to_string(t) + " (" + transition.text + ") of " + actor.name +
           " claims a lock that is not held, or not by it alone";
  }
  return "a lock that is claimed is not held";
}

bool is_decided(Verdict verdict) {
  return verdict != Verdict::inconclusive;
}

}  // namespace

Result<std::string> test_reductions(const ir::TransitionSystem& base, const checker::Options& options,
                                    const checker::Result& reduced) {
  ir::TransitionSystem system = base;
  const std::vector<ir::ExprId> claims = ir::claims_hold(system);
  ir::Property held;
  held.id = "claims-of-locks";
  held.kind = ir::PropertyKind::invariant;
  held.expr = all_claims(system, claims);
  system.properties.push_back(held);
  checker::Options testing = options;
  testing.check_claims = true;
  const checker::Result result = checker::explore(system, testing);
  if (!result.internal_error.empty()) return broken(result.internal_error);
  const checker::PropertyResult& locks = result.properties.back();
  if (locks.verdict == Verdict::violated && locks.run) return broken(first_broken(system, claims, *locks.run));
  for (std::size_t i = 0; i < base.properties.size(); ++i) {
    const Verdict fine = result.properties[i].verdict;
    const Verdict coarse = reduced.properties[i].verdict;
    if (!is_decided(fine) || !is_decided(coarse) || fine == coarse) continue;
    return broken(base.properties[i].id + " is " + std::string(checker::name(coarse)) + " with reductions and " +
                  std::string(checker::name(fine)) + " without");
  }
  const std::string count = std::to_string(result.statistics.states);
  return "what reductions rely on was tested in " +
         (result.complete ? "all " + count + " states of the system before them"
                          : count + " states of the system before them, until " + result.stopped_by);
}

}  // namespace hotproof::cli
