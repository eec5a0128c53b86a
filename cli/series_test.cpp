// `hotproof series` as a user sees it: how a series is read, the matrix, the exit status.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

const std::string whole = HOTPROOF_SOURCE_DIR "/model/reference/prepare-online.mbox";

// Each a patch of its own; the first lets the veto's way out give back a lock that it does not hold, the second mends
// it.
const std::string late_lock =
    "about the lock is taken behind the check\nfile memory.c\nin memory_block_offline\n"
    "  move call mem_hotplug_begin after if \"ret\"\n";
const std::string late_lock_diff =
    "--- a/memory.c\n"
    "+++ b/memory.c\n"
    "@@ -155,10 +155,10 @@\n"
    " \tunsigned long altmap = mem->altmap_pages;\n"
    " \tint ret;\n"
    " \n"
    "-\tmem_hotplug_begin();\n"
    " \tret = offline_pages(mem->start_pfn + altmap, HP_BLOCK_PAGES - altmap, mem->zone);\n"
    " \tif (ret)\n"
    " \t\tgoto out;\n"
    "+\tmem_hotplug_begin();\n"
    " \tif (altmap)\n"
    " \t\tmhp_deinit_memmap_on_memory(mem->start_pfn);\n"
    " \tmem->zone = NULL;\n";
const std::string early_lock =
    "about the lock is taken first\nfile memory.c\nin memory_block_offline\n"
    "  move call mem_hotplug_begin before assignment ret\n";
const std::string harmless =
    "about a name for nothing\nfile memory.c\nadd { static int unused_here(void) { return 0; } }\n";

Args series(const Args& patches) {
  return Args{"series"} + patches + Args{"--arch", "x86_64", "--property", "lock-balance"};
}

std::vector<std::string> steps(const Json& answer, const std::string& id) {
  std::vector<std::string> out;
  for (const Json& prefix : answer["architectures"][0]["prefixes"]) out.push_back(prefix["steps"][id]);
  return out;
}

}  // namespace

TEST_CASE("a property is broken first, kept and fixed at its patches") {
  const Scratch scratch;
  const std::string breaks = scratch.with("1.edit", late_lock);
  const std::string idle = scratch.with("2.edit", harmless);
  const std::string mends = scratch.with("3.edit", early_lock);
  const Json answer = ask(series({breaks, idle, mends}), 1);
  CHECK(steps(answer, "lock-balance") == std::vector<std::string>{"broken", "kept", "fixed"});
  CHECK(answer["patches"][0]["title"] == "the lock is taken behind the check");
  const Json& prefixes = answer["architectures"][0]["prefixes"];
  CHECK(property(prefixes[0]["report"], "lock-balance")["trace"].is_object());
  CHECK(prefixes[0]["executed"] == true);
  CHECK(prefixes[1]["executed"] == false);
  // A folder is the files in it by their names.
  const std::size_t end = breaks.rfind('/');
  CHECK(steps(ask(series({breaks.substr(0, end)}), 1), "lock-balance") == steps(answer, "lock-balance"));
}

TEST_CASE("the matrix") {
  const Scratch scratch;
  const Ran ran = run_program(series(
      {scratch.with("1.edit", late_lock), scratch.with("2.edit", harmless), scratch.with("3.edit", early_lock)}));
  CAPTURE(ran.out);
  CHECK(ran.exit == 1);
  const std::string golden =
      "  after patch                           all        [1]\n"
      "  (none)                                           holds\n"
      "  1 the lock is taken behind the check  BROKEN     BROKEN\n"
      "  2 a name for nothing                  BROKEN     kept       the model executes nothing of this patch\n"
      "  3 the lock is taken first             holds      fixed\n"
      "  [1] lock-balance\n";
  CHECK(ran.out.find(golden) != std::string::npos);
  CHECK(ran.out.find("patch 1 breaks on x86_64:\n") != std::string::npos);
}

