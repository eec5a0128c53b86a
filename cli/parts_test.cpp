// Properties in groups: the same verdicts as all together, and runs of the whole system.
#include "cli/parts.hpp"

#include <doctest/doctest.h>

#include "checker/parametric/parametric.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/ir/passes/passes.hpp"

using namespace hotproof;
using namespace hotproof::cli;

namespace {

struct Answer {
  checker::Verdict verdict{};
  std::uint32_t depth = 0;
  std::optional<ir::Run> run;  // of the base
};

std::vector<Answer> answers_of(const Decided& decided) {
  std::vector<Answer> out(decided.base->properties.size());
  for (const Part& part : decided.parts)
    for (std::size_t i = 0; i < part.properties.size(); ++i) {
      const checker::PropertyResult& found = part.result.properties[i];
      Answer& answer = out[ir::index(part.properties[i])];
      answer = {found.verdict, found.depth, std::nullopt};
      if (found.run) answer.run = ir::lift(*decided.base, part.rewritten, *found.run);
    }
  return out;
}

}  // namespace

TEST_CASE("where a search becomes large, groups of properties are searched one by one") {
  eval::RandomShape shape;
  shape.most_bits = 12;
  int divided = 0, shown = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    const ir::TransitionSystem system = eval::random_system(seed, shape);
    if (!checker::parameters(system).empty()) continue;
    SearchRequest request;
    request.engine = Engine::explicit_search;
    request.divide = false;
    const auto together = decide(system, request);
    REQUIRE_MESSAGE(together, to_string(together.error().diagnostic));
    REQUIRE(together->parts.size() == 1);
    request.divide = true;
    request.most_states_together = 40;
    const auto apart = decide(system, request);
    REQUIRE(apart);
    divided += apart->parts.size() > 1 ? 1 : 0;
    const auto one = answers_of(*together), many = answers_of(*apart);
    for (std::size_t i = 0; i < one.size(); ++i) {
      CAPTURE(system.properties[i].id);
      CHECK(one[i].verdict == many[i].verdict);
      CHECK(one[i].run.has_value() == many[i].run.has_value());
      if (!many[i].run) continue;
      ++shown;
      CHECK(eval::replay(*apart->base, *many[i].run));
    }
  }
  CHECK(divided > 15);
  CHECK(shown > 30);
}
