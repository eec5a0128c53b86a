#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "checker/orders/constraints.hpp"

using namespace hotproof::orders;

namespace {

std::vector<unsigned> posted(unsigned things) {
  std::vector<unsigned> out(things);
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

// Every order of the things, one by one.
template <class Visit>
void for_each_order(unsigned things, Visit visit) {
  std::vector<unsigned> order = posted(things);
  do visit(order);
  while (std::next_permutation(order.begin(), order.end()));
}

bool is_safe(const std::vector<unsigned>& order, const Step& may_follow) {
  Set set = 0;
  for (const unsigned thing : order) {
    if (!may_follow(set, thing)) return false;
    set = with(set, thing);
  }
  return true;
}

Set bits(const std::vector<unsigned>& numbers) {
  Set out = 0;
  for (const unsigned number : numbers) out = with(out, number - 1);
  return out;
}

// The series around MEM_PREPARE_ONLINE.
const std::vector<Constraint> known = {{bits({2}), bits({1})},
                                       {bits({6}), bits({1})},
                                       {bits({6}), bits({3})},
                                       {bits({6, 7}), bits({2})},
                                       {bits({6, 7}), bits({4})}};
const std::vector<std::string> seven = {"1", "2", "3", "4", "5", "6", "7"};

Family within(unsigned things, const std::vector<Constraint>& constraints) {
  return Family::explore(things, [&constraints](Set before, unsigned thing) {
    return std::none_of(constraints.begin(), constraints.end(),
                        [&](const Constraint& c) { return c.forbids(with(before, thing)); });
  });
}

}  // namespace

TEST_CASE("the series around MEM_PREPARE_ONLINE: 595 orders, and what they share") {
  const Family family = within(7, known);
  CHECK(family.orders() == 595);
  CHECK(family.is_safe(posted(7)));
  const Constraints constraints = constraints_of(family);
  CHECK(constraints.complete);
  CHECK(std::set<Constraint>(constraints.needed.begin(), constraints.needed.end()) ==
        std::set<Constraint>(known.begin(), known.end()));
  std::vector<std::string> words;
  for (const Constraint& constraint : constraints.needed) words.push_back(in_words(constraint, seven));
  CHECK(words == std::vector<std::string>{"1 before 2", "1 before 6", "3 before 6", "2 before the later of 6 and 7",
                                          "4 before the later of 6 and 7"});
  const std::vector<Constraint> text = {{bits({2}), bits({1})},
                                        {bits({3}), bits({2})},
                                        {bits({6}), bits({3})},
                                        {bits({6}), bits({5})},
                                        {bits({6, 7}), bits({4})}};
  CHECK(within(7, text).orders() == 144);
}

TEST_CASE("counts, safety, nearest order and constraints agree with all orders, for any family") {
  rc::check([] {
    const unsigned things = *rc::gen::inRange(1U, 7U);
    const auto good = *rc::gen::container<std::vector<bool>>(std::size_t{1} << things, rc::gen::arbitrary<bool>());
    const unsigned kindness = *rc::gen::inRange(0U, 4U);
    const auto may_follow = [&](Set before, unsigned thing) {
      const Set after = with(before, thing);
      return good[after] || (before * 7 + thing) % 4 < kindness || after == (Set{1} << things) - 1;
    };
    const Family family = Family::explore(things, may_follow);
    const Constraints constraints = constraints_of(family);
    std::uint64_t count = 0;
    unsigned fewest = things + 1;
    std::set<std::pair<unsigned, unsigned>> shared;
    for (unsigned a = 0; a < things; ++a)
      for (unsigned b = 0; b < things; ++b)
        if (a != b) shared.emplace(a, b);
    for_each_order(things, [&](const std::vector<unsigned>& order) {
      const bool safe = is_safe(order, may_follow);
      RC_ASSERT(family.is_safe(order) == safe);
      if (!safe) return;
      ++count;
      fewest = std::min(fewest, moves(order));
      for (std::size_t i = 0; i < order.size(); ++i)
        for (std::size_t j = i + 1; j < order.size(); ++j) shared.erase({order[j], order[i]});
      Set set = 0;
      for (const unsigned thing : order) {
        set = with(set, thing);
        for (const Constraint& constraint : constraints.needed) RC_ASSERT(!constraint.forbids(set));
      }
    });
    RC_ASSERT(family.orders() == count);
    const std::vector<unsigned> nearest = family.nearest();
    RC_ASSERT(nearest.empty() == (count == 0));
    if (count == 0) return;
    RC_ASSERT(is_safe(nearest, may_follow));
    RC_ASSERT(moves(nearest) == fewest);
    RC_ASSERT(std::set(constraints.precedences.begin(), constraints.precedences.end()) == shared);
    RC_ASSERT(orders_within(things, constraints.needed) >= count);
    RC_ASSERT(constraints.complete == (orders_within(things, constraints.needed) == count));
  });
}

TEST_CASE("the fewest moves") {
  CHECK(moves({0, 1, 2, 3}) == 0);
  CHECK(moves({3, 0, 1, 2}) == 1);
  CHECK(moves({3, 2, 1, 0}) == 3);
  // 3 must stand before 1: one move mends it.
  CHECK(within(4, {{bits({1}), bits({3})}}).nearest() == std::vector<unsigned>{1, 2, 0, 3});
}

TEST_CASE("sixteen free things have 16! orders, and no constraints") {
  const Family family = within(16, {});
  CHECK(family.orders() == 20922789888000U);
  const Constraints constraints = constraints_of(family);
  CHECK(constraints.needed.empty());
  CHECK(constraints.complete);
  CHECK(family.nearest() == posted(16));
}

TEST_CASE("no safe order") {
  const Family family = Family::explore(3, [](Set before, unsigned) { return before == 0; });
  CHECK(family.orders() == 0);
  CHECK(family.reached(1));
  CHECK_FALSE(family.live(1));
  CHECK(family.nearest().empty());
  CHECK(constraints_of(family).needed.empty());
}

TEST_CASE("either of two before a third, in words and as a drawing") {
  const Family family = within(3, {{bits({3}), bits({1, 2})}});
  const Constraints constraints = constraints_of(family);
  REQUIRE(constraints.needed.size() == 1);
  CHECK(in_words(constraints.needed[0], {"a", "b", "c"}) == "the first of a and b before c");
  const std::string drawing = dot(constraints_of(within(7, known)), {"1 \"x\"", "2", "3", "4", "5", "6", "7"});
  CHECK(drawing.find("p0 [label=\"1 \\\"x\\\"\"];") != std::string::npos);
  CHECK(drawing.find("p2 -> p5;") != std::string::npos);
  CHECK(drawing.find("label=\"4 before the later of 6 and 7\"") != std::string::npos);
  CHECK(drawing.find("p3 -> c1 [style=dashed];") != std::string::npos);
}
