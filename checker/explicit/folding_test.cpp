// States in fewer words: nothing of them is lost, and a search with them is the search without.
#include "checker/explicit/folding.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <random>

#include "checker/explicit/explorer.hpp"
#include "checker/explicit/shard.hpp"
#include "checker/explicit/test_results.hpp"
#include "checker/explicit/test_systems.hpp"
#include "model/eval/random_system.hpp"

using namespace hotproof;
using namespace hotproof::checker::explicit_state;
using checker::explore;
using checker::Options;
using checker::Result;
using checker::explicit_state::testing::check_same;
using checker::explicit_state::testing::counters;

namespace {

using Words = std::vector<std::uint64_t>;

// States whose word i has so many values.
std::vector<Words> states_with(const std::vector<std::uint64_t>& values, std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Words> out;
  for (std::size_t i = 0; i < count; ++i) {
    Words& state = out.emplace_back();
    for (const std::uint64_t most : values) state.push_back(random() % most * 0x9e3779b97f4a7c15U);
  }
  return out;
}

std::vector<Part> parts_for(const std::vector<Words>& states) {
  Words all;
  for (const Words& state : states) all.insert(all.end(), state.begin(), state.end());
  return best_parts(all, static_cast<std::uint32_t>(states.front().size()));
}

bool is(const Part& part, std::uint32_t first, std::uint32_t words, bool shared) {
  return part.first == first && part.words == words && part.shared == shared;
}

Options folded(unsigned threads = 1) {
  Options out;
  out.folded_beyond = 0;
  out.threads = threads;
  return out;
}

Options whole(unsigned threads = 1) {
  Options out;
  out.threads = threads;
  return out;
}

}  // namespace

