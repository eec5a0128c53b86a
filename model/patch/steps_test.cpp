#include "model/patch/steps.hpp"

#include <doctest/doctest.h>

#include "model/c/program.hpp"
#include "model/patch/text.hpp"

using namespace hotproof;
using namespace hotproof::patch;

namespace {

// What the model would see: calls of functions that begin with a capital letter, locks by their names, writes to l->.
LineEffects effects(const Lines& lines, std::uint32_t first, std::uint32_t last) {
  LineEffects out;
  for (std::uint32_t at = first; at <= last; ++at) {
    const std::vector<std::string> words = tokens(lines[at - 1].text);
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool call = i + 1 < words.size() && words[i + 1] == "(" && words[i][0] >= 'A' && words[i][0] <= 'Z';
      if (call) out.calls.insert(words[i]);
      if (call && words[i] == "Lock") out.acquires.insert("l");
      if (call && words[i] == "Unlock") out.releases.insert("l");
      out.any = out.any || call || (words[i] == "->" && i + 2 < words.size() && words[i + 2] == "=");
    }
  }
  return out;
}

Outcome<Steps> read(const std::string& body) {
  const std::string text = "static int lamp_on(struct lamp *l, int level)\n{\n" + body + "}\n";
  c::Program program(SourceTree::in_memory("lamps", {{"lamp.c", text}}), {"lamp.c"}, {});
  const Lines lines = split_lines(text);
  const c::Function* function = program.function("lamp_on");
  REQUIRE(function != nullptr);
  return read_steps(*function, text, "lamp.c",
                    [&lines](std::uint32_t first, std::uint32_t last) { return effects(lines, first, last); });
}

Steps good(const std::string& body) {
  auto steps = read(body);
  if (!steps) FAIL(to_string(steps.error()));
  return std::move(*steps);
}

std::vector<std::string> names(const Steps& steps) {
  std::vector<std::string> out;
  for (const Step& step : steps.steps) out.push_back(step.name + (step.undo.empty() ? "" : " / " + step.undo_name));
  return out;
}

constexpr const char* ladder =
    "\tint ret, n = 0;\n\tif (level > 9)\n\t\treturn -22;\n\tn = level;\n\tLock(l);\n\tret = Prepare(l);\n"
    "\tret = to_errno(ret);\n\tif (ret)\n\t\tgoto unlock;\n\tif (n) {\n\t\tret = Init_bulb(l, n);\n\t\tif (ret)\n"
    "\t\t\tgoto out;\n\t}\n\tret = Switch(l, n);\n\tif (ret) {\n\t\tif (n)\n\t\t\tDrop_bulb(l, n);\n\t\tgoto "
    "out;\n\t}\n"
    "\tl->level = level;\n\tUnlock(l);\n\treturn ret;\nout:\n\tFinish(l);\nunlock:\n\tUnlock(l);\n\treturn ret;\n";

std::string squeezed(const Steps& steps, const StepOrder& order) {
  std::string out = squeeze(steps.body(order));
  std::erase(out, '\n');
  return out;
}

}  // namespace

TEST_CASE("steps of a ladder, with what undoes them") {
  const Steps steps = good(ladder);
  CHECK(names(steps) == std::vector<std::string>{"Lock / Unlock", "Prepare / Finish", "Init_bulb / Drop_bulb", "Switch",
                                                 "l->level = level", "Unlock"});
  CHECK(steps.steps[5].closes == 0);
  CHECK(steps.data.empty());
  CHECK(steps.after == "return ret;");
  CHECK(steps.steps[3].line == 17);
  for (const Step& step : steps.steps)
    for (const StepExit& exit : step.exits) CHECK(exit.forgets.empty());
}

TEST_CASE("the function in its own order undoes what it did, last first") {
  const std::string text = squeezed(good(ladder), {0, 1, 2, 3, 4, 5});
  CHECK(text ==
        squeeze("int ret, n = 0; if (level > 9) { return -22; } n = level; Lock(l); ret = Prepare(l); ret = "
                "to_errno(ret); if (ret) { Unlock(l); return ret; } if (n) { ret = Init_bulb(l, n); if (ret) { "
                "Finish(l); Unlock(l); return ret; } } ret = Switch(l, n); if (ret) { { if (n) Drop_bulb(l, n); "
                "Finish(l); Unlock(l); return ret; } } l->level = level; Unlock(l); return ret;"));
}

