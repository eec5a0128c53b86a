#include <doctest/doctest.h>

#include "checker/result.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using namespace hotproof::ir;

TEST_CASE("the deadlock expression means what the reference means, on every state of random walks") {
  int deadlocks = 0, others = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    TransitionSystem s = eval::random_system(seed);
    const ExprId stuck = checker::deadlocked(s);
    REQUIRE_FALSE(fault_in(s));
    const auto initial = eval::initial_states(s, 100000);
    if (!initial || initial->empty()) continue;
    std::uint64_t walk = seed;
    for (int start = 0; start < 5; ++start) {
      State state = initial->front();
      for (int step = 0; step < 20; ++step) {
        const bool expected = eval::deadlocked(s, state);
        CHECK(eval::is_true(s.pool, stuck, state) == expected);
        ++(expected ? deadlocks : others);
        const auto enabled = eval::enabled(s, state);
        if (enabled.empty()) break;
        walk = walk * 6364136223846793005U + 1442695040888963407U;
        state = eval::fire(s, enabled[(walk >> 33U) % enabled.size()], state);
      }
    }
  }
  CHECK(deadlocks > 100);
  CHECK(others > 1000);
}

TEST_CASE("violates() agrees with the runs of the reference") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    const TransitionSystem s = eval::random_system(seed);
    const auto found = eval::explore(s, 3000);
    if (!found) continue;
    for (std::size_t i = 0; i < s.properties.size(); ++i) {
      if (!found->properties[i]) continue;
      const Run& run = found->properties[i]->run;
      const auto replay = eval::replay(s, run);
      REQUIRE(replay);
      const PropertyKind kind = s.properties[i].kind;
      const bool by_step = kind == PropertyKind::assertion || kind == PropertyKind::cover;
      const std::size_t at = replay->states.size() - (by_step ? 2 : 1);
      const auto fired = by_step ? std::optional(run.steps.back()) : std::nullopt;
      CHECK(checker::violates(s, static_cast<PropertyId>(i), replay->states[at], fired));
      // Not earlier: the run is a shortest one.
      for (std::size_t k = 0; k < at; ++k)
        CHECK_FALSE(checker::violates(s, static_cast<PropertyId>(i), replay->states[k], run.steps[k]));
    }
  }
}

TEST_CASE("names of verdicts") {
  CHECK(checker::name(checker::Verdict::proved) == "proved");
  CHECK(checker::name(checker::Verdict::not_understood) == "not-understood");
}
