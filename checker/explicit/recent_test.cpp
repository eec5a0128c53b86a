#include "checker/explicit/recent.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <set>

#include "checker/explicit/store.hpp"

namespace hotproof::checker::explicit_state {

namespace {

using Three = std::array<std::uint64_t, 3>;

}  // namespace

TEST_CASE("recent: what is taken for met was met, through all sizes; and what was met a moment ago is known") {
  std::mt19937_64 random(7);
  Recent recent(3);
  std::set<Three> met;
  std::uint64_t known = 0, again = 0;
  Three last{};
  for (int i = 0; i < 1'500'000; ++i) {
    // Of few states, so that they come again; zeros and ones among them, which an empty table could hold.
    const std::uint64_t pick = random() % (i < 2000 ? 40 : 60'000);
    const Three state = i % 7 == 0 ? last : Three{pick % 3 == 0 ? 0 : ~std::uint64_t{0}, pick / 3, 0};
    const bool is_known = recent.meet(state.data(), hash_words(state.data(), 3));
    const bool is_new = met.insert(state).second;
    if (is_known && is_new) FAIL("a state is taken for met that was not");
    known += is_known ? 1 : 0;
    again += i % 7 == 0 && i > 0 && is_known ? 1 : 0;
    last = state;
  }
  CHECK(met.size() > 35'000);
  CHECK(known > 300'000);
  CHECK(again > 1'500'000 / 7 - 10);  // a table that grows forgets
  CHECK(recent.bytes() <= std::uint64_t{1} << 19U);
}

TEST_CASE("recent: states that share an entry drive each other out, and are told apart") {
  Recent recent(1);
  const std::uint64_t one = 1, two = 2;
  recent.meet(&one, 0);
  CHECK(!recent.meet(&two, 0));
  CHECK(recent.meet(&two, 0));
  CHECK(!recent.meet(&one, 0));
}

}  // namespace hotproof::checker::explicit_state
