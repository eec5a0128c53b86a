#include "checker/smt/prove.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "checker/smt/bmc.hpp"
#include "checker/smt/induction.hpp"
#include "checker/smt/invariant.hpp"
#include "checker/smt/lemmas.hpp"
#include "checker/smt/pdr.hpp"
#include "checker/smt/question.hpp"
#include "checker/smt/unroll.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker::smt {

namespace {

using ir::ExprId;
using std::chrono::duration;
using std::chrono::steady_clock;

// What became of a question.
struct Fate {
  SafetyAnswer::Kind kind = SafetyAnswer::Kind::unknown;
  const char* engine = "";
  std::uint32_t depth = 0;
  std::shared_ptr<const Invariant> invariant;  // safe
  std::optional<ir::Run> run;                  // unsafe: to the bad state
  std::string reason;                          // unknown
};

using Key = std::pair<Question::Kind, std::size_t>;

Key key(const Question& question) {
  return {question.kind, question.index};
}

class Prover {
 public:
  Prover(const ir::TransitionSystem& system, const Options& options, Exchange& exchange, const ProofPlan& plan)
      : original_(system), system_(system), exchange_(exchange), plan_(plan), started_(steady_clock::now()) {
    patience_.bytes = options.limits.bytes;
    patience_.interrupted = options.interrupted;
    patience_.pointless.push_back(&exchange.all_known());
    if (options.pointless != nullptr) patience_.pointless.push_back(options.pointless);
    if (options.limits.seconds > 0)
      patience_.deadline =
          started_ + std::chrono::duration_cast<steady_clock::duration>(duration<double>(options.limits.seconds));
    for (std::size_t i = 0; i < system.properties.size(); ++i) {
      PropertyResult& property = result_.properties.emplace_back();
      property.property = static_cast<ir::PropertyId>(i);
      property.engine = "pdr";
      property.reason = "not proved";
    }
  }

  Result run() {
    if (find_facts() && keep_ranges()) {
      prove_by_facts();
      // Covers last: most of them are reached, which is found sooner by looking for runs.
      for (const bool covers : {false, true})
        for (std::size_t i = 0; i < system_.properties.size(); ++i)
          if ((system_.properties[i].kind == ir::PropertyKind::cover) == covers) prove_property(i);
    }
    finish();
    return std::move(result_);
  }

 private:
  // False if the search is over.
  bool find_facts() {
    facts_ = location_lemmas(system_);
    if (plan_.facts) {
      Lemmas lemmas = prove_lemmas(system_, patience_);
      if (!lemmas.internal_error.empty()) return refute(lemmas.internal_error);
      lemmas_known_ = !lemmas.clauses.empty();
      facts_.insert(facts_.end(), lemmas.clauses.begin(), lemmas.clauses.end());
    }
    return publish_facts();
  }

  bool publish_facts() {
    invariant_ = make_invariant(system_, facts_, 1);
    const InvariantCheck check = check_induction(original_, *invariant_, patience_);
    if (check.answer == Answer::sat) return refute("the lemmas are no invariant: " + check.why);
    if (check.answer == Answer::unknown) return stop(check.why);
    exchange_.set_facts(invariant_);
    return true;
  }

  // That the declared ranges are kept becomes one of the facts. False if the search is over.
  bool keep_ranges() {
    const Question question = about_ranges(system_);
    out_of_range_ = question.bad;
    if (system_.pool.is_false(question.bad)) return true;
    const Fate fate = decide(question, nullptr);
    if (!result_.internal_error.empty()) return false;
    if (fate.kind == SafetyAnswer::Kind::unsafe) {
      exchange_.set_deepest(static_cast<std::uint32_t>(fate.run->steps.size()));
      return stop("a value leaves its declared range");
    }
    if (fate.kind == SafetyAnswer::Kind::unknown) return stop(fate.reason);
    if (fate.invariant->clauses.size() == invariant_->clauses.size() && fate.invariant->k == 1) return true;
    facts_.clear();
    for (const ExprId clause : fate.invariant->clauses) facts_.push_back(taken_over(fate.invariant->pool, clause));
    facts_steps_ = fate.invariant->k;
    invariant_ = fate.invariant;
    return true;
  }

