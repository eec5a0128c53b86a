#include "checker/liveness/liveness.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "checker/explicit/test_systems.hpp"
#include "checker/liveness/check_lasso.hpp"
#include "checker/liveness/test_formulas.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"

using namespace hotproof;
using namespace hotproof::checker;
using namespace hotproof::checker::liveness;
using namespace hotproof::checker::liveness::testing;
using explicit_state::testing::SystemBuilder;
using ir::FormulaId;

namespace {

// A system with atoms: what is asked of it comes last.
struct Asked : SystemBuilder {
  ir::TemporalQuestion question;
  std::uint32_t state_atom(ir::ExprId holds) {
    invariant(holds);
    question.atoms.push_back({false, static_cast<ir::PropertyId>(system.properties.size() - 1), {}, ""});
    return static_cast<std::uint32_t>(question.atoms.size() - 1);
  }
  std::uint32_t event_atom(std::initializer_list<std::size_t> transitions) {
    const ir::MarkId it = mark("m" + std::to_string(system.marks.size()));
    for (const std::size_t t : transitions) system.transitions[t].hits.push_back({it, system.pool.truth(true)});
    question.atoms.push_back({true, {}, it, ""});
    return static_cast<std::uint32_t>(question.atoms.size() - 1);
  }
  FormulaId atom(std::uint32_t number) { return question.formulas.atom(number); }
  Answer ask(FormulaId formula, ir::Assumptions assumptions = {}, const Options& options = {}) {
    question.system = system;
    question.properties = {{"p", "", "", ir::Confidence::high, assumptions, {{"", formula}}, {}}};
    Answers answers = decide(question, options);
    INFO(answers.internal_error);
    REQUIRE(answers.internal_error.empty());
    base = answers.base;
    return std::move(answers.properties[0]);
  }
  std::shared_ptr<const ir::TransitionSystem> base;
};

// A mutex for `actors` actors: 0 nobody, else who holds it, from 1.
ir::VarId add_mutex(Asked& s, std::uint64_t actors) {
  const ir::VarId holder = s.system.add_variable({.name = "holder", .width = 4, .role = ir::Role::lock, .low = 0, .high = actors});
  ir::Lock lock;
  lock.name = "lock";
  for (std::uint64_t actor = 0; actor < actors; ++actor) {
    lock.held_write.push_back(s.is(holder, actor + 1));
    lock.held_read.push_back(s.system.pool.truth(false));
  }
  s.system.locks.push_back(lock);
  return holder;
}

void acquire(Asked& s, ir::VarId holder, ir::ActorId actor, ir::Location from, ir::Location to) {
  const ir::ExprId free = s.is(holder, 0);
  const ir::ExprId mine = s.number(holder, ir::index(actor) + 1);
  ir::Transition& t = s.step(actor, from, to, "lock");
  t.guard = free;
  t.updates.push_back({holder, mine});
  t.lock_effect = ir::LockEffect::acquires;
  t.lock = ir::LockClaim{};
}

void release(Asked& s, ir::VarId holder, ir::ActorId actor, ir::Location from, ir::Location to) {
  const ir::ExprId nobody = s.number(holder, 0);
  ir::Transition& t = s.step(actor, from, to, "unlock");
  t.updates.push_back({holder, nobody});
  t.lock_effect = ir::LockEffect::releases;
  t.lock = ir::LockClaim{};
}

}  // namespace

TEST_CASE("weak fairness: who can move moves in the end, who rests need not") {
  for (const bool rests : {false, true}) {
    Asked s;
    const ir::ActorId idler = s.actor("idler", 1, {0});
    const ir::ActorId worker = s.actor("worker", 2, rests ? std::vector<ir::Location>{0, 1} : std::vector<ir::Location>{1});
    s.step(idler, 0, 0, "idle");
    s.step(worker, 0, 1, "work");
    const FormulaId works = s.question.formulas.eventually(s.atom(s.event_atom({1})));
    const Answer answer = s.ask(works);
    CHECK(answer.verdict == (rests ? Verdict::violated : Verdict::proved));
    if (rests) CHECK(answer.lasso->loop_start == 0);
  }
}

TEST_CASE("a fault may happen, but never has to") {
  Asked s;
  const ir::ActorId a = s.actor("a", 2);
  s.step(a, 0, 0, "goes well");
  ir::Transition& fault = s.step(a, 0, 1, "fails");
  fault.faults = 1;
  fault.choice = ir::Choice::fault;
  const std::uint32_t fails = s.event_atom({1});
  CHECK(s.ask(s.question.formulas.eventually(s.atom(fails))).verdict == Verdict::violated);
  CHECK(s.ask(s.question.formulas.eventually(s.atom(fails)), {true, true}).verdict == Verdict::violated);
  CHECK(s.ask(s.question.formulas.always(s.question.formulas.not_(s.atom(fails)))).verdict == Verdict::violated);
}

