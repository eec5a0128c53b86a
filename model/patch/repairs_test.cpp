#include "model/patch/repairs.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "model/patch/edit.hpp"

using namespace hotproof;
using namespace hotproof::patch;

namespace {

constexpr const char* lamps_text =
    "int tell(int event, struct lamp *l)\n{\n\treturn call_chain(&chain, event, l);\n}\n"
    "int call_chain_robust(struct chain *c, int up, int down, struct lamp *l)\n{\n\treturn 0;\n}\n"
    "int lamp_on(struct lamp *l)\n{\n\tint ret;\n\n\tlock(l);\n\tret = tell(LAMP_PREPARE, l);\n\tif (ret)\n"
    "\t\tgoto unlock;\n\tret = heat(l);\n\tif (ret)\n\t\tgoto out;\n\tunlock(l);\n\treturn 0;\nout:\n"
    "\ttell(LAMP_FINISH, l);\nunlock:\n\tunlock(l);\n\treturn ret;\n}\n"
    "void lamp_off(struct lamp *l, int hard)\n{\n\ttell(LAMP_OFF, l);\n\tunlock(hard);\n}\n";

std::vector<Repair> all_of(const std::string& function, bool acts = true) {
  c::Program program(SourceTree::in_memory("lamps", {{"lamp.c", lamps_text}}), {"lamp.c"}, {});
  return repairs(program, "lamp.c", function, [acts](std::uint32_t, std::uint32_t) {
    LineEffects effects;
    effects.any = acts;
    return effects;
  });
}

bool has(const std::vector<Repair>& all, const std::string& action) {
  return std::any_of(all.begin(), all.end(), [&action](const Repair& repair) {
    return repair.edit.find("  " + action + "\n") != std::string::npos;
  });
}

}  // namespace

TEST_CASE("gotos, undos and moves") {
  const auto all = all_of("lamp_on");
  CHECK(has(all, "send goto unlock to out"));
  CHECK(has(all, "send goto out to unlock"));
  CHECK(has(all, "insert { tell(LAMP_FINISH, l); } before goto unlock"));
  CHECK(has(all, "insert { tell(LAMP_FINISH, l); } after label unlock"));
  CHECK(has(all, "move call lock after call tell #1"));
  CHECK(has(all, "move call lock after call heat"));
  CHECK(has(all, "move call unlock #1 before call heat"));
  // The first says where.
  CHECK(all.front().says == "line 16: goto out instead of unlock");
  // What another function of the file tells the same listeners; not where it uses what is not known here.
  CHECK(has(all, "insert { tell(LAMP_OFF, l); } before goto out"));
  CHECK_FALSE(std::any_of(all.begin(), all.end(),
                          [](const Repair& repair) { return repair.edit.find("unlock(hard)") != std::string::npos; }));
}

TEST_CASE("a robust chain, where the tree has one") {
  const auto all = all_of("lamp_on");
  CHECK(has(all, "replace call tell #1 by { ret = call_chain_robust(&chain, LAMP_PREPARE, LAMP_FINISH, l); }"));
}

TEST_CASE("every repair is an edit that can be read, and most can be made") {
  const SourceTree tree = SourceTree::in_memory("lamps", {{"lamp.c", lamps_text}});
  std::size_t made = 0;
  const auto all = all_of("lamp_on");
  for (const Repair& repair : all) {
    const auto edit = read_edit(repair.edit, "repair");
    CAPTURE(repair.edit);
    REQUIRE(edit);
    made += apply(tree, *edit, {"lamp.c"}, {}) ? 1 : 0;
  }
  CHECK(made * 10 >= all.size() * 9);
}

TEST_CASE("nothing moves that the model does not see, and an unknown function has no repairs") {
  const auto all = all_of("lamp_on", false);
  CHECK(std::none_of(all.begin(), all.end(),
                     [](const Repair& repair) { return repair.edit.find("  move ") != std::string::npos; }));
  CHECK(all_of("lamp_dim").empty());
}
