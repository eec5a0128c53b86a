// Certificates that were tampered with, each kind at least 200 times. Where a change may leave a certificate right, the
// reference semantics say whether it does.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "checker/certify/certify.hpp"
#include "checker/explicit/explorer.hpp"
#include "checker/smt/solver.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"
#include "verify/certificate.hpp"
#include "verify/check.hpp"
#include "verify/external_solver.hpp"
#include "verify/sha256.hpp"

namespace hotproof::checker::certify {

namespace {

constexpr int least = 200;  // of each kind

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
  std::uint64_t below(std::uint64_t count) {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return state_ % count;
  }

 private:
  std::uint64_t state_;
};

Header header_of_two_files() {
  return {"a test",
          "a random system",
          {{"tree", "mm/a.c", verify::sha256("a")}, {"tree", "mm/b.c", verify::sha256("b")}},
          {},
          {"lowering"}};
}

verify::Options with_solver() {
  verify::Options out;
  out.solve = [](const verify::Obligation& obligation) {
    std::string why;
    const smt::Answer answer = smt::solve_script(obligation.script, {}, why);
    return verify::Answer{answer == smt::Answer::unsat ? verify::Answer::unsat
                          : answer == smt::Answer::sat ? verify::Answer::sat
                                                       : verify::Answer::unknown,
                          why};
  };
  return out;
}

bool is_accepted(const std::string& bytes) {
  const auto certificate = verify::read_certificate(bytes);
  if (!certificate) return false;
  const verify::Report report = verify::check(certificate->system, certificate->evidence, with_solver());
  CHECK(report.whole.status != verify::Status::unchecked);
  return report.whole.status == verify::Status::accepted;
}

struct Case {
  ir::TransitionSystem system;
  Result result;
};

Case a_case(std::uint64_t seed, const eval::RandomShape& shape = {}) {
  Case out{eval::random_system(seed, shape), {}};
  out.result = explore(out.system, {});
  REQUIRE(out.result.complete);
  return out;
}

// The states, to be changed and put back.
struct States {
  ReachedStates form;
  std::vector<std::uint64_t> words;

  explicit States(const ReachedStates& from) : form(from) {
    from.each([&](const std::uint64_t* state) { words.insert(words.end(), state, state + from.words); });
  }
  std::size_t count() const { return words.size() / form.words; }
  std::shared_ptr<const ReachedStates> put_back() const {
    auto owner = std::make_shared<std::vector<std::uint64_t>>(words);
    auto out = std::make_shared<ReachedStates>(form);
    out->pieces.clear();
    out->folded = {};
    if (!owner->empty()) out->pieces.emplace_back(*owner);
    out->owner = owner;
    return out;
  }
};

bool rests_on_states(const Case& c) {
  return std::any_of(c.result.properties.begin(), c.result.properties.end(), [&](const PropertyResult& p) {
    const ir::Property& property = c.system.properties[ir::index(p.property)];
    const bool faultless = property.cover_without_faults && c.result.faultless_states;
    return !p.run && p.verdict != Verdict::inconclusive && !faultless;
  });
}

// All reachable states, as one clause: the strongest invariant there is.
std::vector<ir::State> reachable(const Case& c) {
  std::vector<ir::State> out;
  const auto initial = eval::initial_states(c.system, 100000);
  REQUIRE(initial.has_value());
  std::set<ir::State> seen(initial->begin(), initial->end());
  std::vector<ir::State> open(seen.begin(), seen.end());
  while (!open.empty()) {
    const ir::State state = open.back();
    open.pop_back();
    for (const ir::TransitionId t : eval::enabled(c.system, state))
      if (const auto next = eval::fire(c.system, t, state); seen.insert(next).second) open.push_back(next);
  }
  return {seen.begin(), seen.end()};
}

Invariant one_of(const ir::TransitionSystem& system, const std::vector<ir::State>& states) {
  Invariant out;
  std::vector<ir::ExprId> any;
  for (const ir::State& state : states) {
    std::vector<ir::ExprId> all;
    for (std::size_t v = 0; v < state.size(); ++v) {
      const int width = system.variables[v].width;
      all.push_back(
          out.pool.eq(out.pool.variable(static_cast<ir::VarId>(v), width), out.pool.constant(state[v], width)));
    }
    any.push_back(out.pool.all(all));
  }
  out.clauses.push_back(out.pool.any(any));
  return out;
}

// The same answers, but for the reason of this invariant instead of sets of states. Covers without faults stay open.
Result by_invariant(const Case& c, const Invariant& invariant) {
  Result out = c.result;
  const auto shared = std::make_shared<Invariant>(invariant);
  for (PropertyResult& p : out.properties) {
    if (p.run || p.verdict == Verdict::inconclusive) continue;
    p.invariant = shared;
  }
  return out;
}

const eval::RandomShape tiny{.most_actors = 2,
                             .most_locations = 3,
                             .most_variables = 2,
                             .most_width = 2,
                             .most_bits = 3,
                             .most_locks = 1,
                             .deepest_expression = 1};

}  // namespace

