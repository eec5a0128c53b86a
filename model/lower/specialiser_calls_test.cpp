// Calls: bodies, leaves of each kind, what is not followed, and the events that calls and stores raise.
#include <doctest/doctest.h>

#include <algorithm>

#include "model/lower/explored_test.hpp"

namespace hotproof::lower {
namespace {

Explored::Adjust leaf(const std::string& name, Leaf::Kind kind, bool cut = false, const std::string& text = {}) {
  return [=](Options& options) { options.leaves[name] = {kind, cut, text, "a test"}; };
}

}  // namespace

TEST_CASE("calls: arguments are copies, of the parameter's type") {
  const char* const text =
      "int r;\nint f(unsigned char a, int *b) { a++; *b = a; return a * 2; }\n"
      "void a0(void) { int x = 255, y = 0; int z = f(x, &y); r = x * 100 + y * 10 + z; }";
  CHECK(explored(text).finals("r") == "25500");
  CHECK(explored("int r;\nunsigned char f(int a) { return a; }\nvoid a0(void) { r = f(300); }").finals("r") == "44");
  CHECK(
      explored(
          "int r;\nint f(int a) { if (a) return 1; r = 5; return 2; }\nvoid a0(void) { int k = f(0) + f(1); r += k; }")
          .finals("r") == "8");
  CHECK(explored("int r;\nint g(int a) { return a + 1; }\nint f(int a) { return g(a) + g(a + 1); }\n"
                 "void a0(void) { r = f(f(1)); }")
            .finals("r") == "13");
}

TEST_CASE("calls: recursion and unknown targets are not understood") {
  const auto said = [](const std::string& text) { return Explored(text).not_understood(); };
  CHECK(said("int r;\nint f(int n) { return n ? f(n - 1) : 0; }\nvoid a0(void) { r = f(3); }").find("recursion") == 0);
  CHECK(said("int r;\nint g(int);\nint f(int n) { return n ? g(n - 1) : 0; }\nint g(int n) { return f(n); }\n"
             "void a0(void) { r = f(3); }")
            .find("recursion") == 0);
  CHECK(said("int r;\nint outside(int);\nvoid a0(void) { r = outside(3); }").find("outside") == 0);
  CHECK(said("int r;\nint f(void) { return 1; }\nint (*p)(void);\n"
             "void a0(void) { p = __VERIFIER_nondet_int() ? f : p; r = (*(int (*)(void))__VERIFIER_nondet_ulong())(); "
             "}") != "");
  CHECK(said("struct s { int a; };\nint r;\nstruct s g;\nint f(struct s v) { return v.a; }\n"
             "void a0(void) { r = f(g); }") != "");
  CHECK(said("struct s { int a; };\nint r;\nstruct s f(void) { struct s l = { 3 }; return l; }\n"
             "void a0(void) { struct s l = f(); r = l.a; }") != "");
  CHECK(said("int r;\nvoid a0(void) { __hp_no_such(); }") != "");
}

TEST_CASE("calls: what is not understood ends that way only, with an event and a place") {
  const Explored out(
      "int r;\nint outside(void);\nvoid a0(void)\n{\n\tif (__hp_choose(2, \"which\"))\n\t\toutside();\n"
      "\tr = 1;\n}\n");
  CHECK(out.finals("r") == "1");
  CHECK(out.events("not-understood") == "0 0");
  CHECK(!out.deadlock);
  REQUIRE(out.lowered().report.not_understood.size() == 1);
  CHECK(out.lowered().report.not_understood[0].place == Place{"test.c", 6, 3});
}

TEST_CASE("calls: a function pointer that several values may have") {
  const char* const text =
      "int r;\nint one(void) { return 1; }\nint two(void) { return 2; }\nint (*f)(void) = one;\n"
      "void a0(void) { r = f(); }\nvoid a1(void) { f = two; }";
  CHECK(explored(text).finals("r") == "1; 2");
}

TEST_CASE("calls: each kind of leaf") {
  const std::string body = "int f(int a) { return a + 1; }\n";
  const std::string call = "int r = 9;\nint f(int);\nvoid a0(void) { r = f(3); }";
  CHECK(explored(call, leaf("f", Leaf::Kind::nothing)).finals("r") == "0");
  CHECK(explored(call, leaf("f", Leaf::Kind::value, false, "-2 + 7")).finals("r") == "5");
  CHECK(explored(call, leaf("f", Leaf::Kind::unknown)).finals("r") == "?");
  CHECK(explored("int r;\nint f(int);\nvoid a0(void) { r = f(3) > 0 ? 1 : 2; }", leaf("f", Leaf::Kind::unknown))
            .finals("r") == "1; 2");
  CHECK(Explored(call, leaf("f", Leaf::Kind::meaning)).not_understood().find("promises a meaning") !=
        std::string::npos);
  CHECK(Explored(call, leaf("f", Leaf::Kind::value, false, "NO_SUCH")).not_understood() != "");
  CHECK(explored("int ours(int a) { return a * 7; }\n" + call, leaf("f", Leaf::Kind::meaning, true, "ours"))
            .finals("r") == "21");
  // A body of the tree wins, unless the row cuts it off.
  CHECK(explored(body + call, leaf("f", Leaf::Kind::nothing)).finals("r") == "4");
  CHECK(explored(body + call, leaf("f", Leaf::Kind::nothing, true)).finals("r") == "0");
  // A row for a prefix, and the name's own row before it.
  CHECK(explored("int r = 9;\nvoid a0(void) { r = trace_x(3); }", leaf("trace_*", Leaf::Kind::nothing)).finals("r") ==
        "0");
  CHECK(explored("int r = 9;\nvoid a0(void) { r = trace_x(3); }", [](Options& options) {
          options.leaves["trace_*"] = {Leaf::Kind::nothing, false, "", "a test"};
          options.leaves["trace_x"] = {Leaf::Kind::value, false, "4", "a test"};
        }).finals("r") == "4");
}

TEST_CASE("calls: what the model leaves out can be told, with its arguments") {
  const auto events_of = [](const std::string& text, Leaf row) {
    const Explored out = explored(text, [row](Options& options) {
      options.leaves["f"] = row;
      options.tell_leaves = true;
    });
    std::string names;
    for (const std::string& name : out.lowered().system.event_names)
      if (name != "end") names += name + ";";  // the test's own
    return names;
  };
  const std::string call = "int r, x;\nint f(int, int *);\nvoid a0(void) { f(3, &x); }";
  const std::string ours = "int ours(int a, int *b) { return *b; }\n" + call;
  CHECK(events_of(call, {Leaf::Kind::nothing, false, "", "a test"}) == "leaf f(3, &x);");
  CHECK(events_of(call, {Leaf::Kind::value, false, "4", "a test"}) == "leaf f(3, &x);");
  CHECK(events_of(call, {Leaf::Kind::unknown, false, "", "a test"}) == "leaf f(3, &x);");
  CHECK(events_of(call, {Leaf::Kind::nothing, false, "", "a test", "", true}).empty());
  // One with a meaning.
  CHECK(events_of(ours, {Leaf::Kind::meaning, false, "ours", "a test"}) == "arguments f(3, &x);");
  CHECK(events_of(ours, {Leaf::Kind::meaning, false, "ours", "a test", "", true}).empty());
}

TEST_CASE("calls: leaves and bodies are in the report") {
  const Explored out =
      explored("int r;\nint g(int);\nint f(int a) { return g(a) + g(a); }\nvoid a0(void) { r = f(3); }",
               leaf("g", Leaf::Kind::nothing));
  const Report& report = out.lowered().report;
  REQUIRE(report.leaves.size() == 1);
  CHECK(report.leaves[0].function == "g");
  CHECK(report.leaves[0].leaf.reason == "a test");
  const bool follows = std::any_of(report.followed.begin(), report.followed.end(), [](const Followed& one) {
    return one.function == "f" && one.file == "test.c" && one.line == 3;
  });
  CHECK(follows);
  CHECK(report.executed.at("test.c") == std::vector<std::uint32_t>{3, 4});
}

TEST_CASE("calls: the environment stands around functions and behind fields") {
  const char* const around =
      "int r, n;\nint f(int a) { n++; return a + 1; }\n"
      "int hp_around_f(int a) { int result = f(a); n += 10; return result * 2; }\n"
      "void a0(void) { r = f(3); }";
  CHECK(explored(around).finals("r n") == "8 11");
  const char* const through =
      "struct o { int (*act)(int); };\nint r;\nint f(int a) { return a + 1; }\n"
      "struct o ops = { f };\n"
      "int hp_through_act(int a) { return 100 + ops.act(a); }\n"
      "void a0(void) { r = ops.act(3); }";
  CHECK(explored(through).finals("r") == "104");
}

TEST_CASE("events: calls and returns that properties name") {
  const auto watch = [](Options& options) { options.watched_calls = {"f"}; };
  const Explored out =
      explored("int r;\nint f(int a) { r = a; return -a; }\nvoid a0(void) { f(3); f(4); }\nvoid a1(void) { }", watch);
  CHECK(out.events("call f") == "0");
  CHECK(out.events("return f") == "0 -3; 0 -4");
  CHECK(explored("int r;\nvoid f(void) { r = 1; }\nvoid a0(void) { f(); }", watch).events("return f") == "0 0");
}

TEST_CASE("calls: a record passed by value is a copy") {
  const std::string text =
      "struct s { int a; int b[2]; };\nlong r;\n"
      "int f(struct s v) { v.a++; v.b[1] += v.a; return v.a * 100 + v.b[1]; }\n"
      "void a0(void) { struct s l = { 3, { 1, 2 } }; int k = f(l); r = k * 100 + l.a * 10 + l.b[1]; }\n";
  CHECK(explored(text).finals("r") == "40632");
}

TEST_CASE("events: a returned value that is not known is not given as 0") {
  const Explored out("int r;\nint f(void) { return __VERIFIER_nondet_int(); }\nvoid a0(void) { r = 1; f(); }",
                     [](Options& options) { options.watched_calls = {"f"}; });
  CHECK((!out.not_understood().empty() || out.events("return f") != "0 0"));
}

TEST_CASE("events: stores to watched fields") {
  const auto watch = [](Options& options) { options.watched_fields["present_pages"] = "present"; };
  const std::string zone = "struct zone { long present_pages; long other; } z, y;\n";
  CHECK(explored(zone + "void a0(void) { z.other = 1; }", watch).events("present") == "");
  CHECK(explored(zone + "void a0(void) { z.present_pages++; }", watch).events("present") == "0 -1");
  CHECK(explored(zone + "void a0(void) { struct zone *p = &z; p->present_pages = 4; }", watch).events("present") ==
        "0 -1");
  CHECK(explored(zone + "void a0(void) { z = y; }", watch).events("present") == "0 -1");
  CHECK(explored(zone + "void a0(void) { struct zone l; l.present_pages = 4; y.other = l.present_pages; }", watch)
            .events("present") == "");
}

TEST_CASE("events: arguments are judged before the step's own writes") {
  const char* const text =
      "int n;\nvoid a0(void)\n{\n\tint i;\n\tfor (i = 0; i < 3; i++) {\n\t\tn = i;\n"
      "\t\t__hp_event(\"seen\", __hp_self(), n, -i);\n\t}\n}\n";
  const Explored out = explored(text);
  CHECK(out.events("seen") == "0 0 0; 0 1 -1; 0 2 -2");
  for (const ir::Transition& transition : out.lowered().system.transitions)
    for (const ir::Event& event : transition.events)
      if (out.lowered().system.event_names[event.name] == "seen") {
        const bool writes = std::any_of(
            transition.updates.begin(), transition.updates.end(),
            [&](const ir::Update& update) { return out.lowered().system[update.var].role == ir::Role::shared; });
        CHECK(!writes);
      }
  const char* const late = "int n;\nvoid a0(void) { n = 1; __hp_event(\"seen\"); n = 2; }";
  const Explored apart = explored(late);
  CHECK(apart.events("seen") == "()");
}

TEST_CASE("events: one of a value that is not known is not understood") {
  const Explored out("void a0(void) { __hp_event(\"seen\", __VERIFIER_nondet_int()); }");
  CHECK(out.not_understood().find("an event (seen)") == 0);
}

TEST_CASE("events: warnings, bugs and assertions") {
  CHECK(explored("void a0(void) { __hp_warn(); __hp_bug(); }").events("warning") == "0");
  CHECK(explored("void a0(void) { __hp_warn(); __hp_bug(); }").events("bug") == "0");
  CHECK(explored("int r;\nvoid a0(void) { __hp_warn(); r = 1; }").finals("r") == "1");
  CHECK(explored("int r;\nvoid a0(void) { __hp_bug(); r = 1; }").finals("r") == "?");
  CHECK(explored("int s;\nvoid a0(void) { __VERIFIER_assert(s == 0); }\nvoid a1(void) { s = 2; }")
            .events("assert-failed") == "0");
  CHECK(explored("int s;\nvoid a0(void) { __VERIFIER_assert(s != 1); }\nvoid a1(void) { s = 2; }")
            .events("assert-failed") == "");
}

TEST_CASE("events: an assertion fails beside another event") {  // dropped if the step has one
  CHECK(explored("int s;\nvoid a0(void) { __hp_event(\"x\"); __VERIFIER_assert(0); s = 1; }").events("assert-failed") ==
        "0");
  CHECK(explored("int s;\nvoid a0(void) { __hp_lock(&s, HP_MUTEX, HP_WRITE); __VERIFIER_assert(0); }")
            .events("assert-failed") == "0");
}

}  // namespace hotproof::lower
