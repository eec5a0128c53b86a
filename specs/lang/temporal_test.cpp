#include "specs/lang/temporal.hpp"

#include <doctest/doctest.h>

#include "specs/lang/test_story.hpp"

using namespace hotproof;
using namespace hotproof::spec;
using test::property;
using test::Story;

namespace {

// What parse() says about a form that is wrong; the form begins at line 2, column 1.
std::string of_formula(const std::string& form) {
  const auto out = parse("property p { says \"s\"; origin \"o\"; confidence high;\n" + form + "\n}", "t.spec");
  return out ? "no complaint" : to_string(out.error());
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

Asked asked(const ir::TransitionSystem& system, const SpecProperty& what) {
  auto out = ask(system, {&what, 1});
  if (!out) FAIL(to_string(out.error()));
  if (const auto fault = ir::fault_in(out->question.system)) FAIL(*fault);
  return std::move(*out);
}

// The formula of the first instance, with the atoms as written.
std::string formula(const ir::TransitionSystem& system, const std::string& form) {
  const Asked out = asked(system, property(form));
  REQUIRE(out.question.properties.size() == 1);
  return ir::to_string(out.question.formulas, out.question.properties[0].instances.at(0).formula,
                       [&](std::uint32_t atom) { return out.question.atoms[atom].text; });
}

}  // namespace

TEST_CASE("errors of formulas") {
  CHECK(of_formula("ltl G;") ==
        "t.spec:2:6: expected a formula, found ';' (an event, or what is true of a state in braces: { mem[b].state == "
        "MEM_ONLINE })");
  CHECK(of_formula("ltl G spam;") == "t.spec:2:7: no event is called 'spam' (did you mean 'span'?)");
  CHECK(of_formula("ltl for block b: G mem[b].state == MEM_ONLINE;") ==
        "t.spec:2:20: no event is called 'mem' (what is true of a state stands in braces: { mem[b].state == MEM_ONLINE })");
  CHECK(of_formula("ltl for block b G span;") == "t.spec:2:17: expected ':' after the variables of a formula, found 'G'");
  CHECK(of_formula("ltl assuming: G span;") == "t.spec:2:13: expected 'locks' or 'choices', found ':'");
  CHECK(of_formula("ltl assuming lock: G span;") ==
        "t.spec:2:14: expected 'locks' or 'choices', found 'lock' (did you mean 'locks'?)");
  CHECK(of_formula("ltl assuming locks, locks: G span;") == "t.spec:2:21: 'locks' is assumed twice");
  CHECK(of_formula("ltl assuming locks G span;") == "t.spec:2:20: expected ':' before the formula, found 'G'");
  CHECK(of_formula("ltl (G span;") == "t.spec:2:12: expected ')' to close the parenthesis, found ';'");
  CHECK(of_formula("ltl G span") == "t.spec:3:1: expected ';' after a formula, found '}'");
  CHECK(of_formula("ltl span && ;") ==
        "t.spec:2:13: expected a formula, found ';' (an event, or what is true of a state in braces: { mem[b].state == "
        "MEM_ONLINE })");
  CHECK(of_formula("ltl { hp_added ;") == "t.spec:2:16: expected '}' after a condition, found ';'");
  CHECK(of_formula("ltl { self == 1 };").find("'self'") != std::string::npos);
  CHECK(of_formula("ltl { holds(mem_hotplug_lock) };").find("'holds'") != std::string::npos);
  CHECK(of_formula("ltl span { holds(mem_hotplug_lock) };") == "no complaint");
  CHECK(of_formula("ltl returned(_, _, _, r) { r < 0 };") == "no complaint");
  CHECK(of_formula("ltl returned(_, _, _, r) && { r < 0 };").find("nothing here is called 'r'") != std::string::npos);
  CHECK(of_formula("ltl span; deadlock;") == "t.spec:2:11: a property has one form; this is a second one");
}

TEST_CASE("formulas that are too large are refused where they get too large") {
  CHECK(of_formula("ltl " + repeated("F ", 10) + "span;") == "no complaint");
  CHECK(of_formula("ltl " + repeated("F ", 11) + "span;").find("formula has more than 10 temporal operators (several properties "
                                                             "say it as well)") != std::string::npos);
  CHECK(of_formula("ltl " + repeated("(", 200) + "span;").find("formula is nested too deeply") != std::string::npos);
  CHECK(of_formula("ltl " + repeated("!", 1000000) + "span;").find("formula is nested too deeply") != std::string::npos);
  CHECK(of_formula("ltl span" + repeated(" -> span", 1000) + ";").find("formula is nested too deeply") != std::string::npos);
  CHECK(of_formula("ltl span" + repeated(" && span", 1000) + ";").find("formula has more than 200 operators and atoms") !=
        std::string::npos);
}

TEST_CASE("what binds tighter") {
  const ir::TransitionSystem s = Story().event("span", {0}).event("present", {0}).event("sleeps").system();
  CHECK(formula(s, "ltl span -> present -> sleeps;") == "((sleeps || !present) || !span)");
  CHECK(formula(s, "ltl span && present || sleeps;") == "((span && present) || sleeps)");
  CHECK(formula(s, "ltl ! span U present;") == "(!span U present)");
  CHECK(formula(s, "ltl span U present U sleeps;") == "(span U (present U sleeps))");
  CHECK(formula(s, "ltl G span && F present;") == "(G span && F present)");
  CHECK(formula(s, "ltl X F span R present;") == "(X F span R present)");
  CHECK(formula(s, "ltl span W present;") == "(present R (span || present))");
}

TEST_CASE("atoms: what never happens is false, what is always so is true, equal ones are one") {
  const ir::TransitionSystem s = Story().event("span", {0}).set("mem[0].state", 0).system();
  CHECK(formula(s, "ltl F present;") == "false");
  CHECK(formula(s, "ltl for block b: F span(_, b);") == "F span(_, b)");
  CHECK(formula(s, "ltl F span(_, 7);") == "false");
  CHECK(formula(s, "ltl for block b: G { block[b].boot == 0 };") == "true");
  const Asked out = asked(s, property("ltl for block b: G (span(_, b) -> { mem[b].state == MEM_OFFLINE }) && G (span -> F span(_, 0));"));
  CHECK(out.question.atoms.size() == 2);
  CHECK(out.question.system.properties.size() == 1);
  CHECK(out.question.system.marks.size() == 1);
}

TEST_CASE("each instance is a formula, and what the tree lacks is said") {
  const ir::TransitionSystem s = Story({.blocks = 2, .listeners = 2}).event("notify", {3, 1}).system();
  const Asked out = asked(s, property("trigger notify; ltl for block b, listener l assuming choices: G notify(_, MEM_GOING_ONLINE, b);"));
  REQUIRE(out.question.properties.size() == 1);
  const ir::TemporalProperty& p = out.question.properties[0];
  CHECK(p.instances.size() == 4);
  CHECK(p.instances[1].name == "b = 0, l = 1");
  CHECK(p.triggers.size() == 1);
  CHECK_FALSE(p.assumptions.locks);
  CHECK(p.assumptions.choices);
  const Asked lacks = asked(s, property("ltl G notify(_, MEM_NEW_THING, _);"));
  CHECK(lacks.question.properties.empty());
  REQUIRE(lacks.inapplicable.size() == 1);
  CHECK(lacks.inapplicable[0].reason == "this tree has no MEM_NEW_THING");
  CHECK(asked(s, property("ltl G { mem[7].state == 0 };")).inapplicable.size() == 1);
}

TEST_CASE("other forms are not asked here, and formulas are no observers") {
  const ir::TransitionSystem s = Story().event("span", {0}).system();
  const auto both = test::parsed("property a { says \"s\"; origin \"o\"; confidence high; ltl F span; }"
                                 "property b { says \"s\"; origin \"o\"; confidence high; rule { on span: error \"e\"; } }");
  CHECK(ask(s, both)->question.properties.size() == 1);
  CHECK(instrument(s, both)->system.properties.size() == 1);
}
