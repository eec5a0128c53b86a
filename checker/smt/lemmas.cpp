#include "checker/smt/lemmas.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "checker/smt/invariant.hpp"
#include "checker/smt/program.hpp"
#include "checker/smt/seen_values.hpp"
#include "checker/smt/unroll.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker::smt {

namespace {

using ir::ExprId;
using ir::VarId;

constexpr std::size_t most_values = 24;        // of a variable that is no location
constexpr std::size_t most_atoms = 3000;       // so that pairs stay few enough
constexpr std::size_t most_initial = 64;       // initial states from which runs start
constexpr std::size_t most_seen_first = 4000;  // states before the solver is asked
constexpr std::uint32_t most_rounds = 300;
constexpr std::size_t most_seen_after = 400;   // states from each that the solver finds

class LemmaSearch {
 public:
  LemmaSearch(ir::TransitionSystem& system, const Patience& patience)
      : system_(system), patience_(patience), seen_(system, most_values, most_atoms), stepper_(system) {}

  Lemmas run() {
    if (!look_around()) return std::move(out_);
    for (;;) {
      if (out_.reason = exceeded(patience_); !out_.reason.empty()) return std::move(out_);
      if (++out_.rounds > most_rounds) {
        out_.reason = "too many steps lead out of what was seen";
        return std::move(out_);
      }
      switch (ask()) {
        case Answer::unsat:
          out_.atoms = static_cast<std::uint32_t>(seen_.atoms().size());
          out_.clauses = clauses(system_.pool, [this](VarId id) { return system_.read(id); });
          for (const ExprId lemma : location_lemmas(system_)) out_.clauses.push_back(lemma);
          return std::move(out_);
        case Answer::unknown:
          return std::move(out_);
        case Answer::sat:
          break;
      }
    }
  }

 private:
  // Runs from the initial states. Where there are too many of these, a value that is free at the start may be any.
  bool look_around() {
    const auto initial = eval::initial_states(system_, most_initial);
    if (!initial) {
      out_.reason = initial.error().message;
      return false;
    }
    explore(*initial, most_seen_first);
    return true;
  }

  // Breadth first; states that show nothing new are followed all the same, since their successors may.
  void explore(std::vector<ir::State> open, std::size_t most) {
    std::size_t count = 0;
    for (const ir::State& state : open) visited_.insert(state), seen_.add(state);
    for (std::size_t at = 0; at < open.size() && count < most; ++at, ++count) {
      if (count % 64 == 0 && !exceeded(patience_).empty()) return;
      for (ir::State& next : stepper_.successors(open[at])) {
        if (!visited_.insert(next).second) continue;
        seen_.add(next);
        ++out_.states;
        open.push_back(std::move(next));
      }
    }
  }

  // Does a step lead out of what has been seen? If so, it and what follows is seen now. To build a solver takes longer
  // than to ask it, so it is asked for other steps until it has no more.
  Answer ask() {
    Unrolling step(system_, Start::anywhere);
    ir::ExprPool& pool = step.pool();
    const auto now = [&](VarId id) { return step.value(id); };
    Solver solver(pool);
    for (const ExprId clause : clauses(pool, now)) solver.require(clause);
    step.step();
    std::vector<ExprId> after = clauses(pool, now);
    for (const ExprId requirement : step.take_requirements()) solver.require(requirement);
    for (bool fresh = false;; fresh = true) {
      std::vector<ExprId> left;
      for (const ExprId clause : after) left.push_back(pool.not_(clause));
      const ExprId question = step.unknown(1);
      solver.require(pool.or_(pool.not_(question), pool.any(left)));
      const Answer answer = solver.check({&question, 1}, patience_);
      if (answer == Answer::unknown) out_.reason = solver.reason();
      if (answer == Answer::unsat && fresh) return Answer::sat;
      if (answer != Answer::sat) return answer;
      if (!leave(step, solver, after)) return Answer::unknown;
    }
  }

