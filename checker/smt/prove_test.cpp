#include "checker/smt/prove.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "checker/smt/induction.hpp"
#include "checker/smt/invariant.hpp"
#include "checker/smt/lemmas.hpp"
#include "checker/smt/portfolio.hpp"
#include "checker/smt/question.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using checker::PropertyResult;
using checker::Result;
using checker::Verdict;
using checker::smt::Answer;
using checker::smt::Exchange;
using checker::smt::ProofPlan;
using checker::smt::Question;
using checker::smt::SafetyAnswer;
using ir::ExprId;
using ir::TransitionSystem;

namespace {

eval::RandomShape small_shape() {
  eval::RandomShape shape;
  shape.most_bits = 6;
  shape.most_variables = 4;
  shape.most_locations = 5;
  return shape;
}

// Two actors that take turns by a lock, and count in it. The clock never stands still.
struct Turns {
  TransitionSystem system;
  ir::VarId owner{}, count{};

  Turns() {
    owner = system.add_variable({.name = "owner", .width = 2, .role = ir::Role::lock});
    count = system.add_variable({.name = "count", .width = 16});
    for (std::uint64_t a = 0; a < 2; ++a) {
      const std::string name = "actor" + std::to_string(a);
      const ir::VarId pc = system.add_variable({.name = name + ".pc", .width = 2, .role = ir::Role::control});
      system.actors.push_back({name, pc, 0, 3, {0}});
      ir::ExprPool& pool = system.pool;
      step(a, 0, 1, pool.eq(system.read(owner), pool.constant(0, 2)), {{owner, pool.constant(a + 1, 2)}});
      step(a, 1, 2, {}, {{count, pool.binary(ir::Op::add, system.read(count), pool.constant(1, 16))}});
      step(a, 2, 0, {},
           {{owner, pool.constant(0, 2)}, {count, pool.binary(ir::Op::sub, system.read(count), pool.constant(1, 16))}});
    }
    invariant("at most one", pool().binary(ir::Op::ule, system.read(count), pool().constant(1, 16)));
    invariant("never both inside", pool().not_(pool().and_(at(0, 1), at(1, 1))));
    invariant("wrong", pool().not_(pool().and_(at(0, 1), at(1, 0))));
    system.properties.push_back({.id = "no deadlock", .kind = ir::PropertyKind::deadlock});
  }
  ir::ExprPool& pool() { return system.pool; }
  ExprId at(std::size_t actor, std::uint64_t location) {
    return pool().eq(system.read(system.actors[actor].control), pool().constant(location, 2));
  }
  void invariant(const std::string& id, ExprId holds) {
    system.properties.push_back({.id = id, .kind = ir::PropertyKind::invariant, .expr = holds});
  }
  void step(std::uint64_t actor, ir::Location from, ir::Location to, ExprId guard, std::vector<ir::Update> updates) {
    ir::Transition t;
    t.actor = static_cast<ir::ActorId>(actor);
    t.from = from;
    t.to = to;
    t.guard = guard;
    t.updates = std::move(updates);
    system.transitions.push_back(std::move(t));
  }
};

// What is wrong with an invariant that is given as the reason, judged by states and the interpreter: every reachable
// state has it, it leaves no room for what it should exclude, and a step from a state near by does not lead out of it.
std::string judged(const TransitionSystem& system, const Question& question, const checker::Invariant& invariant,
                   std::uint64_t seed) {
  const auto holds = [&](const ir::State& state) {
    return std::all_of(invariant.clauses.begin(), invariant.clauses.end(),
                       [&](ExprId clause) { return eval::is_true(invariant.pool, clause, state); });
  };
  std::vector<ir::State> open = *eval::initial_states(system, 100000);
  std::set<ir::State> reached(open.begin(), open.end());
  while (!open.empty()) {
    const ir::State state = open.back();
    open.pop_back();
    if (!holds(state)) return "a reachable state has it not";
    for (const ir::TransitionId way : eval::enabled(system, state)) {
      if (question.without_faults && system[way].faults != 0) continue;
      const ir::State next = eval::fire(system, way, state);
      if (reached.insert(next).second) open.push_back(next);
    }
  }
  std::uint64_t random = seed;
  for (const ir::State& state : reached) {
    // A neighbour: one variable is changed.
    ir::State other = state;
    random = random * 6364136223846793005U + 1442695040888963407U;
    const std::size_t i = (random >> 33U) % other.size();
    other[i] = ir::truncate(random >> 20U, system.variables[i].width);
    if (!holds(other)) continue;
    if (eval::is_true(system.pool, question.bad, other)) return "it has a bad state";
    if (invariant.k != 1) continue;
    for (const ir::TransitionId way : eval::enabled(system, other)) {
      if (question.without_faults && system[way].faults != 0) continue;
      if (!holds(eval::fire(system, way, other))) return "a step leaves it";
    }
  }
  return "";
}

// One plan on one system against brute force; the first thing that is wrong.
std::string compared(TransitionSystem system, const eval::Reference& reference, const ProofPlan& plan,
                     std::uint64_t seed, std::size_t& open) {
  Exchange exchange(system);
  const Result result = checker::smt::prove(system, {}, exchange, plan);
  if (!result.internal_error.empty()) return result.internal_error;
  for (const PropertyResult& property : result.properties) {
    const std::size_t i = ir::index(property.property);
    const std::string name = system.properties[i].id + " (" + property.engine + "): ";
    if (property.verdict == Verdict::inconclusive) {
      if (plan.directed_reachability) return name + "inconclusive: " + property.reason;
      ++open;
      continue;
    }
    if (property.run.has_value() != reference.properties[i].has_value()) return name + "wrong";
    if (property.run) {
      if (property.depth < reference.properties[i]->depth) return name + "shorter than possible";
      continue;
    }
    const auto reaches = [&](ir::MarkId mark) { return reference.marks[ir::index(mark)].has_value(); };
    const auto& triggers = system.properties[i].triggers;
    const bool vacuous = !triggers.empty() && std::none_of(triggers.begin(), triggers.end(), reaches);
    if (system.properties[i].kind != ir::PropertyKind::cover && (property.verdict == Verdict::vacuous) != vacuous)
      return name + "vacuous or not";
    if (!property.invariant) {
      if (plan.directed_reachability) return name + "no invariant";
      continue;  // by simple paths
    }
    const Question question = checker::smt::about_property(system, i);
    if (const std::string wrong = judged(system, question, *property.invariant, seed); !wrong.empty())
      return name + wrong;
  }
  return "";
}

}  // namespace

