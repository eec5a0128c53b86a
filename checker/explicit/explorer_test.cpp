#include "checker/explicit/explorer.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <rapidcheck.h>

#include "checker/explicit/test_systems.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using checker::explore;
using checker::Options;
using checker::PropertyResult;
using checker::Result;
using checker::Verdict;
using checker::explicit_state::testing::counters;
using checker::explicit_state::testing::opposite_orders;
using checker::explicit_state::testing::SystemBuilder;

namespace {

// The last state of a run and the one before it, as the interpreter sees them, show what the run is said to show.
void check_run(const ir::TransitionSystem& system, const PropertyResult& result) {
  REQUIRE(result.run);
  CHECK(result.run->steps.size() == result.depth);
  const auto replayed = eval::replay(system, *result.run);
  REQUIRE_MESSAGE(replayed, replayed.error().message);
  const ir::Property& property = system.properties[ir::index(result.property)];
  const bool of_transition = property.kind == ir::PropertyKind::assertion || property.kind == ir::PropertyKind::cover;
  if (of_transition) {
    REQUIRE(!result.run->steps.empty());
    CHECK(checker::violates(system, result.property, replayed->states[replayed->states.size() - 2],
                            result.run->steps.back()));
  } else {
    CHECK(checker::violates(system, result.property, replayed->states.back(), std::nullopt));
  }
  if (property.kind == ir::PropertyKind::cover && property.cover_without_faults)
    for (const ir::TransitionId step : result.run->steps) CHECK(system[step].faults == 0);
}

Verdict expected_verdict(const ir::TransitionSystem& system, const eval::Reference& reference, std::size_t i) {
  const ir::Property& property = system.properties[i];
  const bool found = reference.properties[i].has_value();
  if (property.kind == ir::PropertyKind::cover) return found ? Verdict::proved : Verdict::violated;
  if (found) return Verdict::violated;
  bool triggered = property.triggers.empty();
  for (const ir::MarkId mark : property.triggers) triggered |= reference.marks[ir::index(mark)].has_value();
  return triggered ? Verdict::proved : Verdict::vacuous;
}

void compare_with_reference(const ir::TransitionSystem& system) {
  const auto reference = eval::explore(system, 1'000'000);
  REQUIRE(reference);
  const Result result = explore(system, {});
  REQUIRE(result.internal_error.empty());
  REQUIRE(result.complete);
  CHECK(result.statistics.states == reference->states);
  CHECK(result.statistics.transitions == reference->transitions);
  CHECK(result.statistics.depth == reference->depth);
  REQUIRE(result.properties.size() == system.properties.size());
  for (std::size_t i = 0; i < result.properties.size(); ++i) {
    const PropertyResult& property = result.properties[i];
    CAPTURE(system.properties[i].id);
    CHECK(property.verdict == expected_verdict(system, *reference, i));
    if (!reference->properties[i]) continue;
    CHECK(property.depth == reference->properties[i]->depth);
    check_run(system, property);
  }
}

bool same(const Result& a, const Result& b) {
  for (std::size_t i = 0; i < a.properties.size(); ++i) {
    const auto& x = a.properties[i].run;
    const auto& y = b.properties[i].run;
    if (x.has_value() != y.has_value() || (x && (x->steps != y->steps || x->initial != y->initial))) return false;
  }
  return a.statistics.states == b.statistics.states;
}

}  // namespace

TEST_CASE("exact counts") {
  auto builder = counters(3, 9);
  builder.invariant(builder.system.pool.truth(true));
  const Result result = explore(builder.system, {});
  CHECK(result.complete);
  CHECK(result.statistics.states == 1000);
  CHECK(result.statistics.transitions == 3 * 9 * 100);
  CHECK(result.statistics.depth == 27);
  CHECK(result.properties[0].verdict == Verdict::proved);
  CHECK(result.properties[0].engine == "explicit");
}

TEST_CASE("each violated property gets a shortest run, and the search goes on for the others") {
  auto builder = counters(2, 5);
  const ir::VarId x{1}, y{3};
  builder.invariant(builder.less(x, 5));
  builder.invariant(builder.system.pool.not_(builder.system.pool.and_(builder.is(x, 1), builder.is(y, 2))));
  builder.invariant(builder.less(x, 6));
  builder.invariant(builder.system.pool.truth(false));
  const Result result = explore(builder.system, {});
  CHECK(result.complete);
  CHECK(result.statistics.states == 36);
  for (const std::size_t i : {0, 1, 3}) check_run(builder.system, result.properties[i]);
  CHECK(result.properties[0].depth == 5);
  CHECK(result.properties[1].depth == 3);
  CHECK(result.properties[2].verdict == Verdict::proved);
  CHECK(result.properties[3].depth == 0);
}

