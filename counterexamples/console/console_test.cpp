#include "counterexamples/console/console.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "model/eval/random_system.hpp"

namespace {

using namespace hotproof;
using namespace hotproof::console;

// Two actors and one lock: the first takes it, asks a question that may fail, and gives it back; the second takes it.
struct Sample {
  simulate::Model model;
  ir::VarId owner{}, answer{};

  Sample() {
    ir::TransitionSystem& system = model.system;
    const ir::VarId first = system.add_variable({.name = "worker0.pc", .width = 2, .role = ir::Role::control});
    const ir::VarId second = system.add_variable({.name = "reader0.pc", .width = 2, .role = ir::Role::control});
    owner = system.add_variable({.name = "big.owner", .width = 2, .role = ir::Role::lock});
    answer = system.add_variable({.name = "answer", .width = 8, .labels = {{0, "none"}, {1, "yes"}, {2, "no"}}});
    system.actors.push_back({"worker0", first, 0, 4, {0}});
    system.actors.push_back({"reader0", second, 0, 4, {0}});
    system.files = {"life/block.c"};
    system.functions = {"block_online"};
    system.locks.push_back({"big",
                            ir::Lock::Kind::mutex,
                            false,
                            {owned(1), owned(2)},
                            {system.pool.truth(false), system.pool.truth(false)}});
    system.properties.push_back(
        {.id = "never-no", .says = "the answer is never no", .expr = system.pool.not_(is(answer, 2))});
    take(0, 2, 1);
    add(0, 1, 2, 3, "answer = ask(): the question fails", answer, 2).faults = 1;
    add(0, 1, 2, 3, "answer = ask(): the question", answer, 1);
    add(0, 2, 0, 4, "drop(&big)", owner, 0);
    take(1, 8, 2);
    add(1, 1, 0, 9, "drop(&big)", owner, 0);
    REQUIRE(ir::fault_in(system).value_or("") == "");
    const auto file = std::make_shared<SourceFile>(
        SourceFile{"life/block.c",
                   "int block_online(void) {\n\ttake(&big);\n\tanswer = ask();\n\tdrop(&big);\n}\n\nvoid read(void) "
                   "{\n\ttake(&big);\n\tdrop(&big);\n}\n",
                   {3},
                   {}});
    model.sources.read = [file](std::string_view path) { return path == file->path ? file : nullptr; };
    model.title = "a sample";
    model.scenario = "two actors, one lock";
    model.reason = [](ir::PropertyId, ir::TransitionId, const ir::State&) { return std::string("the answer is no"); };
  }

  ir::ExprId is(ir::VarId var, std::uint64_t value) {
    ir::TransitionSystem& system = model.system;
    return system.pool.eq(system.read(var), system.pool.constant(value, system[var].width));
  }
  ir::ExprId owned(std::uint64_t by) { return is(owner, by); }

  ir::Transition& add(std::uint32_t actor, ir::Location from, ir::Location to, std::uint32_t line, const char* text,
                      ir::VarId var, std::uint64_t value) {
    ir::TransitionSystem& system = model.system;
    ir::Transition t;
    t.actor = static_cast<ir::ActorId>(actor);
    t.from = from;
    t.to = to;
    t.span = {0, line, 2, 0};
    t.text = text;
    t.updates = {{var, system.pool.constant(value, system[var].width)}};
    system.transitions.push_back(t);
    return system.transitions.back();
  }

  void take(std::uint32_t actor, std::uint32_t line, std::uint64_t number) {
    ir::Transition& t = add(actor, 0, 1, line, "take(&big): acquires big", owner, number);
    t.guard = owned(0);
    t.lock_effect = ir::LockEffect::acquires;
    t.lock = ir::LockClaim{ir::LockId{0}, ir::LockMode::write};
  }
};

// What the commands print, one after the other; a refused one gives "error: " and why.
struct Talk {
  Sample sample;
  simulate::View view{sample.model};
  Console console;