TEST_CASE("locks and counting: proved with lemmas, with PDR alone, and by k-induction alone") {
  Turns turns;
  REQUIRE(ir::fault_in(turns.system) == std::nullopt);
  for (const ProofPlan& plan : {ProofPlan{}, ProofPlan{false, 0, true}, ProofPlan{true, 0, true},
                                ProofPlan{true, 0, false}, ProofPlan{true, 40, false}}) {
    Exchange exchange(turns.system);
    const Result result = checker::smt::prove(turns.system, {}, exchange, plan);
    CHECK(result.internal_error == "");
    CHECK(result.properties[1].verdict == Verdict::proved);
    CHECK(result.properties[1].invariant);
    if (plan.facts) {
      CHECK(result.properties[0].verdict == Verdict::proved);
      CHECK(result.properties[0].engine == "k-induction");
      CHECK(result.properties[3].verdict == Verdict::proved);
    }
    const bool finds_runs = plan.directed_reachability || plan.induction_steps != 0;
    CHECK(result.properties[2].run.has_value() == finds_runs);
  }
}

TEST_CASE("the lemmas say who owns the lock where, and hold on their own") {
  Turns turns;
  const checker::smt::Lemmas lemmas = checker::smt::prove_lemmas(turns.system, {});
  CHECK(lemmas.reason == "");
  CHECK(lemmas.internal_error == "");
  const auto invariant = checker::smt::make_invariant(turns.system, lemmas.clauses, 1);
  CHECK(checker::smt::check_induction(turns.system, *invariant, {}).answer == Answer::unsat);
  ir::ExprPool& pool = turns.pool();
  const ExprId owns = pool.eq(turns.system.read(turns.owner), pool.constant(1, 2));
  const ExprId lost = pool.and_(turns.at(0, 2), pool.not_(owns));
  CHECK(checker::smt::check_excludes(turns.system, lost, *invariant, {}).answer == Answer::unsat);
  CHECK(checker::smt::check_excludes(turns.system, turns.at(0, 2), *invariant, {}).answer == Answer::sat);
}

TEST_CASE("an invariant that is none is refused, whichever of its demands it misses") {
  Turns turns;
  ir::ExprPool& pool = turns.pool();
  const ExprId nobody = pool.eq(turns.system.read(turns.owner), pool.constant(0, 2));
  const auto check = [&](ExprId clause) {
    const auto invariant = checker::smt::make_invariant(turns.system, {{clause}}, 1);
    return checker::smt::check_induction(turns.system, *invariant, {}).why;
  };
  CHECK(check(pool.not_(nobody)) == "some run does not start with it");
  CHECK(check(nobody) == "some step leaves it");
  CHECK(check(pool.truth(true)) == "");
  checker::Invariant by_nothing;
  by_nothing.k = 0;
  CHECK(checker::smt::check_induction(turns.system, by_nothing, {}).answer == Answer::sat);
}

