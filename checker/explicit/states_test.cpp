#include "checker/explicit/states.hpp"

#include "checker/explicit/crew.hpp"
#include "checker/explicit/dictionary.hpp"

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

TEST_CASE("states of several shards come back in the order in which they were numbered") {
  for (const unsigned shards : {1U, 4U}) {
    States states(1, shards);
    std::vector<std::pair<std::uint64_t, StateId>> all;
    std::mt19937_64 random(5);
    for (std::uint64_t value = 0; value < 20'000; ++value) {
      const std::uint64_t hash = hash_words(&value, 1);
      const unsigned shard = states.shard_of(hash);
      REQUIRE(shard < shards);
      REQUIRE(states.shard(shard).reserve(1));
      REQUIRE(states.shard(shard).insert(&value, hash));
      const StateId parent = all.empty() ? 0 : all.back().second + static_cast<StateId>(random() % 3);
      states.append(shard, parent);
      all.emplace_back(value, parent);
    }
    CHECK(states.size() == all.size());
    bool right = true;
    States::Walk walk(states, 777);
    for (StateId id = 777; id < states.size(); ++id) right &= *walk.next() == all[id].first;
    for (StateId id = 0; id < states.size(); id += 13)
      right &= states[id].front() == all[id].first && states.parent(id) == all[id].second;
    CHECK(right);
    std::size_t words = 0;
    hotproof::checker::ReachedStates told;
    states.tell_states(told);
    for (const auto& piece : told.pieces) words += piece.size();
    CHECK(words == all.size());
  }
}

TEST_CASE("a crew does each piece of work once a thread, one piece after the other") {
  Crew crew(5);
  std::vector<int> done(5, 0);
  for (int turn = 0; turn < 400; ++turn) {
    crew.together([&](unsigned thread) { ++done[thread]; });
    for (const int count : done) REQUIRE(count == turn + 1);
  }
}

TEST_CASE("a dictionary gives each value one number, whoever asks") {
  Dictionary dictionary(10);
  Crew crew(4);
  std::vector<std::vector<std::uint32_t>> numbers(4);
  crew.together([&](unsigned thread) {
    for (std::uint64_t i = 0; i < 1'000; ++i) numbers[thread].push_back(dictionary.number((i * 7 + thread) % 1'000 << 50U));
  });
  CHECK_FALSE(dictionary.is_full());
  CHECK(dictionary.values().size() == 1'000);
  for (unsigned thread = 0; thread < 4; ++thread)
    for (std::uint64_t i = 0; i < 1'000; ++i)
      REQUIRE(dictionary.value(numbers[thread][i]) == (i * 7 + thread) % 1'000 << 50U);
  for (std::uint64_t i = 0; i < 25; ++i) dictionary.number(i + 1);
  CHECK(dictionary.is_full());
}
