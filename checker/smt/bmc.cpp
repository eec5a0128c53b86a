#include "checker/smt/bmc.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/smt/goals.hpp"
#include "checker/smt/solver.hpp"
#include "checker/smt/unroll.hpp"

namespace hotproof::checker::smt {

namespace {

using ir::ExprId;
using std::chrono::duration;
using std::chrono::steady_clock;

struct FoundRun {
  ir::Run run;
  eval::Replay replay;
};

class Search {
 public:
  Search(const ir::TransitionSystem& system, const Options& options, Exchange* exchange)
      : options_(options),
        exchange_(exchange),
        system_(system),
        unrolling_(system_),
        goals_(system_, unrolling_),
        solver_(unrolling_.pool()),
        started_(steady_clock::now()),
        last_progress_(started_) {
    patience_.bytes = options.limits.bytes;
    patience_.interrupted = options.interrupted;
    if (options.pointless != nullptr) patience_.pointless.push_back(options.pointless);
    if (exchange != nullptr) patience_.pointless.push_back(&exchange->all_known());
    if (options.limits.seconds > 0)
      patience_.deadline =
          started_ + std::chrono::duration_cast<steady_clock::duration>(duration<double>(options.limits.seconds));
    for (std::size_t i = 0; i < system.properties.size(); ++i) {
      result_.properties.emplace_back();
      result_.properties.back().property = static_cast<ir::PropertyId>(i);
      result_.properties.back().engine = "bmc";
    }
  }

  Result run() {
    const bool unbounded = exchange_ != nullptr && options_.limits.depth == 0;
    const std::uint32_t bound = options_.limits.depth == 0 ? default_depth : options_.limits.depth;
    while (goals_.undecided() && decide_depth()) {
      result_.statistics.depth = unrolling_.depth();
      const bool deep_enough = exchange_ != nullptr && unrolling_.depth() >= exchange_->deepest();
      if (deep_enough || (!unbounded && unrolling_.depth() == bound)) {
        if (goals_.undecided()) result_.stopped_by = "depth";
        break;
      }
      unrolling_.step();
      report_progress();
    }
    finish();
    return std::move(result_);
  }

 private:
  // All that runs of the present length can decide. False if the search is over.
  bool decide_depth() {
    if (const std::string reason = exceeded(patience_); !reason.empty()) return stop(reason);
    hear();
    std::vector<Goal> open = goals_.at_this_depth();
    for (const ExprId requirement : unrolling_.take_requirements()) solver_.require(requirement);
    while (!open.empty()) {
      switch (ask(open)) {
        case Answer::unknown:
          return stop(solver_.reason());
        case Answer::sat:
          if (!settle(open)) return false;
          continue;
        case Answer::unsat:
          // Known for good, and a help for the deeper questions.
          for (const Goal& goal : open) solver_.require(unrolling_.pool().not_(goal.reached));
          open.clear();
      }
    }
    if (!left_range_.empty()) return stop(left_range_);
    return has_run();
  }

  // What the other engine has proved is not asked for any more; what it knows is true of the last state of every run.
  void hear() {
    if (exchange_ == nullptr) return;
    for (std::size_t i = 0; i < system_.properties.size(); ++i)
      if (exchange_->is_proved(i)) goals_.set_reached({Goal::Kind::property, i, {}});
    if (!facts_known_) {
      const auto facts = exchange_->facts();
      if (!facts) return;
      facts_known_ = true;
      for (const ExprId clause : facts->clauses)
        facts_.push_back(
            system_.pool.import(facts->pool, clause, [this](ir::VarId id, int) { return system_.read(id); }));
    }
    for (const ExprId fact : facts_) solver_.require(unrolling_.now(fact));
  }

  // Is one of the goals reached by a run of this length?
  Answer ask(const std::vector<Goal>& open) {
    ir::ExprPool& pool = unrolling_.pool();
    std::vector<ExprId> reached;
    for (const Goal& goal : open) reached.push_back(goal.reached);
    const ExprId question = unrolling_.unknown(1);
    solver_.require(pool.or_(pool.not_(question), pool.any(reached)));
    return solver_.check({&question, 1}, patience_);
  }

  // The run in the solver's model, replayed. Nothing, and an internal error, if it is not one.
  std::optional<FoundRun> found_run() {
    auto run = unrolling_.run([this](ExprId id) { return solver_.value(id); });
    if (!run) {
      refute("the solver's model describes no run");
      return std::nullopt;
    }
    Outcome<eval::Replay> replay = eval::replay(system_, *run);
    if (!replay) {
      refute("the solver's run cannot be replayed: " + replay.error().message);
      return std::nullopt;
    }
    known_run_end_ = replay->states.back();
    known_run_length_ = unrolling_.depth();
    return FoundRun{std::move(*run), std::move(*replay)};
  }

  // Takes the run that the solver found, and the goals out of `open` that it reaches. False if it is not a run.
  bool settle(std::vector<Goal>& open) {
    const auto found = found_run();
    if (!found) return false;
    std::vector<Goal> rest;
    for (const Goal& goal : open) {
      const auto claimed = solver_.value(goal.reached);
      if (!claimed || (*claimed != 0) != is_reached(system_, goal, found->run, found->replay))
        return refute("solver and interpreter differ on " + describe(system_, goal));
      if (*claimed == 0)
        rest.push_back(goal);
      else
        take(goal, *found);
    }
    if (rest.size() == open.size()) return refute("the solver's run reaches nothing that was asked for");
    // Triggers of properties that this run has decided are not asked for any more.
    std::erase_if(rest, [this](const Goal& goal) { return !goals_.is_wanted(goal); });
    open = std::move(rest);
    return true;
  }

