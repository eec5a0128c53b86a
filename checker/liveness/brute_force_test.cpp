// Random tiny systems: every set of nodes in which a run could stay for ever is tried; and reasons that are none.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "checker/liveness/automaton.hpp"
#include "checker/liveness/claim.hpp"
#include "checker/liveness/liveness.hpp"
#include "checker/liveness/test_questions.hpp"
#include "model/eval/interpreter.hpp"
#include "model/ir/text.hpp"

using namespace hotproof;
using namespace hotproof::checker;
using namespace hotproof::checker::liveness;
using namespace hotproof::checker::liveness::testing;

namespace {

constexpr std::size_t most_nodes = 14;

// The product, node by node, from the interpreter and the definitions alone.
class BruteForce {
 public:
  BruteForce(const ir::TemporalQuestion& question, const Automaton& automaton) : q_(question), s_(question.system), automaton_(automaton) {
    const auto initial = eval::initial_states(s_, 100);
    REQUIRE(initial);
    for (const ir::State& state : *initial) meet({state, false, 0});
    for (std::size_t i = 0; i < nodes_.size() && nodes_.size() <= most_nodes; ++i) expand(i);
  }

  bool small() const { return nodes_.size() <= most_nodes; }

  bool some_fair_run() const {
    for (std::uint32_t set = 1; set < 1U << nodes_.size(); ++set)
      if (is_fair(set)) return true;
    return false;
  }

 private:
  using Node = std::tuple<ir::State, bool, std::uint32_t>;  // state, ended, automaton's state
  struct Edge {
    std::size_t from, to;
    std::optional<ir::TransitionId> fired;
    std::uint64_t accepts;
  };

  std::size_t meet(const Node& node) {
    const auto [entry, fresh] = number_.try_emplace(node, nodes_.size());
    if (fresh) nodes_.push_back(node);
    return entry->second;
  }

  static bool is_among(const std::vector<ir::Location>& all, std::uint64_t one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  }
  bool must(const ir::State& state, ir::TransitionId id) const {
    const ir::Transition& t = s_[id];
    return eval::is_enabled(s_, id, state) && t.faults == 0 && !is_among(s_.actors[ir::index(t.actor)].resting, t.from);
  }

  std::uint64_t letter(const ir::State& state, std::optional<ir::TransitionId> fired) const {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < automaton_.atoms.size(); ++i) {
      const ir::TemporalAtom& atom = q_.atoms[automaton_.atoms[i]];
      bool is = false;
      if (!atom.is_event) is = eval::is_true(s_.pool, s_.properties[ir::index(atom.state)].expr, state);
      if (atom.is_event && fired)
        for (const ir::MarkId mark : eval::marks_hit(s_, *fired, state)) is |= mark == atom.event;
      out |= std::uint64_t{is} << i;
    }
    return out;
  }

  void move(std::size_t from, const ir::State& to, bool ended, std::optional<ir::TransitionId> fired) {
    const auto [state, was, at] = nodes_[from];
    const std::uint64_t is = letter(state, fired);
    for (const Automaton::Move& move : automaton_.moves[at])
      if ((move.yes & ~is) == 0 && (move.no & is) == 0) edges_.push_back({from, meet({to, ended, move.to}), fired, move.accepts});
  }

  void expand(std::size_t i) {
    const ir::State state = std::get<0>(nodes_[i]);
    for (const ir::Actor& actor : s_.actors)
      if (is_among(actor.halted, state[ir::index(actor.control)])) return;
    if (std::get<1>(nodes_[i])) return move(i, state, true, {});
    bool somebody_must = false;
    for (const ir::TransitionId id : eval::enabled(s_, state)) {
      move(i, eval::fire(s_, id, state), false, id);
      somebody_must |= must(state, id);
    }
    if (!somebody_must) move(i, state, true, {});
  }

  bool connected(std::uint32_t set, const std::vector<Edge>& inner) const {
    const auto spread = [&](bool forward) {
      std::uint32_t seen = set & (~set + 1);
      for (bool grown = true; grown;) {
        grown = false;
        for (const Edge& edge : inner) {
          const std::uint32_t a = 1U << (forward ? edge.from : edge.to), b = 1U << (forward ? edge.to : edge.from);
          if ((seen & a) == 0 || (seen & b) != 0) continue;
          seen |= b;
          grown = true;
        }
      }
      return seen == set;
    };
    return !inner.empty() && spread(true) && spread(false);
  }

