#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace hotproof::cli;

namespace {

using Json = nlohmann::json;

Json checked(std::vector<std::string> args, int exit) {
  args.insert(args.begin(), "check");
  args.insert(args.end(), {"--format", "json"});
  const Ran ran = run_program(args);
  INFO(ran.err);
  CHECK(ran.exit == exit);
  return Json::parse(ran.out);
}

Json property(const Json& report, const std::string& id) {
  for (const Json& candidate : report["properties"]) {
    if (candidate["id"] == id) return candidate;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("the story: what the change mends, and what two listeners break") {
  const Json story = checked({}, 1);
  const Json before = property(story["before"], "memmap-after-accessible");
  CHECK(before["verdict"] == "violated");
  CHECK(before["trace"]["faults"] == 0);
  CHECK(property(story["after"], "memmap-after-accessible")["verdict"] == "proved");
  CHECK(story["changes"]["memmap-after-accessible"] == "fixed");
  const Json finish = property(story["after"], "prepare-has-finish");
  CHECK(finish["verdict"] == "violated");
  CHECK(finish["latent"] == true);
  CHECK(finish["trace"]["faults"] == 1);
  CHECK(finish["reason"].get<std::string>().ends_with("(block 0, listener 0)"));
  CHECK(property(story["before"], "prepare-has-finish")["applicable"] == false);
  CHECK(property(story["after"], "lock-balance")["verdict"] == "proved");
  CHECK(story["properties"] == story["after"]["properties"]);
}

TEST_CASE("the story on one screen") {
  const Ran ran = run_program({"check", "--property", "memmap-after-accessible", "--property", "prepare-has-finish"});
  CHECK(ran.exit == 0);
  CHECK(ran.out.find("memory.c:") != std::string::npos);
  CHECK(ran.out.find(": violated: prepare-has-finish: ") != std::string::npos);
  CHECK(ran.out.find("listener 1") != std::string::npos);
  CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') <= 60);
}

TEST_CASE("one listener is served, and both engines say so") {
  const Json alone = checked({"--listeners", "1", "--property", "prepare-has-finish"}, 0);
  CHECK(property(alone, "prepare-has-finish")["verdict"] == "proved");
  const Json both = checked({"--engine", "both", "--property", "prepare-has-finish"}, 0);
  const Json alike = property(both, "prepare-has-finish");
  CHECK(alike["verdict"] == "violated");
  CHECK(alike["engine"].get<std::string>().find('+') != std::string::npos);
}

TEST_CASE("what needs two listeners fails a check only under --strict") {
  const Json latent = checked({"--property", "prepare-has-finish"}, 0);
  CHECK(property(latent, "prepare-has-finish")["verdict"] == "violated");
  CHECK(latent["verdict"] == "violated");
  checked({"--property", "prepare-has-finish", "--strict"}, 1);
}

TEST_CASE("a rule about what nothing in the model can do does not count") {
  const Json story = checked({"--listeners", "1", "--arch", "x86_64"}, 0);
  const Json silent = property(story, "node-state-before-zonelists");
  CHECK(silent["verdict"] == "vacuous");
  CHECK(silent["applicable"] == false);
  CHECK(silent["reason"] == "nothing in this scenario can do: zonelists");
  const Json alone = checked({"--property", "node-state-before-zonelists"}, 3);
  CHECK(alone["verdict"] == "vacuous");
}

TEST_CASE("a limit ends in inconclusive, never in proved") {
  const Json stopped = checked({"--time-limit", "0.000001", "--property", "lock-balance"}, 3);
  CHECK(property(stopped, "lock-balance")["verdict"] == "inconclusive");
  CHECK(stopped["complete"] == false);
  CHECK(stopped["stopped_by"] == "time limit");
}

TEST_CASE("model says what is followed and why calls stop") {
  const Ran ran = run_program({"model"});
  CHECK(ran.exit == 0);
  CHECK(ran.out.find("memory_block_online") != std::string::npos);
  CHECK(ran.out.find("not understood (0)") != std::string::npos);
  CHECK(run_program({"model", "--dot"}).out.starts_with("digraph"));
  CHECK(run_program({"model", "--mir", "memory_block_online"}).out.find("memory_block_online") != std::string::npos);
  CHECK(run_program({"model", "--mir", "no_such_function"}).exit == 2);
}

TEST_CASE("model draws who calls whom, and the life of a block") {
  const std::string drawing = run_program({"model", "--dot"}).out;
  CHECK(drawing.starts_with("digraph"));
  CHECK(drawing.find("label=\"memory.c\"") != std::string::npos);
  CHECK(drawing.find("label=memory_block_online") != std::string::npos);
  CHECK(drawing.find("going online after MEM_GOING_ONLINE") != std::string::npos);
  CHECK(drawing.find("[label=MEM_OFFLINE]") != std::string::npos);
  CHECK(std::count(drawing.begin(), drawing.end(), '{') == std::count(drawing.begin(), drawing.end(), '}'));
}

TEST_CASE("beside an online that is impossible stands an attempt that fails, and a count is no failure") {
  const Scratch scratch;
  const std::string common = "file memory.c\nin memory_block_online\n  replace body by ";
  const auto shown = [&](const std::string& body) {
    const Json answer =
        checked({"--property", "online-possible", "--edit", scratch.with("broken.edit", common + body + "\n")}, 1);
    CHECK(property(answer, "online-possible")["verdict"] == "violated");
    return property(answer, "online-possible")["trace"];
  };
  const Json failing = shown("{ return -22; }");
  REQUIRE(failing.is_object());
  const Json returned = failing["steps"].back()["events"][0];
  CHECK(returned["name"] == "returned");
  CHECK(returned["args"][3].get<std::int64_t>() == -22);
  CHECK(shown("{ return 0; }").is_null());
}

TEST_CASE("model tells of one function, or that there is none") {
  const Ran followed = run_program({"model", "online_pages"});
  CHECK(followed.exit == 0);
  CHECK(followed.out.starts_with("online_pages\n"));
  CHECK(followed.out.find("memory_block_online") != std::string::npos);
  CHECK(followed.out.find("functions followed") == std::string::npos);
  const Json ours = Json::parse(run_program({"model", "mutex_lock", "online_pages", "--format", "json"}).out);
  REQUIRE(ours["functions"].size() == 2);
  CHECK(ours["functions"][0]["kind"] == "ours");
  CHECK(ours["functions"][1]["kind"] == "followed");
  CHECK(ours["functions"][1]["callers"] == Json::array({"memory_block_online"}));
  const Ran none = run_program({"model", "no_such_function"});
  CHECK(none.exit == 2);
  CHECK(none.out.empty());
  CHECK(none.err.find("no_such_function") != std::string::npos);
}

TEST_CASE("the drawing follows calls around functions and through pointers") {
  const Json entry =
      Json::parse(run_program({"model", "hp_through_notifier_call", "memory_notify", "--format", "json"}).out);
  const Json callees = entry["functions"][0]["callees"];
  CHECK(std::find(callees.begin(), callees.end(), "hp_ideal_call") != callees.end());
  CHECK(entry["functions"][1]["callers"] == Json::array({"hp_around_memory_notify"}));
  const std::string drawing = run_program({"model", "--dot"}).out;
  CHECK(drawing.find("label=hp_worker") != std::string::npos);
  CHECK(drawing.find("label=hp_init_block") == std::string::npos);
}