TEST_CASE("a set of states with one missing, or one changed, is rejected") {
  int tampered = 0;
  for (std::uint64_t seed = 0; tampered < 2 * least; ++seed) {
    Case c = a_case(seed);
    if (!rests_on_states(c) || !c.result.states) continue;
    CAPTURE(seed);
    Dice dice(seed);
    for (const bool change : {false, true}) {
      States states(*c.result.states);
      if (states.count() == 0) break;  // no state is initial
      const std::size_t at = dice.below(states.count()) * states.form.words;
      const auto from = states.words.begin() + static_cast<std::ptrdiff_t>(at);
      if (change) {
        // Any bit of any variable: it is another state then, or none, and the old one is missing.
        states.words[at + dice.below(states.form.words)] ^= std::uint64_t{1} << dice.below(16);
      } else {
        states.words.erase(from, from + states.form.words);
      }
      Result wrong = c.result;
      wrong.states = states.put_back();
      CHECK_FALSE(is_accepted(written(c.system, wrong, header_of_two_files())));
      CHECK(judge(c.system, wrong, {}).rejected != "");
      ++tampered;
    }
    if (seed % 4 == 0) CHECK(is_accepted(written(c.system, c.result, header_of_two_files())));
  }
}

TEST_CASE("a wrong literal of an invariant is found") {
  int tampered = 0;
  int right = 0;
  for (std::uint64_t seed = 0; tampered < least; ++seed) {
    const Case c = a_case(seed, tiny);
    const std::vector<ir::State> states = reachable(c);
    if (states.empty() || states.size() > 40 || !rests_on_states(c)) continue;
    CAPTURE(seed);
    if (right < 10) CHECK(is_accepted(written(c.system, by_invariant(c, one_of(c.system, states)), header_of_two_files())));
    ++right;
    Dice dice(seed);
    for (int i = 0; i < 8; ++i) {
      // A state of the invariant gives way to another one: what was reachable is not in it any more.
      std::vector<ir::State> wrong = states;
      ir::State& state = wrong[dice.below(wrong.size())];
      const std::size_t v = dice.below(state.size());
      state[v] ^= std::uint64_t{1} << dice.below(static_cast<std::uint64_t>(c.system.variables[v].width));
      CHECK_FALSE(is_accepted(written(c.system, by_invariant(c, one_of(c.system, wrong)), header_of_two_files())));
      ++tampered;
    }
  }
}

TEST_CASE("cvc5 says of invariants, right and wrong ones, what Z3 says") {
  const std::string cvc5 = verify::solver_on_path();
  if (!cvc5.ends_with("/cvc5")) {
    MESSAGE("no cvc5: skipped");
    return;
  }
  int invariants = 0;
  for (std::uint64_t seed = 0; invariants < 8; ++seed) {
    const Case c = a_case(seed, tiny);
    std::vector<ir::State> states = reachable(c);
    if (states.size() < 2 || states.size() > 40 || !rests_on_states(c)) continue;
    CAPTURE(seed);
    if (++invariants % 2 == 0) states.pop_back();
    const auto certificate =
        verify::read_certificate(written(c.system, by_invariant(c, one_of(c.system, states)), header_of_two_files()));
    REQUIRE(certificate.has_value());
    verify::Options options;
    options.solve = [&](const verify::Obligation& obligation) { return verify::solve_with(cvc5, obligation, 60); };
    const verify::Status status = verify::check(certificate->system, certificate->evidence, options).whole.status;
    CHECK(status == (invariants % 2 == 0 ? verify::Status::rejected : verify::Status::accepted));
    CHECK(verify::check(certificate->system, certificate->evidence, with_solver()).whole.status == status);
  }
}

