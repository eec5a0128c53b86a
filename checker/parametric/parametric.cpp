#include "checker/parametric/parametric.hpp"

#include <algorithm>

#include "checker/evidence.hpp"
#include "checker/parametric/search.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker {

namespace {

using namespace parametric;

class Exploration {
 public:
  Exploration(const ir::TransitionSystem& system, const Options& options) : system_(system), arena_(system, options) {
    for (std::size_t i = 0; i < system.properties.size(); ++i) {
      PropertyResult& property = result_.properties.emplace_back();
      property.property = static_cast<ir::PropertyId>(i);
      property.engine = "parametric";
    }
  }

  Result run() {
    search_without_faults();
    search_all();
    result_.statistics.seconds = std::chrono::duration<double>(Clock::now() - arena_.began).count();
    return std::move(result_);
  }

 private:
  // As the explicit engine does: these runs are few, and may decide their covers where the whole search meets a limit.
  void search_without_faults() {
    Plan plan;
    plan.faults = false;
    plan.demands = false;
    const bool some_faults = std::any_of(system_.transitions.begin(), system_.transitions.end(),
                                         [](const ir::Transition& transition) { return transition.faults > 0; });
    for (const ir::Property& property : system_.properties)
      if (judged_without_faults(property) &&
          std::find(plan.enough.begin(), plan.enough.end(), property.mark) == plan.enough.end())
        plan.enough.push_back(property.mark);
    if (!some_faults || plan.enough.empty()) return;
    Search search(arena_, plan);
    search.run();
    faultless_done_ = true;
    for (std::size_t i = 0; i < system_.properties.size(); ++i)
      if (judged_without_faults(system_.properties[i]))
        judge_cover(result_.properties[i], evidence(search, i, search.reached_at(system_.properties[i].mark)));
  }

  void search_all() {
    const Plan plan;
    Search search(arena_, plan);
    search.run();
    const auto invariant = search.invariant();
    for (std::size_t i = 0; i < system_.properties.size(); ++i) {
      const ir::Property& property = system_.properties[i];
      PropertyResult& out = result_.properties[i];
      const bool cover = property.kind == ir::PropertyKind::cover;
      if (cover && judged_without_faults(property) && faultless_done_) continue;
      if (cover) {
        judge_cover(out, evidence(search, i, search.reached_at(property.mark)));
      } else {
        const auto is_reached = [&](ir::MarkId mark) { return search.reached_at(mark).has_value(); };
        const bool triggered = property.triggers.empty() ||
                               std::any_of(property.triggers.begin(), property.triggers.end(), is_reached);
        judge_rule(system_, out, evidence(search, i, search.broken_at(static_cast<ir::PropertyId>(i))), triggered);
      }
      const bool by_invariant = out.verdict == (cover ? Verdict::violated : Verdict::proved);
      if (by_invariant || out.verdict == Verdict::vacuous) out.invariant = invariant;
    }
    note_triggers(search);
    result_.complete = search.complete();
    result_.stopped_by = search.stopped_by();
    result_.statistics.states = search.states();
    result_.statistics.transitions = search.transitions();
    result_.statistics.depth = search.deepest();
    result_.statistics.bytes = search.bytes();
  }

  // Runs to the triggers: without one, a property that is proved says nothing.
  void note_triggers(Search& search) {
    for (const ir::Property& property : system_.properties)
      for (const ir::MarkId mark : property.triggers)
        if (const auto& found = search.reached_at(mark); found && !result_.triggers.contains(mark))
          if (auto run = search.run_to(*found)) result_.triggers.emplace(mark, std::move(*run));
  }

  Evidence evidence(Search& search, std::size_t property, const std::optional<Found>& found) {
    Evidence out{std::nullopt,     search.complete(), search.stopped_by(), search.covered_depth(),
                 search.deepest(), search.states()};
    if (!found) return out;
    out.run = search.run_to(*found);
    if (!out.run) {
      // What was found is there; that its numbers are not is the solver's limit.
      out.complete = false;
      out.stopped_by = arena_.conditions.reason().empty() ? "no numbers found" : arena_.conditions.reason();
    } else if (!shows(property, *out.run)) {
      result_.internal_error = "the parametric engine's run does not show " + system_.properties[property].id;
    }
    return out;
  }

  // The reference semantics see it too.
  bool shows(std::size_t number, const ir::Run& run) const {
    const auto replayed = eval::replay(system_, run);
    if (!replayed) return false;
    const auto id = static_cast<ir::PropertyId>(number);
    const ir::PropertyKind kind = system_.properties[number].kind;
    const bool of_state = kind == ir::PropertyKind::invariant || kind == ir::PropertyKind::deadlock;
    if (of_state) return violates(system_, id, replayed->states.back(), std::nullopt);
    return !run.steps.empty() && violates(system_, id, replayed->states[run.steps.size() - 1], run.steps.back());
  }

  const ir::TransitionSystem& system_;
  Arena arena_;
  bool faultless_done_ = false;
  Result result_;
};

}  // namespace

Result explore_parameters(const ir::TransitionSystem& system, const Options& options) {
  return Exploration(system, options).run();
}

}  // namespace hotproof::checker
