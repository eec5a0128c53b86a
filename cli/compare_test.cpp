// `hotproof compare` as a user sees it: what counts as the same, differences, what changed all the same, errors.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

const std::string change = HOTPROOF_SOURCE_DIR "/model/reference/prepare-online.mbox";
const Args without_new = {"--hide", "MEM_PREPARE_ONLINE,MEM_FINISH_OFFLINE"};

Args compare(const Args& args) {
  return Args{"compare"} + args;
}

bool mentions(const Json& list, const std::string& words) {
  return std::any_of(list.begin(), list.end(),
                     [&](const Json& one) { return one.get<std::string>().find(words) != std::string::npos; });
}

// The answer of comparing the reference model with this edit made.
Json with_edit(const std::string& text, int exit, const Args& more = {}) {
  const Scratch scratch;
  return ask(compare({scratch.with("a.edit", text)}) + more, exit);
}

const std::string no_teardown =
    "about the teardown is forgotten\nfile memory.c\nin memory_block_offline\n"
    "  delete call mhp_deinit_memmap_on_memory\n";

}  // namespace

TEST_CASE("new notifications that listeners ignore change nothing but the critical sections") {
  const Json answer = ask(compare({change}) + without_new, 0);
  CHECK(answer["answer"] == "equivalent");
  CHECK(answer["differences"].empty());
  CHECK(answer["longer_new"] == Json({"device_hotplug_lock", "mem[0].dev.mutex", "mem_hotplug_lock"}));
  CHECK(mentions(answer["extra_new"], "notify MEM_PREPARE_ONLINE"));
  CHECK(answer["longer_old"].empty());
  CHECK(ask(compare({change, "--bisimulation"}) + without_new, 0)["bisimilar"] == true);
  const Json visible = ask(compare({change}), 1);
  CHECK(visible["differences"][0]["last"] == "worker0: notify MEM_PREPARE_ONLINE block 0");
  CHECK(visible["faults_only_new"] == Json({"fault the listener's answer to MEM_PREPARE_ONLINE"}));
}

TEST_CASE("a deleted call is shown as two runs up to where they part") {
  const Json answer = with_edit(no_teardown, 1);
  const Json& difference = answer["differences"][0];
  CHECK(difference["kind"] == "gained");
  CHECK(difference["last"] == "worker0: mem[0].state = MEM_OFFLINE");
  CHECK(difference["instead"] == Json({"worker0: memmap block 0 poison"}));
  const std::size_t common = difference["common"].size();
  for (const char* side : {"old", "new"}) {
    CAPTURE(side);
    const Json& happens = difference[side]["happens"];
    REQUIRE(happens.size() > common);
    for (std::size_t i = 0; i < common; ++i) CHECK(happens[i]["what"] == difference["common"][i]);
  }
  const Scratch scratch;
  const Ran ran = run_program(compare({scratch.with("a.edit", no_teardown)}));
  CHECK(ran.exit == 1);
  CHECK(ran.out.find("The new version can do what the old one cannot:\n") != std::string::npos);
  CHECK(ran.out.find("Nor can the new version do what the other one does there.\n") != std::string::npos);
}

TEST_CASE("local computation in another order, and other words for the same, change nothing") {
  const Json moved = with_edit(
      "about a value is computed earlier\nfile memory.c\nin online_pages\n"
      "  move assignment \"arg.nr_pages\" before assignment \"arg.start_pfn\"\n",
      0, {"--observe", "all", "--bisimulation"});
  CHECK(moved["bisimilar"] == true);
  const Json rewritten = with_edit(
      "about the same said otherwise\nfile memory.c\nin state_store\n"
      "  replace return \"ret\" by { if (ret) return ret; return count; }\n",
      0);
  CHECK(rewritten["answer"] == "equivalent");
  CHECK(rewritten["locks"] == "same");
}

TEST_CASE("a lock given back earlier is no other behaviour, but it is said") {
  const std::string early =
      "about the lock goes before the end\nfile memory.c\nin memory_block_offline\n"
      "  delete call mem_hotplug_done\n  insert { mem_hotplug_done(); } before if \"altmap\"\n"
      "  replace goto out by { mem_hotplug_done(); return ret; }\n";
  const Json answer = with_edit(early, 0);
  CHECK(answer["answer"] == "equivalent");
  REQUIRE(answer["held"].size() == 1);
  CHECK(answer["held"][0]["lock"] == "mem_hotplug_lock");
  CHECK(answer["held"][0]["held"] == "old");
  CHECK(mentions(answer["held"][0]["when"], "memmap block 0 poison"));
  CHECK(answer["locks"] == "differ");
  with_edit(early, 1, {"--observe", "locks"});
}

TEST_CASE("a lock given back without being held counts") {
  const Json answer = with_edit(
      "about the lock is given back twice\nfile memory.c\nin memory_block_offline\n"
      "  replace return \"ret\" by { mem_hotplug_done(); return ret; }\n",
      1);
  CHECK(answer["differences"][0]["last"] == "worker0: unlock mem_hotplug_lock write was-held 0");
}