TEST_CASE("weak fairness does not win a lock that others take again and again; the assumption does") {
  Asked s;
  const ir::ActorId greedy = s.actor("greedy", 2);
  const ir::ActorId patient = s.actor("patient", 3, {2});
  const ir::VarId holder = add_mutex(s, 2);
  acquire(s, holder, greedy, 0, 1);
  release(s, holder, greedy, 1, 0);
  acquire(s, holder, patient, 0, 1);
  release(s, holder, patient, 1, 2);
  const FormulaId wins = s.question.formulas.eventually(s.atom(s.event_atom({2})));
  const Answer answer = s.ask(wins);
  CHECK(answer.verdict == Verdict::violated);
  REQUIRE(answer.lasso);
  CHECK(answer.lasso->loop_start == 0);
  CHECK(answer.lasso->steps.size() == 2);  // the greedy one takes it and gives it back, for ever
  CHECK(s.ask(wins, {true, false}).verdict == Verdict::proved);
  CHECK(s.ask(wins, {false, true}).verdict == Verdict::violated);
}

// docs/liveness.md: why steps are not merged. As one step, taking and giving back leaves the lock free at every place.
TEST_CASE("steps are not merged: weak fairness would become a stronger one") {
  Asked s;
  const ir::ActorId greedy = s.actor("greedy", 1);
  const ir::ActorId patient = s.actor("patient", 3, {2});
  const ir::VarId holder = add_mutex(s, 2);
  s.step(greedy, 0, 0, "takes it and gives it back");
  acquire(s, holder, patient, 0, 1);
  release(s, holder, patient, 1, 2);
  CHECK(s.ask(s.question.formulas.eventually(s.atom(s.event_atom({1})))).verdict == Verdict::proved);
}

TEST_CASE("who waits for ever behind a deadlock is not answered") {
  Asked s;
  const ir::ActorId a = s.actor("a", 3, {2});
  const ir::VarId never = s.variable("never", 1, 0, 1);
  s.step(a, 0, 1, "asks");
  s.step(a, 1, 2, "is answered").guard = s.is(never, 1);
  const std::uint32_t asks = s.event_atom({0});
  const std::uint32_t answered = s.event_atom({1});
  ir::FormulaPool& f = s.question.formulas;
  const Answer answer = s.ask(f.always(f.implies(s.atom(asks), f.eventually(s.atom(answered)))));
  CHECK(answer.verdict == Verdict::violated);
  CHECK(answer.lasso->steps.size() == 1);
  CHECK(answer.lasso->loop_start == 1);
}

TEST_CASE("a run in which somebody halts counts for nothing") {
  Asked s;
  const ir::ActorId a = s.actor("a", 3, {2});
  s.system.actors[0].halted = {1};
  s.step(a, 0, 1, "oops");
  s.step(a, 0, 2, "goes well");
  CHECK(s.ask(s.question.formulas.eventually(s.atom(s.event_atom({1})))).verdict == Verdict::proved);
}

TEST_CASE("a retry loop ends if choices are fair") {
  Asked s;
  const ir::ActorId a = s.actor("a", 2, {1});
  s.step(a, 0, 0, "again").choice = ir::Choice::free;
  s.step(a, 0, 1, "done").choice = ir::Choice::free;
  const FormulaId ends = s.question.formulas.eventually(s.atom(s.event_atom({1})));
  CHECK(s.ask(ends).verdict == Verdict::violated);
  CHECK(s.ask(ends, {false, true}).verdict == Verdict::proved);
}

TEST_CASE("next looks one step on, whoever makes it; a run that has ended goes on as it is") {
  Asked s;
  const ir::ActorId a = s.actor("a", 3, {2});
  s.step(a, 0, 1, "one");
  s.step(a, 1, 2, "two");
  const std::uint32_t one = s.event_atom({0}), two = s.event_atom({1});
  const std::uint32_t at_end = s.state_atom(s.is(s.system.actors[0].control, 2));
  ir::FormulaPool& f = s.question.formulas;
  CHECK(s.ask(f.and_(s.atom(one), f.next(s.atom(two)))).verdict == Verdict::proved);
  CHECK(s.ask(f.next(f.next(f.always(s.atom(at_end))))).verdict == Verdict::proved);
  CHECK(s.ask(f.next(f.next(f.eventually(f.or_(s.atom(one), s.atom(two)))))).verdict == Verdict::violated);
  CHECK(s.ask(f.next(s.atom(at_end))).verdict == Verdict::violated);
}

TEST_CASE("limits make an answer inconclusive") {
  Asked s;
  const ir::ActorId a = s.actor("counter", 1, {0});
  s.count(a, s.variable("x", 32, 0, 5'000'000), 5'000'000);
  ir::FormulaPool& f = s.question.formulas;
  const std::uint32_t moves = s.event_atom({0});
  Options options;
  options.limits.bytes = 1 << 20;
  const Answer unknown = s.ask(f.always(f.or_(s.atom(moves), f.always(f.not_(s.atom(moves))))), {}, options);
  CHECK(unknown.verdict == Verdict::inconclusive);
  CHECK(unknown.reason == "stopped by memory limit");
}

