// Kernel trees as they are, defects of the past put back into them, and where the mail of the change lands in them.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

TEST_CASE("contents have the names that git gives them") {
  CHECK(sha1("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(sha1("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(sha1(std::string(1000, 'a')) == "291e9a6c66994949b57ba5e650361e98fc36b1ba");
  const Scratch scratch;
  CHECK(git_blob(scratch.with("empty", "")) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}

TEST_CASE("the trees as they are have the findings that reading them confirms, and no others") {
  struct Expected {
    std::string version, architecture;
    std::set<std::string> findings;
  };
  for (const auto& [version, architecture, expected] :
       {Expected{"6.1", "x86_64", {"node-state-before-zonelists"}}, Expected{"6.1", "s390x", {}},
        Expected{"6.12", "x86_64", {}}, Expected{"6.12", "s390x", {"failed-prepare-leaves-nothing"}}}) {
    const auto folder = kernel(version);
    if (!folder) continue;
    CAPTURE(version);
    CAPTURE(architecture);
    const Ran ran = run_program({"check", "--tree", *folder, "--arch", architecture, "--format", "json"});
    const Json answer = Json::parse(ran.out);
    CHECK(findings(answer) == expected);
    CHECK(answer["complete"] == true);
    CHECK(answer["model"]["not_understood"].empty());
    CHECK(answer["model"]["harmless"].empty());
    // What marks sections online has a body, in whichever file the tree keeps it: without it no reader sees the block.
    CHECK(std::any_of(answer["model"]["followed"].begin(), answer["model"]["followed"].end(),
                      [](const Json& f) { return f["function"] == "online_mem_sections"; }));
    bool vacuous = false;
    for (const Json& p : answer["properties"]) {
      CAPTURE(p["id"].get<std::string>());
      vacuous = vacuous || (p["applicable"] == true && p["verdict"] == "vacuous");
      CHECK((p["verdict"] == "proved" || p["verdict"] == "vacuous" || expected.contains(p["id"])));
    }
    CHECK(ran.exit == (!expected.empty() ? 1 : vacuous ? 3 : 0));
  }
}

TEST_CASE("the hotplug lock taken behind the memmap's initialisation is found") {
  const auto folder = kernel("6.1");
  if (!folder) return;
  expect({"check", "--tree", *folder}, {{"memmap-under-hotplug-lock", "proved"}, {"lock-balance", "proved"}});
  expect(Args{"check", "--tree", *folder} + edit("d1-6.1.edit"),
         {{"memmap-under-hotplug-lock", "violated"}, {"lock-balance", "violated"}});
}

TEST_CASE("the hotplug lock given back before the memmap's teardown is found") {
  for (const char* version : {"6.1", "6.12"}) {
    const auto folder = kernel(version);
    if (!folder) continue;
    CAPTURE(version);
    expect({"check", "--tree", *folder}, {{"memmap-under-hotplug-lock", "proved"}, {"lock-balance", "proved"}});
    expect(Args{"check", "--tree", *folder} + edit("d2.edit"),
           {{"memmap-under-hotplug-lock", "violated"}, {"lock-balance", "violated"}});
  }
}

TEST_CASE("the LRU caches left disabled by a failed offline are found") {
  for (const char* version : {"6.1", "6.12"}) {
    const auto folder = kernel(version);
    if (!folder) continue;
    CAPTURE(version);
    expect({"check", "--tree", *folder}, {{"disable-enable-paired", "proved"}});
    expect(Args{"check", "--tree", *folder} + edit("d5.edit"), {{"disable-enable-paired", "violated"}});
  }
}

TEST_CASE("zonelists rebuilt before the node's state is cleared are found: put back on 6.12, as it is on 6.1") {
  if (const auto folder = kernel("6.12")) {
    expect({"check", "--tree", *folder}, {{"node-state-before-zonelists", "proved"}});
    expect(Args{"check", "--tree", *folder} + edit("d7-6.12.edit"), {{"node-state-before-zonelists", "violated"}});
  }
  if (const auto folder = kernel("6.1")) {
    const Json answer = expect({"check", "--tree", *folder}, {{"node-state-before-zonelists", "violated"}});
    CHECK(property(answer, "node-state-before-zonelists")["latent"] == false);
    CHECK(property(answer, "node-state-before-zonelists")["trace"]["faults"] == 0);
  }
}

TEST_CASE("an error path of adding that frees the memmap as if it had no altmap is found") {
  for (const auto& [version, mistake] : {std::pair{"6.1", "d3-6.1.edit"}, std::pair{"6.12", "d3b-6.12.edit"}}) {
    const auto folder = kernel(version);
    if (!folder) continue;
    CAPTURE(version);
    expect({"check", "--life", "--tree", *folder}, {{"altmap-matched", "proved"}});
    expect(Args{"check", "--life", "--tree", *folder} + edit(mistake), {{"altmap-matched", "violated"}});
  }
}

TEST_CASE("an early way out of removing that gives back a lock that is not held is found") {
  for (const char* version : {"6.1", "6.12"}) {
    const auto folder = kernel(version);
    if (!folder) continue;
    CAPTURE(version);
    expect({"check", "--life", "--tree", *folder}, {{"lock-balance", "proved"}});
    expect(Args{"check", "--life", "--tree", *folder} + edit("d4.edit"), {{"lock-balance", "violated"}});
  }
}

TEST_CASE("on 6.1 four hunks of the mail fit exactly, and three are placed by likeness") {
  const auto folder = kernel("6.1");
  const auto mail = seed();
  if (!folder || !mail) return;
  for (const std::string architecture : {"x86_64", "s390x"}) {
    CAPTURE(architecture);
    const bool breaks = architecture == "s390x";
    const Json answer = ask(
        {"patch", *mail, "--tree", *folder, "--arch", architecture, "--property", "online-possible"}, breaks ? 1 : 0);
    std::vector<std::string> placed;
    for (const Json& hunk : answer["placement"]) {
      placed.push_back(std::to_string(hunk["hunk"].get<int>()) + " " + hunk["file"].get<std::string>() + ":" +
                       std::to_string(hunk["line"].get<int>()) + " " + hunk["how"].get<std::string>());
    }
    CHECK(placed == std::vector<std::string>{"1 drivers/base/memory.c:183 guessed", "2 drivers/base/memory.c:189 exact",
                                             "3 drivers/base/memory.c:199 guessed", "4 drivers/base/memory.c:220 exact",
                                             "5 drivers/base/memory.c:233 guessed", "6 drivers/base/memory.c:261 exact",
                                             "7 include/linux/memory.h:98 exact"});
  }
}

TEST_CASE("on 6.12 the mail is already applied, and is not applied again") {
  const auto folder = kernel("6.12");
  const auto mail = seed();
  if (!folder || !mail) return;
  for (const char* architecture : {"x86_64", "s390x"}) {
    const Ran ran = run_program({"patch", *mail, "--tree", *folder, "--arch", architecture});
    CHECK(ran.exit == 2);
    CHECK(ran.out.empty());
    CHECK(ran.err.find("already applied") != std::string::npos);
  }
}
