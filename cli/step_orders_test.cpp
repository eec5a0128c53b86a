// The safe orders that `hotproof orderings` finds, held against a check of every single order. The whole reference model
// takes longer: bench/step_orders.cpp.

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

std::size_t compare(const std::string& function, const Settings& settings = {}, const Args& args = {}) {
  CAPTURE(function);
  const auto expected = safe_one_by_one(settings, function);
  REQUIRE(expected);
  CHECK(found_by_program(Args{function} + args) == *expected);
  return expected->size();
}

}  // namespace

TEST_CASE("orders found by learning are those found one by one") {
  CHECK(compare("change_state") == 1);
  CHECK(compare("state_store") > 0);
}

TEST_CASE("a function of our own whose ways out do not undo last first") {
  const Scratch scratch;
  const std::string edit = scratch.with("odd.edit", R"(file memory.c
in memory_block_online
replace body by {
	int ret;

	mem_hotplug_begin();
	mem->zone = &zone_normal;
	ret = online_pages(mem->start_pfn, HP_BLOCK_PAGES, &zone_normal);
	if (ret)
		goto cancel;
	mem_hotplug_done();
	return 0;
cancel:
	mem_hotplug_done();
	mem->zone = NULL;
	return ret;
}
)");
  Settings settings;
  settings.edits = {edit};
  CHECK(compare("memory_block_online", settings, {"--edit", edit}) > 0);
}
