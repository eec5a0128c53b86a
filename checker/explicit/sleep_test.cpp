// Sleep sets: with them and without, the search meets the same states by the same steps, and says the same.
#include "checker/explicit/sleep.hpp"

#include <doctest/doctest.h>

#include "checker/explicit/explorer.hpp"
#include "checker/explicit/test_results.hpp"
#include "checker/explicit/test_systems.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"
#include "model/eval/twins.hpp"

using namespace hotproof;
using checker::explore;
using checker::Options;
using checker::Result;
using checker::explicit_state::Sleepers;
using checker::explicit_state::SleepSets;
using checker::explicit_state::testing::counters;
using checker::explicit_state::testing::opposite_orders;
using checker::explicit_state::testing::SystemBuilder;

namespace {

Options asleep_from_the_first(unsigned threads = 1) {
  Options out;
  out.asleep_beyond = 0;
  out.threads = threads;
  return out;
}

Options all_awake() {
  Options out;
  out.sleep_sets = false;
  return out;
}

void check_same(const Result& asleep, const Result& awake) {
  CHECK(awake.statistics.slept == 0);
  checker::explicit_state::testing::check_same(asleep, awake);
}

}  // namespace

TEST_CASE("of actors that have nothing to do with each other, each state is met once") {
  auto builder = counters(3, 9);
  builder.invariant(builder.system.pool.truth(true));
  const Result result = explore(builder.system, asleep_from_the_first());
  CHECK(result.statistics.states == 1000);
  CHECK(result.statistics.transitions == 3 * 9 * 100);
  CHECK(result.statistics.transitions - result.statistics.slept == 999);
  check_same(result, explore(builder.system, all_awake()));
}

TEST_CASE("whoever writes what another one reads wakes him") {
  // The one that waits, and is looked at first, may go once the other one has: left asleep, it never would.
  SystemBuilder builder;
  const ir::ActorId waiting = builder.actor("waiting", 2), other = builder.actor("other", 3);
  const ir::VarId gate = builder.variable("gate", 1);
  builder.step(waiting, 0, 1).guard = builder.is(gate, 1);
  builder.step(other, 0, 1);
  builder.step(other, 1, 2).updates.push_back({gate, builder.number(gate, 1)});
  const Result result = explore(builder.system, asleep_from_the_first());
  CHECK(result.statistics.states == 4);
  CHECK(result.statistics.transitions == 3);
  check_same(result, explore(builder.system, all_awake()));
}

TEST_CASE("a sleeper that cannot move is known to be blocked") {
  auto builder = opposite_orders();
  builder.property(ir::PropertyKind::deadlock, "no-deadlock");
  // Somebody else moves all the time, and those who wait sleep meanwhile.
  const ir::ActorId other = builder.actor("other", 1, {0});
  for (ir::Lock& lock : builder.system.locks)
    for (auto* held : {&lock.held_write, &lock.held_read}) held->push_back(builder.system.pool.truth(false));
  builder.count(other, builder.variable("turns", 8, 0, 50), 50);
  const Result result = explore(builder.system, asleep_from_the_first());
  CHECK(result.properties[0].verdict == checker::Verdict::violated);
  CHECK(result.properties[0].depth == 2);
  CHECK(result.statistics.slept > 0);
  check_same(result, explore(builder.system, all_awake()));
}

TEST_CASE("random systems: nothing that a search says hangs on who sleeps") {
  std::uint64_t transitions = 0, slept = 0;
  const auto compare = [&](const ir::TransitionSystem& system) {
    const Result awake = explore(system, all_awake());
    for (const unsigned threads : {1U, 2U}) {
      const Result asleep = explore(system, asleep_from_the_first(threads));
      check_same(asleep, awake);
      transitions += asleep.statistics.transitions;
      slept += asleep.statistics.slept;
    }
    // A limit of depth, and an end at the first violation.
    for (const std::uint32_t depth : {2U, 5U}) {
      Options asleep_options = asleep_from_the_first(), awake_options = all_awake();
      asleep_options.limits.depth = awake_options.limits.depth = depth;
      check_same(explore(system, asleep_options), explore(system, awake_options));
      asleep_options.limits.depth = awake_options.limits.depth = 0;
      asleep_options.first_violation_ends = awake_options.first_violation_ends = true;
      check_same(explore(system, asleep_options), explore(system, awake_options));
    }
  };
  eval::RandomShape small, large;
  small.most_bits = 6;
  large.most_actors = 5;
  large.most_locks = 3;
  large.most_bits = 5;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    CAPTURE(seed);
    compare(eval::random_system(seed, small));
  }
  for (std::uint64_t seed = 7000; seed <= 7060; ++seed) {
    CAPTURE(seed);
    compare(eval::random_system(seed, large));
  }
  CHECK(slept * 10 > transitions);
}

