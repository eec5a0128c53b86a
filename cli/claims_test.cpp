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

Json claim(const std::string& sentence, int exit, const Args& more = {}) {
  const auto claims = given(ask(Args{"patch", mail, "--claim", sentence} + quick + more, exit));
  REQUIRE(claims.size() == 1);
  CHECK(claims[0]["claim"] == sentence);
  return claims[0];
}

void holds(const std::string& sentence, const Args& more = {}) {
  CAPTURE(sentence);
  const Json found = claim(sentence, 0, more);
  CHECK_MESSAGE(found["verdict"] == "holds", found["why"].get<std::string>());
  CHECK(found["run"].is_null());
}

void refuted(const std::string& sentence, const Args& more = {}) {
  CAPTURE(sentence);
  const Json found = claim(sentence, 1, more);
  CHECK_MESSAGE(found["verdict"] == "refuted", found["why"].get<std::string>());
  CHECK(found["run"]["trace"]["steps"].size() > 1);
}

}  // namespace

TEST_CASE("claims: locks that are held") {
  holds("online_pages() is called with mem_hotplug_lock held for write.");
  holds("MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE are sent with device_hotplug_lock held.");
  refuted("state_store() is called with mem_hotplug_lock held.");
  // A claim of the whole patch is one of the functions that it changes.
  holds("Both are called with device_hotplug_lock held.");
  refuted("Both are called with mem_hotplug_lock held.");
}

TEST_CASE("claims: orders") {
  holds("MEM_PREPARE_ONLINE is sent before online_pages().");
  holds("mem_hotplug_lock is taken before the memmap is initialised.");
  refuted("online_pages() is called before MEM_PREPARE_ONLINE.");
  // Setting memory offline takes the lock, too, and sends nothing of the kind.
  const Json also = claim("MEM_PREPARE_ONLINE is sent before mem_hotplug_done().", 3);
  CHECK(also["verdict"] == "not-decided");
  CHECK(also["why"].get<std::string>().find("comes without") != std::string::npos);
  holds("In memory_block_online(), MEM_PREPARE_ONLINE is sent before mem_hotplug_done().");
  // Readers of the memmap do so without being asked for anything.
  CHECK(claim("mem_hotplug_begin() is called before pfn_to_online_page().", 3)["verdict"] == "not-decided");
}

TEST_CASE("claims: undoing") {
  const Scratch scratch;
  const std::string forgets =
      scratch.with("forgets.edit", "in memory_block_online\n  delete call mhp_deinit_memmap_on_memory\n");
  holds("MEM_PREPARE_ONLINE is undone on failure.");
  holds("Roll mhp_init_memmap_on_memory() back if online_pages() fails.");
  refuted("Roll mhp_init_memmap_on_memory() back if online_pages() fails.", {"--edit", forgets});
}

TEST_CASE("claims: no functional change") {
  const Scratch scratch;
  CHECK(claim("No functional change on x86.", 0)["verdict"] == "holds");
  const Json missing = claim(
      "No functional change on x86.", 1,
      {"--edit", scratch.with("missing.edit", "in memory_block_online\n  delete call mhp_deinit_memmap_on_memory\n")});
  CHECK(missing["verdict"] == "refuted");
  CHECK(missing["run"]["trace"]["steps"].size() > 1);
  const Json some = claim(
      "No functional change for users of the bus on x86.", 3,
      {"--edit", scratch.with("other.edit", "in memory_block_online\n  delete call mhp_deinit_memmap_on_memory\n")});
  CHECK(some["why"].get<std::string>().find("the sentence speaks of a case (for users of the bus") !=
        std::string::npos);
}

TEST_CASE("claims: what a change makes true is told from what was true") {
  const Json fresh = claim("MEM_PREPARE_ONLINE is sent before online_pages().", 0);
  CHECK(fresh["why"].get<std::string>().find("before the change nothing can be said of it") != std::string::npos);
  const Json old = claim("online_pages() is called with mem_hotplug_lock held.", 0);
  CHECK(old["why"].get<std::string>().find("so before the change") != std::string::npos);
}

TEST_CASE("claims: of which architecture") {
  const Json other = claim("On powerpc, MEM_PREPARE_ONLINE is sent before online_pages().", 3);
  CHECK(other["why"] == "there is no model of powerpc");
  const Json some = claim("On all architectures, MEM_PREPARE_ONLINE is sent before online_pages().", 0);
  CHECK(some["why"].get<std::string>().find("these are the architectures that there are models of") !=
        std::string::npos);
}

TEST_CASE("claims: what one architecture cannot do is no error on the other") {
  const auto folder = kernel("6.1");
  const auto seed_mail = seed();
  if (!folder || !seed_mail) return;
  const Args args = {"patch",      *seed_mail,        "--tree",     *folder,
                     "--requests", "acpi-add,online", "--property", "lock-balance"};
  const auto claims =
      given(ask(args + Args{"--claim", "On all architectures, mem_hotplug_begin() precedes online_pages()."}, 3));
  REQUIRE(claims.size() == 1);
  const std::string why = claims[0]["why"];
  CHECK_MESSAGE(why.find("true on x86_64") == 0, why);
  CHECK_MESSAGE(why.find("no \"acpi-add\" on s390x") != std::string::npos, why);
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