TEST_CASE("the exit status, also for git bisect") {
  const Scratch scratch;
  const std::string breaks = scratch.with("1.edit", late_lock);
  const std::string idle = scratch.with("2.edit", harmless);
  const Args bisect = {"--exit-style", "bisect"};
  const auto status = [](const Args& args) { return run_program(args).exit; };
  CHECK(status(series({whole})) == 0);
  CHECK(status(series({whole}) + bisect) == 0);
  CHECK(status(series({breaks})) == 1);
  CHECK(status(series({breaks}) + bisect) == 1);
  CHECK(status(series({idle})) == 4);
  CHECK(status(series({idle}) + bisect) == 125);
  CHECK(status(series({whole}) + Args{"--time-limit", "0.000001"}) == 3);
  CHECK(status(series({whole, whole})) == 2);
  CHECK(status(series({whole, whole}) + bisect) == 255);
  CHECK(status({"series", "--exit-style=bisect", "--no-such-option"}) == 255);
}

TEST_CASE("edits that mend what a patch breaks first, which as patches of their own do mend it") {
  const Scratch scratch;
  const std::string idle = scratch.with("1.edit", harmless);
  const std::string breaks = scratch.with("2.edit", late_lock);
  const std::string later = scratch.with("3.edit", "about another name\nfile memory.c\nadd { static int nothing_more(void) { return 0; } }\n");
  const Json answer = ask(series({idle, breaks, later, "--suggest"}), 1);
  const Json& prefixes = answer["architectures"][0]["prefixes"];
  // Where nothing breaks, or what was broken stays so, nothing is looked for.
  CHECK_FALSE(prefixes[0]["report"].contains("suggestions"));
  CHECK_FALSE(prefixes[2]["report"].contains("suggestions"));
  const Json& found = prefixes[1]["report"]["suggestions"];
  CHECK(found["wanted"] == Json::array({"lock-balance"}));
  REQUIRE_FALSE(found["suggestions"].empty());
  for (const Json& suggestion : found["suggestions"]) {
    CAPTURE(suggestion["diff"]);
    CHECK(suggestion["all_hold"] == true);
    CHECK(suggestion["mends"] == Json::array({"lock-balance"}));
    const std::string mends = scratch.with("mends.diff", suggestion["diff"]);
    CHECK(steps(ask(series({scratch.with("breaks.diff", late_lock_diff), mends}), 1), "lock-balance") ==
          std::vector<std::string>{"broken", "fixed"});
  }
  const Ran text = run_program(series({idle, breaks, later, "--suggest"}));
  CAPTURE(text.out);
  CHECK(text.out.find("after patch 2\nsuggestions for lock-balance (") != std::string::npos);
  CHECK(text.out.find("model-checked, not compiled; mends lock-balance; every property asked for holds after it\n---") !=
        std::string::npos);
}

TEST_CASE("what the tree without the series breaks is not to be mended, and does not keep others from it") {
  const Scratch scratch;
  const std::string breaks = scratch.with("1.edit", late_lock);
  // A listener that has accepted MEM_GOING_ONLINE is not told that it came to nothing.
  const Args before = {"--edit", scratch.with("0.edit", "file memory.c\nin online_pages\n  delete call memory_notify with "
                                                        "MEM_CANCEL_ONLINE\n")};
  const Json answer =
      ask(series({breaks, "--suggest", "--property", "going-answered"}) + before, 1);
  const Json& found = answer["architectures"][0]["prefixes"][0]["report"]["suggestions"];
  CHECK(found["wanted"] == Json::array({"lock-balance"}));
  REQUIRE_FALSE(found["suggestions"].empty());
  CHECK(found["suggestions"][0]["mends"] == Json::array({"lock-balance"}));
  CHECK(found["suggestions"][0]["all_hold"] == false);
  CHECK(found["suggestions"][0]["breaks"].empty());
}

TEST_CASE("on 6.1, the change breaks s390x first, and nothing on x86_64") {
  const auto folder = kernel("6.1");
  const auto mail = seed();
  if (!folder || !mail) return;
  const Args both = {"--tree", *folder, "--arch", "x86_64", "--arch", "s390x"};
  const Json answer = ask(Args{"series", *mail} + both, 1);
  REQUIRE(answer["architectures"].size() == 2);
  const Json& x86 = answer["architectures"][0]["prefixes"][0]["steps"];
  CHECK(x86["online-possible"] == "holds");
  for (const auto& [id, step] : x86.items()) CHECK(step != "broken");
  CHECK(answer["architectures"][1]["prefixes"][0]["steps"]["online-possible"] == "broken");
}
