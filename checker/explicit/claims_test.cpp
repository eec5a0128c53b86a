#include "checker/explicit/claims.hpp"

#include <doctest/doctest.h>

#include "checker/explicit/test_systems.hpp"

using namespace hotproof;
using namespace hotproof::checker::explicit_state;

TEST_CASE("wrong read and write sets are refuted, right ones are not") {
  auto builder = testing::counters(1, 3);
  const ir::VarId x{1};
  const ir::State state{0, 1};
  CHECK(ClaimChecker(builder.system).refuted(state) == std::nullopt);
  ClaimChecker reads_nothing(builder.system, {{{}, {x}}});
  std::string said;
  for (int i = 0; i < 20 && said.empty(); ++i) said = reads_nothing.refuted(state).value_or("");
  CHECK(said == "transition 0 (count) of counter0 depends on a variable that its read set does not have");
  ClaimChecker writes_nothing(builder.system, {{{x}, {}}});
  CHECK(writes_nothing.refuted(state) ==
        "transition 0 (count) of counter0 changes x0, which its write set does not have");
}
