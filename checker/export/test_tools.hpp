// Systems and programs for the tests of this folder.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "checker/explicit/test_systems.hpp"
#include "checker/export/export.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

namespace hotproof::checker::exports::testing {

// Goes to so many random systems, with what brute force says of each. The smallest show little, and one without an initial
// state is none for some tools.
template <class Look>
void for_random_systems(std::uint64_t first_seed, std::size_t count, const Look& look) {
  std::size_t looked_at = 0;
  for (std::uint64_t seed = first_seed; looked_at < count; ++seed) {
    CAPTURE(seed);
    const ir::TransitionSystem system = eval::random_system(seed);
    const auto reference = eval::explore(system, 100000);
    REQUIRE(reference);
    if (reference->states < 20) continue;
    ++looked_at;
    look(system, *reference);
  }
}

// A folder of the build, one a process and purpose.
inline std::filesystem::path folder_for(const std::string& purpose) {
  const auto out = std::filesystem::path(HOTPROOF_BUILD_DIR) / ("export_" + purpose + std::to_string(getpid()));
  std::filesystem::create_directories(out);
  return out;
}

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

inline void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline int run_in(const std::filesystem::path& folder, const std::string& command) {
  return std::system(("cd '" + folder.string() + "' && " + command).c_str());
}

// Whether all are there; a test that needs one that is not says so and is skipped.
inline bool are_here(const std::string& programs) {
  const std::string check = "for p in " + programs + "; do command -v $p >/dev/null 2>&1 || exit 1; done";
  if (std::system(check.c_str()) == 0) return true;
  MESSAGE("skipped: this machine lacks one of " << programs);
  return false;
}

// The number before or behind a word of a report.
inline std::optional<std::size_t> number_before(const std::string& text, const std::string& words) {
  const std::size_t end = text.find(words);
  if (end == std::string::npos || end == 0) return std::nullopt;
  const std::size_t begin = text.find_last_not_of("0123456789", end - 1) + 1;
  if (begin == end) return std::nullopt;
  return std::stoul(text.substr(begin, end - begin));
}

// Two actors and a counter of 64 bits that has three values; the second actor swaps two variables at once. Texts are
// those that somebody would choose who wants to break out of where they are shown.
inline ir::TransitionSystem hostile(const std::string& text = "a\"b\\c|d*/e/*f--g?" "?=h]]>\n\x01\x1b[31m\xc3\xa9 #define x") {
  explicit_state::testing::SystemBuilder b;
  b.system.name = text;
  b.system.files = {text};
  b.system.functions = {text};
  const auto count = b.variable("count " + text, 64);
  const auto x = b.variable("int", 4);
  const auto y = b.variable("now", 4);
  b.system.variables[ir::index(x)].initial = 3;
  const auto first = b.actor("init", 3, {2});
  const auto second = b.actor(text, 2, {0, 1});
  const auto mark = b.mark(text);
  ir::Property& bounded = b.property(ir::PropertyKind::invariant, text);
  bounded.says = text;
  bounded.expr = b.system.pool.not_(b.is(count, 0x8000000000000000U));
  b.property(ir::PropertyKind::cover, "cover").mark = mark;
  b.property(ir::PropertyKind::assertion, "assertion");
  b.property(ir::PropertyKind::deadlock, "no-deadlock");
  for (ir::Location at = 0; at < 2; ++at) {
    ir::Transition& t = b.step(first, at, at + 1, text);
    t.span = {0, 7, 1, 0};
    t.updates.push_back({count, b.system.pool.binary(ir::Op::add, b.system.read(count), b.number(count, 0x4000000000000000U))});
    t.hits.push_back({mark, b.is(x, 0)});
    t.assertions.push_back({static_cast<ir::PropertyId>(2), b.is(x, 3)});
  }
  for (ir::Location at = 0; at < 2; ++at) {
    ir::Transition& t = b.step(second, at, 1 - at, "swap");
    t.faults = static_cast<std::uint8_t>(at);
    t.updates = {{x, b.system.read(y)}, {y, b.system.read(x)}};
  }
  return b.system;
}

}  // namespace hotproof::checker::exports::testing
