// Random C programs of one actor: the lowered system reaches exactly the one end that C gives.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "model/lower/explored_test.hpp"
#include "model/lower/random_c_test.hpp"

namespace hotproof::lower {
namespace {

struct Compared {
  bool done = false;       // not too large to look at
  std::string difference;  // empty: none
};

Compared compare(const CProgram& program) {
  const Explored got(to_text(program), [](Options& options) { options.most_locations = 600; });
  if (got.error.find("too many") != std::string::npos) return {};
  if (!got.error.empty()) return {true, got.error};
  if (!got.broken.empty()) return {true, got.broken};
  if (!got.not_understood().empty()) return {true, "not understood: " + got.not_understood()};
  for (const char* event : {"unset-read", "null-dereference", "use-after-free"})
    if (!got.events(event).empty()) return {true, event};
  const std::vector<Wide> values = run(program);
  std::string names, expected;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const CVariable& variable = program.variables[i];
    if (!variable.global || variable.pointer) continue;
    const bool touched = got.lowered().system.symbols.contains(variable.name);
    if (!touched && values[i] != variable.initial) return {true, variable.name + " is not there, but C writes it"};
    if (!touched) continue;
    names += (names.empty() ? "" : " ") + variable.name;
    expected += (expected.empty() ? "" : " ") + std::to_string(static_cast<std::int64_t>(values[i]));
  }
  const std::string ends = got.finals(names);
  if (ends == expected) return {true, ""};
  return {true, names + "\nexpected " + expected + "\ngot      " + ends};
}

// The smallest program with a difference that leaving out statements finds, in so many tries.
CProgram smallest(CProgram program) {
  int left = 150;
  for (bool shrunk = true; shrunk;) {
    shrunk = false;
    for (CProgram& candidate : smaller(program)) {
      if (--left < 0) return program;
      if (const Compared result = compare(candidate); !result.done || result.difference.empty()) continue;
      program = std::move(candidate);
      shrunk = true;
      break;
    }
  }
  return program;
}

}  // namespace

TEST_CASE("random programs of one actor end as C says") {
  constexpr int programs_a_run = 3;  // a hundred runs
  int done = 0;
  const bool holds = rc::check("random programs of one actor end as C says", [&] {
    const auto first = *rc::gen::noShrink(rc::gen::arbitrary<std::uint64_t>());
    for (std::uint64_t seed = first; seed < first + programs_a_run; ++seed) {
      const CProgram program = random_program(seed);
      const Compared result = compare(program);
      done += result.done ? 1 : 0;
      if (result.difference.empty()) continue;
      const CProgram small = smallest(program);
      RC_FAIL("seed " + std::to_string(seed) + "\n" + to_text(small) + compare(small).difference);
    }
  });
  CHECK(holds);
  CHECK(done >= 200);  // the others are too large to say anything
}

}  // namespace hotproof::lower
