// Searches that keep little of each state: what they find is there, nothing is ever proved, and they reckon well.
#include <doctest/doctest.h>

#include <cmath>

#include "checker/explicit/explorer.hpp"
#include "checker/explicit/test_systems.hpp"
#include "checker/explicit/traces.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/twins.hpp"

using namespace hotproof;
using namespace hotproof::checker::explicit_state;
using checker::explore;
using checker::Options;
using checker::Remembered;
using checker::Result;
using checker::Verdict;
using testing::counters;

namespace {

struct HashSource {
  std::uint64_t at = 1;
  std::uint64_t next() { return hash_words(&++at, 1); }
};

bool is_shown(const ir::TransitionSystem& system, std::size_t i, const Result& result) {
  const auto& run = result.properties[i].run;
  if (!run) return false;
  ir::State state = run->initial;
  const auto id = static_cast<ir::PropertyId>(i);
  bool shown = checker::violates(system, id, state, std::nullopt);
  for (const ir::TransitionId step : run->steps) {
    const auto enabled = eval::enabled(system, state);
    REQUIRE(std::find(enabled.begin(), enabled.end(), step) != enabled.end());
    shown = checker::violates(system, id, state, step);
    state = eval::fire(system, step, state);
    shown = shown || checker::violates(system, id, state, std::nullopt);
  }
  return shown;
}

// What is decided is decided as by the exact search, by a run; nothing else is. `all`: whatever has a run was found.
void check_against(const ir::TransitionSystem& system, const Result& exact, const Result& lossy, bool all) {
  CHECK_FALSE(lossy.complete);
  CHECK(lossy.states == nullptr);
  for (std::size_t i = 0; i < exact.properties.size(); ++i) {
    CAPTURE(system.properties[i].id);
    const bool cover = system.properties[i].kind == ir::PropertyKind::cover;
    const Verdict with_run = cover ? Verdict::proved : Verdict::violated;
    const bool faultless = cover && system.properties[i].cover_without_faults;  // an exact search answers that
    if (all && exact.properties[i].verdict == with_run) CHECK(lossy.properties[i].verdict == with_run);
    if (lossy.properties[i].verdict == Verdict::inconclusive) {
      CHECK(lossy.properties[i].reason.find("not found; a state was missed with a probability of ") !=
            std::string::npos);
    } else if (!faultless) {
      CHECK(lossy.properties[i].verdict == with_run);
      CHECK(exact.properties[i].verdict == with_run);
      CHECK(is_shown(system, i, lossy));
    }
  }
}

Options remembering(Remembered what, std::uint64_t bytes) {
  Options out;
  out.remembered = what;
  out.remembered_bytes = bytes;
  out.symmetry = true;
  out.partial_order = true;
  return out;
}

}  // namespace

TEST_CASE("traces: new states are taken for old ones about as often as is said") {
  HashSource hashes;
  const auto traces = make_traces(Remembered::bits, 1U << 14U);
  double missed = 0;
  for (int i = 0; i < 30'000; ++i) missed += traces->meet(hashes.next()) == Traces::Met::before ? 1 : 0;
  CHECK(missed > 300);
  CHECK(traces->expected_missed() == doctest::Approx(missed).epsilon(0.1));
  for (HashSource again; again.at < 30'000;) CHECK(traces->meet(again.next()) == Traces::Met::before);
}

TEST_CASE("traces: hashes of five bytes are told apart until the table is full") {
  HashSource hashes;
  const auto traces = make_traces(Remembered::hashes, 1U << 16U);
  int fresh = 0;
  Traces::Met last = Traces::Met::fresh;
  while ((last = traces->meet(hashes.next())) != Traces::Met::full) fresh += last == Traces::Met::fresh ? 1 : 0;
  CHECK(fresh == (65528 / 5) / 16 * 15);
  CHECK(traces->expected_missed() > 0);
  CHECK(traces->expected_missed() < 1e-6);
  for (HashSource again; again.at < 1000;) CHECK(traces->meet(again.next()) == Traces::Met::before);
}

TEST_CASE("lossy: against the exact search, on random systems") {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    CAPTURE(seed);
    ir::TransitionSystem system = eval::random_system(seed, {.disciplined = seed % 2 == 0});
    if (seed % 3 == 0)
      if (auto twins = eval::with_twins(eval::random_system(seed, {.most_actors = 2, .most_bits = 5}), 1))
        system = std::move(*twins);
    Options plain;
    plain.limits.states = 100'000;
    const Result exact = explore(system, plain);
    if (!exact.complete) continue;
    check_against(system, exact, explore(system, remembering(Remembered::hashes, 1U << 21U)), true);
    check_against(system, exact, explore(system, remembering(Remembered::bits, 1U << 22U)), true);
    check_against(system, exact, explore(system, remembering(Remembered::bits, 1)), false);
    check_against(system, exact, explore(system, remembering(Remembered::hashes, 1)), false);
  }
}

TEST_CASE("lossy: a table that is too small") {
  const auto system = counters(3, 40).system;
  const Result full = explore(system, remembering(Remembered::hashes, 1U << 12U));
  CHECK(full.stopped_by == "memory limit");
  CHECK(full.statistics.states < 1000);
  const Result crowded = explore(system, remembering(Remembered::bits, 1U << 12U));
  CHECK(crowded.stopped_by.find("what it keeps of states: a state was missed with a probability of 1 (some ") == 0);
  CHECK(crowded.statistics.states < 40 * 40 * 40);
  Options every_order = remembering(Remembered::bits, 1U << 24U);
  every_order.partial_order = false;
  every_order.symmetry = false;
  const Result roomy = explore(system, every_order);
  CHECK(roomy.statistics.states == explore(system, {}).statistics.states);
}

TEST_CASE("lossy: limits") {
  const auto system = counters(3, 100).system;
  Options stack = remembering(Remembered::bits, 1U << 20U);
  stack.limits.bytes = (1U << 20U) + 1000;
  CHECK(explore(system, stack).stopped_by == "memory limit");
  Options brief = remembering(Remembered::bits, 1U << 24U);
  brief.limits.seconds = 1e-6;
  CHECK(explore(system, brief).stopped_by == "time limit");
  Options ended = remembering(Remembered::bits, 1U << 24U);
  const volatile bool yes = true;
  ended.interrupted = &yes;
  CHECK(explore(system, ended).stopped_by == "interrupted");
}
