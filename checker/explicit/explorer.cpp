#include "checker/explicit/explorer.hpp"

#include <algorithm>

#include "checker/evidence.hpp"
#include "checker/explicit/search.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker {

namespace {

using namespace explicit_state;

constexpr std::size_t most_initial_candidates = 1'000'000;

Evidence evidence(Search& search, const std::optional<Found>& found) {
  Evidence out{std::nullopt,           search.complete(), search.stopped_by(), search.covered_depth(),
               search.deepest(), search.states()};
  if (found) out.run = search.run_to(*found);
  return out;
}

class Exploration {
 public:
  Exploration(const ir::TransitionSystem& system, const Options& options)
      : system_(system), options_(options), layout_(system), start_(Clock::now()) {
    for (std::size_t i = 0; i < system.properties.size(); ++i) {
      PropertyResult& property = result_.properties.emplace_back();
      property.property = static_cast<ir::PropertyId>(i);
      property.engine = "explicit";
    }
  }

  Result run() {
    const auto initial = eval::initial_states(system_, most_initial_candidates);
    if (!initial) {
      result_.stopped_by = initial.error().message;
      for (PropertyResult& property : result_.properties) property.reason = result_.stopped_by;
    } else {
      search_without_faults(*initial);
      search_all(*initial);
    }
    result_.statistics.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    return std::move(result_);
  }

 private:
  // The states that runs without faults reach are few, so this comes first: it may decide its covers even where the
  // whole search meets a limit.
  void search_without_faults(const std::vector<ir::State>& initial) {
    const bool some_faults = std::any_of(system_.transitions.begin(), system_.transitions.end(),
                                         [](const ir::Transition& transition) { return transition.faults > 0; });
    if (!some_faults) return;
    Plan plan;
    plan.start = start_;
    plan.selection.faults = false;
    plan.selection.assertions = false;
    plan.selection.marks.resize(system_.marks.size(), false);
    for (const ir::Property& property : system_.properties)
      if (judged_without_faults(property)) plan.selection.marks[ir::index(property.mark)] = true;
    for (std::size_t i = 0; i < plan.selection.marks.size(); ++i)
      if (plan.selection.marks[i]) plan.enough.push_back(static_cast<ir::MarkId>(i));
    if (plan.enough.empty()) return;
    Search search(system_, layout_, options_, plan);
    search.run(initial);
    result_.internal_error = search.refuted_claim();
    faultless_done_ = true;
    for (std::size_t i = 0; i < system_.properties.size(); ++i)
      if (judged_without_faults(system_.properties[i]))
        judge_cover(result_.properties[i], evidence(search, search.reached_at(system_.properties[i].mark)));
    // Where every such cover was reached, the search ended early and its states are no closed set.
    const bool some_open = std::any_of(plan.enough.begin(), plan.enough.end(),
                                       [&](ir::MarkId mark) { return !search.reached_at(mark).has_value(); });
    if (some_open && search.complete()) result_.faultless_states = search.take_states();
  }

  void search_all(const std::vector<ir::State>& initial) {
    Plan plan;
    plan.start = start_;
    for (std::size_t i = 0; i < system_.properties.size(); ++i) {
      const ir::Property& property = system_.properties[i];
      const auto id = static_cast<ir::PropertyId>(i);
      if (property.kind == ir::PropertyKind::invariant) plan.invariants.push_back({id, property.expr});
      if (property.kind == ir::PropertyKind::deadlock) plan.deadlocks.push_back(id);
    }
    Search search(system_, layout_, options_, plan);
    search.run(initial);
    for (std::size_t i = 0; i < system_.properties.size(); ++i) judge(static_cast<ir::PropertyId>(i), search);
    result_.complete = search.complete();
    result_.stopped_by = search.stopped_by();
    if (result_.internal_error.empty()) result_.internal_error = search.refuted_claim();
    result_.statistics.states = search.states();
    result_.statistics.transitions = search.transitions();
    result_.statistics.depth = search.deepest();
    result_.statistics.bytes = search.bytes();
    for (const ir::Property& property : system_.properties)
      for (const ir::MarkId mark : property.triggers)
        if (const auto& found = search.reached_at(mark); found && !result_.triggers.contains(mark))
          result_.triggers.emplace(mark, search.run_to(*found));
    if (search.complete()) result_.states = search.take_states();
  }

  void judge(ir::PropertyId id, Search& search) {
    const ir::Property& property = system_.properties[ir::index(id)];
    PropertyResult& out = result_.properties[ir::index(id)];
    if (property.kind == ir::PropertyKind::cover) {
      if (!judged_without_faults(property) || !faultless_done_)
        judge_cover(out, evidence(search, search.reached_at(property.mark)));
      return;
    }
    const bool triggered =
        property.triggers.empty() || std::any_of(property.triggers.begin(), property.triggers.end(),
                                                 [&](ir::MarkId mark) { return search.reached_at(mark).has_value(); });
    judge_rule(system_, out, evidence(search, search.broken_at(id)), triggered);
  }

  const ir::TransitionSystem& system_;
  const Options& options_;
  Layout layout_;
  Clock::time_point start_;
  bool faultless_done_ = false;
  Result result_;
};

}  // namespace

Result explore(const ir::TransitionSystem& system, const Options& options) {
  return Exploration(system, options).run();
}

}  // namespace hotproof::checker
