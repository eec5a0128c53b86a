// Answers about the change that introduced MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE that were known beforehand: from
// reading the sources, or from another model checker on models written by hand.

#include "cli/known_answers.hpp"

using namespace hotproof::cli::known;

namespace {

const Args reference_x86 = {"check", "--arch", "x86_64"};
const Args reference_s390 = {"check", "--arch", "s390x"};
const Args one = {"--listeners", "1"};
const Args two = {"--listeners", "2"};

Args tree(const std::string& folder) {
  return {"check", "--tree", folder};
}

Args tree_s390(const std::string& folder) {
  return {"check", "--tree", folder, "--arch", "s390x"};
}

Args patched(const std::string& mail, const std::string& folder) {
  return {"patch", mail, "--tree", folder, "--strict"};
}

}  // namespace

TEST_CASE("a memmap in standby memory was initialised before the listener made it accessible") {
  const Json story = ask(reference_s390 + one + Args{"--property", "memmap-after-accessible"}, 0);
  CHECK(verdict(story["before"], "memmap-after-accessible") == "violated");
  CHECK(property(story["before"], "memmap-after-accessible")["trace"]["faults"] == 0);
  CHECK(story["changes"]["memmap-after-accessible"] == "fixed");
  if (const auto folder = kernel("6.1")) {
    const Json forced = expect(tree_s390(*folder) + Args{"--altmap", "yes"}, {{"memmap-after-accessible", "violated"}});
    CHECK(property(forced, "memmap-after-accessible")["trace"]["faults"] == 0);
  }
}

TEST_CASE("a listener that acts on MEM_PREPARE_ONLINE makes standby memory accessible in time") {
  const std::map<std::string, std::string> proved = {{"memmap-after-accessible", "proved"},
                                                     {"accessible-until-finish", "proved"}};
  expect(reference_s390 + one, proved);
  if (const auto folder = kernel("6.12")) expect(tree_s390(*folder), proved);
}

TEST_CASE("one listener that accepted MEM_PREPARE_ONLINE always gets its MEM_FINISH_OFFLINE") {
  const std::map<std::string, std::string> proved = {{"prepare-has-finish", "proved"}};
  expect(reference_x86 + one, proved);
  expect(reference_s390 + one, proved);
  if (const auto folder = kernel("6.12")) expect(tree(*folder) + one, proved);
  const auto folder = kernel("6.1");
  const auto mail = seed();
  if (folder && mail) expect(patched(*mail, *folder) + one, proved);
}

TEST_CASE("of two listeners, the first is forgotten when the second vetoes; no tree has two") {
  const auto check_latent = [](const Json& answer) {
    const Json found = property(answer, "prepare-has-finish");
    CHECK(found["latent"] == true);
    CHECK(found["trace"]["faults"] == 1);
    CHECK(has_event(found, "notified", {"", "0", "MEM_PREPARE_ONLINE", "", "NOTIFY_OK"}));
    CHECK(has_event(found, "notified", {"", "1", "MEM_PREPARE_ONLINE", "", "NOTIFY_BAD"}));
    CHECK_FALSE(has_event(found, "notify", {"", "MEM_FINISH_OFFLINE"}));
  };
  const std::map<std::string, std::string> violated = {{"prepare-has-finish", "violated"}};
  check_latent(expect(reference_x86 + two, violated));
  check_latent(expect(reference_s390 + two, violated));
  if (const auto folder = kernel("6.12")) check_latent(expect(tree(*folder) + two, violated));
  const auto folder = kernel("6.1");
  const auto mail = seed();
  if (folder && mail) {
    check_latent(expect(patched(*mail, *folder) + two, violated));
    ask({"patch", *mail, "--tree", *folder, "--listeners", "2", "--property", "prepare-has-finish"}, 0);
  }
}

TEST_CASE("MEM_FINISH_OFFLINE to all after a veto reaches those that never accepted") {
  const std::map<std::string, std::string> expected = {{"prepare-has-finish", "proved"},
                                                       {"finish-needs-prepare", "violated"}};
  const Json answer = expect(reference_x86 + two + edit("ref-a5.edit"), expected);
  CHECK(property(answer, "finish-needs-prepare")["latent"] == false);
  if (const auto folder = kernel("6.12")) expect(tree(*folder) + two + edit("a5.edit"), expected);
}

