#include "checker/smt/invariant.hpp"

#include <algorithm>

#include "checker/smt/unroll.hpp"

namespace hotproof::checker::smt {

using ir::ExprId;
using ir::VarId;

namespace {

class Check {
 public:
  Check(const ir::TransitionSystem& system, const Invariant& invariant, const Patience& patience)
      : system_(system), k_(invariant.k), patience_(patience) {
    const auto same = [this](VarId id, int) { return system_.read(id); };
    std::vector<ExprId> clauses;
    for (const ExprId clause : invariant.clauses) clauses.push_back(system_.pool.import(invariant.pool, clause, same));
    holds_ = system_.pool.all(clauses);
  }

  InvariantCheck is_inductive() {
    if (k_ == 0) return {Answer::sat, "it is by induction over no step"};
    InvariantCheck out = initiation();
    return out.answer == Answer::unsat ? consecution() : out;
  }

  InvariantCheck excludes(ExprId bad) {
    Unrolling states(system_, Start::anywhere);
    const ExprId allowed = states.pool().and_(states.now(holds_), states.now(bad));
    return ask(states.pool(), states.take_requirements(), allowed, "it allows what it should exclude");
  }

 private:
  InvariantCheck initiation() {
    Unrolling runs(system_);
    std::vector<ExprId> requirements;
    for (std::uint32_t depth = 0;; runs.step()) {
      for (const ExprId requirement : runs.take_requirements()) requirements.push_back(requirement);
      InvariantCheck out =
          ask(runs.pool(), requirements, runs.pool().not_(runs.now(holds_)), "some run does not start with it");
      if (out.answer != Answer::unsat || ++depth == k_) return out;
    }
  }

  InvariantCheck consecution() {
    Unrolling runs(system_, Start::anywhere);
    ExprId before = runs.pool().truth(true);
    for (std::uint32_t depth = 0; depth < k_; ++depth) {
      before = runs.pool().and_(before, runs.now(holds_));
      runs.step();
    }
    const ExprId lost = runs.pool().and_(before, runs.pool().not_(runs.now(holds_)));
    return ask(runs.pool(), runs.take_requirements(), lost, "some step leaves it");
  }

  // With a solver of its own.
  InvariantCheck ask(const ir::ExprPool& pool, const std::vector<ExprId>& requirements, ExprId what,
                     const char* if_so) const {
    Solver solver(pool);
    for (const ExprId requirement : requirements) solver.require(requirement);
    solver.require(what);
    const Answer answer = solver.check({}, patience_);
    return {answer, answer == Answer::unknown ? solver.reason() : answer == Answer::sat ? if_so : ""};
  }

  ir::TransitionSystem system_;
  std::uint32_t k_;
  const Patience& patience_;
  ExprId holds_{};
};

}  // namespace

std::vector<ExprId> location_lemmas(ir::TransitionSystem& system) {
  std::vector<ExprId> out;
  for (const ir::Actor& actor : system.actors) {
    const int width = system[actor.control].width;
    if (actor.locations == 0 || (width < 32 && actor.locations == std::uint64_t{1} << width)) continue;
    const ExprId last = system.pool.constant(actor.locations - 1, width);
    out.push_back(system.pool.binary(ir::Op::ule, system.read(actor.control), last));
  }
  return out;
}

std::shared_ptr<const Invariant> make_invariant(const ir::TransitionSystem& system, std::span<const ExprId> clauses,
                                                std::uint32_t k) {
  auto out = std::make_shared<Invariant>();
  out->k = k;
  for (const ExprId clause : clauses) {
    const ExprId copy =
        out->pool.import(system.pool, clause, [&](VarId id, int width) { return out->pool.variable(id, width); });
    if (!out->pool.is_true(copy)) out->clauses.push_back(copy);
  }
  std::sort(out->clauses.begin(), out->clauses.end());
  out->clauses.erase(std::unique(out->clauses.begin(), out->clauses.end()), out->clauses.end());
  return out;
}

InvariantCheck check_induction(const ir::TransitionSystem& system, const Invariant& invariant,
                               const Patience& patience) {
  return Check(system, invariant, patience).is_inductive();
}

InvariantCheck check_excludes(const ir::TransitionSystem& system, ExprId bad, const Invariant& invariant,
                              const Patience& patience) {
  return Check(system, invariant, patience).excludes(bad);
}

}  // namespace hotproof::checker::smt
