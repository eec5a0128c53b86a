#include "checker/explicit/explorer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include "checker/evidence.hpp"
#include "checker/explicit/lossy.hpp"
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

// Misses are rare and independent, as far as hashes are random numbers: Poisson's distribution.
std::string missed_in_words(double expected) {
  char words[128];
  const int size =
      std::snprintf(words, sizeof words, "a state was missed with a probability of %.2g", -std::expm1(-expected));
  if (expected >= 1)
    std::snprintf(words + size, sizeof words - static_cast<std::size_t>(size), " (some %.0f were)", expected);
  return words;
}

class Exploration {
 public:
  Exploration(const ir::TransitionSystem& system, const Options& options)
      : system_(system), options_(options), start_(Clock::now()) {
    if (options.symmetry && !options.check_claims) interchangeable_ = ir::interchangeable_actors(system);
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
      if (options_.remembered != Remembered::states)
        search_lossily(*initial);
      else if (result_.refused.empty())
        search_all(*initial);
      if (!result_.refused.empty()) leave_all_open();
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
    plan.reducible = false;
    plan.selection.marks.resize(system_.marks.size(), false);
    for (const ir::Property& property : system_.properties)
      if (judged_without_faults(property)) plan.selection.marks[ir::index(property.mark)] = true;
    for (std::size_t i = 0; i < plan.selection.marks.size(); ++i)
      if (plan.selection.marks[i]) plan.enough.push_back(static_cast<ir::MarkId>(i));
    if (plan.enough.empty()) return;
    const std::unique_ptr<Search> done = searched(plan, initial, options_);
    Search& search = *done;
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

  Plan plan_for_all() const {
    Plan plan;
    plan.start = start_;
    for (std::size_t i = 0; i < system_.properties.size(); ++i) {
      const ir::Property& property = system_.properties[i];
      const auto id = static_cast<ir::PropertyId>(i);
      if (property.kind == ir::PropertyKind::invariant) plan.invariants.push_back({id, property.expr});
      if (property.kind == ir::PropertyKind::deadlock) plan.deadlocks.push_back(id);
      if (property.kind != ir::PropertyKind::cover)
        plan.to_break.push_back(id);
      else if (!judged_without_faults(property) || !faultless_done_)
        plan.to_reach.push_back(property.mark);
    }
    return plan;
  }

  void search_all(const std::vector<ir::State>& initial) {
    Plan plan = plan_for_all();
    std::unique_ptr<Search> done = searched(plan, initial, options_);
    Search& search = *done;
    for (std::size_t i = 0; i < system_.properties.size(); ++i) judge(static_cast<ir::PropertyId>(i), search);
    result_.complete = search.complete();
    result_.stopped_by = search.stopped_by();
    if (result_.internal_error.empty()) result_.internal_error = search.refuted_claim();
    result_.statistics.states = search.states();
    result_.statistics.transitions = search.transitions();
    result_.statistics.depth = search.deepest();
    result_.statistics.bytes = search.bytes();
    result_.statistics.up_to_exchanges = !orbits_->empty();
    result_.statistics.some_go_alone = search.some_go_alone();
    result_.statistics.slept = search.slept();
    for (const ir::Property& property : system_.properties)
      for (const ir::MarkId mark : property.triggers)
        if (const auto& found = search.reached_at(mark); found && !result_.triggers.contains(mark))
          result_.triggers.emplace(mark, search.run_to(*found));
    const std::uint32_t shortest_up_to = search.shortest_up_to();
    if (search.complete()) result_.states = search.take_states();
    done.reset();
    // Whoever set that limit wants another search if it is met.
    if (result_.stopped_by != stopped_by_states) shorten(std::move(plan), shortest_up_to, initial);
  }

  // Begins anew, as searched() does, while a dictionary is full.
  void search_lossily(const std::vector<ir::State>& initial) {
    const Plan plan = plan_for_all();
    std::unique_ptr<LossySearch> search;
    for (Layout::Interned interned; search == nullptr || layout_->is_full(); interned = layout_->wider()) {
      search.reset();
      layout_ = std::make_unique<Layout>(system_, interned, 0, shared_dictionaries(interchangeable_));
      orbits_ = std::make_unique<Orbits>(*layout_, interchangeable_);
      search = std::make_unique<LossySearch>(system_, *layout_, *orbits_, options_, plan);
      search->run(initial);
    }
    const bool went_everywhere = search->stopped_by().empty();
    const std::string missed = missed_in_words(search->expected_missed());
    result_.stopped_by = went_everywhere ? "what it keeps of states: " + missed : search->stopped_by();
    const std::string reason = (went_everywhere ? "" : search->stopped_by() + "; ") + "not found; " + missed;
    for (PropertyResult& out : result_.properties) {
      const ir::Property& property = system_.properties[ir::index(out.property)];
      const bool cover = property.kind == ir::PropertyKind::cover;
      if (cover && judged_without_faults(property) && faultless_done_) continue;
      Evidence seen{cover ? search->reached_by(property.mark) : search->broken_by(out.property),
                    false,
                    result_.stopped_by,
                    0,
                    search->deepest(),
                    search->states()};
      out.shortest = false;
      cover ? judge_cover(out, std::move(seen)) : judge_rule(system_, out, std::move(seen), true);
      if (out.verdict == Verdict::inconclusive) out.reason = reason;
    }
    result_.statistics.states = search->states();
    result_.statistics.transitions = search->transitions();
    result_.statistics.depth = search->deepest();
    result_.statistics.bytes = search->bytes();
    result_.statistics.up_to_exchanges = !orbits_->empty();
    result_.statistics.some_go_alone = search->some_go_alone();
  }

  // Where one actor went alone, runs may be longer than need be. What took more steps than all runs were searched to is
  // looked for once more, without that: is there a shorter one?
  void shorten(Plan plan, std::uint32_t shortest_up_to, const std::vector<ir::State>& initial) {
    plan.to_break.clear();
    plan.to_reach.clear();
    std::vector<PropertyResult*> long_ones;
    Options options = options_;
    for (PropertyResult& out : result_.properties) {
      const ir::Property& property = system_.properties[ir::index(out.property)];
      if (!out.run || out.run->steps.size() <= shortest_up_to || (judged_without_faults(property) && faultless_done_))
        continue;
      long_ones.push_back(&out);
      const bool cover = property.kind == ir::PropertyKind::cover;
      if (cover) plan.to_reach.push_back(property.mark);
      if (!cover) plan.to_break.push_back(out.property);
      options.limits.depth = std::max(options.limits.depth, static_cast<std::uint32_t>(out.run->steps.size() - 1));
    }
    if (long_ones.empty()) return;
    plan.only_answers = true;
    options.partial_order = false;
    options.keeping = {};
    options.disk.clear();
    if (options.limits.bytes != 0) options.limits.bytes -= std::min(options.limits.bytes - 1, result_.statistics.bytes);
    const std::unique_ptr<Search> search = searched(plan, initial, options);
    for (PropertyResult* const out : long_ones) {
      const ir::Property& property = system_.properties[ir::index(out->property)];
      const auto& found = property.kind == ir::PropertyKind::cover ? search->reached_at(property.mark)
                                                                   : search->broken_at(out->property);
      out->shortest = found || search->complete() || search->stopped_by() == "depth";
      if (!found || found->depth >= out->run->steps.size()) continue;
      out->run = search->run_to(*found);
      out->depth = found->depth;
    }
  }

  // Begins anew, with more room, while some variable has more values than its dictionary holds. That shows early, if ever.
  std::unique_ptr<Search> searched(const Plan& plan, const std::vector<ir::State>& initial, const Options& options) {
    const Keeping& keeping = options.keeping;
    const auto renew_checkpoint = [&] {
      checkpoint_.reset();
      if (!keeping.folder.empty())
        checkpoint_ = std::make_unique<Checkpoint>(keeping.folder,
                                                   Checkpoint::identity_of(system_, plan.selection, reductions()));
    };
    renew_checkpoint();
    std::optional<Progressed> from;
    if (checkpoint_ && keeping.resume) {
      auto last = checkpoint_->last();
      if (!last) refuse(to_string(last.error()));
      if (last && *last) {
        from = std::move(**last);
        interned_ = from->interned;
      }
    }
    for (;; interned_ = layout_->wider(), from.reset(), renew_checkpoint()) {
      layout_ = std::make_unique<Layout>(system_, interned_, 0, shared_dictionaries(interchangeable_));
      orbits_ = std::make_unique<Orbits>(*layout_, interchangeable_);
      auto search = std::make_unique<Search>(system_, *layout_, *orbits_, options, plan);
      if (checkpoint_) search->keep(*checkpoint_);
      if (from)
        if (const auto resumed = search->resume(*from); !resumed) refuse(to_string(resumed.error()));
      if (!layout_->is_full() && result_.refused.empty()) search->run(initial);
      if (!layout_->is_full()) {
        refuse(search->refused());
        return search;
      }
    }
  }

  // What decides, besides the system, which states are met.
  std::string reductions() const {
    return std::string(interchangeable_.empty() ? "" : "symmetry ") +
           (options_.partial_order ? "partial-order " + std::to_string(options_.reduced_beyond) : "");
  }

  void leave_all_open() {
    result_.complete = false;
    result_.stopped_by = result_.refused;
    result_.states.reset();
    result_.faultless_states.reset();
    for (PropertyResult& property : result_.properties) {
      property.verdict = Verdict::inconclusive;
      property.reason = result_.refused;
      property.run.reset();
    }
  }

  void refuse(const std::string& why) {
    if (result_.refused.empty()) result_.refused = why;
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
  Layout::Interned interned_;
  std::vector<ir::Interchangeable> interchangeable_;
  std::unique_ptr<Layout> layout_;
  std::unique_ptr<Orbits> orbits_;
  std::unique_ptr<Checkpoint> checkpoint_;
  Clock::time_point start_;
  bool faultless_done_ = false;
  Result result_;
};

}  // namespace

Result explore(const ir::TransitionSystem& system, const Options& options) {
  return Exploration(system, options).run();
}

}  // namespace hotproof::checker
