// `hotproof orderings` as a user sees it, on the reference model. That it finds the same orders as asking for each one
// is what the program step_orders tests (docs/architecture.md, "Long runs").

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

using Names = std::vector<std::string>;

Names names_of(const Json& answer) {
  Names out;
  for (const Json& step : answer["steps"]) out.push_back(step["name"]);
  return out;
}

// "a < b" for every precedence.
std::set<std::string> precedences_of(const Json& answer) {
  const Names names = names_of(answer);
  std::set<std::string> out;
  for (const Json& precedence : answer["precedences"])
    out.insert(names[precedence["before"]] + " < " + names[precedence["after"]]);
  return out;
}

void check_error(const Args& args, int exit, const std::string& message) {
  const Ran ran = run_program(Args{"orderings"} + args);
  CAPTURE(ran.err);
  CHECK(ran.exit == exit);
  CHECK(ran.out.empty());
  CHECK(ran.err.find(message) != std::string::npos);
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("the steps of memory_block_online and what all safe orders share") {
  const Json answer = ask({"orderings", "memory_block_online"}, 0);
  const Names steps = {"mem_hotplug_begin", "memory_notify(MEM_PREPARE_ONLINE)", "mhp_init_memmap_on_memory",
                       "online_pages",      "mem->zone = &zone_normal",          "mem_hotplug_done"};
  CHECK(names_of(answer) == steps);
  CHECK(answer["whole"] == true);
  CHECK(answer["unknown"] == 0);
  const std::set<std::string> found = precedences_of(answer);
  for (const char* needed :
       {"mem_hotplug_begin < memory_notify(MEM_PREPARE_ONLINE)", "mem_hotplug_begin < mhp_init_memmap_on_memory",
        "memory_notify(MEM_PREPARE_ONLINE) < mhp_init_memmap_on_memory", "mhp_init_memmap_on_memory < online_pages",
        "online_pages < mem_hotplug_done"}) {
    CAPTURE(needed);
    CHECK(found.contains(needed));
  }
  // Each that does not follow from others is shown with a run of the other order.
  for (const Json& precedence : answer["precedences"]) {
    if (precedence["follows"] == true || precedence["given"] == true) continue;
    CHECK_FALSE(precedence["why"].get<std::string>().empty());
    CHECK(precedence["violated"].is_object());
  }
  CHECK(answer["steps"][1]["undo"] == "memory_notify(MEM_FINISH_OFFLINE)");
  CHECK(answer["steps"][2]["undo"] == "mhp_deinit_memmap_on_memory");
}

TEST_CASE("the places of one step") {
  const Ran ran = run_program({"orderings", "memory_block_online", "--step", "mem_hotplug_done", "--color", "never"});
  CHECK(ran.exit == 0);
  CAPTURE(ran.out);
  const std::string table = ran.out.substr(std::min(ran.out.find("places for"), ran.out.size()));
  CHECK(
      table.find(
          "before online_pages: NOT SAFE: memmap-under-hotplug-lock, notified-under-hotplug-lock violated on s390x") !=
      std::string::npos);
  CHECK(table.find("behind mem->zone = &zone_normal (as written): safe") != std::string::npos);
  CHECK(ran.out.find("undone by memory_notify(MEM_FINISH_OFFLINE)") != std::string::npos);
}

TEST_CASE("a drawing of the precedences") {
  const Ran ran = run_program({"orderings", "memory_block_online", "--property", "memmap-after-accessible", "--dot"});
  CHECK(ran.exit == 0);
  CHECK(ran.out.starts_with("digraph orders {"));
  CHECK(ran.out.find("label=\"mem_hotplug_begin\"") != std::string::npos);
  CHECK(ran.out.find("  p1 -> p2;\n") != std::string::npos);
}

TEST_CASE("a cancellation is told before anything is undone, and the others are undone first come first") {
  const Json answer = ask({"orderings", "online_pages", "--steps", "hp_touch_memmap,hp_set_memmap"}, 0);
  const Names steps = names_of(answer);
  REQUIRE(steps.size() == 7);
  CHECK(answer["steps"][0]["undo"] == "hp_set_memmap");
  CHECK(answer["steps"][2]["undo"] == "");
  CHECK(answer["moving"] == Json::array({0, 3}));
  CHECK(answer["whole"] == true);
  CHECK(precedences_of(answer).contains("hp_set_memmap < memory_notify(MEM_GOING_ONLINE)"));
  // The others stay as they are.
  for (const Json& order : answer["safe_orders"]) {
    std::vector<int> others;
    for (const int step : order)
      if (step != 0 && step != 3) others.push_back(step);
    CHECK(std::is_sorted(others.begin(), others.end()));
  }
  CHECK(answer["safe_orders"].size() == answer["safe"]);
  CHECK(answer["possible"] == 42);
}

TEST_CASE("a loop with ways out is one step; what does not fit is said, and what moving one step shows") {
  const Args args = {"offline_pages", "--most", "20"};
  const Json answer = ask(Args{"orderings"} + args, 3);
  CHECK(answer["whole"] == false);
  CHECK(answer["one_at_a_time"] == true);
  CHECK(answer["safe_orders"].empty());
  CHECK(answer["moves"].size() == answer["steps"].size());
  const std::set<std::string> found = precedences_of(answer);
  CHECK(found.contains("__hp_choose < memory_notify(MEM_OFFLINE)"));
  CHECK(found.contains("memory_notify(MEM_OFFLINE) < hp_set_memmap"));
  for (const Json& precedence : answer["precedences"])
    CHECK((precedence["given"] == true || precedence["violated"].is_object()));
  const Ran ran = run_program(Args{"orderings"} + args);
  CHECK(ran.exit == 3);
  CHECK(ran.out.find("NOT ALL ORDERS were looked at") != std::string::npos);
  CHECK(ran.out.find("is safe") == std::string::npos);
}

TEST_CASE("6.12, s390x: a listener that may refuse is there unasked, so every undo is seen, in its order") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const Args args = {"orderings", "memory_block_online", "--tree", *tree, "--arch", "s390x", "--steps",
                     "memory_notify(MEM_PREPARE_ONLINE),mhp_init_memmap_on_memory", "--property", "memmap-after-accessible",
                     "--property", "memmap-poisoned-first", "--color", "never"};
  const Ran ran = run_program(args);
  CAPTURE(ran.out);
  CHECK(ran.exit == 0);
  for (const char* line : {"1 ideal listener(s) and the tree's s390 listener",
                           "  memory_notify(MEM_PREPARE_ONLINE) before mhp_init_memmap_on_memory",
                           "  mhp_init_memmap_on_memory before online_pages",
                           "  mhp_deinit_memmap_on_memory before memory_notify(MEM_FINISH_OFFLINE)",
                           "  memory_notify(MEM_FINISH_OFFLINE) before mem_hotplug_done"})
    CHECK_MESSAGE(ran.out.find(line) != std::string::npos, line);
  const Ran without = run_program(args + Args{"--listeners", "0"});
  CHECK(without.out.find("0 ideal listener(s)") != std::string::npos);
  CHECK(without.out.find("mhp_deinit_memmap_on_memory before") == std::string::npos);
}

TEST_CASE("errors") {
  check_error({}, 2, "takes the name of one function");
  check_error({"one", "two"}, 2, "takes the name of one function");
  check_error({"no_such_function"}, 2, "the model does not call no_such_function()");
  check_error({"memory_block_online", "--step", "nothing"}, 2, "has no step 'nothing'");
  check_error({"memory_block_online", "--step", "mem"}, 2, "has more than one step 'mem'");
  check_error({"memory_block_online", "--steps", "online_pages,nothing"}, 2, "has no step 'nothing'");
  check_error({"memory_block_online", "--steps", "mem"}, 2, "has more than one step 'mem'");
  check_error({"call_listeners"}, 4, "call_listeners");
  check_error({"memory_block_online", "--tree", "/nowhere"}, 2, "/nowhere");
}