  // A run that visits exactly these nodes again and again, and takes all steps between them, is fair and accepted.
  bool is_fair(std::uint32_t set) const {
    std::vector<Edge> inner;
    for (const Edge& edge : edges_)
      if ((set >> edge.from & 1U) != 0 && (set >> edge.to & 1U) != 0) inner.push_back(edge);
    if (!connected(set, inner)) return false;
    std::uint64_t accepts = 0;
    for (const Edge& edge : inner) accepts |= edge.accepts;
    for (std::uint32_t u = 0; u < automaton_.acceptance_sets; ++u)
      if ((accepts >> u & 1U) == 0) return false;
    for (std::size_t actor = 0; actor < s_.actors.size(); ++actor)
      if (!is_weakly_fair(set, inner, actor)) return false;
    return keeps_assumptions(set, inner);
  }

  bool is_weakly_fair(std::uint32_t set, const std::vector<Edge>& inner, std::size_t actor) const {
    for (const Edge& edge : inner)
      if (edge.fired && ir::index(s_[*edge.fired].actor) == actor) return true;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if ((set >> i & 1U) == 0) continue;
      const auto& [state, ended, at] = nodes_[i];
      bool has_to = false;
      for (std::uint32_t t = 0; t < s_.transitions.size() && !ended; ++t)
        has_to |= ir::index(s_.transitions[t].actor) == actor && must(state, static_cast<ir::TransitionId>(t));
      if (!has_to) return true;
    }
    return false;
  }

  bool keeps_assumptions(std::uint32_t set, const std::vector<Edge>& inner) const {
    const ir::Assumptions& assumed = q_.properties[0].assumptions;
    for (std::uint32_t t = 0; t < s_.transitions.size(); ++t) {
      const ir::Transition& way = s_.transitions[t];
      const bool wins = way.lock_effect == ir::LockEffect::acquires || way.lock_effect == ir::LockEffect::tries;
      if (!(wins && assumed.locks) && !(!wins && way.choice == ir::Choice::free && assumed.choices)) continue;
      bool open = false;
      for (std::size_t i = 0; i < nodes_.size(); ++i)
        open |= (set >> i & 1U) != 0 && !std::get<1>(nodes_[i]) && must(std::get<0>(nodes_[i]), static_cast<ir::TransitionId>(t));
      bool taken = false;
      for (const Edge& edge : inner) {
        if (!edge.fired) continue;
        const ir::Transition& other = s_[*edge.fired];
        const bool other_wins = other.lock_effect == ir::LockEffect::acquires || other.lock_effect == ir::LockEffect::tries;
        // There is one lock; who takes it from the same place takes it.
        taken |= wins ? other_wins && other.actor == way.actor && other.from == way.from : ir::index(*edge.fired) == t;
      }
      if (open && !taken) return false;
    }
    return true;
  }

  const ir::TemporalQuestion& q_;
  const ir::TransitionSystem& s_;
  const Automaton& automaton_;
  std::map<Node, std::size_t> number_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
};

}  // namespace

TEST_CASE("tiny systems: what is decided is what trying all sets of nodes says") {
  Random random(3);
  std::size_t holds = 0, fails = 0, assumed = 0;
  for (int round = 0; round < 6000; ++round) {
    ir::TemporalQuestion question = random_question(random);
    REQUIRE_FALSE(ir::fault_in(question.system));
    const auto automaton =
        translate(question.formulas, ir::negation_normal(question.formulas, question.properties[0].instances[0].formula, true));
    REQUIRE(automaton);
    const BruteForce brute(question, *automaton);
    if (!brute.small()) continue;
    INFO("round " << round);
    const Answers answers = decide(question, {});
    INFO(answers.internal_error);
    REQUIRE(answers.internal_error.empty());
    const Verdict expected = brute.some_fair_run() ? Verdict::violated : Verdict::proved;
    CHECK(answers.properties[0].verdict == expected);
    (expected == Verdict::proved ? holds : fails) += 1;
    // Where the assumptions matter.
    question.properties[0].assumptions = {};
    const Answers without = decide(question, {});
    REQUIRE(without.internal_error.empty());
    assumed += without.properties[0].verdict != answers.properties[0].verdict ? 1 : 0;
  }
  MESSAGE(holds << " hold, " << fails << " fail, " << assumed << " by their assumptions");
  CHECK(holds > 400);
  CHECK(fails > 400);
  CHECK(assumed > 5);
}

