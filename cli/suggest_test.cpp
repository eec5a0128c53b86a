// `hotproof check --suggest` on a real tree: a finding that is known, and what mends it.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

const Args listeners = {"--listeners", "2"};
const Args rules = {"--property",           "prepare-has-finish", "--property",
                    "finish-needs-prepare", "--property",         "lock-balance"};

bool says(const Json& suggestion, const std::string& words) {
  return suggestion["says"].dump().find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("6.12, a second listener that vetoes: the robust chain mends it, leading the goto elsewhere has a drawback") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Json answer = ask(Args{"check"} + Args{"--tree", *folder} + listeners + rules + Args{"--suggest"}, 0);
  const Json& found = answer["suggestions"];
  CHECK(found["wanted"] == Json::array({"prepare-has-finish"}));
  REQUIRE(found["suggestions"].size() == 2);
  const Json& robust = found["suggestions"][0];
  CHECK(says(robust, "takes MEM_PREPARE_ONLINE back with MEM_FINISH_OFFLINE"));
  CHECK(robust["all_hold"] == true);
  CHECK(robust["breaks"].empty());
  CHECK(robust["diff"].get<std::string>().find("\n+") != std::string::npos);
  const Json& elsewhere = found["suggestions"][1];
  CHECK(says(elsewhere, "goto out instead of out_notifier"));
  CHECK(elsewhere["all_hold"] == false);
  CHECK(elsewhere["breaks"] == Json::array({"finish-needs-prepare"}));
}

TEST_CASE("6.12, MEM_FINISH_OFFLINE taken out of the error path: it is put back") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Scratch scratch;
  const std::string edit = scratch.with(
      "e.edit",
      "file drivers/base/memory.c\nin memory_block_online\n  delete call memory_notify with MEM_FINISH_OFFLINE\n");
  const Json answer = ask(Args{"check"} + Args{"--tree", *folder} + rules + Args{"--edit", edit, "--suggest"}, 1);
  REQUIRE_FALSE(answer["suggestions"]["suggestions"].empty());
  const Json& first = answer["suggestions"]["suggestions"][0];
  CHECK(first["all_hold"] == true);
  CHECK(says(first, "memory_notify(MEM_FINISH_OFFLINE, &arg);"));
}

TEST_CASE("where nothing is violated, nothing is suggested") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Json answer = ask(Args{"check"} + Args{"--tree", *folder} + rules + Args{"--suggest"}, 0);
  CHECK(answer["suggestions"]["wanted"].empty());
  CHECK(answer["suggestions"]["suggestions"].empty());
}