TEST_CASE("another order: error paths follow it, and what was closed is not undone again") {
  const Steps steps = good(ladder);
  const std::string swapped = squeezed(steps, {0, 2, 1, 3, 4, 5});
  CHECK(swapped.find(squeeze("if (ret) { Unlock(l); return ret; } } ret = Prepare(l);")) != std::string::npos);
  CHECK(swapped.find(squeeze("{ if (n) Drop_bulb(l, n); Unlock(l); return ret; } ret = Switch")) != std::string::npos);
  const std::string early = squeezed(steps, {0, 1, 5, 2, 3, 4});
  CHECK(early.find(squeeze("Unlock(l); if (n) { ret = Init_bulb(l, n); if (ret) { Finish(l); return ret; } }")) !=
        std::string::npos);
}

TEST_CASE("the beginning of an order stops behind its last step") {
  const std::string text = squeezed(good(ladder), {1, 0});
  CHECK(text.find(squeeze("{ return ret; } Lock(l); __VERIFIER_assume(0); return ret;")) != std::string::npos);
}

TEST_CASE("one label for success and failure") {
  const Steps steps = good(
      "\tint ret;\n\tLock(l);\n\tret = Switch(l);\n\tif (ret)\n\t\tgoto out;\n\tl->level = level;\nout:\n\tUnlock(l);\n"
      "\treturn ret;\n");
  CHECK(names(steps) == std::vector<std::string>{"Lock / Unlock", "Switch", "l->level = level", "Unlock"});
  CHECK(steps.steps[3].closes == 0);
}

TEST_CASE("a way out that forgets to undo a step") {
  const Steps steps = good(
      "\tint ret;\n\tret = Make_a(l);\n\tif (ret)\n\t\treturn ret;\n\tret = Make_b(l);\n\tif (ret)\n\t\treturn ret;\n"
      "\tret = Make_c(l);\n\tif (ret)\n\t\tgoto out;\n\treturn 0;\nout:\n\tBreak_a(l);\n\treturn ret;\n");
  REQUIRE(steps.steps.size() == 3);
  CHECK(steps.steps[0].undo_name == "Break_a");
  CHECK(steps.steps[1].exits[0].forgets == std::set<std::size_t>{0});
  CHECK(steps.steps[2].exits[0].forgets.empty());
}

TEST_CASE("steps that need a local value of another one") {
  const Steps steps = good(
      "\tint ret;\n\tstruct note n;\n\tint zone = Find_zone(l);\n\tint t;\n\tLock(l);\n\tt = Measure(l);\n"
      "\tret = Set(l, t);\n\tif (ret)\n\t\treturn ret;\n\tn.level = level;\n\tTell(l, &n);\n\treturn 0;\n");
  CHECK(names(steps) == std::vector<std::string>{"Lock", "Measure", "Set", "Tell"});
  CHECK(steps.data == std::vector<std::pair<unsigned, unsigned>>{{1, 2}});
  CHECK(steps.is_possible({0, 1, 3, 2}));
  CHECK_FALSE(steps.is_possible({0, 2, 1, 3}));
  CHECK_FALSE(steps.is_possible({0, 2}));
  CHECK(steps.is_possible({3, 0}));
  // What fills the note goes with the telling.
  CHECK(steps.steps[3].code[0].find("n.level") != std::string::npos);
}

TEST_CASE("notifications are named by what they say") {
  const Steps steps = good("\tNotify(MEM_A, l);\n\tNotify(MEM_B, l);\n\tNotify(l, l);\n\tNotify(l, l);\n");
  CHECK(names(steps) == std::vector<std::string>{"Notify(MEM_A)", "Notify(MEM_B)", "Notify", "Notify #2"});
}