TEST_CASE("k-induction: more steps where one is not enough, and paths without circles where none are") {
  // x goes 0, 1, 2, 0, …; unreachable: 3 → 4 → … → 6 → 7, and 5 in a circle of its own.
  TransitionSystem system;
  const ir::VarId pc = system.add_variable({.name = "pc", .width = 1, .role = ir::Role::control});
  const ir::VarId x = system.add_variable({.name = "x", .width = 3});
  ir::ExprPool& pool = system.pool;
  system.actors.push_back({"a", pc, 0, 1, {0}});
  const auto is = [&](std::uint64_t n) { return pool.eq(system.read(x), pool.constant(n, 3)); };
  const auto go = [&](std::uint64_t from, std::uint64_t to) {
    ir::Transition t;
    t.guard = is(from);
    t.updates.push_back({x, pool.constant(to, 3)});
    system.transitions.push_back(t);
  };
  for (const auto& [from, to] : {std::pair<std::uint64_t, std::uint64_t>{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 6}, {6, 7}})
    go(from, to);
  const auto answer = [&](bool simple) { return checker::smt::k_induction(system, is(7), {}, {{}, 20, simple}); };
  CHECK(answer(false).kind == SafetyAnswer::Kind::safe);
  CHECK(answer(false).k == 4);
  go(5, 5);
  go(5, 6);
  CHECK(answer(false).kind == SafetyAnswer::Kind::unknown);
  const SafetyAnswer simple = answer(true);
  CHECK(simple.kind == SafetyAnswer::Kind::safe);
  CHECK(simple.simple_paths);
  go(2, 3);
  CHECK(answer(false).kind == SafetyAnswer::Kind::unsafe);
  CHECK(answer(false).run->steps.size() == 6);
}

TEST_CASE("random systems: every way of proving agrees with brute force, and so do its invariants") {
  // With facts; by PDR alone; by k-induction alone, which may need more steps than that.
  const ProofPlan plans[] = {{true, 2, true}, {false, 0, true}, {false, 8, false}};
  std::size_t open = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const TransitionSystem system = eval::random_system(seed, small_shape());
    const auto reference = eval::explore(system, 100000);
    REQUIRE(reference);
    CAPTURE(seed);
    CHECK(compared(system, *reference, plans[seed % 3], seed, open) == "");
  }
  CHECK(open < 100);
}

TEST_CASE("a declared range that is left: nothing is proved") {
  TransitionSystem system;
  const ir::VarId pc = system.add_variable({.name = "pc", .width = 1, .role = ir::Role::control});
  const ir::VarId x = system.add_variable({.name = "x", .width = 8});
  system.variables[ir::index(x)].high = 4;
  ir::ExprPool& pool = system.pool;
  system.actors.push_back({"a", pc, 0, 1, {0}});
  ir::Transition up;
  up.updates.push_back({x, pool.binary(ir::Op::add, system.read(x), pool.constant(1, 8))});
  system.transitions.push_back(up);
  system.properties.push_back({.id = "true", .expr = pool.truth(true)});
  const Result result = checker::smt::decide(system, {});
  CHECK(result.internal_error == "");
  CHECK(result.stopped_by == "range of x");
  CHECK(result.properties[0].verdict == Verdict::inconclusive);
  CHECK_FALSE(result.complete);
}

TEST_CASE("limits and interruption end in inconclusive") {
  Turns turns;
  volatile bool stop = true;
  checker::Options options;
  options.interrupted = &stop;
  const Result result = checker::smt::decide(turns.system, options);
  CHECK(result.stopped_by == "interrupted");
  for (const PropertyResult& property : result.properties) CHECK(property.verdict == Verdict::inconclusive);
}

TEST_CASE("the engines together decide everything, by shortest runs") {
  Turns turns;
  const Result result = checker::smt::decide(turns.system, {});
  CHECK(result.complete);
  CHECK(result.stopped_by == "");
  CHECK(result.properties[0].verdict == Verdict::proved);
  CHECK(result.properties[2].verdict == Verdict::violated);
  CHECK(result.properties[2].engine == "bmc");
  CHECK(result.properties[2].depth == 1);
}