TEST_CASE("words that have few values together are shared, others kept") {
  constexpr std::uint64_t many = std::uint64_t{1} << 40U;
  const auto parts = parts_for(states_with({many, 10, 10}, 20'000, 1));
  REQUIRE(parts.size() == 2);
  CHECK(is(parts[0], 0, 1, false));
  CHECK(is(parts[1], 1, 2, true));
  const auto in_the_middle = parts_for(states_with({3, 3, many, 4, 4, 4}, 20'000, 2));
  REQUIRE(in_the_middle.size() == 3);
  CHECK(is(in_the_middle[0], 0, 2, true));
  CHECK(is(in_the_middle[1], 2, 1, false));
  CHECK(is(in_the_middle[2], 3, 3, true));
}

TEST_CASE("where it does not take a quarter less, states stay as they are") {
  constexpr std::uint64_t many = std::uint64_t{1} << 40U;
  for (const auto& values : {Words{many}, Words{many, many, many}, Words{2}, Words{many, 5}}) {
    const auto parts = parts_for(states_with(values, 5'000, 3));
    REQUIRE(parts.size() == 1);
    CHECK(is(parts[0], 0, static_cast<std::uint32_t>(values.size()), false));
  }
}

TEST_CASE("folding loses nothing, with any parts") {
  std::mt19937_64 random(11);
  for (int turn = 0; turn < 60; ++turn) {
    const auto words = static_cast<std::uint32_t>(1 + random() % 7);
    std::vector<Part> parts;
    for (std::uint32_t first = 0; first < words; first += parts.back().words)
      parts.push_back({first, static_cast<std::uint32_t>(1 + random() % (words - first)), random() % 2 == 0});
    Words values;
    for (std::uint32_t i = 0; i < words; ++i) values.push_back(random() % 2 == 0 ? 3 : 1'000'000'007);
    Folding folding(parts);
    std::map<Words, Words> known;  // whole by folded
    bool right = true;
    for (const Words& state : states_with(values, 500, random())) {
      Words kept(folding.words()), back(words);
      REQUIRE(folding.reserve(1, Filling::usual));
      folding.fold(state.data(), kept.data());
      folding.unfold(kept.data(), back.data());
      right &= back == state && known.try_emplace(kept, state).first->second == state;
    }
    CHECK(right);
    for (const auto& [kept, state] : known) {
      Words back(words);
      folding.unfold(kept.data(), back.data());
      right &= back == state;
    }
    CHECK(right);
  }
}

TEST_CASE("a shard that is folded keeps its states and their numbers, and knows them again") {
  const auto states = states_with({1U << 30U, 7, 7, 7}, 50'000, 4);
  const auto parts = parts_for(states);
  REQUIRE(parts.size() > 1);
  Shard shard(4);
  std::vector<Words> in_order;
  const auto insert = [&](const Words& state) {
    REQUIRE(shard.reserve(1));
    const bool fresh = shard.insert(state.data(), hash_words(state.data(), 4));
    if (fresh) in_order.push_back(state);
    return fresh;
  };
  for (std::size_t i = 0; i < 40'000; ++i) insert(states[i]);
  const std::uint64_t before = shard.bytes();
  auto made = shard.folded(parts);
  REQUIRE(made);
  shard = std::move(*made);
  CHECK(shard.bytes() < before);
  for (std::size_t i = 0; i < 40'000; ++i) CHECK_FALSE(insert(states[i]));
  for (std::size_t i = 40'000; i < states.size(); ++i) insert(states[i]);
  REQUIRE(shard.size() == in_order.size());
  bool right = true;
  Words room(4);
  for (StateId id = 0; id < shard.size(); ++id) {
    const std::uint64_t* const state = shard.read(id, room.data());
    right &= std::equal(in_order[id].begin(), in_order[id].end(), state);
  }
  CHECK(right);
}

TEST_CASE("random systems: answers, counts and runs do not hang on folding") {
  std::size_t folded_ones = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const ir::TransitionSystem system = eval::widened(eval::random_system(seed));
    const Result result = explore(system, folded());
    check_same(result, explore(system, whole()));
    if (result.states && result.states->folded.words != 0) ++folded_ones;
  }
  CHECK(folded_ones > 20);
}

TEST_CASE("so do those of several threads, with symmetry, with actors that go alone, and with a limit of depth") {
  auto builder = counters(3, 40);
  const ir::VarId x{1}, y{3};
  builder.invariant(builder.less(x, 39));
  builder.invariant(builder.system.pool.or_(builder.less(x, 30), builder.less(y, 27)));
  builder.invariant(builder.less(x, 41));
  const ir::TransitionSystem system = eval::widened(builder.system);
  for (const unsigned threads : {1U, 2U, 3U})
    for (const int way : {0, 1, 2, 3}) {
      CAPTURE(way);
      Options some = folded(threads), all = whole(threads);
      for (Options* options : {&some, &all}) {
        options->symmetry = way == 1;
        options->partial_order = way == 2;
        options->limits.depth = way == 3 ? 60 : 0;
      }
      const Result result = explore(system, some);
      check_same(result, explore(system, all));
      REQUIRE(result.states.operator bool() == (way != 3));
      // (Of three threads, eight shards have too few states each for it.)
      if (result.states && threads < 3) CHECK(result.states->folded.words != 0);
    }
}

TEST_CASE("where memory is short states are folded, and more of them have room") {
  auto builder = counters(3, 80);
  builder.invariant(builder.less(ir::VarId{1}, 81));
  const ir::TransitionSystem system = eval::widened(builder.system);
  const Result all = explore(system, whole());
  REQUIRE(all.complete);
  CHECK(all.states->folded.words == 0);
  Options options = whole();
  options.limits.bytes = all.statistics.bytes / 8 * 5;
  const Result some = explore(system, options);
  check_same(some, all);
  CHECK(some.statistics.bytes <= options.limits.bytes);
  CHECK(some.states->folded.words != 0);
  // Without, it is not enough.
  options.folded_beyond = std::uint64_t{1} << 60U;
  CHECK(explore(system, options).stopped_by == "memory limit");
  // On the disk they lie folded, too.
  options.folded_beyond.reset();
  options.limits.bytes = all.statistics.bytes / 3;
  CHECK(explore(system, options).stopped_by == "memory limit");
  options.disk = std::filesystem::temp_directory_path().string();
  const Result on_disk = explore(system, options);
  check_same(on_disk, all);
  CHECK(on_disk.states->on_disk);
  CHECK(on_disk.states->folded.words != 0);
}

TEST_CASE("a search with folded states that is ended at any moment goes on to the same result") {
  auto builder = counters(3, 30);
  builder.invariant(builder.less(ir::VarId{1}, 30));
  builder.invariant(builder.less(ir::VarId{1}, 31));
  const ir::TransitionSystem system = eval::widened(builder.system);
  const Result all = explore(system, whole());
  const auto folder = std::filesystem::temp_directory_path() / ("hotproof-folded-" + std::to_string(::getpid()));
  Options options = folded();
  options.keeping = {folder.string(), true, 3600};
  Result last;
  int parts = 0;
  for (std::uint64_t most = 5'000;; most += 6'000, ++parts) {
    options.limits.states = most;
    options.threads = 1U + static_cast<unsigned>(parts % 3);
    // Whole states go on as folded ones, and the other way round.
    options.folded_beyond = parts % 2 == 0 ? 0 : std::uint64_t{1} << 60U;
    last = explore(system, options);
    REQUIRE(last.refused == "");
    if (last.stopped_by.empty()) break;
  }
  CHECK(parts > 3);
  check_same(last, all);
  std::filesystem::remove_all(folder);
}

TEST_CASE("what has room only because it is folded has room when it is resumed, too") {
  auto builder = counters(3, 80);
  builder.invariant(builder.less(ir::VarId{1}, 81));
  const ir::TransitionSystem system = eval::widened(builder.system);
  const Result all = explore(system, whole());
  const auto folder = std::filesystem::temp_directory_path() / ("hotproof-resumed-" + std::to_string(::getpid()));
  Options options = whole();
  options.limits.bytes = all.statistics.bytes / 8 * 5;
  options.limits.states = 480'000;
  options.keeping = {folder.string(), true, 3600};
  CHECK(explore(system, options).stopped_by == hotproof::checker::stopped_by_states);
  options.limits.states = 0;
  const Result last = explore(system, options);
  check_same(last, all);
  CHECK(last.statistics.bytes <= options.limits.bytes);
  std::filesystem::remove_all(folder);
}
