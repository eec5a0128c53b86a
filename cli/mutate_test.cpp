// `hotproof mutate` as a user sees it, on the reference model.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

std::size_t count(const Json& answer, const std::string& fate) {
  std::size_t out = 0;
  for (const Json& mutant : answer["mutants"])
    if (mutant["fate"] == fate) ++out;
  return out;
}

// By the move: the fate, and what is said of it.
std::map<std::string, std::pair<std::string, std::string>> moves(const Json& answer) {
  std::map<std::string, std::pair<std::string, std::string>> out;
  for (const Json& mutant : answer["mutants"]) {
    const std::string edit = mutant["edit"];
    const std::size_t at = edit.find("move ");
    out[mutant["function"].get<std::string>() + ": " + edit.substr(at, edit.find('\n', at) - at)] = {mutant["fate"], mutant["why"]};
  }
  return out;
}

constexpr const char* up_to_order = "equivalent: up to the order of the two statements";

void check_error(const Args& args, const std::string& message) {
  const Ran ran = run_program(Args{"mutate"} + args);
  CHECK(ran.exit == 2);
  CHECK(ran.out.empty());
  CHECK(ran.err.find(message) != std::string::npos);
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("the table") {
  const Ran ran =
      run_program({"mutate", "memory_block_online", "--operators", "drop-lock,drop-error-branch,retarget-goto"});
  CAPTURE(ran.out);
  CHECK(ran.exit == 0);
  const std::string golden =
      "the embedded reference model with the patch on s390x: 9 mutants\n"
      "  s390x: s390-standby: 1 block(s), 2 ideal listener(s), 1 worker(s), 1 reader(s)\n"
      "\n"
      "  function             mutants   killed    survived  equivalent\n"
      "  memory_block_online  9         9         0         0\n"
      "\n"
      "  operator           mutants   killed    survived  equivalent\n"
      "  drop-lock          3         3         0         0\n"
      "  drop-error-branch  3         3         0         0\n"
      "  retarget-goto      3         3         0         0\n"
      "  all                9         9         0         0\n"
      "\n"
      "killed by (often by more than one)\n"
      "  lock-balance 3, prepare-has-finish 3, finish-needs-prepare 2, memmap-follows-state 2, no-deadlock 2,\n"
      "  accessible-until-finish 1, memmap-after-accessible 1, memmap-initialised 1, memmap-under-hotplug-lock 1,\n"
      "  notified-under-hotplug-lock 1, offline-possible 1, prepare-under-hotplug-lock 1, state-agrees 1\n";
  CHECK(ran.out == golden);
}

TEST_CASE("what survives can be checked again with its edit, and answers as the tree does") {
  const Args small = {"--property", "lock-balance", "--listeners", "1", "--readers", "0"};
  const Json answer = ask(Args{"mutate", "memory_block_online", "--operators", "drop-lock,drop-undo"} + small, 0);
  CHECK(count(answer, "killed") == 3);
  CHECK(count(answer, "survived") == 2);
  for (const char* fate : {"killed", "survived"}) CHECK(answer["counts"][fate] == count(answer, fate));
  const Scratch scratch;
  for (const Json& mutant : answer["mutants"]) {
    CAPTURE(mutant["id"]);
    const std::string edit = scratch.with("again.edit", mutant["edit"]);
    const Ran again = run_program(Args{"check", "--edit", edit} + small);
    const bool unnoticed = mutant["fate"] == "survived" || mutant["fate"] == "equivalent";
    CHECK(again.exit == (mutant["fate"] == "killed" ? 1 : unnoticed ? 0 : 4));
  }
}

TEST_CASE("equivalent is what is proved so: not what no rule looks at, nor what the model leaves out") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const Json answer = ask({"mutate", "remove_pfn_range_from_zone", "--tree", *tree, "--operators", "delete-call",
                           "--property", "offline-possible", "--readers", "0"},
                          0);
  std::map<std::string, std::string> fates;
  for (const Json& mutant : answer["mutants"]) {
    const std::string edit = mutant["edit"];
    const std::size_t at = edit.find("delete call ") + std::string("delete call ").size();
    fates[edit.substr(at, edit.find_first_of(" \n", at) - at)] = mutant["fate"];
    CHECK(mutant["why"].get<std::string>().empty() == (mutant["fate"] != "survived"));
  }
  CHECK(fates["cond_resched"] == "equivalent");
  // Of the last four no event tells; two of them only change what properties may ask for at rest.
  for (const char* name : {"page_init_poison", "shrink_zone_span", "update_pgdat_span", "clear_zone_contiguous",
                           "set_zone_contiguous"}) {
    CAPTURE(name);
    CHECK(fates[name] == "survived");
  }
  CHECK(answer["counts"]["equivalent"] == 1);
}