TEST_CASE("an induction over fewer steps, and an end of runs too early, are found") {
  // x goes round below `round`; from what lies above, which no run meets, it climbs to the top, which is bad. That the
  // top is not met follows from as many states in a row as there are between.
  int tampered = 0;
  for (std::uint64_t round = 1; round <= 5; ++round) {
    for (std::uint64_t climb = 2; climb <= 5; ++climb) {
      ir::TransitionSystem system;
      const ir::VarId pc = system.add_variable({.name = "a.pc", .width = 4, .role = ir::Role::control});
      system.actors.push_back({"a", pc, 0, 1, {}});
      const std::uint64_t top = round + climb;
      const ir::VarId x = system.add_variable({.name = "x", .width = 8});
      const auto number = [&](std::uint64_t value) { return system.pool.constant(value, 8); };
      const auto is = [&](std::uint64_t value) { return system.pool.eq(system.read(x), number(value)); };
      ir::Transition step;
      step.guard = system.pool.binary(ir::Op::ult, system.read(x), number(top));
      step.updates.push_back(
          {x, system.pool.ite(is(round - 1), number(0), system.pool.binary(ir::Op::add, system.read(x), number(1)))});
      system.transitions.push_back(step);
      ir::Property property;
      property.id = "not-the-top";
      property.expr = system.pool.not_(is(top));
      system.properties.push_back(property);
      const Case c{system, explore(system, {})};
      REQUIRE(c.result.properties[0].verdict == Verdict::proved);

      Invariant invariant;
      invariant.clauses.push_back(
          invariant.pool.not_(invariant.pool.eq(invariant.pool.variable(x, 8), invariant.pool.constant(top, 8))));
      invariant.clauses.push_back(
          invariant.pool.binary(ir::Op::ule, invariant.pool.variable(x, 8), invariant.pool.constant(top, 8)));
      const auto enough = static_cast<std::uint32_t>(climb + 1);
      for (invariant.k = 1; invariant.k <= enough; ++invariant.k) {
        CAPTURE(round);
        CAPTURE(climb);
        CAPTURE(invariant.k);
        const bool accepted = is_accepted(written(c.system, by_invariant(c, invariant), header_of_two_files()));
        CHECK(accepted == (invariant.k == enough));
        if (!accepted) ++tampered;
      }
    }
  }
  // A run of `steps` steps and no more.
  for (std::uint32_t i = 0; tampered < least; ++i) {
    const std::uint32_t steps = i % 6 + 1;
    ir::TransitionSystem system;
    const ir::VarId pc = system.add_variable({.name = "a.pc", .width = 8, .role = ir::Role::control});
    system.actors.push_back({"a", pc, 0, 100, {}});
    for (std::uint32_t at = 0; at < steps; ++at) {
      ir::Transition step;
      step.from = at;
      step.to = at + 1;
      step.guard = system.pool.truth(true);
      system.transitions.push_back(step);
    }
    ir::Property property;
    property.id = "below";
    property.expr = system.pool.binary(ir::Op::ule, system.read(pc), system.pool.constant(steps + i / 6, 8));
    system.properties.push_back(property);
    Result result;
    result.properties.emplace_back();
    result.properties[0].verdict = Verdict::proved;
    result.properties[0].runs_end = true;
    for (std::uint32_t claimed = 0; claimed <= steps; ++claimed) {
      result.properties[0].depth = claimed;
      const bool accepted = is_accepted(written(system, result, header_of_two_files()));
      CHECK(accepted == (claimed == steps));
      if (!accepted) ++tampered;
    }
  }
}