TEST_CASE("a robust chain serves both rules, unless a listener answers NOTIFY_STOP") {
  const Args robust = reference_x86 + two + edit("ref-a6.edit");
  expect(robust, {{"prepare-has-finish", "proved"}, {"finish-needs-prepare", "proved"}});
  const Json stopped = expect(robust + Args{"--stop"}, {{"prepare-has-finish", "violated"}});
  const Json found = property(stopped, "prepare-has-finish");
  CHECK(has_event(found, "notified", {"", "1", "MEM_PREPARE_ONLINE", "", "NOTIFY_STOP"}));
  CHECK(has_event(found, "notified", {"", "0", "MEM_FINISH_OFFLINE"}));
  CHECK(has_event(found, "notify", {"", "MEM_ONLINE"}));
}

TEST_CASE("without MEM_FINISH_OFFLINE on the error path, one listener is enough") {
  const std::map<std::string, std::string> violated = {{"prepare-has-finish", "violated"}};
  const Json answer = expect(reference_x86 + one + edit("ref-a7.edit"), violated);
  CHECK(property(answer, "prepare-has-finish")["latent"] == false);
  if (const auto folder = kernel("6.12")) {
    const Json there = expect(tree(*folder) + one + edit("a7.edit"), violated);
    CHECK(property(there, "prepare-has-finish")["latent"] == false);
  }
}

TEST_CASE("the hotplug lock taken behind the veto's way out is given back without being held") {
  const std::map<std::string, std::string> violated = {{"lock-balance", "violated"}};
  const Json answer = expect(reference_x86 + one + edit("ref-a8.edit"), violated);
  CHECK(has_event(property(answer, "lock-balance"), "notified", {"", "0", "MEM_PREPARE_ONLINE", "", "NOTIFY_BAD"}));
  if (const auto folder = kernel("6.12")) expect(tree(*folder) + one + edit("a8.edit"), violated);
  const auto folder = kernel("6.1");
  const auto mail = seed();
  if (folder && mail) {
    const Json there = expect(patched(*mail, *folder) + one + edit("a8.edit"), violated);
    CHECK(there["changes"]["lock-balance"] == "new");
  }
}

TEST_CASE("a field that the new notifications leave unset decides what listeners of nodes do") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Args real = {"--real-listeners"};
  expect(tree(*folder), {{"no-unset-read", "proved"}});
  const Json found = property(expect(tree(*folder) + real, {{"no-unset-read", "violated"}}), "no-unset-read");
  CHECK(found["latent"] == false);
  CHECK(found["trace"]["faults"] == 0);
  const Json read = found["trace"]["steps"].back();
  CHECK(read["file"] == "mm/memory-tiers.c");
  CHECK(read["line"] == 881);
  CHECK(read["function"] == "memtier_hotplug_callback");
  CHECK(read["source"].get<std::string>().find("status_change_nid") != std::string::npos);
  CHECK(has_event(found, "notify", {"", "MEM_PREPARE_ONLINE"}));
  // Listeners that only watch are no second listener that acts.
  const Json shared = expect(tree(*folder) + real + one, {{"prepare-has-finish", "violated"}});
  CHECK(property(shared, "prepare-has-finish")["latent"] == true);
  const Json broken = expect(tree(*folder) + real + one + edit("a7.edit"), {{"prepare-has-finish", "violated"}});
  CHECK(property(broken, "prepare-has-finish")["latent"] == false);
}

TEST_CASE("all locks are given back on all ways out") {
  const std::map<std::string, std::string> proved = {{"lock-balance", "proved"}};
  for (const Args& listeners : {one, two}) {
    expect(reference_x86 + listeners, proved);
    expect(reference_s390 + listeners, proved);
  }
  if (const auto folder = kernel("6.12")) {
    expect(tree(*folder) + two, proved);
    expect(tree_s390(*folder), proved);
  }
  const auto folder = kernel("6.1");
  const auto mail = seed();
  if (folder && mail) expect(patched(*mail, *folder) + two, proved);
}