  // All properties and unreachable triggers that the facts imply; one solver for all, since the facts are the most of
  // it.
  void prove_by_facts() {
    std::vector<Question> questions;
    for (std::size_t i = 0; i < system_.properties.size(); ++i) {
      questions.push_back(about_property(system_, i));
      for (const ir::MarkId mark : system_.properties[i].triggers)
        if (by_facts_.emplace(key(about_trigger(system_, mark)), Fate{}).second)
          questions.push_back(about_trigger(system_, mark));
    }
    Unrolling states(system_, Start::anywhere);
    Solver solver(states.pool());
    std::vector<ExprId> asked;
    for (const Question& question : questions) asked.push_back(states.named(states.now(question.bad)));
    for (const ExprId fact : facts_) solver.require(states.now(fact));
    for (const ExprId requirement : states.take_requirements()) solver.require(requirement);
    std::vector<Key> implied;
    ExprId bad = out_of_range_;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      if (states.pool().is_true(asked[i])) continue;
      if (!states.pool().is_false(asked[i]) && solver.check({&asked[i], 1}, patience_) != Answer::unsat) continue;
      implied.push_back(key(questions[i]));
      bad = system_.pool.or_(bad, questions[i].bad);
    }
    by_facts_.clear();
    if (implied.empty()) return;
    const InvariantCheck check = check_excludes(system_, bad, *invariant_, patience_);
    if (check.answer == Answer::sat) refute("the lemmas do not imply what they should");
    if (check.answer != Answer::unsat) return;
    for (const Key& question : implied)
      by_facts_[question] = {SafetyAnswer::Kind::safe, "k-induction", facts_steps_, invariant_, {}, ""};
  }

  void prove_property(std::size_t index) {
    if (!result_.internal_error.empty() || exchange_.is_shown(index).load()) return;
    const Question question = about_property(system_, index);
    const Fate fate = decide(question, &exchange_.is_shown(index));
    PropertyResult& out = result_.properties[index];
    out.engine = fate.engine;
    out.depth = fate.depth;
    const bool cover = system_.properties[index].kind == ir::PropertyKind::cover;
    switch (fate.kind) {
      case SafetyAnswer::Kind::unknown:
        out.reason = fate.reason;
        return;
      case SafetyAnswer::Kind::unsafe:
        return show(question, *fate.run, cover, out);
      case SafetyAnswer::Kind::safe:
        out.verdict = cover ? Verdict::violated : Verdict::proved;
        out.reason.clear();
        out.invariant = fate.invariant;
        if (!cover) judge_triggers(index, out);
        if (out.verdict != Verdict::inconclusive) exchange_.set_proved(index);
    }
  }

  // A run, but perhaps not a shortest one.
  void show(const Question& question, const ir::Run& run, bool cover, PropertyResult& out) {
    auto whole = with_last_step(question, run);
    if (!whole) return;
    out.verdict = cover ? Verdict::proved : Verdict::violated;
    out.reason.clear();
    out.shortest = false;
    out.depth = static_cast<std::uint32_t>(whole->steps.size());
    deepest_ = std::max(deepest_, out.depth);
    out.run = std::move(*whole);
  }

  // A run to a bad state, and the step that shows what is bad about it.
  std::optional<ir::Run> with_last_step(const Question& question, ir::Run run) {
    if (!question.by_a_step) return run;
    const auto replayed = eval::replay(original_, run);
    if (replayed) {
      const ir::State& last = replayed->states.back();
      for (const ir::TransitionId way : eval::enabled(original_, last)) {
        if (question.without_faults && original_[way].faults != 0) continue;
        if (!shows(question, last, way)) continue;
        run.steps.push_back(way);
        return run;
      }
    }
    refute("no step shows what was found");
    return std::nullopt;
  }