TEST_CASE("locks taken in opposite orders are a deadlock of two steps") {
  auto builder = opposite_orders();
  builder.property(ir::PropertyKind::deadlock, "no-deadlock");
  const Result result = explore(builder.system, {});
  CHECK(result.properties[0].verdict == Verdict::violated);
  CHECK(result.properties[0].depth == 2);
  check_run(builder.system, result.properties[0]);
  compare_with_reference(builder.system);
}

TEST_CASE("resting is no deadlock, stopping elsewhere is") {
  for (const bool rests : {true, false}) {
    SystemBuilder builder;
    const ir::ActorId actor = builder.actor("a", 2, rests ? std::vector<ir::Location>{1} : std::vector<ir::Location>{});
    builder.step(actor, 0, 1);
    builder.property(ir::PropertyKind::deadlock);
    const Result result = explore(builder.system, {});
    CHECK(result.properties[0].verdict == (rests ? Verdict::proved : Verdict::violated));
    if (!rests) CHECK(result.properties[0].depth == 1);
  }
}

TEST_CASE("covers and triggers") {
  SystemBuilder builder;
  const ir::ActorId actor = builder.actor("a", 3, {0, 1, 2});
  const ir::MarkId reached = builder.mark("reached"), only_by_fault = builder.mark("only by a fault"),
                   never = builder.mark("never");
  ir::Transition& fault = builder.step(actor, 0, 1);
  fault.faults = 1;
  fault.hits.push_back({only_by_fault, builder.system.pool.truth(true)});
  builder.step(actor, 1, 2).hits.push_back({only_by_fault, builder.system.pool.truth(true)});
  ir::Transition& back = builder.step(actor, 0, 0);
  back.hits.push_back({reached, builder.system.pool.truth(true)});
  back.hits.push_back({never, builder.system.pool.truth(false)});
  const auto cover = [&](ir::MarkId mark, bool without_faults) {
    ir::Property& property = builder.property(ir::PropertyKind::cover);
    property.mark = mark;
    property.cover_without_faults = without_faults;
  };
  cover(reached, false);
  cover(reached, true);
  cover(only_by_fault, false);
  cover(only_by_fault, true);
  cover(never, false);
  builder.property(ir::PropertyKind::assertion).triggers = {never};
  builder.property(ir::PropertyKind::assertion).triggers = {never, only_by_fault};
  const Result result = explore(builder.system, {});
  const Verdict expected[] = {Verdict::proved,   Verdict::proved,  Verdict::proved, Verdict::violated,
                              Verdict::violated, Verdict::vacuous, Verdict::proved};
  for (std::size_t i = 0; i < 7; ++i) {
    CAPTURE(i);
    CHECK(result.properties[i].verdict == expected[i]);
    CHECK(result.properties[i].run.has_value() == (i < 3));
  }
  CHECK(result.properties[3].reason == "no run reaches it");
  CHECK(result.properties[5].reason == "no run reaches never");
  check_run(builder.system, result.properties[1]);
}

TEST_CASE("random systems: verdicts, shortest lengths and counts are the brute-force reference's") {
  eval::RandomShape small;
  small.most_bits = 6;
  for (std::uint64_t seed = 1; seed <= 1200; ++seed) {
    CAPTURE(seed);
    compare_with_reference(eval::random_system(seed, seed % 12 == 0 ? eval::RandomShape{} : small));
  }
}

TEST_CASE("random systems with more actors and locks") {
  eval::RandomShape shape;
  shape.most_actors = 4;
  shape.most_locks = 4;
  shape.most_bits = 4;
  for (std::uint64_t seed = 5000; seed <= 5060; ++seed) {
    CAPTURE(seed);
    compare_with_reference(eval::random_system(seed, shape));
  }
}

TEST_CASE("the same answer every time") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const ir::TransitionSystem system = eval::random_system(seed);
    CHECK(same(explore(system, {}), explore(system, {})));
  }
}