TEST_CASE("no reasons make the verifier accept what fails") {
  Random random(5);
  std::size_t forged = 0, honest = 0;
  for (int round = 0; round < 1500; ++round) {
    ir::TemporalQuestion question = random_question(random);
    question.properties[0].assumptions = {};
    const auto automaton =
        translate(question.formulas, ir::negation_normal(question.formulas, question.properties[0].instances[0].formula, true));
    REQUIRE(automaton);
    const BruteForce brute(question, *automaton);
    if (!brute.small()) continue;
    INFO("round " << round);
    const auto system = verify::read_system(ir::write(question.system));
    REQUIRE(system);
    const Graph graph(question, {});
    const verify::StateSet states = states_of(graph);
    // Reasons that rest on more than is claimed.
    const Fairness weak = fairness_of(question.system, {});
    const Fairness strong = fairness_of(question.system, {true, true});
    Product product(graph, *automaton, strong, {});
    const bool found = product.find().has_value();
    verify::LivenessClaim claim = claim_of(question, *automaton, weak, product);
    const bool fails = brute.some_fair_run();
    if (!found) {
      for (verify::LivenessCell& cell : claim.cells)
        if (cell.why == verify::LivenessCell::Why::starved) cell.why = verify::LivenessCell::Why::not_accepted;
      const bool accepted = verify::check_liveness(*system, states, claim, {}).status == verify::Status::accepted;
      honest += accepted ? 1 : 0;
      if (fails) CHECK_FALSE(accepted);
    }
    if (!fails) continue;
    // Any reasons at all, for everything that is reached.
    claim.cell_of = Product(graph, *automaton, weak, {}).cell_of_each();
    for (int i = 0; i < 20; ++i) {
      claim.groups = random.below(2) == 0 ? strong.group : weak.group;
      claim.cells.clear();
      const std::uint64_t cells = 1 + random.below(3);
      for (std::uint32_t c = 0; c < cells; ++c) {
        verify::LivenessCell cell;
        cell.why = static_cast<verify::LivenessCell::Why>(random.below(4));
        cell.what = static_cast<std::uint32_t>(random.below(2));
        if (c > 0 && claim.cells.back().why == verify::LivenessCell::Why::starved) cell.parent = c - 1;
        if (strong.groups > 0) cell.groups = {static_cast<std::uint32_t>(random.below(strong.groups))};
        claim.cells.push_back(cell);
      }
      for (std::uint32_t& cell : claim.cell_of)
        if (cell != Product::unreached) cell = static_cast<std::uint32_t>(random.below(cells));
      ++forged;
      const bool accepted = verify::check_liveness(*system, states, claim, {}).status == verify::Status::accepted;
      // With the assumptions in the claim, it may be true.
      if (accepted) CHECK((claim.groups == strong.group && !found));
    }
  }
  CHECK(forged > 5000);
  CHECK(honest > 100);
}

TEST_CASE("the same question gets the same answer, to the last step") {
  Random random(9);
  for (int round = 0; round < 200; ++round) {
    const ir::TemporalQuestion question = random_question(random);
    const Answers one = decide(question, {});
    const Answers two = decide(question, {});
    CHECK(one.properties[0].verdict == two.properties[0].verdict);
    REQUIRE(one.properties[0].lasso.has_value() == two.properties[0].lasso.has_value());
    if (!one.properties[0].lasso) continue;
    CHECK(one.properties[0].lasso->steps == two.properties[0].lasso->steps);
    CHECK(one.properties[0].lasso->loop_start == two.properties[0].lasso->loop_start);
  }
}
