// What messages claim, judged: by the reference model both ways, and the sentences of the mail that this project was
// made for.

#include <fstream>

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

const std::string mail = HOTPROOF_SOURCE_DIR "/model/reference/prepare-online.mbox";
const Args quick = {"--property", "offline-possible"};

// The claims of the command line, in their order.
std::vector<Json> given(const Json& answer) {
  std::vector<Json> out;
  for (const Json& claim : answer["claims"])
    if (claim["from"] == "--claim") out.push_back(claim);
  return out;
}

using Expected = std::vector<std::pair<std::string, std::string>>;  // sentence, verdict

// All at once; gives the answers in their order.
std::vector<Json> judge(const Expected& expected, int exit, const Args& more = {}) {
  Args args = Args{"patch", mail} + quick + more;
  for (const auto& [sentence, verdict] : expected) args = args + Args{"--claim", sentence};
  const auto claims = given(ask(args, exit));
  REQUIRE(claims.size() == expected.size());
  for (std::size_t i = 0; i < claims.size(); ++i) {
    CAPTURE(expected[i].first);
    CHECK(claims[i]["claim"] == expected[i].first);
    CHECK_MESSAGE(claims[i]["verdict"] == expected[i].second, claims[i]["why"].get<std::string>());
    if (expected[i].second == "holds") CHECK(claims[i]["run"].is_null());
    if (expected[i].second == "refuted") CHECK(claims[i]["run"]["trace"]["steps"].size() > 1);
  }
  return claims;
}