TEST_CASE("the same answer, counts and runs with any number of threads") {
  const auto with_threads = [](const ir::TransitionSystem& system, unsigned threads) {
    Options options;
    options.threads = threads;
    options.asleep_beyond = 0;
    return explore(system, options);
  };
  const auto compare_all = [&](const ir::TransitionSystem& system) {
    const Result alone = with_threads(system, 1);
    for (const unsigned threads : {2U, 3U, 7U}) {
      const Result together = with_threads(system, threads);
      CHECK(same(alone, together));
      CHECK(alone.statistics.states == together.statistics.states);
      CHECK(alone.statistics.transitions == together.statistics.transitions);
      CHECK(alone.statistics.depth == together.statistics.depth);
    }
    return alone.statistics.states;
  };
  // Levels of some thousand states: rounds that are shared, and several of them.
  auto builder = counters(3, 130);
  const ir::VarId x{1}, y{3};
  builder.invariant(builder.less(x, 129));
  builder.invariant(builder.system.pool.or_(builder.less(x, 100), builder.less(y, 77)));
  builder.property(ir::PropertyKind::cover).mark = builder.mark("far");
  builder.system.transitions[2].hits.push_back({ir::MarkId{0}, builder.is(y, 120)});
  // With an answer to everything it ends early, and still at the same place.
  const auto early = compare_all(builder.system);
  CHECK(early > 1'000'000);
  CHECK(early < 131 * 131 * 131);
  CHECK(with_threads(builder.system, 2).stopped_by == checker::stopped_by_answers);
  builder.invariant(builder.less(x, 131));
  CHECK(compare_all(builder.system) == 131 * 131 * 131);
  eval::RandomShape shape;
  shape.most_actors = 4;
  shape.most_bits = 16;
  std::uint64_t most = 0;
  for (std::uint64_t seed = 9000; seed < 9040; ++seed) {
    CAPTURE(seed);
    most = std::max(most, compare_all(eval::random_system(seed, shape)));
  }
  MESSAGE("states of the largest random system: " << most);
}