  void take(const Goal& goal, const FoundRun& found) {
    goals_.set_reached(goal);
    if (goal.kind == Goal::Kind::range) {
      const auto variable = eval::out_of_range(system_, found.replay.states.back());
      left_range_ = "range of " + (variable ? system_[*variable].name : std::string("a variable"));
    }
    if (goal.kind == Goal::Kind::trigger) result_.triggers.emplace(static_cast<ir::MarkId>(goal.index), found.run);
    if (exchange_ != nullptr && goal.kind == Goal::Kind::trigger)
      exchange_->set_reached(static_cast<ir::MarkId>(goal.index));
    if (goal.kind != Goal::Kind::property) return;
    if (exchange_ != nullptr) exchange_->set_shown(goal.index);
    PropertyResult& result = result_.properties[goal.index];
    const bool cover = system_.properties[goal.index].kind == ir::PropertyKind::cover;
    result.verdict = cover ? Verdict::proved : Verdict::violated;
    result.run = found.run;
    result.depth = unrolling_.depth();
  }

  // Is there a run of this length at all? If not, all runs have been seen. Where the last known run can go on, the
  // interpreter knows the answer at once; the solver is asked only when that run is stuck.
  bool has_run() {
    if (extend_known_run()) return true;
    switch (solver_.check({}, patience_)) {
      case Answer::unsat:
        result_.complete = true;
        return false;
      case Answer::unknown:
        return stop(solver_.reason());
      case Answer::sat:
        break;
    }
    return found_run().has_value();
  }

  bool extend_known_run() {
    if (!known_run_end_ || known_run_length_ == unrolling_.depth()) return known_run_end_.has_value();
    const std::vector<ir::TransitionId> ways = eval::enabled(system_, *known_run_end_);
    if (ways.empty()) return false;
    // Another way each time, or the run might only ever go round in one actor's circle until the others block it.
    known_run_end_ = eval::fire(system_, ways[unrolling_.depth() % ways.size()], *known_run_end_);
    known_run_length_ = unrolling_.depth();
    return true;
  }

  bool stop(const std::string& reason) {
    result_.stopped_by = reason;
    return false;
  }

  bool refute(std::string why) {
    result_.internal_error = "bounded model checking, depth " + std::to_string(unrolling_.depth()) + ": " + why;
    return false;
  }

  void report_progress() {
    const auto now = steady_clock::now();
    if (!options_.progress || now - last_progress_ < std::chrono::milliseconds(250)) return;
    last_progress_ = now;
    options_.progress({unrolling_.depth(), 0, 0, duration<double>(now - started_).count()});
  }

  void finish() {
    for (PropertyResult& property : result_.properties) {
      if (!result_.internal_error.empty()) {
        property = {property.property, Verdict::inconclusive, property.engine, "internal error", {}, 0, true};
        continue;
      }
      if (property.verdict != Verdict::inconclusive) continue;
      property.depth = result_.statistics.depth;
      if (result_.complete)
        conclude(property);
      else
        leave_open(property);
    }
    result_.statistics.seconds = duration<double>(steady_clock::now() - started_).count();
    result_.statistics.bytes = Solver::bytes();
  }

  // Nothing was found in any run.
  void conclude(PropertyResult& property) const {
    const ir::Property& declared = system_.properties[ir::index(property.property)];
    property.runs_end = true;
    if (declared.kind == ir::PropertyKind::cover) {
      property.verdict = Verdict::violated;
    } else if (goals_.is_vacuous(declared)) {
      property.verdict = Verdict::vacuous;
      property.reason = "no run reaches a trigger of it";
    } else {
      property.verdict = Verdict::proved;
    }
  }

  void leave_open(PropertyResult& property) const {
    property.bounded = true;
    const bool cover = system_.properties[ir::index(property.property)].kind == ir::PropertyKind::cover;
    property.reason = (cover ? "not reached in " : "not violated in ") + std::to_string(property.depth) + " steps (" +
                      result_.stopped_by + ")";
  }

  const Options& options_;
  Exchange* exchange_;
  std::vector<ExprId> facts_;  // over the state
  bool facts_known_ = false;
  ir::TransitionSystem system_;  // a copy: the goals add expressions to its pool
  Unrolling unrolling_;
  Goals goals_;
  Solver solver_;
  Patience patience_;
  steady_clock::time_point started_;
  steady_clock::time_point last_progress_;
  std::string left_range_;
  std::optional<ir::State> known_run_end_;  // of some run, known_run_length_ steps long
  std::uint32_t known_run_length_ = 0;
  Result result_;
};

}  // namespace

Result bounded(const ir::TransitionSystem& system, const Options& options) {
  return Search(system, options, nullptr).run();
}

Result bounded(const ir::TransitionSystem& system, const Options& options, Exchange& exchange) {
  return Search(system, options, &exchange).run();
}

}  // namespace hotproof::checker::smt
