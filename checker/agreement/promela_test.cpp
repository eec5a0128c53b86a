#include "checker/agreement/promela.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using ir::TransitionSystem;

namespace {

const std::filesystem::path folder = std::filesystem::path(HOTPROOF_BUILD_DIR) / "spin_test";

int run_in_folder(const std::string& command) {
  return std::system(("cd '" + folder.string() + "' && " + command).c_str());
}

bool is_spin_here() {
  return std::system("command -v spin >/dev/null 2>&1 && command -v gcc >/dev/null 2>&1") == 0;
}

// What SPIN's verifier prints on a model; nothing if it could not be made.
std::optional<std::string> spin(const TransitionSystem& system) {
  std::filesystem::create_directories(folder);
  const auto model = checker::to_promela(system);
  REQUIRE(model);
  std::ofstream(folder / "model.pml") << *model;
  const std::string size = "-DVECTORSZ=" + std::to_string(4 * system.variables.size() + 256);
  if (run_in_folder("spin -a model.pml >spin.out 2>&1") != 0) return std::nullopt;
  if (run_in_folder("gcc -w -O1 -DSAFETY -DNOREDUCE -DNOFAIR " + size + " -o pan pan.c >gcc.out 2>&1") != 0)
    return std::nullopt;
  if (run_in_folder("./pan -n -m100000 >pan.out 2>&1") != 0) return std::nullopt;
  std::ostringstream out;
  out << std::ifstream(folder / "pan.out").rdbuf();
  return out.str();
}

std::size_t stored_states(const std::string& printed) {
  const std::size_t end = printed.find(" states, stored");
  REQUIRE(end != std::string::npos);
  const std::size_t begin = printed.find_last_of(" \n", end - 1);
  return std::stoul(printed.substr(begin + 1, end - begin - 1));
}

bool says(const std::string& printed, const char* what, std::size_t property) {
  return printed.find("hotproof: " + std::string(what) + " " + std::to_string(property) + "\n") != std::string::npos;
}

void compare(const TransitionSystem& system, const eval::Reference& reference) {
  const auto printed = spin(system);
  REQUIRE_MESSAGE(printed, "SPIN's verifier could not be made or run, see " << folder.string());
  CHECK(printed->find("errors: 0") != std::string::npos);
  CHECK(printed->find("too small") == std::string::npos);
  CHECK(stored_states(*printed) == reference.states + 1);
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    const ir::Property& property = system.properties[i];
    CAPTURE(property.id);
    if (property.kind == ir::PropertyKind::invariant || property.kind == ir::PropertyKind::assertion)
      CHECK(says(*printed, "broken", i) == reference.properties[i].has_value());
    if (property.kind == ir::PropertyKind::cover)
      CHECK(says(*printed, "reached", i) == reference.marks[ir::index(property.mark)].has_value());
  }
}

}  // namespace

TEST_CASE("SPIN stores the states that brute force counts and breaks the same properties") {
  if (!is_spin_here()) {
    MESSAGE("skipped: no spin or no gcc on this machine");
    return;
  }
  std::size_t compared = 0;
  for (std::uint64_t seed = 5000; compared < 20; ++seed) {
    CAPTURE(seed);
    const TransitionSystem system = eval::random_system(seed);
    const auto reference = eval::explore(system, 100000);
    REQUIRE(reference);
    // The smallest systems show little, and one without an initial state is none for SPIN.
    if (reference->states < 20) continue;
    ++compared;
    compare(system, *reference);
  }
}

TEST_CASE("what Promela cannot hold is refused by name") {
  TransitionSystem system;
  system.add_variable({.name = "wide", .width = 32});
  const auto refused = checker::to_promela(system);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "wide has 32 bits, and a Promela int holds 31");
}

TEST_CASE("too many initial states, or none, are refused") {
  TransitionSystem system;
  system.add_variable({.name = "x", .width = 12, .free_initially = true});
  CHECK_FALSE(checker::to_promela(system, 1000));
  CHECK(checker::to_promela(system, 5000));
  system.initial_condition = system.pool.truth(false);
  CHECK_FALSE(checker::to_promela(system, 5000));
}
