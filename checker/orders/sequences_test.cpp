#include "checker/orders/sequences.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>
#include <set>

using namespace hotproof::orders;

namespace {

bool never() {
  return false;
}

std::size_t place(const Sequence& order, unsigned thing) {
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), thing) - order.begin());
}

// Safe: the pairs of `rules` stand in their order, and no unsafe beginning starts the order.
struct World {
  Pairs rules;
  std::vector<Sequence> bad_beginnings;

  static bool starts(const Sequence& order, const Sequence& beginning) {
    return beginning.size() <= order.size() && std::equal(beginning.begin(), beginning.end(), order.begin());
  }
  bool safe(const Sequence& order) const {
    for (const auto& [a, b] : rules)
      if (place(order, a) > place(order, b)) return false;
    return std::none_of(bad_beginnings.begin(), bad_beginnings.end(),
                        [&order](const Sequence& bad) { return starts(order, bad); });
  }
  // The least beginning that is broken whatever follows: one that is bad, or has the later of two and not the earlier.
  Asked ask(const Sequence& order) const {
    if (safe(order)) return {Answer::safe, 0};
    std::size_t least = order.size();
    for (const auto& [a, b] : rules)
      if (place(order, a) > place(order, b)) least = std::min(least, place(order, b) + 1);
    for (const Sequence& bad : bad_beginnings)
      if (starts(order, bad)) least = std::min(least, bad.size());
    return {Answer::broken, least};
  }
};

}  // namespace

TEST_CASE("orders of steps, their number and what they share") {
  World world;
  world.rules = {{0, 1}, {0, 2}, {1, 3}, {2, 3}};
  const Sequences found = find_sequences(
      4, {}, [&](const Sequence& order) { return world.ask(order); }, never);
  CHECK(found.whole);
  CHECK(found.possible == 24);
  CHECK(found.safe == std::vector<Sequence>{{0, 1, 2, 3}, {0, 2, 1, 3}});
  CHECK(found.precedences() == Pairs{{0, 1}, {0, 2}, {0, 3}, {1, 3}, {2, 3}});
  CHECK(reduced(4, found.precedences()) == Pairs{{0, 1}, {0, 2}, {1, 3}, {2, 3}});
  CHECK(found.asked < 9);
}

TEST_CASE("given pairs are respected without asking, a stop is said, and without a safe order nothing is shared") {
  const auto all_safe = [](const Sequence&) { return Asked{Answer::safe, 0}; };
  const Sequences found = find_sequences(3, {{2, 0}}, all_safe, never);
  CHECK(found.possible == 3);
  CHECK(found.safe.size() == 3);
  CHECK(found.precedences() == Pairs{{2, 0}});
  int asked = 0;
  const Sequences stopped = find_sequences(3, {}, all_safe, [&asked] { return ++asked > 2; });
  CHECK_FALSE(stopped.whole);
  const Sequences none = find_sequences(
      3, {},
      [](const Sequence&) {
        return Asked{Answer::broken, 1};
      },
      never);
  CHECK(none.whole);
  CHECK(none.precedences().empty());
  CHECK(none.learned == std::vector<Sequence>{{0}, {1}, {2}});
  const Sequences unknown = find_sequences(
      3, {}, [](const Sequence&) { return Asked{}; }, never);
  CHECK(unknown.unknown == 6);
  CHECK(unknown.whole);
}

TEST_CASE("how many orders respect some pairs") {
  CHECK(count_orders(3, {}) == 6);
  CHECK(count_orders(3, {{2, 0}}) == 3);
  CHECK(count_orders(2, {{0, 1}, {1, 0}}) == 0);
  Pairs chain;
  for (unsigned i = 0; i + 1 < 38; ++i) chain.emplace_back(i, i + 1);
  CHECK(count_orders(40, chain) == 39U * 40U);
  CHECK(count_orders(40, {}) == too_many);
  CHECK(count_orders(16, {}) == 20922789888000U);
}

TEST_CASE("random rules: the same as asking for every order") {
  rc::check("orders of steps against all permutations", [] {
    const auto things = *rc::gen::inRange<unsigned>(2, 6);
    World world;
    const auto rules = *rc::gen::inRange<unsigned>(0, 5);
    for (unsigned i = 0; i < rules; ++i) {
      const auto a = *rc::gen::inRange<unsigned>(0, things);
      const auto b = *rc::gen::inRange<unsigned>(0, things);
      if (a != b) world.rules.emplace_back(a, b);
    }
    Sequence order(things);
    std::iota(order.begin(), order.end(), 0U);
    for (auto bad = *rc::gen::inRange<unsigned>(0, 3); bad > 0; --bad) {
      const auto size = *rc::gen::inRange<std::size_t>(1, things + 1);
      world.bad_beginnings.emplace_back(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(size));
      std::next_permutation(order.begin(), order.end());
    }
    const Sequences found = find_sequences(
        things, {}, [&](const Sequence& asked) { return world.ask(asked); }, never);
    std::iota(order.begin(), order.end(), 0U);
    std::vector<Sequence> expected;
    do {
      if (world.safe(order)) expected.push_back(order);
    } while (std::next_permutation(order.begin(), order.end()));
    RC_ASSERT(found.safe == expected);
    for (const auto& [a, b] : found.precedences())
      RC_ASSERT(std::all_of(expected.begin(), expected.end(),
                            [a = a, b = b](const Sequence& s) { return place(s, a) < place(s, b); }));
  });
}