bool says(const Json& claim, const std::string& what) {
  return claim["why"].get<std::string>().find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("claims: locks, orders, undoing") {
  const auto claims = judge(
      {
          {"online_pages() is called with mem_hotplug_lock held for write.", "holds"},
          {"MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE are sent with device_hotplug_lock held.", "holds"},
          {"state_store() is called with mem_hotplug_lock held.", "refuted"},
          // Of nothing in particular: of each function that is changed.
          {"Both are called with device_hotplug_lock held.", "holds"},
          {"Both are called with mem_hotplug_lock held.", "refuted"},
          {"MEM_PREPARE_ONLINE is sent before online_pages().", "holds"},
          {"mem_hotplug_lock is taken before the memmap is initialised.", "holds"},
          {"online_pages() is called before MEM_PREPARE_ONLINE.", "refuted"},
          {"In memory_block_online(), MEM_PREPARE_ONLINE is sent before mem_hotplug_done().", "holds"},
          // Setting memory offline takes the lock, too, and sends nothing of the kind.
          {"MEM_PREPARE_ONLINE is sent before mem_hotplug_done().", "not-decided"},
          // Readers of the memmap do so without being asked for anything.
          {"mem_hotplug_begin() is called before pfn_to_online_page().", "not-decided"},
          {"MEM_PREPARE_ONLINE is undone on failure.", "holds"},
          {"Roll mhp_init_memmap_on_memory() back if online_pages() fails.", "holds"},
          {"On powerpc, MEM_PREPARE_ONLINE is sent before online_pages().", "not-decided"},
          {"On all architectures, MEM_PREPARE_ONLINE is sent before online_pages().", "holds"},
      },
      1);
  CHECK(says(claims[0], "so before the change"));
  CHECK(says(claims[5], "before the change nothing can be said of it"));
  CHECK(says(claims[9], "comes without"));
  CHECK(says(claims[10], "outside of any operation"));
  CHECK(says(claims[13], "there is no model of powerpc"));
  CHECK(says(claims[14], "these are the architectures that there are models of"));
}

TEST_CASE("claims: the exit status tells of what is not decided") {
  judge({{"MEM_PREPARE_ONLINE is sent before online_pages().", "holds"}}, 0);
  judge({{"MEM_PREPARE_ONLINE is sent before mem_hotplug_done().", "not-decided"}}, 3);
}

TEST_CASE("claims: a tree that forgets to undo") {
  const Scratch scratch;
  const std::string forgets =
      scratch.with("forgets.edit", "in memory_block_online\n  delete call mhp_deinit_memmap_on_memory\n");
  const auto claims = judge({{"Roll mhp_init_memmap_on_memory() back if online_pages() fails.", "refuted"},
                             {"No functional change on x86.", "refuted"},
                             {"No functional change for users of the bus on x86.", "not-decided"}},
                            1, {"--edit", forgets});
  CHECK(says(claims[2], "the sentence speaks of a case (for users of the bus"));
  judge({{"No functional change on x86.", "holds"}}, 0);
}

TEST_CASE("claims: what has no known form is an error") {
  for (const char* wrong : {"MEM_PREPARE_ONLINE is not sent before online_pages().", "It is all fine.",
                            "foo_bar() is called before online_pages().", ""}) {
    const Ran ran = run_program({"patch", mail, "--claim", wrong});
    CHECK(ran.exit == 2);
    CHECK(ran.err.find("this claim cannot be checked") != std::string::npos);
    CHECK(ran.err.find("no functional change; F() is called with LOCK held") != std::string::npos);
    CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  }
  const Ran evil = run_program({"patch", mail, "--claim", "\x1b]0;owned\x07 before online_pages()"});
  CHECK(evil.exit == 2);
  CHECK(evil.err.find('\x1b') == std::string::npos);
  CHECK(run_program({"patch", mail, "--claim", std::string(10'000, 'x') + " before online_pages()"}).exit == 2);
}

TEST_CASE("claims: a series' cover letter is judged on the whole series") {
  const Scratch scratch;
  std::ifstream in(HOTPROOF_SOURCE_DIR "/model/reference/memmap-on-memory.mbox");
  const std::string series((std::istreambuf_iterator<char>(in)), {});
  const std::string cover =
      "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\nFrom: A <a@b.c>\n"
      "Subject: [PATCH v2 0/7] memmap on memory\n\nThe lock is an old one. MEM_PREPARE_ONLINE is sent before "
      "online_pages().\n"
      "online_pages() is called before MEM_PREPARE_ONLINE.\n\n";
  const std::string path = scratch.with("series.mbox", cover + series);
  const Json answer = ask(Args{"series", path, "--orders", "no", "--arch", "s390x"}, 0);
  REQUIRE(answer["claims"].size() == 3);
  CHECK(answer["claims"][0]["verdict"] == "not-checked");
  CHECK(answer["claims"][1]["verdict"] == "holds");
  CHECK(answer["claims"][2]["verdict"] == "refuted");
  CHECK(answer["claims"][2]["from"] == "cover letter");
}

TEST_CASE("claims: every sentence of the mail that has a form is decided") {
  const auto folder = kernel("6.1");
  const auto seed_mail = seed();
  if (!folder || !seed_mail) return;
  const Json answer = ask(Args{"patch", *seed_mail, "--tree", *folder}, 0);
  const Json late = claim_of(answer, "This is too late and \"memmap on memory\" initialization is performed", "order");
  CHECK_MESSAGE(late["verdict"] == "holds", late["why"].get<std::string>());
  const Json ready = claim_of(answer, "After this, the hotplugged memory is physically accessible", "order");
  CHECK(ready["verdict"] == "not-decided");
  CHECK(ready["why"].get<std::string>().find("true on x86_64") == 0);
  CHECK(ready["why"].get<std::string>().find("\"altmap support prepared\" was not looked at") != std::string::npos);
  const Json ignored = claim_of(answer, "All architectures ignore unknown memory notifiers", "ignored");
  CHECK(ignored["verdict"] == "refuted");
  CHECK(ignored["why"].get<std::string>().find("on s390x (the listener sclp_mem_notifier refuses MEM_PREPARE_ONLINE") ==
        0);
  const Json whole = claim_of(answer, "All architectures ignore unknown memory notifiers", "no functional change");
  CHECK(whole["verdict"] == "refuted");
  CHECK(whole["why"].get<std::string>().find("on s390x only after the change there is") == 0);
  CHECK(whole["run"]["trace"]["steps"].size() > 1);
  for (const Json& one : answer["claims"]) CHECK((one["verdict"] != "not-checked" || one["form"] == ""));
}
