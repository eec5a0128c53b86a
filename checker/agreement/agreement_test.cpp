#include "checker/agreement/agreement.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "checker/explicit/explorer.hpp"
#include "checker/smt/bmc.hpp"
#include "checker/smt/portfolio.hpp"
#include "checker/smt/solver.hpp"
#include "model/eval/random_system.hpp"

using namespace hotproof;
using checker::Result;
using checker::Verdict;
using ir::TransitionSystem;

namespace {

constexpr std::uint64_t seeds = 1000;
constexpr std::size_t most_states = 200000;

// Small enough that a thousand of them take well under a minute.
eval::RandomShape small_shape() {
  eval::RandomShape shape;
  shape.most_bits = 6;
  shape.most_variables = 4;
  shape.most_locations = 5;
  return shape;
}

struct Seen {
  std::size_t shown = 0;     // verdicts with a run that both engines give
  std::size_t proved = 0;    // proofs that bounded model checking gives because all runs end
  std::size_t complete = 0;  // systems whose runs all end within the bound
};

// All three on one system; the first difference, or nothing.
std::optional<std::string> compare(const TransitionSystem& system, std::uint32_t bound, Seen& seen) {
  const auto brute = eval::explore(system, most_states);
  if (!brute) return brute.error().message;
  const Result reference = checker::as_result(system, *brute);
  const Result explored = checker::explore(system, {});
  checker::Options options;
  options.limits.depth = bound;
  const Result bounded = checker::smt::bounded(system, options);
  if (!explored.complete) return "the explorer stopped: " + explored.stopped_by;
  if (explored.statistics.states != brute->states) return "the explorer counts other states";
  for (const auto& [a, b] : {std::pair{&reference, &explored}, {&reference, &bounded}, {&explored, &bounded}})
    if (auto found = checker::difference(system, *a, *b)) return found;
  for (const Result* result : {&reference, &explored, &bounded})
    if (auto found = checker::unconfirmed(system, *result)) return found;
  if (bounded.complete) ++seen.complete;
  for (const checker::PropertyResult& property : bounded.properties) {
    if (property.run) ++seen.shown;
    if (bounded.complete && !property.run && property.verdict == Verdict::proved) ++seen.proved;
  }
  return std::nullopt;
}

std::uint32_t bound_of(std::uint64_t seed) {
  return 4 + static_cast<std::uint32_t>(seed % 7);
}

// The difference that a smaller part of the system shows too, with the transitions that can be left out.
std::string shrunk(eval::RandomCase test_case, std::string difference) {
  Seen ignored;
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (const eval::RandomCase& candidate : eval::smaller(test_case, small_shape())) {
      const auto found = compare(eval::build(candidate, small_shape()), bound_of(test_case.seed), ignored);
      if (!found) continue;
      test_case = candidate;
      difference = *found;
      smaller = true;
      break;
    }
  }
  std::string out = "seed " + std::to_string(test_case.seed) + " without transitions";
  for (const std::uint32_t dropped : test_case.dropped) out += " " + std::to_string(dropped);
  return out + ": " + difference;
}

// A system in which something is violated and something reached, with the reference's result.
struct Example {
  TransitionSystem system;
  Result result;
  std::size_t shown = 0;  // a property that is shown by a run of at least one step
};

Example example() {
  for (std::uint64_t seed = 0;; ++seed) {
    Example out{eval::random_system(seed, small_shape()), {}, 0};
    const auto brute = eval::explore(out.system, most_states);
    if (!brute) continue;
    out.result = checker::as_result(out.system, *brute);
    for (std::size_t i = 0; i < out.result.properties.size(); ++i) {
      const auto& property = out.result.properties[i];
      if (!property.run || property.depth == 0 || property.verdict != Verdict::violated) continue;
      out.shown = i;
      return out;
    }
  }
}

}  // namespace

TEST_CASE("explorer, bounded model checking and brute force agree on a thousand random systems") {
  Seen seen;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto found = compare(eval::random_system(seed, small_shape()), bound_of(seed), seen);
    if (found) FAIL_CHECK(shrunk({seed, {}}, *found));
  }
  // The comparison is worth something only if much is compared.
  CHECK(seen.shown > seeds);
  CHECK(seen.complete > 20);
  CHECK(seen.proved > 20);
}

TEST_CASE("all engines of the solver together decide everything, as brute force does, and as the explorer does") {
  std::size_t proofs = 0;
  for (std::uint64_t seed = 5000; seed < 5060; ++seed) {
    CAPTURE(seed);
    const TransitionSystem system = eval::random_system(seed, small_shape());
    const auto brute = eval::explore(system, most_states);
    REQUIRE(brute);
    const Result reference = checker::as_result(system, *brute);
    const Result decided = checker::smt::decide(system, {});
    CHECK(decided.complete);
    CHECK(checker::difference(system, reference, decided).value_or("") == "");
    CHECK(checker::difference(system, checker::explore(system, {}), decided).value_or("") == "");
    CHECK(checker::unconfirmed(system, decided).value_or("") == "");
    for (const checker::PropertyResult& property : decided.properties) {
      CHECK(property.verdict != Verdict::inconclusive);
      if (!property.run) ++proofs;
    }
  }
  CHECK(proofs > 100);
}

TEST_CASE("a comparison that the solver gets wrong is found out") {
  std::size_t noticed = 0;
  checker::smt::break_comparisons_for_tests(true);
  for (std::uint64_t seed = 0; seed < 15; ++seed) {
    const TransitionSystem system = eval::random_system(seed, small_shape());
    const auto brute = eval::explore(system, most_states);
    if (!brute) continue;
    const Result decided = checker::smt::decide(system, {});
    if (!decided.internal_error.empty() || checker::difference(system, checker::as_result(system, *brute), decided))
      ++noticed;
  }
  checker::smt::break_comparisons_for_tests(false);
  CHECK(noticed > 2);
}

TEST_CASE("an engine that is wrong is found out") {
  const Example right = example();
  const auto wrong = [&](const std::function<void(checker::PropertyResult&)>& change) {
    Result result = right.result;
    change(result.properties[right.shown]);
    return result;
  };
  CHECK_FALSE(checker::difference(right.system, right.result, right.result));
  CHECK_FALSE(checker::unconfirmed(right.system, right.result));
  const Result flipped = wrong([](auto& property) { property.verdict = Verdict::proved; });
  CHECK(checker::difference(right.system, right.result, flipped));
  CHECK(checker::difference(right.system, flipped, right.result));
  const Result longer = wrong([](auto& property) { ++property.depth; });
  CHECK(checker::difference(right.system, right.result, longer));
  CHECK(checker::unconfirmed(right.system, longer));
  const Result missed = wrong([](auto& property) {
    property.verdict = Verdict::inconclusive;
    property.bounded = true;
  });
  CHECK(checker::difference(right.system, right.result, missed));
  const Result shallower = wrong([](auto& property) {
    property.verdict = Verdict::inconclusive;
    property.bounded = true;
    --property.depth;
  });
  CHECK_FALSE(checker::difference(right.system, right.result, shallower));
  const Result no_run = wrong([](auto& property) { property.run.reset(); });
  CHECK(checker::unconfirmed(right.system, no_run));
  const Result false_run =
      wrong([](auto& property) { property.run->initial.assign(property.run->initial.size(), 63); });
  CHECK(checker::unconfirmed(right.system, false_run));
  Result broken = right.result;
  broken.internal_error = "x";
  CHECK(checker::difference(right.system, broken, right.result));
}