TEST_CASE("a variable that has more values than expected gets room for them") {
  // x goes from 0 in steps of 2^40 + 1, more than a thousand of them; y says how many.
  SystemBuilder builder;
  const ir::ActorId actor = builder.actor("a", 1);
  const ir::VarId x = builder.variable("x", 64);
  const ir::VarId y = builder.variable("y", 16);
  ir::Transition& step = builder.count(actor, y, 1'500);
  ir::ExprPool& pool = builder.system.pool;
  step.updates.push_back(
      {x, pool.binary(ir::Op::add, builder.system.read(x), builder.number(x, (std::uint64_t{1} << 40U) + 1))});
  const ir::ExprId right = pool.binary(ir::Op::mul, builder.number(x, (std::uint64_t{1} << 40U) + 1),
                                       pool.resize(builder.system.read(y), 64, false));
  builder.invariant(pool.eq(builder.system.read(x), right));
  for (const unsigned threads : {1U, 2U}) {
    Options options;
    options.threads = threads;
    const Result result = explore(builder.system, options);
    CHECK(result.statistics.states == 1'501);
    CHECK(result.properties[0].verdict == Verdict::proved);
    CHECK(result.stopped_by.empty());
  }
}

TEST_CASE("nothing is proved when a limit ends the search") {
  auto builder = counters(3, 99);
  const ir::VarId x{1};
  builder.invariant(builder.less(x, 5));
  builder.invariant(builder.system.pool.truth(true));
  builder.property(ir::PropertyKind::cover).mark = builder.mark("never");
  SUBCASE("depth") {
    Options options;
    options.limits.depth = 7;
    const Result result = explore(builder.system, options);
    CHECK(result.stopped_by == "depth");
    CHECK_FALSE(result.complete);
    CHECK(result.properties[0].verdict == Verdict::violated);
    CHECK(result.properties[1].verdict == Verdict::inconclusive);
    CHECK(result.properties[1].depth == 7);
    CHECK(result.properties[1].reason.find("up to 7 steps") != std::string::npos);
    CHECK(result.properties[2].verdict == Verdict::inconclusive);
    CHECK(result.statistics.states == 120);  // triples of numbers whose sum is at most 7
  }
  SUBCASE("memory") {
    Options options;
    options.limits.bytes = 5'000'000;
    const Result result = explore(builder.system, options);
    CHECK(result.stopped_by == "memory limit");
    CHECK(result.properties[0].verdict == Verdict::violated);
    CHECK(result.properties[1].verdict == Verdict::inconclusive);
    CHECK(result.statistics.bytes <= 5'250'000);  // the last round's successors are there before it is seen that they have no room
    CHECK(result.statistics.states > 10'000);
  }
  SUBCASE("time") {
    Options options;
    options.limits.seconds = 1e-9;
    const Result result = explore(builder.system, options);
    CHECK(result.stopped_by == "time limit");
    CHECK(result.properties[1].verdict == Verdict::inconclusive);
  }
  SUBCASE("interrupted, and progress") {
    Options options;
    bool interrupted = true;
    options.interrupted = &interrupted;
    const Result result = explore(builder.system, options);
    CHECK(result.stopped_by == "interrupted");
    CHECK(result.properties[1].verdict == Verdict::inconclusive);
  }
}

TEST_CASE("a depth limit that no run exceeds is no limit") {
  auto builder = counters(2, 3);
  builder.invariant(builder.system.pool.truth(true));
  Options options;
  options.limits.depth = 6;
  CHECK(explore(builder.system, options).properties[0].verdict == Verdict::proved);
  options.limits.depth = 5;
  CHECK(explore(builder.system, options).properties[0].verdict == Verdict::inconclusive);
}

TEST_CASE("violations at the depth limit are found, those behind it are not") {
  auto builder = counters(1, 9);
  const ir::VarId x{1};
  builder.invariant(builder.less(x, 4));
  Options options;
  options.limits.depth = 4;
  CHECK(explore(builder.system, options).properties[0].verdict == Verdict::violated);
  options.limits.depth = 3;
  CHECK(explore(builder.system, options).properties[0].verdict == Verdict::inconclusive);
}

TEST_CASE("a value that leaves its range ends the search") {
  auto builder = counters(1, 20, 8);
  builder.system.variables[1].name = "count";
  builder.system.variables[1].high = 7;
  builder.invariant(builder.system.pool.truth(true));
  builder.invariant(builder.less(ir::VarId{1}, 5));
  const Result result = explore(builder.system, {});
  CHECK_FALSE(result.complete);
  CHECK(result.stopped_by == "count left its declared range 0 … 7: 8");
  CHECK(result.properties[0].verdict == Verdict::inconclusive);
  CHECK(result.properties[0].reason.find("count left") != std::string::npos);
  CHECK(result.properties[1].verdict == Verdict::violated);
}

TEST_CASE("a constant that leaves the range ends the search too, and so does an initial value") {
  SystemBuilder builder;
  const ir::ActorId actor = builder.actor("a", 2);
  const ir::VarId x = builder.variable("x", 8, 1, 3);
  builder.step(actor, 0, 1).updates.push_back({x, builder.number(x, 0)});
  CHECK(explore(builder.system, {}).stopped_by == "x left its declared range 1 … 3: 0");
  builder.system.variables[ir::index(x)].initial = 9;
  CHECK(explore(builder.system, {}).stopped_by == "x left its declared range 1 … 3: 9");
}

TEST_CASE("free initial values are enumerated under the initial condition") {
  auto builder = counters(1, 9);
  const ir::VarId x{1};
  builder.system.variables[1].free_initially = true;
  builder.system.initial_condition = builder.less(x, 4);
  builder.invariant(builder.system.pool.not_(builder.is(x, 3)));
  const Result result = explore(builder.system, {});
  CHECK(result.statistics.states == 10);
  CHECK(result.statistics.depth == 6);
  CHECK(result.properties[0].depth == 0);
  check_run(builder.system, result.properties[0]);

  builder.system.variables[1].width = 32;
  builder.system.variables[1].high = 0;
  auto wide = counters(1, 9, 32);
  wide.system.variables[1].free_initially = true;
  wide.system.variables[1].high = 0xffffffff;
  wide.invariant(wide.system.pool.truth(true));
  const Result too_many = explore(wide.system, {});
  CHECK_FALSE(too_many.complete);
  CHECK(too_many.properties[0].verdict == Verdict::inconclusive);
  CHECK(!too_many.stopped_by.empty());
}

TEST_CASE("a claim that a lock is held is tested when asked for") {
  auto builder = opposite_orders();
  builder.system.transitions[1].held = {{ir::LockId{0}, ir::LockMode::write}};  // true: it has taken lock 0
  Options options;
  options.check_claims = true;
  CHECK(explore(builder.system, options).internal_error == "");
  builder.system.transitions[1].held = {{ir::LockId{1}, ir::LockMode::write}};
  const Result result = explore(builder.system, options);
  CHECK(result.internal_error.find("transition 1 (lock) of actor0 claims that lock1 is held for write") == 0);
  CHECK_FALSE(result.complete);
  CHECK(explore(builder.system, {}).internal_error == "");
}

TEST_CASE("random systems make no wrong claims") {
  Options options;
  options.check_claims = true;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    CAPTURE(seed);
    CHECK(explore(eval::random_system(seed), options).internal_error == "");
  }
}

// Not part of the tests (figures depend on the machine): explicit_test -tc=throughput --no-skip
TEST_CASE("throughput" * doctest::skip()) {
  const auto measure = [](const char* what, ir::TransitionSystem& system) {
    const Result result = explore(system, {});
    const auto& statistics = result.statistics;
    MESSAGE(what << ": " << statistics.states << " states, " << statistics.transitions << " transitions, "
                 << statistics.seconds << " s, " << static_cast<double>(statistics.states) / statistics.seconds / 1e6
                 << " M states/s, " << statistics.bytes / statistics.states << " bytes a state");
  };
  auto small = counters(3, 170);
  small.property(ir::PropertyKind::deadlock);
  small.invariant(small.less(ir::VarId{1}, 171));
  measure("3 counters", small.system);
  auto more = counters(6, 12);
  more.property(ir::PropertyKind::deadlock);
  more.invariant(more.less(ir::VarId{1}, 13));
  measure("6 counters", more.system);
  auto wide = counters(6, 12, 64);
  for (std::size_t i = 1; i < wide.system.variables.size(); i += 2) wide.system.variables[i].high = 0xffffffff;
  measure("6 wide counters", wide.system);
}

namespace {

// A folder of its own, which goes with the test.
struct Folder {
  std::filesystem::path path;
  Folder() {
    static int number = 0;
    path = std::filesystem::temp_directory_path() /
           ("hotproof-checkpoint-" + std::to_string(::getpid()) + "-" + std::to_string(number++));
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::vector<std::filesystem::path> files(const std::string& extension) const {
    std::vector<std::filesystem::path> out;
    if (std::filesystem::exists(path))
      for (const auto& entry : std::filesystem::directory_iterator(path))
        if (entry.path().extension() == extension) out.push_back(entry.path());
    return out;
  }
};

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// 68,921 states, some of them far; one variable is wide.
SystemBuilder wide_walk() {
  auto builder = counters(3, 40);
  const ir::VarId x{1}, y{3};
  const ir::VarId wide = builder.variable("wide", 64);
  ir::ExprPool& pool = builder.system.pool;
  builder.system.transitions[0].updates.push_back(
      {wide, pool.binary(ir::Op::mul, pool.resize(builder.system.read(x), 64, false), builder.number(wide, 1'000'003))});
  builder.invariant(pool.or_(builder.less(x, 35), builder.less(y, 38)));
  builder.invariant(builder.less(x, 41));
  return builder;
}

}  // namespace

TEST_CASE("a search that is ended at any moment goes on to the same result") {
  const SystemBuilder builder = wide_walk();
  const Result whole = explore(builder.system, {});
  REQUIRE(whole.properties[0].verdict == Verdict::violated);
  for (const unsigned threads : {1U, 2U}) {
    Folder folder;
    Options options;
    options.threads = threads;
    options.keeping = {folder.path.string(), true, 3600};
    options.asleep_beyond = 1'000;  // who sleeps is not kept: whoever goes on begins with all awake
    Result last;
    int parts = 0;
    // Each time a little further; once with another number of threads.
    for (std::uint64_t most = 9'000;; most += 13'000, ++parts) {
      options.limits.states = most;
      options.threads = parts == 2 ? 3 : threads;
      last = explore(builder.system, options);
      REQUIRE(last.refused.empty());
      if (last.stopped_by.empty()) break;
      CHECK(last.stopped_by == hotproof::checker::stopped_by_states);
      CHECK(last.properties[1].verdict == Verdict::inconclusive);
      CHECK(folder.files(".head").size() == 1);
    }
    CHECK(parts > 3);
    CHECK(same(last, whole));
    CHECK(last.statistics.states == whole.statistics.states);
    CHECK(last.statistics.transitions == whole.statistics.transitions);
    CHECK(last.statistics.depth == whole.statistics.depth);
    CHECK(folder.files(".head").empty());  // a search that has come to its end leaves nothing
    CHECK(folder.files(".states").empty());
  }
}

TEST_CASE("a search that is resumed and then needs more room for values keeps a whole checkpoint") {
  auto builder = counters(1, 100, 32);  // a dictionary that is too small more than once
  builder.invariant(builder.less(ir::VarId{1}, 100));
  for (const double seconds : {0.0, 3600.0}) {
    Folder folder;
    Options options;
    options.keeping = {folder.path.string(), true, seconds};
    Result last;
    for (const std::uint64_t states : {10, 50, 0}) {
      options.limits.states = states;
      last = explore(builder.system, options);
      CHECK(last.refused == "");
    }
    CHECK(last.complete);
    CHECK(last.properties[0].verdict == Verdict::violated);
    CHECK(last.statistics.states == 101);
  }
}

TEST_CASE("memory that runs out is a checkpoint, too") {
  const SystemBuilder builder = wide_walk();
  const Result whole = explore(builder.system, {});
  Folder folder;
  Options options;
  options.threads = 1;
  options.keeping = {folder.path.string(), true, 3600};
  options.limits.bytes = 1'000'000;
  CHECK(explore(builder.system, options).stopped_by == "memory limit");
  options.limits.bytes = 0;
  const Result last = explore(builder.system, options);
  CHECK(same(last, whole));
  CHECK(last.statistics.transitions == whole.statistics.transitions);
}

TEST_CASE("a damaged checkpoint is refused, whatever is damaged") {
  const SystemBuilder builder = wide_walk();
  Folder folder;
  Options options;
  options.keeping = {folder.path.string(), true, 3600};
  options.limits.states = 20'000;
  explore(builder.system, options);
  REQUIRE(folder.files(".head").size() == 1);
  const auto head = folder.files(".head").front();
  const auto data = folder.files(".states").front();
  const std::string good_head = bytes_of(head), good_data = bytes_of(data);
  std::mt19937 random(11);
  const auto refused = [&] {
    const Result result = explore(builder.system, options);
    CHECK_FALSE(result.refused.empty());
    CHECK(result.refused.find(folder.path.string()) == 0);
    for (const PropertyResult& property : result.properties) CHECK(property.verdict == Verdict::inconclusive);
  };
  for (int i = 0; i < 60; ++i) {
    CAPTURE(i);
    std::string bad = i % 2 == 0 ? good_head : good_data;
    const auto& file = i % 2 == 0 ? head : data;
    if (i % 6 < 4)
      bad[random() % bad.size()] ^= static_cast<char>(1U << (random() % 8));
    else
      bad.resize(random() % bad.size());
    write_bytes(file, bad);
    refused();
    write_bytes(head, good_head);
    write_bytes(data, good_data);
  }
  std::filesystem::remove(data);
  refused();
  write_bytes(data, good_data);
  // What was written behind the last whole checkpoint does not count.
  write_bytes(data, good_data + std::string(1'000, 'x'));
  options.limits.states = 0;
  CHECK(same(explore(builder.system, options), explore(builder.system, {})));
}

TEST_CASE("a checkpoint of another system is not taken; a folder that cannot be is an error") {
  Folder folder;
  Options options;
  options.keeping = {folder.path.string(), true, 3600};
  options.limits.states = 20'000;
  explore(wide_walk().system, options);
  REQUIRE(folder.files(".head").size() == 1);
  auto other = wide_walk();
  other.invariant(other.system.pool.truth(true));
  options.limits.states = 0;
  const Result result = explore(other.system, options);
  CHECK(result.refused.empty());
  CHECK(same(result, explore(other.system, {})));
  CHECK(folder.files(".head").size() == 1);  // the other search's is still there
  write_bytes(folder.path / "file", "x");
  options.keeping.folder = (folder.path / "file" / "folder").string();
  options.limits.states = 20'000;
  const Result nowhere = explore(other.system, options);
  CHECK(nowhere.refused.find("cannot be written") != std::string::npos);
}
