#include "checker/campaign/panel.hpp"

#include <algorithm>
#include <functional>

#include "checker/agreement/agreement.hpp"
#include "checker/explicit/explorer.hpp"
#include "checker/smt/portfolio.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"
#include "model/ir/passes/passes.hpp"

namespace hotproof::campaign {

namespace {

using checker::PropertyResult;
using checker::Result;
using checker::Verdict;
using ir::TransitionSystem;
using Found = std::optional<std::string>;

Found said_by(const std::string& way, const Found& what) {
  if (!what) return std::nullopt;
  return way + ": " + *what;
}

// The result of an engine on a system, against brute force on the same system.
Found judged(const TransitionSystem& system, const Result& reference, const Result& result) {
  if (auto found = checker::difference(system, reference, result)) return found;
  if (auto found = checker::unconfirmed(system, result)) return found;
  for (const PropertyResult& property : result.properties)
    if (property.verdict == Verdict::inconclusive)
      return system.properties[ir::index(property.property)].id + " is left open: " + property.reason;
  if (!result.complete) return "stopped by " + result.stopped_by;
  return std::nullopt;
}

Found explored(const TransitionSystem& system, const Result& reference) {
  struct Way {
    std::string name;
    bool sleep_sets, check_claims;
  };
  for (const auto& [way, sleep_sets, check_claims] :
       {Way{"explorer", false, false}, Way{"explorer with sleep sets", true, false},
        Way{"explorer that tests claims", false, true}}) {
    checker::Options options;
    options.sleep_sets = sleep_sets;
    options.asleep_beyond = 0;
    options.check_claims = check_claims;
    const Result result = checker::explore(system, options);
    if (auto found = judged(system, reference, result)) return said_by(way, found);
    if (result.statistics.states != reference.statistics.states) return way + ": counts other states";
    if (result.statistics.transitions != reference.statistics.transitions) return way + ": counts other transitions";
  }
  // States of several words, which can be folded; of those that nobody reads more than one stands for one of the
  // system's.
  const TransitionSystem wide = eval::widened(system);
  checker::Options folds;
  folds.folded_beyond = 0;
  return said_by("explorer that folds states", judged(wide, reference, checker::explore(wide, folds)));
}

// A lifted run shows the property in the state before, in between or behind the steps that its last step stands for.
Found wrong_lift(const TransitionSystem& before, const ir::Rewritten& after, ir::PropertyId id, const ir::Run& run) {
  const ir::Run lifted = ir::lift(before, after, run);
  const auto replayed = eval::replay(before, lifted);
  if (!replayed) return "its run does not lift: " + to_string(replayed.error());
  const ir::Property& property = before.properties[ir::index(id)];
  const auto injects = [&](ir::TransitionId step) { return before[step].faults != 0; };
  if (property.cover_without_faults && std::any_of(lifted.steps.begin(), lifted.steps.end(), injects))
    return "its run has a fault when it is lifted";
  const std::size_t parts = run.steps.empty() ? 0 : after.parts[ir::index(run.steps.back())].size();
  const bool of_states = property.kind == ir::PropertyKind::invariant || property.kind == ir::PropertyKind::deadlock;
  for (std::size_t at = lifted.steps.size() - parts; at <= lifted.steps.size(); ++at) {
    if (!of_states && at == lifted.steps.size()) break;
    const auto fired = of_states ? std::nullopt : std::optional(lifted.steps[at]);
    if (checker::violates(before, id, replayed->states[at], fired)) return std::nullopt;
  }
  return "its run shows nothing when it is lifted";
}

struct Pass {
  std::string name;
  std::function<ir::Rewritten(const TransitionSystem&)> run;
  bool same_length = false;  // shortest runs stay as long as they were
};

// merge_equal has no way back but the system that it makes: runs are runs of that one.
ir::Rewritten nothing_done(const TransitionSystem& system) {
  return ir::merge(system, {.enabled = false});
}

std::vector<Pass> passes() {
  return {{"slice", ir::slice, true},
          {"merge", [](const TransitionSystem& s) { return ir::merge(s); }, false},
          {"merge and slice",
           [](const TransitionSystem& s) {
             const ir::Rewritten merged = ir::merge(s);
             return ir::chain(merged, ir::slice(merged.system));
           },
           false},
          {"no merging", nothing_done, true}};
}

// A pass against brute force before it (`old`) and behind it; gives the latter.
Found behind(const TransitionSystem& before, const Result& old, const ir::Rewritten& after, bool same_length,
             std::size_t most_states, std::optional<Result>& reference) {
  if (const auto fault = ir::fault_in(after.system)) return "makes a system with a fault: " + *fault;
  const auto brute = eval::explore(after.system, most_states);
  if (!brute) return "makes more states";
  reference = checker::as_result(after.system, *brute);
  for (std::size_t i = 0; i < before.properties.size(); ++i) {
    const PropertyResult& o = old.properties[i];
    const PropertyResult& n = reference->properties[i];
    const std::string& id = before.properties[i].id;
    if (o.verdict != n.verdict)
      return id + " was " + std::string(checker::name(o.verdict)) + " and is " + std::string(checker::name(n.verdict));
    if (!o.run) continue;
    if (n.depth > o.depth) return id + " needs more steps than before";
    if (same_length && n.depth != o.depth) return id + " needs fewer steps than before";
    if (auto found = wrong_lift(before, after, n.property, *n.run)) return id + ": " + *found;
  }
  return explored(after.system, *reference);
}

bool merges(const ir::Rewritten& rewritten) {
  return std::any_of(rewritten.parts.begin(), rewritten.parts.end(), [](const auto& p) { return p.size() > 1; });
}

Found solved(const TransitionSystem& system, const Result& reference, const Scope& scope, Tally& tally) {
  checker::Options options;
  options.limits.seconds = scope.solver_seconds;
  options.in_turn = scope.in_turn;
  const Result result = checker::smt::decide(system, options);
  if (result.stopped_by == "time limit") {
    if (auto found = checker::difference(system, reference, result)) return found;
    if (auto found = checker::unconfirmed(system, result)) return found;
  } else if (auto found = judged(system, reference, result)) {
    return found;
  }
  for (const PropertyResult& property : result.properties) {
    if (property.verdict == Verdict::inconclusive) {
      ++tally.open;
      continue;
    }
    ++tally.by_solver;
    if (property.invariant) ++tally.by_invariant;
  }
  return std::nullopt;
}

void count(const Result& reference, Tally& tally) {
  ++tally.systems;
  tally.states += reference.statistics.states;
  for (const PropertyResult& property : reference.properties) {
    ++(property.run ? tally.shown : tally.proved);
    if (property.run) tally.longest = std::max<std::size_t>(tally.longest, property.depth);
  }
}

}  // namespace

Found difference(const TransitionSystem& system, const Scope& scope, Tally* tally) {
  Tally ignored;
  Tally& counts = tally != nullptr ? *tally : ignored;
  const auto brute = eval::explore(system, scope.most_states);
  if (!brute || brute->left_range) {
    ++counts.left_out;
    return std::nullopt;
  }
  const Result reference = checker::as_result(system, *brute);
  count(reference, counts);
  if (auto found = explored(system, reference)) return found;

  const TransitionSystem equal = ir::merge_equal(system);
  const auto equal_brute = eval::explore(equal, scope.most_states);
  if (!equal_brute) return "merge_equal: makes more states";
  const Result equal_reference = checker::as_result(equal, *equal_brute);
  if (auto found = checker::difference(system, reference, equal_reference)) return said_by("merge_equal", found);
  if (auto found = explored(equal, equal_reference)) return said_by("merge_equal", found);

  ir::Rewritten last;
  std::optional<Result> last_reference;
  for (const Pass& pass : passes()) {
    ir::Rewritten after = pass.run(equal);
    std::optional<Result> behind_it;
    if (auto found = behind(equal, equal_reference, after, pass.same_length, scope.most_states, behind_it))
      return said_by(pass.name, found);
    if (pass.name == "slice" && after.system.variables.size() < equal.variables.size()) ++counts.sliced;
    if (pass.name != "merge and slice") continue;
    if (merges(after)) ++counts.merged;
    last = std::move(after);
    last_reference = std::move(behind_it);
  }
  if (!scope.solver) return std::nullopt;
  if (auto found = solved(system, reference, scope, counts)) return said_by("solver", found);
  Tally of_merged;
  if (merges(last))
    if (auto found = solved(last.system, *last_reference, scope, of_merged)) return said_by("solver, merged", found);
  return std::nullopt;
}

}  // namespace hotproof::campaign