namespace {

// The statements of the way out of the step that calls `name`, as the body in this order has them.
std::string way_out(const Steps& steps, const StepOrder& order, const std::string& name) {
  const std::string body = squeezed(steps, order);
  const std::size_t call = body.find("=" + name + "(");
  const std::size_t from = body.find('{', body.find("if(ret)", call));
  return body.substr(from, body.find('}', from) - from + 1);
}

// A cancellation is told before anything is undone, and the first undo is that of the first step.
constexpr const char* cancelling =
    "\tint ret;\n\tMap_page(l);\n\tl->span = level;\n\tret = Tell(GOING_ON, l);\n\tif (ret)\n\t\tgoto cancel;\n"
    "\tRun(l);\n\treturn 0;\ncancel:\n\tdebug(l);\n\tTell(CANCEL_ON, l);\n\tUnmap_page(l);\n\tl->span = 0;\n"
    "\tdebug(l);\n\treturn ret;\n";

}  // namespace

TEST_CASE("a way out that does not undo last first runs as it is written") {
  const Steps steps = good(cancelling);
  CHECK(names(steps) ==
        std::vector<std::string>{"Map_page / Unmap_page", "l->span = level / l->span = 0", "Tell(GOING_ON)", "Run"});
  CHECK(way_out(steps, {0, 1, 2, 3}, "Tell") ==
        "{debug(l);Tell(CANCEL_ON,l);Unmap_page(l);l->span=0;debug(l);returnret;}");
}

TEST_CASE("in other orders it keeps what it had the other way round, and leaves out what was not done") {
  const Steps steps = good(cancelling);
  CHECK(way_out(steps, {1, 0, 2, 3}, "Tell") ==
        "{debug(l);Tell(CANCEL_ON,l);Unmap_page(l);l->span=0;debug(l);returnret;}");
  CHECK(way_out(steps, {0, 2, 1, 3}, "Tell") == "{debug(l);Tell(CANCEL_ON,l);Unmap_page(l);debug(l);returnret;}");
  CHECK(way_out(steps, {2, 0, 1, 3}, "Tell") == "{debug(l);Tell(CANCEL_ON,l);debug(l);returnret;}");
}

TEST_CASE("the same lock taken twice: a way out gives back what is held") {
  const Steps steps = good(
      "\tint ret;\n\tLock(l);\n\tret = First(l);\n\tif (ret)\n\t\tgoto out;\n\tUnlock(l);\n\tLock(l);\n"
      "\tret = Second(l);\n\tif (ret)\n\t\tgoto out;\n\tUnlock(l);\n\treturn 0;\nout:\n\tUnlock(l);\n"
      "\treturn ret;\n");
  REQUIRE(steps.steps.size() == 6);
  CHECK(steps.steps[2].closes == 0);
  CHECK(steps.steps[5].closes == 3);
  CHECK(way_out(steps, steps.posted(), "Second") == "{Unlock(l);returnret;}");
  CHECK(way_out(steps, {0, 1, 2, 4, 3, 5}, "Second") == "{returnret;}");
}

TEST_CASE("a loop is one step, with its ways out") {
  const Steps steps = good(
      "\tint ret;\n\tPin(l);\n\twhile (level) {\n\t\tret = Move(l);\n\t\tif (ret)\n\t\t\tgoto out;\n\t}\n\tRun(l);\n"
      "again:\n\tret = Drain(l);\n\tif (ret > 0)\n\t\tgoto again;\n\tif (ret)\n\t\tgoto out;\n\treturn 0;\nout:\n"
      "\tUnpin(l);\n\tif (ret == 7)\n\t\treturn 0;\n\treturn ret;\n");
  CHECK(names(steps) == std::vector<std::string>{"Pin / Unpin", "Move", "Run", "Drain"});
  const std::string body = squeezed(steps, steps.posted());
  CHECK(body.find("while(level){ret=Move(l);if(ret){Unpin(l);if(ret==7)return0;returnret;}}Run(l);") !=
        std::string::npos);
  CHECK(body.find("again:ret=Drain(l);if(ret>0)gotoagain;if(ret){Unpin(l);") != std::string::npos);
}