TEST_CASE("a value that leaves its range makes an answer inconclusive") {
  Asked s;
  const ir::ActorId a = s.actor("counter", 1);
  const ir::VarId x = s.variable("x", 8, 0, 3);
  s.count(a, x, 200);
  const FormulaId finite = s.question.formulas.eventually(s.question.formulas.not_(s.atom(s.event_atom({0}))));
  const Answer answer = s.ask(finite);
  CHECK(answer.verdict == Verdict::inconclusive);
  CHECK(answer.reason == "stopped by x left its declared range 0 … 3: 4");
}

TEST_CASE("a run that is found before a search stops is one all the same") {
  Asked s;
  const ir::ActorId a = s.actor("counter", 1, {0});
  const ir::VarId x = s.variable("x", 8, 0, 3);
  s.count(a, x, 200);
  const std::uint32_t at_two = s.state_atom(s.is(x, 2));
  ir::FormulaPool& f = s.question.formulas;
  const Answer answer = s.ask(f.eventually(s.atom(at_two)));
  CHECK(answer.verdict == Verdict::violated);
  CHECK(answer.lasso->steps.empty());
  CHECK(s.ask(f.always(f.not_(s.atom(at_two)))).verdict == Verdict::violated);
}

TEST_CASE("wrong reasons are caught by the verifier") {
  Asked s;
  const ir::ActorId a = s.actor("a", 3, {2});
  s.step(a, 0, 1, "asks");
  s.step(a, 1, 2, "is answered");
  s.step(a, 2, 0, "again");
  ir::FormulaPool& f = s.question.formulas;
  const std::uint32_t asks = s.event_atom({0});
  const std::uint32_t answered = s.event_atom({1});
  s.question.properties = {{"p", "", "", ir::Confidence::high, {}, {{"", f.always(f.implies(s.atom(asks), f.eventually(s.atom(answered))))}}, {}}};
  s.question.system = s.system;
  CHECK(decide(s.question, {}).properties[0].verdict == Verdict::proved);
  make_mistakes_for_tests(Mistake::automaton);
  CHECK(decide(s.question, {}).internal_error == "the verifier rejects a proof: the automaton misses a word of the formula");
  make_mistakes_for_tests(Mistake::cells);
  CHECK(decide(s.question, {}).internal_error.starts_with("the verifier rejects a proof: "));
  make_mistakes_for_tests(Mistake::none);
}

// Larger systems than brute force can try: every answer passes its check, and a formula and its negation are not both true.
TEST_CASE("random systems: no answer is refused, and no two contradict each other") {
  Random random(17);
  std::size_t proofs = 0, runs = 0, without_runs = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    ir::TemporalQuestion question;
    question.system = eval::random_system(seed);
    ir::TransitionSystem& system = question.system;
    std::erase_if(system.properties, [](const ir::Property& p) { return p.kind != ir::PropertyKind::invariant; });
    for (ir::Transition& t : system.transitions) t.assertions.clear();
    for (std::size_t i = 0; i < system.properties.size(); ++i) {
      system.properties[i].triggers.clear();
      question.atoms.push_back({false, static_cast<ir::PropertyId>(i), {}, ""});
    }
    for (std::size_t i = 0; i < system.marks.size(); ++i)
      question.atoms.push_back({true, {}, static_cast<ir::MarkId>(i), ""});
    const auto atoms = static_cast<std::uint32_t>(question.atoms.size());
    const FormulaId formula = random_formula(question.formulas, random, 3, atoms);
    const FormulaId opposite = question.formulas.not_(formula);
    const ir::Assumptions assumptions{random.below(2) == 0, random.below(2) == 0};
    question.properties = {{"p", "", "", ir::Confidence::high, assumptions, {{"", formula}}, {}},
                           {"q", "", "", ir::Confidence::high, assumptions, {{"", opposite}}, {}},
                           {"none", "", "", ir::Confidence::high, assumptions, {{"", question.formulas.truth(false)}}, {}}};
    REQUIRE_FALSE(ir::fault_in(system));
    Answers answers = decide(question, {});
    INFO("seed " << seed << ": " << answers.internal_error);
    REQUIRE(answers.internal_error.empty());
    // Where nothing begins, or all runs end with somebody halting, there is no run that counts; else there is one.
    const bool none = answers.properties[2].verdict == Verdict::proved;
    const bool may_halt = std::any_of(system.actors.begin(), system.actors.end(),
                                      [](const ir::Actor& actor) { return !actor.halted.empty(); });
    without_runs += none ? 1 : 0;
    const auto initial = eval::initial_states(system, 1U << 20U);
    REQUIRE(initial);
    CHECK((may_halt || initial->empty() || !none));
    answers.properties.pop_back();
    for (const Answer& answer : answers.properties) {
      proofs += answer.verdict == Verdict::proved ? 1 : 0;
      runs += answer.verdict == Verdict::violated ? 1 : 0;
    }
    CHECK((answers.properties[0].verdict == Verdict::proved && answers.properties[1].verdict == Verdict::proved) == none);
  }
  CHECK(proofs > 30);
  CHECK(runs > 100);
  CHECK(without_runs < 30);
}
