// Steps: what is one, what may come between, choices, faults, unknown values, rests, and the end of an actor's
// function.
#include <doctest/doctest.h>

#include <algorithm>

#include "model/lower/explored_test.hpp"

namespace hotproof::lower {
namespace {

Explored::Adjust forever(const std::vector<std::string>& functions) {
  return [functions](Options& options) {
    options.actors.clear();
    for (std::size_t i = 0; i < functions.size(); ++i)
      options.actors.push_back({functions[i], functions[i], static_cast<std::int64_t>(i)});
  };
}

}  // namespace

TEST_CASE("steps: a read and a write of shared state are two steps") {
  CHECK(explored("int n;\nvoid a0(void) { n++; }\nvoid a1(void) { n++; }").finals("n") == "1; 2");
  CHECK(explored("int n;\nvoid a0(void) { n += 2; }\nvoid a1(void) { n = n * 3 + 1; }").finals("n") == "1; 2; 3; 7");
  CHECK(explored("int n;\nvoid a0(void) { n++; }\nvoid a1(void) { n++; }\nvoid a2(void) { n++; }").finals("n") ==
        "1; 2; 3");
  // The same with a number of its own instead of one way for each value.
  const char* const many =
      "int n;\nvoid hp_init(void) { n = 50; }\n"
      "void a0(void) { int i; for (i = 0; i < 3; i++) n += 5; }\n"
      "void a1(void) { int i; for (i = 0; i < 3; i++) n += 7; }";
  CHECK(explored(many).finals("n") == "62; 65; 67; 69; 71; 72; 74; 76; 79; 81; 86");
}

TEST_CASE("steps: an atomic section is one step") {
  const std::string atomic = "{ __VERIFIER_atomic_begin(); n++; __VERIFIER_atomic_end(); }";
  CHECK(explored("int n;\nvoid a0(void) " + atomic + "\nvoid a1(void) " + atomic).finals("n") == "2");
  CHECK(explored("int n;\nvoid a0(void) " + atomic + "\nvoid a1(void) { n++; }").finals("n") == "1; 2");
  const char* const pair =
      "int x, y, r, s;\n"
      "void a0(void) { __VERIFIER_atomic_begin(); x = 1; y = 1; __VERIFIER_atomic_end(); }\n"
      "void a1(void) { __VERIFIER_atomic_begin(); r = x; s = y; __VERIFIER_atomic_end(); }";
  CHECK(explored(pair).finals("r s") == "0 0; 1 1");
  const char* const apart = "int x, y, r, s;\nvoid a0(void) { x = 1; y = 1; }\nvoid a1(void) { r = y; s = x; }";
  CHECK(explored(apart).finals("r s") == "0 0; 0 1; 1 1");
}

TEST_CASE("steps: an atomic section reads what it has written") {
  const char* const text =
      "int n = 3, m, r;\nvoid a0(void) { __VERIFIER_atomic_begin(); n += 2; m = n; n = m * 2; "
      "r = n == 10 ? n + m : 0; __VERIFIER_atomic_end(); }";
  CHECK(explored(text).finals("n m r") == "10 5 15");
  const char* const computed =
      "int n, m, r;\nvoid a0(void) { int i; for (i = 0; i < 14; i++) n = i; "
      "__VERIFIER_atomic_begin(); n += 2; m = n; n = m * 2; if (n > m) r = n + m; "
      "__VERIFIER_atomic_end(); }";
  CHECK(explored(computed).finals("n m r") == "30 15 45");
}

TEST_CASE("steps: an assumption at the start of an atomic section waits") {
  const char* const text =
      "int go, r;\n"
      "void a0(void) { __VERIFIER_atomic_begin(); __VERIFIER_assume(go == 1); r = 1; "
      "__VERIFIER_atomic_end(); r = 2; }\n"
      "void a1(void) { r = 5; go = 1; }";
  CHECK(explored(text).finals("r go") == "2 1");
  CHECK(explored(text).deadlock == false);
  CHECK(Explored("int go;\nvoid a0(void) { __VERIFIER_atomic_begin(); __VERIFIER_assume(go == 1); go = 2; "
                 "__VERIFIER_atomic_end(); }")
            .deadlock);
}

TEST_CASE("steps: what one actor has read does not change under it") {
  const char* const text =
      "int n, r;\nvoid a0(void) { int l = n; if (l == 0) r = l + 10; else r = l; }\n"
      "void a1(void) { n = 3; }";
  CHECK(explored(text).finals("r") == "10; 3");
  const char* const twice = "int n, r;\nvoid a0(void) { r = (n == 0) * 10 + (n == 3); }\nvoid a1(void) { n = 3; }";
  CHECK(explored(twice).finals("r") == "1; 10; 11");
}

TEST_CASE("steps: operands of && are read in C's order") {
  // 3 cannot turn into 0 again.
  const char* const text = "int n, r;\nvoid a0(void) { r = n == 3 && n == 0; }\nvoid a1(void) { n = 3; }";
  CHECK(explored(text).finals("r") == "0");
}

TEST_CASE("steps: free choices") {
  CHECK(explored("int r;\nvoid a0(void) { r = 5 + __hp_choose(3, \"which\"); }").finals("r") == "5; 6; 7");
  CHECK(explored("int r;\nvoid a0(void) { r = 5 + __hp_choose(1, \"which\"); }").finals("r") == "5");
  CHECK(Explored("int r;\nint n;\nvoid a0(void) { r = __hp_choose(n, \"which\"); }\n").not_understood() != "");
  CHECK(Explored("int r;\nvoid a0(void) { r = __hp_choose(1000, \"which\"); }\n").not_understood() != "");
}

TEST_CASE("steps: an injected fault counts") {
  const Explored out = explored(
      "int r;\nvoid a0(void) { if (__hp_fault(\"no memory\")) r = 1; else r = 2; "
      "r += __hp_fault(\"again\") ? 10 : 0; }");
  CHECK(out.finals("r") == "1; 11; 12; 2");
  int faults = 0;
  for (const ir::Transition& transition : out.lowered().system.transitions) {
    faults += transition.faults;
    CHECK((transition.choice == ir::Choice::fault) == (transition.faults == 1));
    if (transition.faults > 0) CHECK(transition.text.ends_with(" fails"));
  }
  CHECK(faults >= 2);
}

TEST_CASE("steps: an unknown value is one value") {
  const auto ends = [](const std::string& body) {
    return explored("int r, s;\nvoid a0(void)\n{\n\tint x = __VERIFIER_nondet_int(); int v = 0;\n\t" + body +
                    "\n\tr = v;\n}\n")
        .finals("r");
  };
  CHECK(ends("if (x) v = 1;") == "0; 1");
  CHECK(ends("if (x) v |= 1; if (x) v |= 2;") == "0; 3");
  CHECK(ends("if (x) v |= 1; if (!x) v |= 2;") == "1; 2");
  CHECK(ends("if (x < 3) v |= 1; if (x < 5) v |= 2;") == "0; 2; 3");
  CHECK(ends("if (x == 3) v |= 1; if (x == 4) v |= 2;") == "0; 1; 2");
  CHECK(ends("switch (x) { case 1: v = 1; break; case 2: v = 2; }") == "0; 1; 2");
  CHECK(ends("s = 1; if (x > 0) v |= 1; s = 2; if (x >= 1) v |= 2;") == "0; 3");
  CHECK(ends("int y = x; if (x) v |= 1; if (y) v |= 2;") == "0; 3");
  CHECK(ends("int y = __VERIFIER_nondet_int(); if (x) v |= 1; if (y) v |= 2;") == "0; 1; 2; 3");
  CHECK(ends("bool b = x; if (b) v |= 1; if (x) v |= 2;") == "0; 3");
  CHECK(ends("unsigned int u = x; if (x < 0) v |= 1; if (u > 0x7fffffff) v |= 2;") == "0; 3");
  // A new one each time round.
  CHECK(ends("int i; for (i = 0; i < 2; i++) { x = __VERIFIER_nondet_int(); v = v * 2 + (x ? 1 : 0); }") ==
        "0; 1; 2; 3");
}

TEST_CASE("steps: an assumption on an unknown value holds from there on") {  // forgotten
  const Explored out = explored(
      "int r;\nvoid a0(void) { int x = __VERIFIER_nondet_int(); __VERIFIER_assume(x == 3); "
      "if (x == 3) r = 1; else r = 2; }");
  CHECK(out.finals("r") == "1");
}

TEST_CASE("steps: an unknown value that is kept in shared memory may be anything") {
  const Explored out = explored("int s, r;\nvoid a0(void) { s = __VERIFIER_nondet_int(); if (s > 3) r = 1; }");
  CHECK(out.finals("s") == "?");
  CHECK(out.finals("r") == "0; 1");
}

TEST_CASE("steps: lowering ends, whatever the local code does") {
  const Explored endless("int r;\nvoid a0(void) { for (;;) ; }");
  CHECK(endless.not_understood().find("loop") != std::string::npos);
  // Two ways from each of many places, without a step in between.
  std::string branches;
  for (int i = 0; i < 40; ++i) branches += "if (__VERIFIER_nondet_int()) v++;\n";
  const Explored many("int r;\nvoid a0(void)\n{\nint v = 0;\n" + branches + "r = v;\n}\n",
                      [](Options& options) { options.seconds = 2; });
  CHECK((many.error == "time limit" || many.not_understood() != "" || many.finals("r") != ""));
  const Explored wide("int r;\nvoid a0(void) { int i; for (i = 0; ; i++) r = i; }",
                      [](Options& options) { options.most_locations = 500; });
  CHECK(wide.error.find("too many control points") != std::string::npos);
}

TEST_CASE("steps: a function that ends is called again") {
  const Explored out = explored("int n;\nvoid up(void) { if (n < 3) n++; }\nvoid hp_init(void) { }", forever({"up"}));
  CHECK(out.states >= 4);
  const auto& system = out.lowered().system;
  CHECK(system.symbols.contains("n"));
  CHECK(!out.deadlock);
}

TEST_CASE("steps: an actor's function gets its number") {
  const char* const text =
      "int r[2];\nvoid f(int number) { r[number] = number + 5; __hp_rest(); "
      "__VERIFIER_atomic_begin(); __VERIFIER_assume(0); __VERIFIER_atomic_end(); }\n"
      "void hp_init(void) { }";
  CHECK(explored(text, [](Options& options) {
          options.actors = {{"one", "f", 0}, {"two", "f", 1}};
        }).finals("r[0] r[1]") == "5 6");
  CHECK(explored("int r;\nvoid a0(void) { }\nvoid a1(void) { r = __hp_self() + 1; }").finals("r") == "2");
}

TEST_CASE("steps: who rests is in no deadlock, who waits is") {
  const std::string wait = "__VERIFIER_atomic_begin(); __VERIFIER_assume(go); __VERIFIER_atomic_end(); ";
  CHECK(Explored("int go;\nvoid f(void) { go = 0; __hp_rest(); " + wait + "}\nvoid hp_init(void) { }", forever({"f"}))
            .deadlock == false);
  CHECK(Explored("int go;\nvoid f(void) { go = 0; " + wait + "}\nvoid hp_init(void) { }", forever({"f"})).deadlock);
  CHECK(Explored("int go;\nvoid f(void) { __hp_rest(); go = 0; " + wait + "}\nvoid hp_init(void) { }", forever({"f"}))
            .deadlock);
}

TEST_CASE("steps: start-up is done before anybody moves") {
  const char* const text =
      "int n = 1, m[2], r;\nint *p;\n"
      "void hp_init(void) { int i; for (i = 0; i < 2; i++) m[i] = n + i; n = 7; p = &m[1]; }\n"
      "void a0(void) { r = n * 100 + m[0] * 10 + *p; }";
  CHECK(explored(text).finals("r") == "712");
  CHECK(Explored("int n;\nvoid hp_init(void) { n = __hp_choose(2, \"no\"); }\nvoid a0(void) { }").error != "");
  CHECK(Explored("int n;\nvoid hp_init(void) { if (__VERIFIER_nondet_int()) n = 1; }\nvoid a0(void) { }").error != "");
  CHECK(Explored("void a0(void) { }", [](Options& options) { options.init = "no_such"; }).error.find("no_such") == 0);
  CHECK(Explored("void a0(void) { }", forever({"no_such"})).error.find("no_such") == 0);
}

}  // namespace hotproof::lower
