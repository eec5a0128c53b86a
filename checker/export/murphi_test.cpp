#include "checker/export/names.hpp"
#include "checker/export/test_tools.hpp"

using namespace hotproof;
using namespace hotproof::checker::exports;
using namespace hotproof::checker::exports::testing;
using ir::TransitionSystem;

namespace {

// What Rumur's verifier prints on a model.
std::string rumur(const std::string& model) {
  const auto folder = folder_for("rumur");
  write(folder / "model.m", model);
  REQUIRE(run_in(folder, "rumur --deadlock-detection off --threads 1 --set-capacity 1048576 --color off --output model.c model.m >rumur.out 2>&1") == 0);
  REQUIRE(run_in(folder, "gcc -w -O0 -march=native -mcx16 -o model model.c -lpthread >gcc.out 2>&1") == 0);
  run_in(folder, "./model >out 2>&1");
  return text_of(folder / "out");
}

void check_murphi_counts(const TransitionSystem& system, const eval::Reference& reference, Request request = {}) {
  request.only_count = true;
  const auto model = murphi(system, request);
  REQUIRE(model);
  const std::string printed = rumur(*model);
  CHECK(printed.find("No error found") != std::string::npos);
  // Before that it tells of its progress.
  const std::string summary = printed.substr(std::min(printed.size(), printed.find("State Space Explored:")));
  CHECK(number_before(summary, " states,") == reference.states);
  CHECK(number_before(summary, " rules fired") == reference.transitions);
}

// It stops at the first error that it meets.
void check_first_error(const TransitionSystem& system, const eval::Reference& reference, const Request& request = {}) {
  const auto model = murphi(system, request);
  REQUIRE(model);
  const std::string printed = rumur(*model);
  bool any = false, named = false;
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    if (system.properties[i].kind == ir::PropertyKind::cover || !reference.properties[i]) continue;
    any = true;
    // Rumur puts the names of invariants between quotes, those of assertions not.
    const std::string name = plain(system.properties[i].id);
    named = named || printed.find("\"" + name + "\"") != std::string::npos ||
            printed.find(": " + name + "\n") != std::string::npos;
  }
  CAPTURE(printed);
  CHECK((printed.find("No error found") == std::string::npos) == any);
  CHECK(named == any);
}

}  // namespace

TEST_CASE("Rumur counts the states and transitions that brute force counts, and finds what is violated") {
  if (!are_here("rumur gcc")) return;
  for_random_systems(6000, 8, [](const TransitionSystem& system, const eval::Reference& reference) {
    check_murphi_counts(system, reference);
    check_first_error(system, reference);
  });
}

TEST_CASE("Rumur counts and finds the same where long conditions are functions") {
  if (!are_here("rumur gcc")) return;
  std::size_t with_locals = 0;
  for_random_systems(7000, 6, [&](const TransitionSystem& system, const eval::Reference& reference) {
    Request request;
    request.longest_condition = 20;
    check_murphi_counts(system, reference, request);
    check_first_error(system, reference, request);
    const auto model = murphi(system, request);
    REQUIRE(model);
    with_locals += model->find("var hp_e0: boolean;") != std::string::npos ? 1 : 0;
  });
  CHECK(with_locals > 2);
}

TEST_CASE("values of 64 bits, swaps and hostile texts reach Rumur whole") {
  const TransitionSystem system = hostile();
  const auto reference = eval::explore(system, 1000);
  REQUIRE(reference);
  const auto model = murphi(system, {});
  REQUIRE(model);
  for (const char c : *model) CHECK((c == '\n' || (c >= ' ' && c < 0x7f)));
  if (!are_here("rumur gcc")) return;
  check_murphi_counts(system, *reference);
  check_first_error(system, *reference);
}
