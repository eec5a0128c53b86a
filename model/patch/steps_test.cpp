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
                "Finish(l); Unlock(l); return ret; } } ret = Switch(l, n); if (ret) { ; { if (n) Drop_bulb(l, n); "
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

TEST_CASE("what has no steps to order is refused, with its line") {
  const auto refused = [](const std::string& body, const char* why) {
    const auto steps = read(body);
    REQUIRE_FALSE(steps);
    CAPTURE(to_string(steps.error()));
    CHECK(to_string(steps.error()).find(why) != std::string::npos);
  };
  refused("\tLock(l);\n", "fewer than two steps");
  refused("again:\n\tLock(l);\n\tif (level)\n\t\tgoto again;\n\tUnlock(l);\n", "goes back to the label again");
  refused("\tLock(l);\n\tif (level)\n\t\tgoto out;\n\tUnlock(l);\nout:\n\tif (level) return;\n\tUnlock(l);\n",
          "ways out on the way from the label out");
  refused("\tLock(l);\n\tgoto out;\nout:\n\tUnlock(l);\n", "goes on elsewhere");
  std::string many;
  for (int i = 0; i < 20; ++i) many += "\tLock(l);\n";
  refused(many, "more than 16 steps");
}