TEST_CASE("increments that a failed MEM_PREPARE_ONLINE has assigned stay assigned") {
  const std::map<std::string, std::string> violated = {{"failed-prepare-leaves-nothing", "violated"}};
  const Json answer = expect(reference_s390 + one, violated);
  CHECK(property(answer, "failed-prepare-leaves-nothing")["latent"] == false);
  CHECK(answer["changes"]["failed-prepare-leaves-nothing"] == "new");
  if (const auto folder = kernel("6.12")) expect(tree_s390(*folder), violated);
}

TEST_CASE("memory present at boot gets MEM_FINISH_OFFLINE without MEM_PREPARE_ONLINE, and that is no violation") {
  const Args boot = {"--boot"};
  expect(reference_x86 + one + boot, {{"finish-needs-prepare", "proved"}, {"memmap-after-accessible", "proved"}});
  expect(reference_s390 + one + boot, {{"finish-needs-prepare", "proved"}, {"memmap-after-accessible", "proved"}});
  if (const auto folder = kernel("6.12")) {
    expect(tree(*folder) + one + boot, {{"finish-needs-prepare", "proved"}, {"offline-possible", "proved"}});
    expect(tree_s390(*folder) + boot, {{"finish-needs-prepare", "proved"}, {"offline-possible", "proved"}});
  }
}

TEST_CASE("on 6.1, s390's listener does not ignore what it does not know") {
  const auto folder = kernel("6.1");
  const auto mail = seed();
  if (!folder || !mail) return;
  const Json answer = ask({"patch", *mail, "--tree", *folder, "--arch", "s390x"}, 1);
  CHECK(verdict(answer["before"], "online-possible") == "proved");
  CHECK(verdict(answer, "online-possible") == "violated");
  CHECK(answer["changes"]["online-possible"] == "new");
  const Json ignored = claim_of(answer, "All architectures ignore unknown memory notifiers", "ignored");
  CHECK(ignored["verdict"] == "refuted");
  CHECK(has_event(ignored["run"], "notified", {"", "", "MEM_PREPARE_ONLINE", "", "NOTIFY_BAD"}));
}

TEST_CASE("no functional change where memory is accessible from the start") {
  const Json answer = ask(reference_x86 + one, 0);
  for (const Json& before : answer["before"]["properties"]) {
    const std::string id = before["id"];
    CAPTURE(id);
    CHECK((answer["changes"][id] == "none" || before["applicable"] == false));
    if (before["applicable"] == true) CHECK(verdict(answer, id) == before["verdict"]);
  }
  const Json same = claim_of(answer, "Listeners ignore notifications that they do not know", "no functional change");
  CHECK(same["verdict"] == "holds");
  const std::string why = same["why"];
  CHECK(why.find("on x86_64 both do the same, apart from this: longer critical sections of ") == 0);
  CHECK(why.find("mem_hotplug_lock") != std::string::npos);
}

TEST_CASE("a listener that comes and goes between two notifications gets one of a pair without the other") {
  const Args registrar = {"--registrars", "1"};
  const std::map<std::string, std::string> violated = {{"prepare-has-finish", "violated"},
                                                       {"finish-needs-prepare", "violated"}};
  for (const Args& listeners : {one, two}) {
    expect(reference_x86 + listeners, {{"finish-needs-prepare", "proved"}});
    const Json found = property(expect(reference_x86 + listeners + registrar, violated), "prepare-has-finish");
    CHECK(found["latent"] == false);
  }
  // The chain's lock is held for one call only, so a robust chain does not help.
  expect(reference_x86 + one + registrar + edit("ref-a6.edit"), violated);
  if (const auto folder = kernel("6.12")) expect(tree(*folder) + one + registrar, violated);
}

TEST_CASE("NOTIFY_STOP reads as success: later listeners never hear of it, and onlining goes on") {
  const std::map<std::string, std::string> violated = {{"finish-needs-prepare", "violated"}};
  expect(reference_x86 + two, {{"finish-needs-prepare", "proved"}});
  const Json found = property(expect(reference_x86 + two + Args{"--stop"}, violated), "finish-needs-prepare");
  CHECK(found["latent"] == true);
  CHECK(found["trace"]["faults"] == 0);
  CHECK(has_event(found, "notified", {"", "0", "MEM_PREPARE_ONLINE", "", "NOTIFY_STOP"}));
  CHECK_FALSE(has_event(found, "notified", {"", "1", "MEM_PREPARE_ONLINE"}));
  CHECK(has_event(found, "notify", {"", "MEM_ONLINE"}));
}