  // Takes the step in the solver's model, and from `after` what it does not keep to. False: an internal error.
  bool leave(const Unrolling& step, Solver& solver, std::vector<ExprId>& after) {
    const auto found = step.run([&](ExprId id) { return solver.value(id); });
    if (!found) return refute("the solver's model describes no step");
    if (!eval::is_enabled(system_, found->steps.front(), found->initial)) return refute("a step that is not enabled");
    const std::size_t before = after.size();
    std::erase_if(after, [&](ExprId clause) { return solver.value(clause) == std::uint64_t{0}; });
    ir::State next = eval::fire(system_, found->steps.front(), found->initial);
    seen_.add(next);
    if (after.size() == before) return refute("a step that leads to nothing new");
    if (!visited_.contains(next)) explore({std::move(next)}, most_seen_after);
    return true;
  }

  bool refute(const std::string& why) {
    out_.reason = "internal error";
    out_.internal_error = "lemmas: solver and interpreter differ on " + why;
    return false;
  }

  // What has been seen, as clauses: the values of each variable, and for each of them the values of the others.
  template <class Value>
  std::vector<ExprId> clauses(ir::ExprPool& pool, Value value) const {
    std::vector<ExprId> is_it;  // by atom
    for (const Atom& atom : seen_.atoms()) {
      const ExprId variable = value(atom.var);
      is_it.push_back(pool.eq(variable, pool.constant(atom.value, pool[variable].width)));
    }
    std::vector<VarId> followed;
    for (std::size_t i = 0; i < system_.variables.size(); ++i)
      if (seen_.is_followed(static_cast<VarId>(i))) followed.push_back(static_cast<VarId>(i));
    std::vector<ExprId> out;
    for (const VarId a : followed) {
      std::vector<ExprId> values;
      for (const std::size_t atom : seen_.of(a)) values.push_back(is_it[atom]);
      out.push_back(pool.any(values));
      for (const VarId b : followed) {
        // From the variable with fewer values to the other: that takes fewer clauses, and says the same.
        const bool this_way = std::pair(seen_.of(a).size(), a) < std::pair(seen_.of(b).size(), b);
        if (this_way) relate(pool, is_it, a, b, out);
      }
    }
    for (std::size_t place = 0; place < seen_.places().size(); ++place) relate_at(pool, is_it, place, followed, out);
    return out;
  }

  // Among variables that have several values while an actor stands at a place: which come together there. Only what
  // does not follow from what is known of pairs.
  void relate_at(ir::ExprPool& pool, const std::vector<ExprId>& is_it, std::size_t place,
                 const std::vector<VarId>& followed, std::vector<ExprId>& out) const {
    const std::size_t here = seen_.places()[place];
    if (!seen_.is_followed(seen_.atoms()[here].var)) return;
    std::vector<std::vector<std::size_t>> several;  // values at this place
    for (const VarId id : followed) {
      std::vector<std::size_t> values;
      for (const std::size_t atom : seen_.of(id))
        if (atom != here && seen_.together(here, atom)) values.push_back(atom);
      if (values.size() > 1) several.push_back(std::move(values));
    }
    for (std::size_t a = 0; a < several.size(); ++a) {
      for (std::size_t b = 0; b < several.size(); ++b) {
        if (std::pair(several[a].size(), a) >= std::pair(several[b].size(), b)) continue;
        for (const std::size_t if_this : several[a]) {
          std::vector<ExprId> then{pool.not_(is_it[here]), pool.not_(is_it[if_this])};
          bool stronger = false;
          for (const std::size_t atom : several[b]) {
            if (seen_.together_at(place, if_this, atom))
              then.push_back(is_it[atom]);
            else
              stronger = stronger || seen_.together(if_this, atom);
          }
          if (stronger) out.push_back(pool.any(then));
        }
      }
    }
  }

  void relate(ir::ExprPool& pool, const std::vector<ExprId>& is_it, VarId a, VarId b, std::vector<ExprId>& out) const {
    for (const std::size_t if_this : seen_.of(a)) {
      std::vector<ExprId> then{pool.not_(is_it[if_this])};
      for (const std::size_t atom : seen_.of(b))
        if (seen_.together(if_this, atom)) then.push_back(is_it[atom]);
      if (then.size() != seen_.of(b).size() + 1) out.push_back(pool.any(then));
    }
  }

  ir::TransitionSystem& system_;
  const Patience& patience_;
  SeenValues seen_;
  Stepper stepper_;
  std::set<ir::State> visited_;
  Lemmas out_;
};

}  // namespace

Lemmas prove_lemmas(ir::TransitionSystem& system, const Patience& patience) {
  return LemmaSearch(system, patience).run();
}

}  // namespace hotproof::checker::smt
