// The safe orders that `hotproof orderings` finds, held against a check of every single order. The whole reference
// model takes longer: bench/step_orders.cpp.

#include "bench/every_order.hpp"
#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

EveryOrder found_by_program(const Args& args) {
  const Json answer = ask(Args{"orderings"} + args, 0);
  CHECK(answer["whole"] == true);
  return answer["safe_orders"].get<EveryOrder>();
}

void compare(const std::string& function) {
  CAPTURE(function);
  const auto expected = safe_one_by_one({}, function);
  REQUIRE(expected);
  CHECK_FALSE(expected->empty());
  CHECK(found_by_program({function}) == *expected);
}

}  // namespace

TEST_CASE("orders found by learning are those found one by one") {
  compare("change_state");
  compare("state_store");
}
