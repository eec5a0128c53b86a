#include "checker/explicit/store.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace hotproof::checker::explicit_state;

TEST_CASE("the store keeps each state once, whatever the hashes") {
  for (const std::uint32_t words : {1U, 2U, 5U}) {
    for (const bool collide : {false, true}) {
      StateStore store(words);
      std::set<std::vector<std::uint64_t>> known;
      bool right = true;
      std::mt19937_64 random(7);
      for (int i = 0; i < (collide ? 2'000 : 60'000); ++i) {
        std::vector<std::uint64_t> state(words, 0);
        for (std::uint64_t& word : state) word = random() % (collide ? 40 : 200);
        right &= store.reserve(1);
        // Equal hashes for all states: only the states themselves tell them apart. (The table does not grow then, since
        // growing computes hashes itself.)
        const std::uint64_t hash = collide ? 42 : hash_words(state.data(), words);
        const auto [id, fresh] = store.insert(state.data(), hash);
        right &= fresh == known.insert(state).second && std::equal(state.begin(), state.end(), store[id]);
      }
      CHECK(right);
      CHECK(store.size() == known.size());
    }
  }
}

TEST_CASE("memory a state stays near its packed size") {
  StateStore store(2);
  ParentLog parents;
  for (std::uint64_t i = 0; i < 3'000'000; ++i) {
    const std::uint64_t state[2] = {i, i * i};
    if (!store.reserve(1) || !store.insert(state, hash_words(state, 2)).fresh) FAIL("state " << i);
    parents.append(static_cast<StateId>(i / 3));
  }
  const double bytes = static_cast<double>(store.bytes() + parents.bytes()) / store.size();
  CHECK(bytes < 16 + 12);
  CHECK(store.bytes_to_reserve(1) >= store.bytes());
}

TEST_CASE("parents come back, near and far") {
  ParentLog parents;
  std::vector<StateId> all;
  StateId parent = 0;
  std::mt19937 random(3);
  for (int i = 0; i < 5'000; ++i) {
    parent += static_cast<StateId>(random() % 50 == 0 ? random() % 100'000 : random() % 3);
    all.push_back(parent);
    parents.append(parent);
  }
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(parents[static_cast<StateId>(i)] == all[i]);
}
