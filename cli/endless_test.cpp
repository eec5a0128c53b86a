// Edits under which something would go on for ever: locks tried by who holds them, locks taken and never given back,
// counts that grow, a walk that does not move on. Each gets an answer.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

Json check_edited(const std::string& folder, const std::string& text, const Args& more, int exit) {
  const Scratch scratch;
  return ask(Args{"check", "--tree", folder, "--edit", scratch.with("e.edit", text)} + more, exit);
}

}  // namespace

TEST_CASE("a lock that is tried again by who never gave it back is busy") {
  if (const auto folder = kernel("6.1")) {
    const Json answer =
        check_edited(*folder, "in state_store\n  move call unlock_device_hotplug before call device_offline\n", {}, 1);
    CHECK(verdict(answer, "lock-balance") == "violated");
    CHECK(verdict(answer, "offline-possible") == "violated");
    CHECK(answer["model"]["not_understood"].empty());
  }
  if (const auto folder = kernel("6.12")) {
    const Json answer = check_edited(*folder,
                                     "in lock_device_hotplug_sysfs\n"
                                     "  replace condition of if \"mutex_trylock\" by "
                                     "\"!mutex_trylock(&device_hotplug_lock)\"\n",
                                     {}, 1);
    CHECK(verdict(answer, "lock-balance") == "violated");
    CHECK(answer["complete"] == true);
  }
}

TEST_CASE("a read lock that is taken again and again and never given back is followed to the end") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Json answer = check_edited(*folder, "in mem_hotplug_done\n  delete call cpus_read_unlock\n", {}, 1);
  CHECK(verdict(answer, "lock-balance") == "violated");
  CHECK(verdict(answer, "going-answered") == "proved");
  CHECK(answer["model"]["not_understood"].empty());
}

TEST_CASE("a count that a mistake lets grow without end makes the rest inconclusive, soon") {
  const auto folder = kernel("6.1");
  if (!folder) return;
  const Json answer = check_edited(
      *folder, "in memory_block_change_state\n  replace assignment \"mem->state\" #2 by { mem->state = to_state; }\n",
      {}, 1);
  CHECK(verdict(answer, "state-agrees") == "violated");
  CHECK(verdict(answer, "lock-balance") == "inconclusive");
  CHECK(property(answer, "lock-balance")["reason"].get<std::string>().find("present_pages left its declared range") !=
        std::string::npos);
}

TEST_CASE("a walk over the chain that stays at one listener is no end of the chain") {
  for (const char* version : {"6.1", "6.12"}) {
    const auto folder = kernel(version);
    if (!folder) continue;
    const Json answer = check_edited(*folder, "in notifier_call_chain\n  delete assignment nb #2\n", {}, 4);
    REQUIRE_FALSE(answer["model"]["not_understood"].empty());
    CHECK(answer["model"]["not_understood"][0].dump().find("calls a listener again") != std::string::npos);
  }
}

TEST_CASE("a time limit counts while the model is made") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Json answer = ask({"check", "--tree", *folder, "--workers", "3", "--readers", "2", "--listeners", "3",
                           "--blocks", "2", "--time-limit", "0.4"},
                          3);
  CHECK(answer["complete"] == false);
  CHECK(answer["stopped_by"] == "time limit");
}

TEST_CASE("notifications are seen whichever way they are sent") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Json answer = check_edited(
      *folder,
      "in memory_notify\n  replace body by { return blocking_notifier_call_chain_robust(&memory_chain, val, "
      "val == MEM_GOING_ONLINE ? MEM_CANCEL_ONLINE : val == MEM_PREPARE_ONLINE ? MEM_FINISH_OFFLINE : "
      "MEM_CANCEL_OFFLINE, v); }\n",
      {"--property", "online-possible", "--property", "prepare-has-finish"}, 0);
  CHECK(verdict(answer, "online-possible") == "proved");
}

TEST_CASE("references that get lost request by request end the search, with what is broken") {
  const auto folder = kernel("6.1");
  if (!folder) return;
  const Json answer =
      check_edited(*folder, "in walk_memory_blocks\n  delete call put_device\n", {"--life", "--readers", "0"}, 1);
  CHECK(verdict(answer, "block-reference-balanced") == "violated");
  CHECK(answer["stopped_by"].get<std::string>().find("references left its declared range") != std::string::npos);
}

TEST_CASE("a block's record that is freed twice, or never") {
  const auto folder = kernel("6.1");
  if (!folder) return;
  const Args life = {"--life", "--readers", "0"};
  const Json twice =
      check_edited(*folder, "in memory_block_release\n  insert { kfree(mem); } after call kfree\n", life, 1);
  CHECK(verdict(twice, "no-null-dereference") == "violated");
  const Json never = check_edited(*folder, "in memory_block_release\n  delete call kfree\n", life, 1);
  REQUIRE(!never["model"]["not_understood"].empty());
}