TEST_CASE("bytes that were changed, cut off or exchanged are found by their hashes") {
  int tampered = 0;
  const std::string hash_a = verify::sha256("a");
  const std::string hash_b = verify::sha256("b");
  for (std::uint64_t seed = 0; tampered < 4 * least; ++seed) {
    const Case c = a_case(seed);
    const std::string bytes = written(c.system, c.result, header_of_two_files());
    REQUIRE(is_accepted(bytes));
    Dice dice(seed);
    for (int i = 0; i < 10; ++i) {
      std::string flipped = bytes;
      char& byte = flipped[dice.below(bytes.size())];
      byte = static_cast<char>(byte ^ static_cast<char>(1U << dice.below(8)));
      CHECK_FALSE(is_accepted(flipped));
      CHECK_FALSE(is_accepted(bytes.substr(0, dice.below(bytes.size()))));
      tampered += 2;
    }
    std::string swapped = bytes;
    swapped.replace(bytes.find(hash_a), 64, hash_b);
    swapped.replace(bytes.find(hash_b), 64, hash_a);
    const auto read = verify::read_certificate(swapped);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().damaged);
    ++tampered;
  }
}

TEST_CASE("the states or runs of one system say nothing of another") {
  int wrong = 0;
  int tampered = 0;
  for (std::uint64_t seed = 0; wrong < least; ++seed) {
    const Case c = a_case(seed);
    CAPTURE(seed);
    Dice dice(seed);
    for (int i = 0; i < 6; ++i) {
      ir::TransitionSystem other = c.system;
      ir::Transition& t = other.transitions[dice.below(other.transitions.size())];
      switch (dice.below(4)) {
        case 0:
          t.to = static_cast<ir::Location>(dice.below(other.actors[ir::index(t.actor)].locations));
          break;
        case 1:
          t.guard = other.pool.not_(t.guard);
          break;
        case 2:
          if (!t.updates.empty())
            t.updates.erase(t.updates.begin() + static_cast<std::ptrdiff_t>(dice.below(t.updates.size())));
          break;
        default:
          t.faults = t.faults == 0 ? 1 : 0;
      }
      ++tampered;
      if (!is_accepted(written(other, c.result, header_of_two_files()))) {
        ++wrong;
        continue;
      }
      // What was accepted is true: nothing that is claimed of it is otherwise.
      const auto truth = eval::explore(other, 1'000'000);
      REQUIRE(truth.has_value());
      for (std::size_t p = 0; p < other.properties.size(); ++p) {
        CAPTURE(other.properties[p].id);
        const Verdict verdict = c.result.properties[p].verdict;
        const bool cover = other.properties[p].kind == ir::PropertyKind::cover;
        const bool found = truth->properties[p].has_value();
        if (verdict == Verdict::proved) CHECK(found == cover);
        if (verdict == Verdict::violated) CHECK(found != cover);
        if (verdict == Verdict::vacuous) CHECK_FALSE(found);
      }
    }
  }
  CHECK(tampered > wrong);
}

TEST_CASE("without the run to its trigger, or with another one, a rule is not accepted") {
  int tampered = 0;
  for (std::uint64_t seed = 0; tampered < least; ++seed) {
    const Case c = a_case(seed);
    Dice dice(seed);
    for (const auto& [mark, run] : c.result.triggers) {
      Result wrong = c.result;
      ir::Run& changed = wrong.triggers.at(mark);
      if (dice.below(2) == 0 || changed.steps.size() < 2)
        changed.steps.pop_back();
      else
        changed.steps.erase(changed.steps.begin() + static_cast<std::ptrdiff_t>(dice.below(changed.steps.size() - 1)));
      // The run may still be one, and reach it.
      const auto replayed = eval::replay(c.system, changed);
      bool reaches = false;
      if (replayed && !changed.steps.empty()) {
        const auto hits = eval::marks_hit(c.system, changed.steps.back(), replayed->states[changed.steps.size() - 1]);
        reaches = std::find(hits.begin(), hits.end(), mark) != hits.end();
      }
      bool asked = false;
      for (const PropertyResult& p : wrong.properties) {
        const auto& triggers = c.system.properties[ir::index(p.property)].triggers;
        const auto first =
            std::find_if(triggers.begin(), triggers.end(), [&](ir::MarkId m) { return c.result.triggers.contains(m); });
        asked = asked || (p.verdict == Verdict::proved && !p.run && first != triggers.end() && *first == mark);
      }
      if (!asked || reaches) continue;
      // It might reach another trigger of the same rule; then it is right all the same.
      const bool accepted = is_accepted(written(c.system, wrong, header_of_two_files()));
      if (replayed && accepted) continue;
      CHECK_FALSE(accepted);
      ++tampered;
    }
  }
}

}  // namespace hotproof::checker::certify
