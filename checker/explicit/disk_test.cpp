#include "checker/explicit/disk.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <random>
#include <set>

#include "checker/explicit/explorer.hpp"
#include "checker/explicit/states.hpp"
#include "checker/explicit/test_systems.hpp"

using namespace hotproof;
using namespace hotproof::checker::explicit_state;
using checker::explore;
using checker::Options;
using checker::Result;
using checker::Verdict;
using testing::counters;
using testing::SystemBuilder;

namespace {

const std::string here = std::filesystem::temp_directory_path().string();

// 753,571 states of several words; one demand is broken far from the beginning.
SystemBuilder long_walk() {
  auto builder = counters(3, 90);
  const ir::VarId x{1}, y{3}, z{5};
  for (const ir::VarId v : {x, y, z, x, y, z, x, y, z, x, y, z}) {
    // As many values again, which say nothing new: a state takes more room.
    const ir::VarId shadow = builder.variable("shadow", 20);
    ir::ExprPool& pool = builder.system.pool;
    builder.system.transitions[ir::index(v) / 2].updates.push_back(
        {shadow, pool.binary(ir::Op::add, builder.system.read(shadow), builder.number(shadow, 7))});
  }
  builder.invariant(builder.system.pool.or_(builder.less(x, 80), builder.less(y, 88)));
  builder.invariant(builder.less(x, 91));
  return builder;
}

}  // namespace

TEST_CASE("pieces on the disk stay where they are, hold what is written, and leave no file") {
  auto disk = DiskMemory::open(here, 1 << 20);
  REQUIRE(disk);
  std::vector<std::uint64_t*> pieces;
  constexpr std::size_t words = 1 << 17;
  for (std::uint64_t i = 0; i < 20; ++i) {
    pieces.push_back((*disk)->take(words * 8));
    REQUIRE(pieces.back() != nullptr);
    CHECK(pieces.back()[words - 1] == 0);
    for (std::size_t w = 0; w < words; ++w) pieces.back()[w] = i * words + w;
  }
  CHECK((*disk)->bytes() == 20 * words * 8);
  bool right = true;
  for (std::uint64_t i = 0; i < 20; ++i)
    for (std::size_t w = 0; w < words; ++w) right &= pieces[i][w] == i * words + w;
  CHECK(right);
  for (const auto& entry : std::filesystem::directory_iterator(here))
    CHECK(entry.path().filename().string().rfind("hotproof-states-", 0) != 0);
}

TEST_CASE("a folder that is not there is named") {
  const auto disk = DiskMemory::open("/nowhere/at all", 1 << 20);
  REQUIRE_FALSE(disk);
  CHECK(to_string(disk.error()).find("/nowhere/at all") == 0);
}

TEST_CASE("a disk that is full says so instead of ending the process") {
  auto disk = DiskMemory::open(here, 1 << 20);
  REQUIRE(disk);
  CHECK((*disk)->take(std::size_t{1} << 60U) == nullptr);
  CHECK((*disk)->take(4096) != nullptr);
}

TEST_CASE("a store that moves to the disk knows what it knew, and goes on") {
  for (const std::uint32_t words : {1U, 3U}) {
    auto disk = DiskMemory::open(here, 1 << 20);
    REQUIRE(disk);
    StateStore store(words);
    std::set<std::vector<std::uint64_t>> known;
    std::vector<std::vector<std::uint64_t>> in_order;
    std::mt19937_64 random(11);
    bool right = true;
    for (int i = 0; i < 120'000; ++i) {
      if (i == 50'000) {
        const std::uint64_t before = store.bytes();
        REQUIRE(store.move_to(*disk));
        CHECK(store.bytes() < before);
        CHECK(store.on_disk());
      }
      std::vector<std::uint64_t> state(words, 0);
      for (std::uint64_t& word : state) word = random() % (words == 1 ? 90'000 : 45);
      REQUIRE(store.reserve(1, i > 50'000 ? Filling::tight : Filling::usual));
      const bool fresh = store.insert(state.data(), hash_words(state.data(), words)).fresh;
      right &= fresh == known.insert(state).second;
      if (fresh) in_order.push_back(state);
    }
    CHECK(right);
    REQUIRE(store.size() == in_order.size());
    for (StateId id = 0; id < store.size(); ++id)
      right &= std::equal(in_order[id].begin(), in_order[id].end(), store[id]);
    CHECK(right);
  }
}

TEST_CASE("a search whose memory is full goes on on the disk, to the same answer") {
  const SystemBuilder builder = long_walk();
  const Result whole = explore(builder.system, {});
  REQUIRE(whole.properties[0].verdict == Verdict::violated);
  for (const unsigned threads : {1U, 2U}) {
    Options options;
    options.threads = threads;
    options.limits.bytes = whole.statistics.bytes / 4 * 3;
    CHECK(explore(builder.system, options).stopped_by == "memory limit");
    options.disk = here;
    const Result found = explore(builder.system, options);
    CHECK(found.stopped_by == "");
    REQUIRE(found.states);
    CHECK(found.states->on_disk);
    CHECK(found.statistics.states == whole.statistics.states);
    CHECK(found.statistics.transitions == whole.statistics.transitions);
    CHECK(found.statistics.bytes <= options.limits.bytes);
    REQUIRE(found.properties.size() == whole.properties.size());
    for (std::size_t i = 0; i < whole.properties.size(); ++i) {
      CHECK(found.properties[i].verdict == whole.properties[i].verdict);
      CHECK(found.properties[i].depth == whole.properties[i].depth);
      REQUIRE(found.properties[i].run.has_value() == whole.properties[i].run.has_value());
      if (found.properties[i].run) CHECK(found.properties[i].run->steps == whole.properties[i].run->steps);
    }
  }
}

TEST_CASE("a folder that cannot be used is refused before anything is looked for") {
  const SystemBuilder builder = long_walk();
  Options options;
  options.limits.bytes = 4'000'000;
  options.disk = "/nowhere/at all";
  const Result found = explore(builder.system, options);
  CHECK(found.refused.find("/nowhere/at all") == 0);
  for (const auto& property : found.properties) CHECK(property.verdict == Verdict::inconclusive);
}
