#include "checker/smt/induction.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "checker/smt/unroll.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker::smt {

namespace {

using ir::ExprId;
using ir::VarId;

class Induction {
 public:
  Induction(ir::TransitionSystem& system, ExprId bad, std::span<const ExprId> lemmas, const InductionOptions& options)
      : system_(system),
        bad_(bad),
        lemmas_(lemmas),
        options_(options),
        runs_(system),
        run_solver_(runs_.pool()),
        anywhere_(system, Start::anywhere),
        step_solver_(anywhere_.pool()) {}

  SafetyAnswer run() {
    for (std::uint32_t k = 0;; ++k) {
      // Runs of fewer than k steps end well, and so do k states in a row: is the next one good, too?
      if (follows() || over_) break;
      answer_.depth = k;
      if (options_.most_steps != 0 && k == options_.most_steps) {
        give_up("depth");
        break;
      }
      if (!starts_well()) break;
      runs_.step();
      anywhere_.step();
    }
    return std::move(answer_);
  }

 private:
  // No run of the present length ends in a bad state.
  bool starts_well() {
    require_frame(runs_, run_solver_);
    const ExprId bad = runs_.now(bad_);
    switch (ask(runs_, run_solver_, bad)) {
      case Answer::unknown:
        return give_up(run_solver_.reason());
      case Answer::sat:
        return show();
      case Answer::unsat:
        run_solver_.require(runs_.pool().not_(bad));
    }
    return true;
  }

  // A bad state cannot follow as many good ones as there are steps.
  bool follows() {
    require_frame(anywhere_, step_solver_);
    const ExprId bad = anywhere_.now(bad_);
    for (;;) {
      switch (ask(anywhere_, step_solver_, bad)) {
        case Answer::unknown:
          return give_up(step_solver_.reason());
        case Answer::unsat:
          return prove();
        case Answer::sat:
          if (options_.simple_paths && part_equal_states()) continue;
          step_solver_.require(anywhere_.pool().not_(bad));
          return false;
      }
    }
  }

  void require_frame(Unrolling& unrolling, Solver& solver) const {
    for (const ExprId lemma : lemmas_) solver.require(unrolling.now(lemma));
    for (const ExprId requirement : unrolling.take_requirements()) solver.require(requirement);
  }

  Answer ask(Unrolling& unrolling, Solver& solver, ExprId what) {
    ++answer_.queries;
    const ExprId question = unrolling.unknown(1);
    solver.require(unrolling.pool().or_(unrolling.pool().not_(question), what));
    return solver.check({&question, 1}, options_.patience);
  }

  // If two states of the solver's model are equal, it is required that they are not. False: there are none.
  bool part_equal_states() {
    std::map<ir::State, std::uint32_t> first;
    for (std::uint32_t frame = 0; frame <= anywhere_.depth(); ++frame) {
      ir::State state;
      for (std::size_t i = 0; i < system_.variables.size(); ++i) {
        const auto value = step_solver_.value(anywhere_.value(static_cast<VarId>(i), frame));
        if (!value) return false;
        state.push_back(*value);
      }
      const auto [found, fresh] = first.try_emplace(state, frame);
      if (fresh) continue;
      ir::ExprPool& pool = anywhere_.pool();
      ExprId equal = pool.truth(true);
      for (std::size_t i = 0; i < system_.variables.size(); ++i) {
        const auto id = static_cast<VarId>(i);
        equal = pool.and_(equal, pool.eq(anywhere_.value(id, found->second), anywhere_.value(id, frame)));
      }
      step_solver_.require(pool.not_(equal));
      answer_.simple_paths = true;
      return true;
    }
    return false;
  }

  bool prove() {
    over_ = true;
    answer_.kind = SafetyAnswer::Kind::safe;
    answer_.k = std::max(anywhere_.depth(), 1U);
    answer_.depth = answer_.k;
    if (anywhere_.depth() > 0) answer_.clauses = {system_.pool.not_(bad_)};
    return true;
  }

  bool show() {
    const auto run = runs_.run([this](ExprId id) { return run_solver_.value(id); });
    if (!run) return refute("the solver's model describes no run");
    const auto replayed = eval::replay(system_, *run);
    if (!replayed) return refute("the solver's run cannot be replayed: " + replayed.error().message);
    if (!eval::is_true(system_.pool, bad_, replayed->states.back()))
      return refute("the run does not end in a bad state");
    over_ = true;
    answer_.kind = SafetyAnswer::Kind::unsafe;
    answer_.run = *run;
    return false;
  }

  bool give_up(const std::string& reason) {
    over_ = true;
    answer_.reason = reason;
    return false;
  }

  bool refute(const std::string& why) {
    answer_.internal_error = "k-induction, depth " + std::to_string(runs_.depth()) + ": " + why;
    return give_up("internal error");
  }

  ir::TransitionSystem& system_;
  ExprId bad_;
  std::span<const ExprId> lemmas_;
  const InductionOptions& options_;
  Unrolling runs_;
  Solver run_solver_;
  Unrolling anywhere_;
  Solver step_solver_;
  SafetyAnswer answer_;
  bool over_ = false;
};

}  // namespace

SafetyAnswer k_induction(ir::TransitionSystem& system, ExprId bad, std::span<const ExprId> lemmas,
                         const InductionOptions& options) {
  return Induction(system, bad, lemmas, options).run();
}

}  // namespace hotproof::checker::smt