TEST_CASE("random systems with actors that change places") {
  constexpr eval::RandomShape small{.most_actors = 2, .most_locations = 5, .most_bits = 6, .most_locks = 1};
  std::uint64_t slept = 0, systems = 0;
  for (std::uint64_t seed = 1000; seed < 1250; ++seed) {
    CAPTURE(seed);
    const auto system = eval::with_twins(eval::random_system(seed, small), 1 + static_cast<unsigned>(seed % 3));
    if (!system) continue;
    Options asleep_options = asleep_from_the_first(1 + seed % 2), awake_options = all_awake();
    asleep_options.symmetry = awake_options.symmetry = true;
    asleep_options.limits.states = awake_options.limits.states = 100'000;
    const Result asleep = explore(*system, asleep_options);
    check_same(asleep, explore(*system, awake_options));
    if (!asleep.statistics.up_to_exchanges) continue;
    slept += asleep.statistics.slept;
    ++systems;
  }
  CHECK(systems > 80);
  CHECK(slept > 1000);
}

TEST_CASE("nobody sleeps any more once actors go alone") {
  eval::RandomShape shape;
  shape.most_actors = 4;
  shape.most_bits = 10;
  std::uint64_t slept = 0, alone = 0;
  for (std::uint64_t seed = 300; seed < 420; ++seed) {
    CAPTURE(seed);
    const ir::TransitionSystem system = eval::random_system(seed, shape);
    Options asleep_options = asleep_from_the_first(2), awake_options = all_awake();
    for (Options* options : {&asleep_options, &awake_options}) {
      options->partial_order = true;
      options->reduced_beyond = 20;
    }
    const Result asleep = explore(system, asleep_options);
    check_same(asleep, explore(system, awake_options));
    slept += asleep.statistics.slept;
    alone += asleep.statistics.some_go_alone ? 1 : 0;
  }
  CHECK(slept > 0);
  CHECK(alone > 20);
}

TEST_CASE("more actors than can sleep, and more transitions than can be said") {
  auto builder = counters(17, 1);
  // Sixteen ways to do the same, which is too many to be said, and one actor that may not sleep at all.
  const ir::Transition first = builder.system.transitions[0];
  for (int i = 0; i < 15; ++i) builder.system.transitions.push_back(first);
  builder.invariant(builder.system.pool.truth(true));
  const Result result = explore(builder.system, asleep_from_the_first());
  CHECK(result.statistics.states == 1U << 17U);
  CHECK(result.statistics.slept > 0);
  check_same(result, explore(builder.system, all_awake()));
}

TEST_CASE("no search ends for want of the memory that sleepers take") {
  auto builder = counters(3, 129);
  builder.invariant(builder.system.pool.truth(true));
  const auto with = [&](bool sleep_sets, std::uint64_t kib) {
    Options options;
    options.sleep_sets = sleep_sets;
    options.threads = 1;
    options.limits.bytes = kib << 10U;
    return explore(builder.system, options);
  };
  // The least with which the search without sleepers gets through.
  std::uint64_t least = 60'000, too_little = 32'000;
  REQUIRE(with(false, least).complete);
  while (least - too_little > 64) {
    const std::uint64_t middle = (least + too_little) / 2;
    (with(false, middle).complete ? least : too_little) = middle;
  }
  for (const std::uint64_t kib : {too_little, least, least + 512, least + 4'096}) {
    CAPTURE(kib);
    const Result asleep = with(true, kib);
    check_same(asleep, with(false, kib));
    CHECK(asleep.statistics.bytes <= kib << 10U);
    CHECK(asleep.statistics.slept > 0);
  }
}

TEST_CASE("what is said of sleepers fits into a word, or is not said") {
  auto builder = counters(20, 1);  // sixteen of them may sleep
  const SleepSets sets(builder.system);
  REQUIRE(!sets.empty());
  const Sleepers none = 0;
  CHECK(!sets.enabled(none, 3));
  CHECK(sets.enabled(sets.with(none, 3, 0), 3) == 0);
  CHECK(sets.enabled(sets.with(sets.with(none, 3, 14), 15, 7), 3) == 14);
  CHECK(sets.enabled(sets.with(sets.with(none, 3, 14), 15, 7), 15) == 7);
  CHECK(sets.with(none, 3, 15) == none);
  CHECK(sets.with(none, 16, 1) == none);
  CHECK(!sets.enabled(~none, 16));
}
