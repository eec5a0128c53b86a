#include "checker/liveness/automaton.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "checker/liveness/test_formulas.hpp"

using namespace hotproof;
using namespace hotproof::checker::liveness;
using namespace hotproof::checker::liveness::testing;
using ir::FormulaId;
using ir::FormulaPool;

namespace {

using Matrix = std::vector<std::vector<bool>>;

// Whether the automaton accepts the word, by brute force: place and state together are a node; a closure says what is
// reached; a node that reaches itself has a component, and that has acceptance sets.
bool accepts(const Automaton& automaton, const Word& word) {
  struct Edge {
    std::size_t from, to;
    std::uint64_t sets;
  };
  const std::size_t states = automaton.states();
  const std::size_t nodes = word.letters.size() * states;
  std::vector<Edge> edges;
  Matrix reach(nodes, std::vector<bool>(nodes, false));
  for (std::size_t at = 0; at < word.letters.size(); ++at) {
    const std::size_t next = at + 1 < word.letters.size() ? at + 1 : word.loop;
    std::uint64_t letter = 0;
    for (std::size_t i = 0; i < automaton.atoms.size(); ++i)
      letter |= std::uint64_t{word.letters[at] >> automaton.atoms[i] & 1U} << i;
    for (std::size_t state = 0; state < states; ++state) {
      for (const Automaton::Move& move : automaton.moves[state]) {
        if ((move.yes & ~letter) != 0 || (move.no & letter) != 0) continue;
        edges.push_back({at * states + state, next * states + move.to, move.accepts});
        reach[edges.back().from][edges.back().to] = true;
      }
    }
  }
  for (std::size_t via = 0; via < nodes; ++via)
    for (std::size_t a = 0; a < nodes; ++a)
      if (reach[a][via])
        for (std::size_t b = 0; b < nodes; ++b)
          if (reach[via][b]) reach[a][b] = true;
  const std::uint64_t all = automaton.acceptance_sets == 0 ? 0 : ~std::uint64_t{0} >> (64 - automaton.acceptance_sets);
  for (std::size_t node = 0; node < nodes; ++node) {
    if (!reach[node][node] || (node != 0 && !reach[0][node])) continue;
    std::uint64_t sets = 0;
    for (const Edge& edge : edges)
      if (reach[node][edge.from] && reach[edge.to][node]) sets |= edge.sets;
    if (sets == all) return true;
  }
  return false;
}

std::string shown(const FormulaPool& pool, FormulaId formula) {
  return ir::to_string(pool, formula, [](std::uint32_t atom) { return std::string(1, static_cast<char>('a' + atom)); });
}

}  // namespace

TEST_CASE("the meaning of formulas on words that are easy to read") {
  FormulaPool pool;
  const FormulaId a = pool.atom(0);
  const FormulaId b = pool.atom(1);
  const Word only_last{{0, 0, 1}, 2};  // a from the third place on, for ever
  CHECK(holds(pool, pool.eventually(a), only_last));
  CHECK(holds(pool, pool.eventually(pool.always(a)), only_last));
  CHECK_FALSE(holds(pool, pool.always(a), only_last));
  CHECK(holds(pool, pool.next(pool.next(a)), only_last));
  CHECK_FALSE(holds(pool, pool.next(a), only_last));
  const Word turns{{1, 2}, 0};  // a, b, a, b, …
  CHECK(holds(pool, pool.always(pool.eventually(b)), turns));
  CHECK_FALSE(holds(pool, pool.eventually(pool.always(b)), turns));
  CHECK(holds(pool, pool.until(a, b), turns));
  CHECK_FALSE(holds(pool, pool.until(b, pool.and_(a, b)), turns));
  CHECK(holds(pool, pool.weak_until(a, b), Word{{1}, 0}));
  CHECK_FALSE(holds(pool, pool.until(a, b), Word{{1}, 0}));
  CHECK(holds(pool, pool.release(a, b), Word{{2, 3, 0}, 2}));
  CHECK_FALSE(holds(pool, pool.release(a, b), Word{{2, 1}, 1}));
}

TEST_CASE("rewriting keeps what a formula means, and does not make it larger") {
  Random random(7);
  std::size_t changed = 0;
  for (int round = 0; round < 3000; ++round) {
    FormulaPool pool;
    const FormulaId formula = random_formula(pool, random, 4, 2);
    const FormulaId normal = ir::negation_normal(pool, formula, false);
    const FormulaId negated = ir::negation_normal(pool, formula, true);
    const FormulaId simple = ir::simplified(pool, normal);
    changed += simple != normal ? 1 : 0;
    CHECK(ir::temporal_operators(pool, simple) <= ir::temporal_operators(pool, normal));
    for (int i = 0; i < 8; ++i) {
      const Word word = random_word(random, 2);
      const bool truth = holds(pool, formula, word);
      INFO(shown(pool, formula));
      CHECK(holds(pool, normal, word) == truth);
      CHECK(holds(pool, negated, word) != truth);
      CHECK(holds(pool, simple, word) == truth);
    }
  }
  CHECK(changed > 300);
}

TEST_CASE("an automaton accepts the words of which its formula is true, and no others") {
  Random random(11);
  std::size_t yes = 0, no = 0;
  for (int round = 0; round < 1500; ++round) {
    FormulaPool pool;
    const FormulaId formula = random_formula(pool, random, 3, 3);
    for (const bool negated : {false, true}) {
      for (const bool simplify : {false, true}) {
        FormulaId normal = ir::negation_normal(pool, formula, negated);
        if (simplify) normal = ir::simplified(pool, normal);
        const auto automaton = translate(pool, normal);
        REQUIRE(automaton);
        for (int i = 0; i < 6; ++i) {
          const Word word = random_word(random, 3);
          const bool truth = holds(pool, normal, word);
          (truth ? yes : no) += 1;
          INFO(shown(pool, normal));
          CHECK(accepts(*automaton, word) == truth);
        }
      }
    }
  }
  CHECK(yes > 5000);
  CHECK(no > 5000);
}

TEST_CASE("automata of formulas that everybody knows") {
  FormulaPool pool;
  const FormulaId a = pool.atom(0);
  const FormulaId b = pool.atom(1);
  const auto states = [&](FormulaId formula) { return translate(pool, formula)->states(); };
  // The initial state is one of its own.
  CHECK(states(pool.truth(false)) == 1);
  CHECK(states(pool.always(a)) == 2);
  CHECK(states(pool.eventually(a)) == 3);
  const FormulaId unanswered = ir::negation_normal(pool, pool.always(pool.implies(a, pool.eventually(b))), true);
  CHECK(shown(pool, unanswered) == "F (a && G !b)");
  CHECK(states(unanswered) == 3);
}

TEST_CASE("a formula whose automaton would be huge is refused") {
  FormulaPool pool;
  FormulaId all = pool.truth(true);
  for (std::uint32_t i = 0; i < 16; ++i) all = pool.and_(all, pool.always(pool.eventually(pool.atom(i))));
  FormulaId some = pool.truth(false);
  for (std::uint32_t i = 0; i < 16; ++i) some = pool.or_(some, pool.until(pool.atom(i), pool.next(all)));
  const auto automaton = translate(pool, some);
  REQUIRE_FALSE(automaton);
  CHECK(automaton.error().message == "formula is too large to be translated into an automaton");
}
