#include "checker/export/test_tools.hpp"


using namespace hotproof;
using namespace hotproof::checker::exports;
using namespace hotproof::checker::exports::testing;
using ir::TransitionSystem;

namespace {

constexpr std::uint32_t deepest = 5;

// Everything about one property to a depth: a line "sat" or "unsat" for each number of steps before the state is bad.
std::string questions(const TransitionSystem& system, const std::string& text, std::size_t property) {
  const bool cover = system.properties[property].kind == ir::PropertyKind::cover;
  const std::string bad = (cover ? "reached" : "bad") + std::to_string(property);
  std::string out = text;
  const auto state = [&](std::uint32_t k) {
    std::string names;
    for (std::size_t i = 0; i < system.variables.size(); ++i) names += " s" + std::to_string(k) + "_" + std::to_string(i);
    return names;
  };
  const auto declare = [&](std::uint32_t k) {
    for (std::size_t i = 0; i < system.variables.size(); ++i)
      out += "(declare-fun s" + std::to_string(k) + "_" + std::to_string(i) + " () (_ BitVec " + std::to_string(system.variables[i].width) + "))\n";
  };
  int selector = 1;
  while ((std::size_t{1} << selector) <= system.transitions.size()) ++selector;
  declare(0);
  out += "(assert (init" + state(0) + "))\n";
  for (std::uint32_t k = 0; k <= deepest; ++k) {
    out += "(push 1)\n(assert (" + bad + state(k) + "))\n(check-sat)\n(pop 1)\n";
    declare(k + 1);
    const std::string fired = "f" + std::to_string(k);
    out += "(declare-fun " + fired + " () (_ BitVec " + std::to_string(selector) + "))\n";
    out += "(assert (trans" + state(k) + " " + fired + state(k + 1) + "))\n";
  }
  return out;
}

// Of the states at which something is shown, the least depth: behind a transition that shows it, one less than the run's.
std::string expected(const TransitionSystem& system, const eval::Reference& reference, std::size_t i) {
  const ir::Property& property = system.properties[i];
  std::optional<std::uint32_t> depth;
  if (property.kind == ir::PropertyKind::cover) {
    if (const auto mark = reference.marks[ir::index(property.mark)]) depth = *mark - 1;
  } else if (reference.properties[i]) {
    depth = reference.properties[i]->depth - (property.kind == ir::PropertyKind::assertion ? 1 : 0);
  }
  // Deeper than the first, a property may be violated or not: only up to there is known.
  std::string out;
  for (std::uint32_t k = 0; k <= deepest && (!depth || k <= *depth); ++k) out += depth == k ? "sat\n" : "unsat\n";
  return out;
}

void check_with(const std::string& solver, const TransitionSystem& system, const eval::Reference& reference) {
  const auto folder = folder_for("smt");
  const auto text = smt_lib(system, {});
  REQUIRE(text);
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    CAPTURE(system.properties[i].id);
    write(folder / "question.smt2", questions(system, *text, i));
    REQUIRE(run_in(folder, solver + " question.smt2 >out 2>&1") == 0);
    const std::string said = text_of(folder / "out");
    const std::string wanted = expected(system, reference, i);
    CHECK(said.substr(0, wanted.size()) == wanted);
    CHECK(said.find("error") == std::string::npos);
  }
}

}  // namespace

TEST_CASE("solvers find what brute force finds, at the same depth") {
  const bool cvc5 = are_here("cvc5");
  const bool z3 = are_here("z3");
  std::size_t compared = 0;
  eval::RandomShape shape;
  shape.most_bits = 6;
  shape.most_variables = 4;
  for (std::uint64_t seed = 7000; compared < 5; ++seed) {
    CAPTURE(seed);
    const TransitionSystem system = eval::random_system(seed, shape);
    const auto reference = eval::explore(system, 100000);
    REQUIRE(reference);
    if (reference->depth < 6) continue;
    ++compared;
    if (cvc5) check_with("cvc5 --incremental", system, *reference);
    if (z3) check_with("z3", system, *reference);
  }
}

TEST_CASE("hostile texts reach solvers whole") {
  const TransitionSystem system = hostile();
  const auto reference = eval::explore(system, 1000);
  REQUIRE(reference);
  const auto text = smt_lib(system, {});
  REQUIRE(text);
  for (const char c : *text) CHECK((c == '\n' || (c >= ' ' && c < 0x7f)));
  if (are_here("cvc5")) check_with("cvc5 --incremental", system, *reference);
  if (are_here("z3")) check_with("z3", system, *reference);
}
