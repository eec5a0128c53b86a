#include "checker/export/test_tools.hpp"

using namespace hotproof;
using namespace hotproof::checker::exports;
using namespace hotproof::checker::exports::testing;
using ir::TransitionSystem;

namespace {

// What SPIN's verifier prints on a model.
std::string spin(const std::string& model, const std::string& compiled_with, const std::string& run_with) {
  const auto folder = folder_for("spin");
  write(folder / "model.pml", model);
  REQUIRE(run_in(folder, "spin -o2 -a model.pml >spin.out 2>&1") == 0);
  REQUIRE(run_in(folder, "gcc -w -O0 -DSAFETY -DNOFAIR " + compiled_with + " -o pan pan.c >gcc.out 2>&1") == 0);
  const int status = run_in(folder, "./pan -n -w16 -m100000 " + run_with + " >pan.out 2>&1");
  std::string printed = text_of(folder / "pan.out");
  CAPTURE(printed);
  REQUIRE(status == 0);
  CHECK(printed.find("too small") == std::string::npos);
  return printed;
}

struct Counts {
  std::size_t states = 0, transitions = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};
doctest::String toString(const Counts& counts) {
  return (std::to_string(counts.states) + " states, " + std::to_string(counts.transitions) + " transitions").c_str();
}

Counts counted(const std::string& printed) {
  CHECK(printed.find("errors: 0") != std::string::npos);
  return {number_before(printed, " states, stored").value_or(0), number_before(printed, " transitions (").value_or(0)};
}

// What the header of export.hpp promises.
Counts expected(const TransitionSystem& system, const eval::Reference& reference) {
  const std::size_t starts = eval::initial_states(system, 10000)->size();
  if (starts == 1) return {reference.states, reference.transitions + 1};
  return {reference.states + 1, reference.transitions + starts + 1};
}

// True if some steps are `atomic` sequences, which count depth-first only.
bool check_promela_counts(const TransitionSystem& system, const eval::Reference& reference, Request request = {}) {
  request.only_count = true;
  const auto model = promela(system, request);
  REQUIRE(model);
  const bool some_atomic = model->find("atomic {") != std::string::npos;
  std::vector<const char*> orders = {"-DNOREDUCE"};
  if (!some_atomic) orders.push_back("-DNOREDUCE -DBFS");
  for (const char* order : orders) {
    CAPTURE(std::string(order));
    CHECK(counted(spin(*model, order, "-E")) == expected(system, reference));
  }
  return some_atomic;
}

void check_verdicts(const TransitionSystem& system, const eval::Reference& reference, const Request& request = {}) {
  const auto model = promela(system, request);
  REQUIRE(model);
  const std::string printed = spin(*model, "-DNOREDUCE", "-E -c0");
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    const ir::Property& property = system.properties[i];
    CAPTURE(property.id);
    const bool cover = property.kind == ir::PropertyKind::cover;
    const bool shown = cover ? reference.marks[ir::index(property.mark)].has_value() : reference.properties[i].has_value();
    const std::string line = std::string("hotproof: ") + (cover ? "reached " : "violated ") + property.id + "\n";
    CHECK((printed.find(line) != std::string::npos) == shown);
  }
}

}  // namespace

TEST_CASE("SPIN counts the states and transitions that brute force counts, and violates the same properties") {
  if (!are_here("spin gcc")) return;
  std::size_t several_starts = 0;
  for_random_systems(5000, 16, [&](const TransitionSystem& system, const eval::Reference& reference) {
    if (eval::initial_states(system, 10000)->size() > 1) ++several_starts;
    check_promela_counts(system, reference);
    check_verdicts(system, reference);
  });
  CHECK(several_starts > 3);
}

TEST_CASE("SPIN counts the same where there are more steps than it takes as d_steps") {
  if (!are_here("spin gcc")) return;
  std::size_t compared = 0, atomic = 0;
  for_random_systems(6000, 6, [&](const TransitionSystem& system, const eval::Reference& reference) {
    Request request;
    request.most_d_steps = compared++ % 3;
    atomic += check_promela_counts(system, reference, request) ? 1 : 0;
    check_verdicts(system, reference, request);
  });
  CHECK(atomic > 4);
}

TEST_CASE("SPIN counts and judges the same where long conditions are functions") {
  if (!are_here("spin gcc")) return;
  std::size_t with_functions = 0, with_locals = 0;
  for_random_systems(7000, 10, [&](const TransitionSystem& system, const eval::Reference& reference) {
    Request request;
    request.longest_condition = 20;
    check_promela_counts(system, reference, request);
    check_verdicts(system, reference, request);
    const auto model = promela(system, request);
    REQUIRE(model);
    with_functions += model->find("c_expr { (hp_f") != std::string::npos ? 1 : 0;
    with_locals += model->find("static int hp_e0;") != std::string::npos ? 1 : 0;
  });
  CHECK(with_functions > 4);
  CHECK(with_locals > 2);
}

TEST_CASE("values of 64 bits, swaps and hostile texts reach SPIN whole") {
  const TransitionSystem system = hostile();
  const auto reference = eval::explore(system, 1000);
  REQUIRE(reference);
  const auto model = promela(system, {});
  REQUIRE(model);
  for (const char c : *model) CHECK((c == '\n' || (c >= ' ' && c < 0x7f)));
  if (!are_here("spin gcc")) return;
  check_promela_counts(system, *reference);
  const std::string printed = spin(*model, "-DNOREDUCE", "-E -c0");
  CHECK(printed.find("hotproof: violated a'b/c:d") != std::string::npos);
  CHECK(printed.find("hotproof: violated assertion\n") != std::string::npos);
  CHECK(printed.find("hotproof: reached cover\n") != std::string::npos);
}

TEST_CASE("without -c0, SPIN stops at the first violation and leaves a trail") {
  if (!are_here("spin gcc")) return;
  const auto model = promela(hostile(), {});
  REQUIRE(model);
  const std::string printed = spin(*model, "-DNOREDUCE", "-E");
  CHECK(printed.find("assertion violated") != std::string::npos);
  CHECK(printed.find("errors: 1") != std::string::npos);
  CHECK(std::filesystem::exists(folder_for("spin") / "model.pml.trail"));
}

TEST_CASE("too many initial states, none, and values that are not known are refused") {
  TransitionSystem system;
  system.add_variable({.name = "x", .width = 12, .free_initially = true});
  Request request;
  request.most_initial_states = 1000;
  for (const char* format : {"promela", "murphi"}) {
    CAPTURE(format);
    CHECK_FALSE(find_format(format)->write(system, request));
    CHECK(find_format(format)->write(system, {}));
    TransitionSystem none = system;
    none.initial_condition = none.pool.truth(false);
    const auto refused = find_format(format)->write(none, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message == "the system has no initial state");
  }
  auto counting = checker::explicit_state::testing::counters(1, 60000);
  Request hasty;
  hasty.options.limits.depth = 100;
  const auto refused = promela(counting.system, hasty);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("the search for them stopped: depth") != std::string::npos);
}
