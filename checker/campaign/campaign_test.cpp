// The campaign of random systems, the regressions that were found by it, and whether it finds what is broken on
// purpose.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>

#include "checker/campaign/shrink.hpp"
#include "checker/campaign/systems.hpp"
#include "checker/explicit/bytecode.hpp"
#include "checker/smt/solver.hpp"
#include "model/eval/reference.hpp"
#include "model/ir/passes/mistake.hpp"
#include "model/ir/text.hpp"

using namespace hotproof;
using campaign::Failure;
using campaign::Scope;
using campaign::Tally;
using ir::TransitionSystem;

namespace {

const std::string regressions = HOTPROOF_SOURCE_DIR "/checker/campaign/regressions";

TransitionSystem read_system(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  auto read = ir::read(text.str(), file);
  REQUIRE_MESSAGE(read, to_string(read.error()));
  return std::move(*read);
}

std::string told(const Failure& failure) {
  const std::string file =
      campaign::write_regression(HOTPROOF_BUILD_DIR "/failures", failure.system, failure.shrunk_reason);
  return failure.reason + "; shrunk to " + file + ", which shows: " + failure.shrunk_reason;
}

// What is broken on purpose, while this lives.
struct Broken {
  explicit Broken(void (*hook)(bool)) : off([hook] { hook(false); }) { hook(true); }
  explicit Broken(ir::Mistake mistake) : off([] { ir::make_mistake_for_tests(ir::Mistake::none); }) {
    ir::make_mistake_for_tests(mistake);
  }
  Broken(const Broken&) = delete;
  Broken& operator=(const Broken&) = delete;
  ~Broken() { off(); }
  std::function<void()> off;
};

// Something broken is found among so many systems, and shrinks to something small that nobody objects to once it is
// mended.
void is_caught(std::uint64_t seeds, const Scope& scope, std::size_t most_transitions, const std::string& way,
               const std::function<std::unique_ptr<Broken>()>& breaks) {
  std::size_t caught = 0;
  std::optional<Failure> first;
  {
    const auto broken = breaks();
    for (std::uint64_t seed = 0; seed < seeds && caught < 3; ++seed) {
      Tally tally;
      if (first) {
        caught += campaign::difference(campaign::system_of(seed), scope, nullptr) ? 1 : 0;
      } else if ((first = campaign::campaign(seed, scope, tally))) {
        ++caught;
      }
    }
  }
  CHECK(caught == 3);
  REQUIRE(first);
  const std::string what = told(*first);
  CAPTURE(what);
  CAPTURE(ir::write(first->system));
  CHECK(first->shrunk_reason.find(way) != std::string::npos);
  CHECK(first->system.transitions.size() <= most_transitions);
  CHECK(first->system.properties.size() == 1);
  CHECK_FALSE(campaign::difference(first->system, scope, nullptr));
}

}  // namespace

TEST_CASE("every way of answering agrees with brute force on random systems") {
  // bench/campaign runs 2,000 and more; these are other ones.
  Tally tally;
  for (std::uint64_t seed = 100'000; seed < 100'200; ++seed) {
    CAPTURE(seed);
    if (const auto failure = campaign::campaign(seed, {}, tally)) FAIL_CHECK(told(*failure));
  }
  // The comparison is worth something only if much is compared.
  CHECK(tally.left_out == 0);
  CHECK(tally.systems == 200);
  CHECK(tally.shown > 400);
  CHECK(tally.longest >= 8);
  CHECK(tally.proved > 400);
  CHECK(tally.by_solver == tally.shown + tally.proved);
  CHECK(tally.by_invariant > 200);
  CHECK(tally.merged > 60);
  CHECK(tally.sliced > 10);
}

TEST_CASE("regressions: what once failed, and what is easy to get wrong, fails no more") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(regressions)) {
    if (entry.path().extension() != ".system") continue;
    CAPTURE(entry.path().string());
    Tally tally;
    const auto found = campaign::difference(read_system(entry.path().string()), {}, &tally);
    CHECK(found.value_or("") == "");
    CHECK(tally.systems == 1);
    ++files;
  }
  CHECK(files >= 4);
}

TEST_CASE("an explorer with one comparison flipped is caught, and what shows it is small") {
  is_caught(300, {.solver = false}, 3, "explorer",
            [] { return std::make_unique<Broken>(checker::explicit_state::break_comparisons_for_tests); });
}

TEST_CASE("an encoding with one comparison flipped is caught, and what shows it is small") {
  is_caught(60, {.in_turn = true}, 3, "solver",
            [] { return std::make_unique<Broken>(checker::smt::break_comparisons_for_tests); });
}

TEST_CASE("merging that forgets a read is caught, and what shows it is small") {
  is_caught(2000, {.solver = false}, 8, "merge", [] { return std::make_unique<Broken>(ir::Mistake::forget_reads); });
}

TEST_CASE("merging of a step that is seen is caught, and what shows it is small") {
  is_caught(2000, {.solver = false}, 4, "merge", [] { return std::make_unique<Broken>(ir::Mistake::merge_seen); });
}

TEST_CASE("slicing that forgets what guards read is caught, and what shows it is small") {
  is_caught(2000, {.solver = false}, 2, "slice", [] { return std::make_unique<Broken>(ir::Mistake::slice_guards); });
}

TEST_CASE("slicing that loses what only faults lead to is caught, and what shows it is small") {
  is_caught(500, {.solver = false}, 4, "slice", [] { return std::make_unique<Broken>(ir::Mistake::slice_faults); });
}

TEST_CASE("shrinking keeps what is looked for, and nothing else") {
  // What stays of any system that breaks an invariant after two steps: two steps.
  const auto breaks_late = [](const TransitionSystem& s) {
    const auto found = eval::explore(s, 20000);
    if (!found) return false;
    for (std::size_t i = 0; i < s.properties.size(); ++i)
      if (s.properties[i].kind == ir::PropertyKind::invariant && found->properties[i] &&
          found->properties[i]->depth == 2)
        return true;
    return false;
  };
  int shrunk = 0;
  for (std::uint64_t seed = 0; shrunk < 5; ++seed) {
    const TransitionSystem system = campaign::system_of(seed);
    if (!breaks_late(system)) continue;
    ++shrunk;
    CAPTURE(seed);
    const TransitionSystem small = campaign::shrunk(system, breaks_late);
    CAPTURE(ir::write(small));
    CHECK(breaks_late(small));
    CHECK(small.transitions.size() <= 2);
    CHECK(small.actors.size() <= 2);
    CHECK(small.properties.size() == 1);
    CHECK(small.locks.empty());
  }
}

TEST_CASE("a failure is written down in a form that is read again") {
  const TransitionSystem system = campaign::system_of(7);
  const std::string folder = HOTPROOF_BUILD_DIR "/failures/test";
  std::filesystem::remove_all(folder);
  const std::string file = campaign::write_regression(folder, system, "two\nlines");
  REQUIRE(!file.empty());
  CHECK(ir::write(read_system(file)) == ir::write(system));
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  std::getline(in, line);
  CHECK(line == "# two lines");
  CHECK(campaign::write_regression("/proc/none", system, "x").empty());
}