  explicit Talk(bool overview = false, render::Style style = {false, true, 100})
      : console(view, *simulate::Session::start(sample.model.system), style, overview, nullptr) {}

  std::string say(const std::string& command) {
    const auto answer = console.command(command);
    return answer ? answer->text : "error: " + to_string(answer.error());
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a step says who, where, what and what changed; then what can happen next") {
  Talk talk;
  CHECK(talk.console.greeting() ==
        "a sample\ntwo actors, one lock\nproperties watched: 1; `help` lists the commands\nnext\n  worker0  (rests)\n"
        "      life/block.c:2 in block_online()  | take(&big);\n    1 acquires big\n  reader0  (rests)\n"
        "      life/block.c:8 in block_online()  | take(&big);\n    2 acquires big\n");
  CHECK(talk.say("1") ==
        "step 1  worker0  take(&big): acquires big\n      life/block.c:2 in block_online()\n      | take(&big);\n"
        "      big.owner: 0 → 1\nnext\n  worker0\n      + life/block.c:3 in block_online()  | answer = ask();\n"
        "    1 ✗ the question fails\n    2 the question (no fault)\n"
        "  reader0  (rests; waits for big, held by worker0)\n");
  const std::string broken = talk.say("1");
  CHECK(has(broken, "step 2  worker0  ✗ answer = ask(): the question fails\n"));
  CHECK(has(broken, "      answer: none → no\n"));
  CHECK(has(broken, "      ! violates never-no: the answer is no\n"));
  CHECK(has(talk.say("props"), "never-no                         violated by step 2\n      the answer is no\n"));
  CHECK(has(talk.say("where"), "after 2 steps and 1 fault, on branch main\n"));
  CHECK(has(talk.say("where"), "      holds big\n"));
  CHECK(has(talk.say("where"), "  answer = no since step 2\n"));
  CHECK(
      has(talk.say("p big"), "  lock big: held by worker0; reader0 waits for it\n  big.owner = 1   (since step 1)\n"));
  CHECK(has(talk.say("l worker0"), "=>      4          drop(&big);\n"));
  CHECK(has(talk.say("l worker0"), "  +     3          answer = ask();\n"));
}

TEST_CASE("back, forward, branches") {
  Talk talk;
  talk.say("1");
  talk.say("2");
  CHECK(has(talk.say("u"), "back behind step 1\n"));
  CHECK(has(talk.say("history"), "  and 1 more that `redo` takes\n"));
  CHECK(has(talk.say("f other"), "* 2  other: step 1 of 1, from main after step 1\n"));
  CHECK(has(talk.say("1"), "violates never-no"));
  CHECK(has(talk.say("b 1"), "* 1  main: step 1 of 2\n"));
  CHECK(has(talk.say("r"), "answer: none → yes\n"));
  CHECK(has(talk.say("props"), "holds so far"));
  CHECK(has(talk.say("b other"), "  1  main: step 2 of 2\n* 2  other: step 2 of 2"));
  CHECK(has(talk.say("j 0"), "back at the start\n"));
  CHECK(has(talk.say("end"), "stopped: a property is violated\n"));
  CHECK(has(talk.say("u 2"), "back at the start\n"));
  CHECK(has(talk.say("to worker0"), "stopped: this was asked for\n"));
  CHECK(has(talk.say("table"), "worker0"));
}

TEST_CASE("going on takes no choice for anybody") {
  Talk talk;
  CHECK(has(talk.say(""), "stopped: there is more than one way on\n"));
  CHECK(talk.console.session().position() == 0);
  CHECK(has(talk.say("go worker0"), "stopped: there is more than one way on\n"));
  CHECK(talk.console.session().position() == 1);
  CHECK(has(talk.say("go reader0"), "stopped: there is no way on\n"));
  CHECK(talk.console.session().position() == 1);
  CHECK(has(talk.say("step reader0"), "error: reader0 cannot move now"));
  CHECK(has(talk.say("step worker0"), "error: worker0 has 2 ways on"));
  talk.say("2");
  CHECK(has(talk.say(""), "step 3  worker0  drop(&big)\n"));
}

TEST_CASE("a mistake is one sentence and changes nothing") {
  Talk talk;
  talk.say("1");
  const ir::State before = talk.console.session().state();
  for (const char* wrong : {"0",
                            "3",
                            "99999999999999999999999999",
                            "-1",
                            "1 2",
                            "nonsense",
                            "undo 2",
                            "undo x",
                            "redo",
                            "redo 1",
                            "jump",
                            "jump 2",
                            "jump x",
                            "go nobody",
                            "step",
                            "to",
                            "to nobody",
                            "b",
                            "b 2",
                            "b 0",
                            "b nobody",
                            "fork a b",
                            "fork 7",
                            "where here",
                            "list nobody",
                            "save",
                            "save file",
                            "\x1b[31m",
                            "quit now",
                            "props some",
                            "finish nobody"}) {
    INFO(wrong);
    const auto answer = talk.console.command(wrong);
    REQUIRE_FALSE(answer.has_value());
    CHECK_FALSE(answer.error().message.empty());
    CHECK(answer.error().message.size() < 200);
    CHECK(talk.console.session().state() == before);
    CHECK(talk.console.session().branches().size() == 1);
  }
  CHECK(talk.console.command("q")->quit);
}

TEST_CASE("what strangers wrote cannot speak to the terminal") {
  const std::string evil = "\x1b[2J\xe2\x80\xae\r\n\x07";
  Talk talk(true);
  ir::TransitionSystem& system = talk.sample.model.system;
  system.files[0] += evil;
  system.functions[0] += evil;
  system.actors[0].name += evil;
  system.variables[ir::index(talk.sample.answer)].name += evil;
  system.locks[0].name += evil;
  system.properties[0].id += evil;
  for (ir::Transition& t : system.transitions) t.text += evil + std::string(10'000, 'x');
  talk.sample.model.title += evil;
  const auto file = std::make_shared<SourceFile>(SourceFile{system.files[0], "\n\n" + evil + "\tx\n" + evil, {}, {}});
  talk.sample.model.sources.read = [file](std::string_view) { return file; };
  std::string all = talk.console.greeting();
  for (const char* command : {"1", "1", "where", "l", "p", "props all", "history", "table", "branches", "u", "help"})
    all += talk.say(command);
  CHECK(has(all, "\\x1b[2J"));
  for (const char c : all) CHECK((c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)));
  CHECK_FALSE(has(all, "\xe2\x80\xae"));
  std::size_t longest = 0;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = all.find('\n', at);
    longest = std::max(longest, render::columns(std::string_view(all).substr(at, end - at)));
    at = end + 1;
  }
  CHECK(longest <= 100);
}

TEST_CASE("no colours and no characters outside ASCII where they are not wanted") {
  Talk talk(true, {false, false, 80});
  std::string all = talk.say("1") + talk.say("1") + talk.say("where") + talk.say("u") + talk.say("help");
  for (const char c : all) CHECK((c == '\n' || (c >= 0x20 && c < 0x7f)));
  Talk coloured(true, {true, true, 80});
  CHECK(has(coloured.say("1"), "\x1b["));
}

TEST_CASE("nonsense in any order never breaks anything") {
  std::mt19937 random(5);
  const std::vector<std::string> some = {"1",   "2",         "3",      "4",     "",    "u",         "r",
                                         "j 1", "j 0",       "f",      "b 1",   "b 2", "go actor0", "where",
                                         "p",   "props all", "l",      "table", "end", "history",   "finish actor1",
                                         "u 3", "to actor0", "choices"};
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    simulate::Model model;
    model.system = eval::random_system(seed);
    const simulate::View view(model);
    auto session = simulate::Session::start(model.system);
    if (!session) continue;
    Console console(view, std::move(*session), {false, true, 80}, true, nullptr);
    for (int i = 0; i < 60; ++i) {
      const auto answer = console.command(some[random() % some.size()]);
      if (answer) CHECK_FALSE(answer->quit);
    }
  }
}