  bool shows(const Question& question, const ir::State& state, ir::TransitionId way) const {
    if (question.kind == Question::Kind::property)
      return violates(original_, static_cast<ir::PropertyId>(question.index), state, way);
    const auto hit = eval::marks_hit(original_, way, state);
    return std::find(hit.begin(), hit.end(), static_cast<ir::MarkId>(question.index)) != hit.end();
  }

  // A property about something that no run does is vacuous. What it rests on then says that, too.
  void judge_triggers(std::size_t index, PropertyResult& out) {
    const std::vector<ir::MarkId> triggers = system_.properties[index].triggers;
    const auto is_reached = [this](ir::MarkId mark) { return exchange_.is_reached(mark).load(); };
    if (triggers.empty() || std::any_of(triggers.begin(), triggers.end(), is_reached)) return;
    std::vector<std::shared_ptr<const Invariant>> reasons{out.invariant};
    bool all_known = true;
    for (const ir::MarkId mark : triggers) {
      const Fate& fate = trigger(mark);
      if (fate.kind == SafetyAnswer::Kind::unsafe) return;
      if (fate.kind == SafetyAnswer::Kind::unknown) all_known = false;
      reasons.push_back(fate.invariant);
    }
    out.verdict = all_known ? Verdict::vacuous : Verdict::inconclusive;
    out.reason =
        all_known ? "no run reaches a trigger of it" : "it holds, but whether what it speaks of happens is open";
    out.invariant = all_known ? together(reasons) : nullptr;
  }

  // Invariants stay so together, by induction over as many steps as one of them needs. Null if there is none for one.
  std::shared_ptr<const Invariant> together(const std::vector<std::shared_ptr<const Invariant>>& invariants) {
    if (std::find(invariants.begin(), invariants.end(), nullptr) != invariants.end()) return nullptr;
    const auto same = [&](const auto& invariant) { return invariant == invariants.front(); };
    if (std::all_of(invariants.begin(), invariants.end(), same)) return invariants.front();
    std::vector<ExprId> clauses;
    std::uint32_t k = 1;
    for (const auto& invariant : invariants) {
      k = std::max(k, invariant->k);
      for (const ExprId clause : invariant->clauses) clauses.push_back(taken_over(invariant->pool, clause));
    }
    return make_invariant(system_, clauses, k);
  }

  // unsafe: it is reached
  const Fate& trigger(ir::MarkId mark) {
    const auto [known, fresh] = triggers_.try_emplace(ir::index(mark));
    Fate& fate = known->second;
    if (fresh) fate = decide(about_trigger(system_, mark), &exchange_.is_reached(mark));
    if (exchange_.is_reached(mark).load()) fate.kind = SafetyAnswer::Kind::unsafe;
    if (fate.kind == SafetyAnswer::Kind::unsafe) exchange_.set_reached(mark);
    if (fresh && fate.run)
      if (auto run = with_last_step(about_trigger(system_, mark), *fate.run))
        result_.triggers.emplace(mark, std::move(*run));
    return fate;
  }

  // `pointless`: set by others once they know the answer; may be null.
  Fate decide(const Question& question, const std::atomic<bool>* pointless) {
    if (const auto known = by_facts_.find(key(question)); known != by_facts_.end()) return known->second;
    Patience patience = patience_;
    if (pointless != nullptr) patience.pointless.push_back(pointless);
    Cone reduced = cone(system_, question);
    const std::vector<ExprId> facts = reduced.facts(facts_);
    const bool simple_facts = facts_steps_ == 1;
    SafetyAnswer answer;
    const char* engine = "k-induction";
    if (plan_.induction_steps != 0) {
      const InductionOptions options{patience, plan_.induction_steps, !plan_.directed_reachability};
      answer = k_induction(reduced.system, question.bad, facts, options);
    }
    const bool gave_up =
        answer.kind == SafetyAnswer::Kind::unknown && answer.internal_error.empty() && exceeded(patience).empty();
    if (gave_up && plan_.directed_reachability) {
      PdrOptions options;
      options.patience = patience;
      options.bits = !lemmas_known_;
      answer = pdr(reduced.system, question.bad, facts, options);
      engine = "pdr";
    }
    Fate out{answer.kind, engine, answer.depth, nullptr, answer.run, answer.reason};
    if (!answer.internal_error.empty()) refute(answer.internal_error);
    if (answer.kind == SafetyAnswer::Kind::safe && !answer.simple_paths) {
      std::vector<ExprId> clauses = facts_;
      for (const ExprId clause : answer.clauses) clauses.push_back(taken_over(reduced.system.pool, clause));
      out.invariant = make_invariant(system_, clauses, simple_facts ? answer.k : std::max(answer.k, facts_steps_));
      confirm(question, out, patience);
    }
    return out;
  }