TEST_CASE("a mistake that does harm only where memmaps lie elsewhere is noticed, unless that is not asked for") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  for (const std::string altmap : {"auto", "yes"}) {
    const Json answer = ask({"mutate", "sclp_mem_notifier", "--tree", *tree, "--arch", "s390x", "--operators", "move",
                             "--property", "online-possible", "--readers", "0", "--altmap", altmap},
                            0);
    std::string fate;
    for (const Json& mutant : answer["mutants"])
      if (mutant["edit"].get<std::string>().find("sclp_mem_change_state #1 after if") != std::string::npos)
        fate = mutant["fate"];
    CAPTURE(altmap);
    CHECK(fate == (altmap == "auto" ? "killed" : "survived"));
    CHECK(answer["bases"].size() == (altmap == "auto" ? 2 : 1));
  }
}

TEST_CASE("an order that matters is no equivalence, though no rule that is asked notices") {
  const Json answer = ask({"mutate", "online_pages", "memory_block_online", "memory_notify", "--operators", "move",
                           "--property", "lock-balance", "--listeners", "1"},
                          0);
  const auto found = moves(answer);
  for (const char* move : {"online_pages: move call memory_notify #2 before assignment \"zone->present_pages\"",
                           "online_pages: move call memory_notify #3 after call hp_set_memmap #2",
                           "memory_block_online: move call mem_hotplug_begin after call notifier_to_errno",
                           "memory_block_online: move call mem_hotplug_done #1 before assignment \"mem->zone\"",
                           "memory_block_online: move call memory_notify #2 before label out",
                           "memory_notify: move call call_listeners after call up_read"}) {
    CAPTURE(move);
    REQUIRE(found.contains(move));
    CHECK(found.at(move).first == "survived");
  }
  for (const auto& [move, said] : found) CHECK(said.second != up_to_order);
}

TEST_CASE("two spans under one lock are equivalent in either order, and what hangs on one of them is not") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const Json answer = ask({"mutate", "move_pfn_range_to_zone", "--tree", *tree, "--operators", "move", "--property",
                           "offline-possible", "--readers", "1", "--altmap", "yes"},
                          0);
  const auto found = moves(answer);
  const auto spans = found.at("move_pfn_range_to_zone: move call resize_zone_range after call resize_pgdat_range");
  CHECK(spans.first == "equivalent");
  CHECK(spans.second == up_to_order);
  const std::string text = run_program({"mutate", "move_pfn_range_to_zone", "--tree", *tree, "--operators", "move", "--property",
                                        "offline-possible", "--readers", "1", "--altmap", "yes"})
                               .out;
  CHECK(text.find("equivalent, but not at each moment") != std::string::npos);
  CHECK(text.find("after call resize_pgdat_range   (equivalent: up to the order of the two statements)") != std::string::npos);
  const auto memmap = found.at("move_pfn_range_to_zone: move call memmap_init_range after call set_zone_contiguous");
  CHECK(memmap.first == "survived");
  std::size_t equivalent = 0;
  for (const auto& [move, said] : found) equivalent += said.first == "equivalent" ? 1 : 0;
  CHECK(answer["counts"]["equivalent"] == equivalent);
}

TEST_CASE("some of all, always the same ones") {
  const Args args = {"mutate", "--most", "4", "--property", "lock-balance", "--property", "prepare-has-finish"};
  const Json first = ask(args, 0);
  CHECK(first["mutants"].size() == 4);
  CHECK(first["made"] > 40);
  const Json second = ask(args, 0);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(first["mutants"][i]["id"] == second["mutants"][i]["id"]);
    CHECK(first["mutants"][i]["fate"] == second["mutants"][i]["fate"]);
  }
}

TEST_CASE("no answer is not killed") {
  check_error({"memory_block_online", "--time-limit", "0.000001"}, "no answer");
}

TEST_CASE("errors") {
  check_error({"no_such_function"}, "the model follows no function 'no_such_function'");
  check_error({"--operators", "drop-lock,burn"}, "no operator is called 'burn'");
  check_error({"--operators", "drop-lock,"}, "no operator is called ''");
  check_error({"--most", "0"}, "--most");
  check_error({"--tree", "/no/such/folder"}, "/no/such/folder");
  check_error({"--edit", "/no/such.edit"}, "/no/such.edit");
}