TEST_CASE("a failure that is no longer looked at is a difference") {
  const std::string unchecked =
      "about a failure goes unnoticed\nfile memory.c\nin memory_block_online\n"
      "  replace condition of if \"ret\" #1 by \"0 && ret\"\n";
  const Json answer = with_edit(unchecked, 1);
  CHECK(mentions(answer["differences"][0]["common"], "fault"));
  with_edit(unchecked, 1, {"--hide", "faults"});
}

TEST_CASE("a read of struct pages counts, unless it is hidden; what writes to them does in any case") {
  const auto touching = [](const std::string& how) {
    return "file memory.c\nin online_pages\n  insert { hp_touch_memmap(pfn, " + how + "); } after call hp_touch_memmap\n";
  };
  const Args all = {"--observe", "everything"};
  const Args but_reads = all + Args{"--hide", "reads"};
  with_edit(touching("1"), 1, all);
  with_edit(touching("1"), 0, but_reads);
  with_edit(touching("3"), 1, but_reads);  // poisoned
}

TEST_CASE("6.12: a check that never fires is not missed, though its condition calls functions; one that asks for more is") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const Args hidden = {"--observe", "everything", "--hide", "reads", "--readers", "0"};
  const auto edited = [&](const std::string& action, int exit) {
    const Scratch scratch;
    ask(compare({"--tree", *tree, scratch.with("a.edit", "file mm/memory_hotplug.c\nin offline_pages\n  " + action + "\n")}) +
            hidden,
        exit);
  };
  const std::string check =
      R"e(if "WARN_ON_ONCE(page_zone(pfn_to_page(start_pfn)) != zone || page_zone(pfn_to_page(end_pfn - 1)) != zone)")e";
  edited("delete " + check, 0);
  edited("move call zone_pcp_disable before " + check, 0);
  edited("delete if \"signal_pending(current)\"", 1);
}

TEST_CASE("what the scenario does not execute is not judged") {
  const std::string idle = "about a name for nothing\nfile memory.c\nadd { static int unused(void) { return 0; } }\n";
  const Json answer = with_edit(idle, 4);
  CHECK(answer["answer"] == "not-understood");
  CHECK(answer["why"] == "the scenario executes no line that was changed");
}

TEST_CASE("versions that are none") {
  const Scratch scratch;
  const std::string edit = scratch.with("a.edit", no_teardown);
  const auto error = [](const Args& args) {
    const Ran ran = run_program(args);
    CHECK(ran.exit == 2);
    CHECK(ran.out.empty());
    CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
    return ran.err;
  };
  CHECK(error(compare({})).find("there is only one version") != std::string::npos);
  CHECK(error(compare({edit, "--observe", "notifyed"})).find("did you mean 'notified'?") != std::string::npos);
  CHECK(error(compare({edit, "--hide", "MEM_PREPARE_ONLIN"})).find("MEM_PREPARE_ONLINE") != std::string::npos);
  CHECK(error(compare({edit, "--hide", "usual"})).find("nothing is left to compare") != std::string::npos);
  CHECK(error(compare({edit, "--observe", "reads"})).find("--hide reads") != std::string::npos);
  CHECK(error(compare({edit, "--observe", "MEM_ONLINE"})).find("is a constant") != std::string::npos);
  CHECK(error(compare({scratch.file("nothing.patch")})).find("nothing.patch") != std::string::npos);
  const std::string folder = edit.substr(0, edit.rfind('/'));
  CHECK(error(compare({folder, folder, folder})).find("a third version") != std::string::npos);
  CHECK(error(compare({folder, folder, edit})).find("a change beside two trees") != std::string::npos);
}

TEST_CASE("limits give no answer") {
  const Json answer = ask(compare({change, "--memory-limit", "1K"}), 3);
  CHECK(answer["answer"] == "inconclusive");
}

TEST_CASE("6.1 with the mail that introduced the notifications, and two trees") {
  const auto folder = kernel("6.1");
  const auto mail = seed();
  if (folder && mail) {
    const Json answer = ask(compare({"--tree", *folder, *mail, "--arch", "x86_64"}) + without_new, 0);
    CHECK(answer["answer"] == "equivalent");
    CHECK(mentions(answer["longer_new"], "mem_hotplug_lock"));
  }
  const auto later = kernel("6.12");
  if (folder && later) {
    const Json answer = ask(compare({*folder, *later}), 1);
    CHECK(answer["differences"][0]["last"] == "worker0: notify MEM_PREPARE_ONLINE block 0");
    // Apart from these, and from marks of the pages that hold a memmap, first a bug that was mended: zonelists were built
    // while the node still had its state.
    const Json rest = ask(compare({*folder, *later, "--altmap", "no"}) + without_new, 1);
    CHECK(rest["differences"][0]["last"] == "worker0: node-state node 1 value 0");
    CHECK(rest["differences"][0]["goes_on"] == "worker0: zonelists node 1");
    CHECK(rest["differences"][0]["instead"] == Json({"worker0: zonelists node 1"}));
  }
}