  // By solvers that know nothing of the engine's.
  void confirm(const Question& question, Fate& fate, const Patience& patience) {
    const ExprId excluded = system_.pool.or_(question.bad, out_of_range_);
    const ir::TransitionSystem counted = restricted(system_, question);
    InvariantCheck check = check_induction(counted, *fate.invariant, patience);
    if (check.answer == Answer::unsat) check = check_excludes(counted, excluded, *fate.invariant, patience);
    if (check.answer == Answer::unsat) return;
    fate.kind = SafetyAnswer::Kind::unknown;
    fate.reason = check.why;
    if (check.answer == Answer::sat) refute(std::string(fate.engine) + " gave an invariant that is none: " + check.why);
  }

  ExprId taken_over(const ir::ExprPool& pool, ExprId clause) {
    return system_.pool.import(pool, clause, [this](ir::VarId id, int) { return system_.read(id); });
  }

  bool refute(const std::string& why) {
    if (result_.internal_error.empty()) result_.internal_error = why;
    return false;
  }

  bool stop(const std::string& why) {
    result_.stopped_by = why;
    return false;
  }

  void finish() {
    bool open = false;
    for (PropertyResult& property : result_.properties) {
      if (!result_.internal_error.empty())
        property = {property.property, Verdict::inconclusive, property.engine, "internal error", {}, 0, true};
      if (property.verdict == Verdict::inconclusive && !exchange_.is_shown(ir::index(property.property))) open = true;
    }
    if (result_.stopped_by.empty()) result_.stopped_by = exceeded(patience_);
    if (exchange_.all_known().load()) result_.stopped_by.clear();
    // Whoever looks for runs need not look farther than to the ends of those that are known.
    if (!open)
      exchange_.set_deepest(deepest_);
    else if (exceeded(patience_).empty())
      exchange_.set_deepest(std::max(deepest_, default_depth));
    if (!result_.internal_error.empty()) exchange_.end();
    result_.statistics.depth = deepest_;
    result_.statistics.seconds = duration<double>(steady_clock::now() - started_).count();
    result_.statistics.bytes = Solver::bytes();
  }

  const ir::TransitionSystem& original_;
  ir::TransitionSystem system_;  // a copy: questions add expressions to its pool
  Exchange& exchange_;
  ProofPlan plan_;
  Patience patience_;
  steady_clock::time_point started_;
  std::vector<ExprId> facts_;                   // over the state, in system_
  bool lemmas_known_ = false;                   // so variables have few values
  std::uint32_t facts_steps_ = 1;               // by induction over so many
  std::shared_ptr<const Invariant> invariant_;  // the facts
  ExprId out_of_range_{};
  std::map<Key, Fate> by_facts_;          // what follows from the facts alone
  std::map<std::size_t, Fate> triggers_;  // by mark
  std::uint32_t deepest_ = 0;             // run that was found
  Result result_;
};

}  // namespace

Result prove(const ir::TransitionSystem& system, const Options& options, Exchange& exchange, const ProofPlan& plan) {
  return Prover(system, options, exchange, plan).run();
}

}  // namespace hotproof::checker::smt