TEST_CASE("of a function that is one loop, the steps of the loop") {
  const Steps steps = good(
      "\tint i, ret;\n\tfor (i = 0; i < level; i++) {\n\t\tif (i == 3)\n\t\t\tcontinue;\n\t\tret = Make_lamp(l);\n"
      "\t\tif (ret)\n\t\t\tgoto out;\n\t\tret = Show_bulb(l);\n\t\tif (ret) {\n\t\t\tBreak_lamp(l);\n\t\t\tgoto out;\n"
      "\t\t}\n\t}\n\treturn 0;\nout:\n\tClear(l);\n\treturn ret;\n");
  CHECK(names(steps) == std::vector<std::string>{"Make_lamp / Break_lamp", "Show_bulb"});
  const std::string swapped = squeezed(steps, {1, 0});
  CHECK(swapped.find("for(i=0;i<level;i++){if(i==3){continue;}ret=Show_bulb(l);if(ret){{Clear(l);returnret;}}") !=
        std::string::npos);
  CHECK(swapped.find("ret=Make_lamp(l);if(ret){Clear(l);returnret;}}return0;out:Clear(l);returnret;") !=
        std::string::npos);
  CHECK(way_out(steps, {0, 1}, "Show_bulb").find("Break_lamp(l);Clear(l);returnret;") != std::string::npos);
}

TEST_CASE("leaving early with success gives back locks and undoes nothing else") {
  const Steps steps = good(
      "\tint ret;\n\tMake_lamp(l);\n\tLock(l);\n\tif (Has_light(l)) {\n\t\tUnlock(l);\n\t\treturn 0;\n\t}\n"
      "\tret = Switch(l);\n\tif (ret)\n\t\tgoto out;\n\tUnlock(l);\n\treturn 0;\nout:\n\tUnlock(l);\n"
      "\tBreak_lamp(l);\n\treturn ret;\n");
  CHECK(names(steps) ==
        std::vector<std::string>{"Make_lamp / Break_lamp", "Lock / Unlock", "Has_light", "Switch", "Unlock"});
  const auto early = [&steps](const StepOrder& order) {
    const std::string body = squeezed(steps, order);
    const std::size_t from = body.find("if(Has_light(l))");
    return body.substr(from, body.find('}', from) - from);
  };
  CHECK(early({0, 1, 2, 3, 4}) == "if(Has_light(l)){{Unlock(l);return0;");
  CHECK(early({0, 2, 1, 3, 4}) == "if(Has_light(l)){{return0;");
}

TEST_CASE("going on at a label further down") {
  const Steps steps = good("\tLock(l);\n\tgoto out;\n\tTell(l);\nout:\n\tUnlock(l);\n\treturn 0;\n");
  CHECK(names(steps) == std::vector<std::string>{"Lock", "Unlock"});
}

TEST_CASE("what has no steps to order is refused, with its line") {
  const auto refused = [](const std::string& body, const char* why) {
    const auto steps = read(body);
    REQUIRE_FALSE(steps);
    CAPTURE(to_string(steps.error()));
    CHECK(to_string(steps.error()).find(why) != std::string::npos);
  };
  refused("\tLock(l);\n", "fewer than two steps");
  refused(
      "\tif (level)\n\t\tgoto middle;\nagain:\n\tLock(l);\nmiddle:\n\tUnlock(l);\n\tif (level)\n\t\tgoto again;\n"
      "\tTell(l);\n",
      "on the way from the label middle");
  refused("\tLock(l);\n\tif (level)\n\t\tgoto out;\n\tUnlock(l);\nout:\n\tif (level) return;\n\tUnlock(l);\n",
          "ways out on the way from the label out");
  refused("\tLock(l);\n\tif (level) {\n\t\tgoto in;\n\t}\n\tif (level) {\nin:\n\t\tUnlock(l);\n\t}\n\treturn 0;\n",
          "a label inside a block");
  std::string many;
  for (int i = 0; i < 70; ++i) many += "\tLock(l);\n";
  refused(many, "more than 64 steps");
}
