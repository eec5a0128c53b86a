#include "model/lower/mir.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "model/lower/evaluator_test.hpp"

namespace hotproof::lower {
namespace {

c::Program program_of(const std::string& text, c::Configuration configuration = {}) {
  return c::Program(SourceTree::in_memory("test", {{"a.c", text}}), {"a.c"}, std::move(configuration));
}

std::int64_t run(const std::string& text, const std::vector<std::int64_t>& arguments = {}) {
  c::Program program = program_of(text);
  Mir mir(program);
  Evaluator evaluator(mir);
  try {
    return evaluator.run("f", arguments);
  } catch (const std::runtime_error& error) {
    const Body* body = mir.body("f");
    FAIL(error.what() << "\n" << (body ? to_string(*body) : ""));
    return 0;
  }
}

std::string printed(const std::string& text) {
  c::Program program = program_of(text);
  Mir mir(program);
  const Body* body = mir.body("f");
  return body ? to_string(*body) : "no body";
}

std::vector<std::string> problems(const std::string& text) {
  c::Program program = program_of(text);
  Mir mir(program);
  std::vector<std::string> result;
  for (const Diagnostic& one : mir.body("f")->not_understood) result.push_back(one.message);
  return result;
}

// The calls that f makes of functions without a body.
std::vector<std::string> calls(const std::string& text, const std::vector<std::int64_t>& arguments = {}) {
  c::Program program = program_of(text);
  Mir mir(program);
  Evaluator evaluator(mir);
  try {
    evaluator.run("f", arguments);
  } catch (const std::runtime_error& error) {
    FAIL(error.what() << "\n" << to_string(*mir.body("f")));
  }
  return evaluator.calls;
}

using Calls = std::vector<std::string>;

}  // namespace

TEST_CASE("a body as text") {
  CHECK(printed("int f(int a) { return a + 1; }") ==
        "int f(int a)\n"
        "0:\n"
        "  t0 = a\n"
        "  t1 = t0 + 1\n"
        "  return t1\n");
  CHECK(printed("struct s { int x; struct s *n; }; int f(struct s *p) { return p->n->x; }") ==
        "int f(struct s * p)\n"
        "0:\n"
        "  t0 = p\n"
        "  t1 = (*t0).n\n"
        "  t2 = (*t1).x\n"
        "  return t2\n");
}

TEST_CASE("widths, signedness and promotions") {
  CHECK(run("typedef unsigned char u8; int f(int a) { u8 x = a; x++; return x; }", {255}) == 0);
  CHECK(run("int f(int a) { unsigned char x = a; return x << 4; }", {255}) == 255 << 4);
  CHECK(run("int f(int a) { signed char x = a; return x; }", {200}) == -56);
  CHECK(run("int f(int a) { unsigned short x = a; x -= 1; return x; }", {0}) == 65535);
  CHECK(run("long f(unsigned int a) { return a * 2; }", {0x80000001}) == 2);
  CHECK(run("int f(int a) { return a < 1u; }", {-1}) == 0);
  CHECK(run("int f(int a) { return a < 1; }", {-1}) == 1);
  CHECK(run("int f(long a) { return a < 1u; }", {-1}) == 1);
  CHECK(run("int f(int a) { return a >> 1; }", {-8}) == -4);
  CHECK(run("unsigned int f(unsigned int a) { return a >> 1; }", {-8}) == 0x7FFFFFFC);
  CHECK(run("int f(int a) { bool b = a; return b; }", {256}) == 1);
  CHECK(run("int f(int a) { return (bool)a + (bool)a; }", {512}) == 2);
  CHECK(run("int f(int a) { return -a / 2 + -a % 4; }", {7}) == -3 - 3);
  CHECK(run("int f(void) { return sizeof(char) + sizeof(long) + sizeof(int *) + sizeof(int[3]); }") == 1 + 8 + 8 + 12);
  CHECK(run("long f(void) { return 0xFFFFFFFF + 0; }") == 0xFFFFFFFFLL);
  CHECK(run("long f(void) { return -1 < 0u; }") == 0);
  CHECK(run("int f(int a) { return ~a & 0xF0; }", {0x30}) == 0xC0);
  CHECK(run("int f(int a) { return !a + !!a * 2; }", {5}) == 2);
}

TEST_CASE("control flow") {
  CHECK(run("int f(int n) { int s = 0; for (int i = 1; i <= n; i++) { if (i == 3) continue; s += i; } return s; }",
            {5}) == 12);
  CHECK(run("int f(int n) { int s = 0; while (1) { if (n-- == 0) break; s += 2; } return s; }", {4}) == 8);
  CHECK(run("int f(int n) { int s = 0; do s++; while (s < n); return s; }", {0}) == 1);
  CHECK(run("int f(int a) { int r = 0; again: r += a; if (r < 10) goto again; if (r > 11) goto out; r = 0; out: return "
            "r; }",
            {4}) == 12);
  const std::string switched =
      "int f(int a) { int r = 0; switch (a) { default: r += 100; case 1: r += 1; break; case 2: r += 2;\n"
      "case 3 ... 5: r += 3; if (a == 4) break; r += 10; } return r; }";
  CHECK(run(switched, {1}) == 1);
  CHECK(run(switched, {2}) == 15);
  CHECK(run(switched, {4}) == 3);
  CHECK(run(switched, {5}) == 13);
  CHECK(run(switched, {9}) == 101);
  CHECK(run("int f(int a) { switch (a) { case -1: return 5; } return 6; }", {-1}) == 5);
}

TEST_CASE("short circuits and choices") {
  CHECK(calls("int g(int); int f(int a) { return a && g(1); }", {0}).empty());
  CHECK(calls("int g(int); int f(int a) { return a || g(1); }", {0}) == Calls{"g(1)"});
  CHECK(calls("int g(int); void f(int a) { if (!(a > 1 && g(2))) g(3); }", {5}) == Calls{"g(2)", "g(3)"});
  CHECK(run("int f(int a) { return (a > 1 || a < -1) + (a && 1); }", {5}) == 2);
  CHECK(run("int f(int a) { return a > 3 ? a : -a; }", {2}) == -2);
  CHECK(run("int f(int a) { return a ?: 7; }", {0}) == 7);
  CHECK(run("long f(int a) { return a ? -1 : 0u; }", {1}) == 0xFFFFFFFFLL);
  CHECK(calls("int g(int, int); int h(int); void f(void) { g(h(1), h(2)); }") == Calls{"h(1)", "h(2)", "g(0, 0)"});
}

TEST_CASE("records, arrays and pointers") {
  CHECK(run("struct s { int a, b[3]; }; int f(int x) { struct s s = { .b = { 1, [2] = 5 } }, t; t = s; t.b[1] += x; "
            "return t.a * 1000 + t.b[0] * 100 + t.b[1] * 10 + t.b[2] + s.b[1]; }",
            {3}) == 135);
  CHECK(run("void g(int *p) { *p = *p * 2; } int f(int x) { int y = x; g(&y); return y; }", {21}) == 42);
  CHECK(run("int f(int x) { int a[4] = { 1, 2, 3, 4 }; int *p = a; p += x; return *p++ * 10 + *p + (p - a); }", {1}) ==
        20 + 3 + 2);
  CHECK(run("struct i { int v; }; struct o { int p; struct i in; };\n"
            "int f(int x) { struct o o = { x, { 2 } }; struct i *i = &o.in; return container_of(i, struct o, in)->p; }",
            {9}) == 9);
  CHECK(run("struct s { union { int a; long b; }; int c; }; int f(void) { struct s s = { .a = 3 }; return s.a + s.c; "
            "}") == 3);
  CHECK(run("struct s { unsigned int x : 3; int y : 4; }; int f(int a) { struct s s = { .x = a, .y = a }; return s.x * "
            "100 + s.y; }",
            {13}) == 500 - 3);
  CHECK(
      run("struct s { char c; long l; short t; }; int f(void) { return sizeof(struct s) + offsetof(struct s, t); }") ==
      24 + 16);
  CHECK(run("struct p { int x, y; }; int g(struct p *p) { return p->x + p->y; } int f(void) { return g(&(struct p){ .y "
            "= 4 }); }") == 4);
  // A record that a call gives is a temp; the evaluator has no values for that, so the text must do.
  CHECK(printed("struct p { int x; }; struct p g(int a); int f(void) { return g(7).x; }") ==
        "int f()\n"
        "  local struct p #0\n"
        "0:\n"
        "  t0 = g(7)\n"
        "  #0 = t0\n"
        "  t1 = #0.x\n"
        "  return t1\n");
}

TEST_CASE("globals, statics and functions as values") {
  CHECK(run("static int n = 3; int t[] = { 1, 2, [4] = 9 }; int f(void) { n++; return n * 10 + sizeof(t) + t[4]; }") ==
        40 + 20 + 9);
  CHECK(run("int g(void) { static int n = 5; return n++; } int f(void) { g(); g(); return g(); }") == 7);
  CHECK(
      run("struct ops { int (*get)(int); }; int one(int a) { return a + 1; } static struct ops ops = { .get = one };\n"
          "int f(int a) { struct ops *o = &ops; return o->get(a) + (*o->get)(a); }",
          {3}) == 8);
  CHECK(run("struct n { struct n *next; int v; }; struct n a = { .v = 2 }; struct n b = { .next = &a, .v = 1 };\n"
            "int f(void) { return b.next->v; }") == 2);
  CHECK(run("struct list_head { struct list_head *next, *prev; }; static LIST_HEAD(l);\n"
            "int f(void) { return l.next == &l && l.prev == &l; }") == 1);
  CHECK(run("struct list_head { struct list_head *next, *prev; };\n"
            "int f(void) { LIST_HEAD(l); return l.next == &l && l.prev == &l; }") == 1);
}

TEST_CASE("enumerators, macros and configuration") {
  CHECK(run("enum e { A, B = 5, C, D = C * 2 }; int f(void) { return A + B + C + D; }") == 23);
  CHECK(run("#define N 3\n#define M (N << 2)\nint f(void) { int N_ = M; return N_ + N; }") == 15);
  CHECK(run("#define SQ(x) ((x) * (x))\nint f(int a) { return SQ(a + 1); }", {2}) == 9);
  CHECK(run("#define MUL(x, y) x * y\nint f(int a) { return MUL(a + 1, 3); }", {2}) == 5);
  CHECK(run("#define CAT(a, b) a##b\nint f(int xy) { return CAT(x, y); }", {2}) == 2);
  CHECK(run("int f(int a) { return min(a, max(3, 4)) + min_t(unsigned char, a, 255); }", {300}) == 4 + 44);
  CHECK(calls("int g(void);\n#define TWICE(x) ({ typeof(x) _x = (x); _x + _x; })\nint f(void) { return "
              "TWICE(TWICE(g())); }") == Calls{"g()"});
  CHECK(run("#define SELF SELF\nenum { SELF = 4 };\nint f(void) { return SELF; }") == 4);
  CHECK(run("#define for_each(i, n) for (i = 0; i < (n); i++)\n#define for_each_odd(i, n) for_each(i, n) if (!(i & 1)) "
            "{} else\n"
            "int f(int n) { int i, s = 0; for_each_odd(i, n) { if (i == 5) continue; if (i > 8) break; s += i; } "
            "return s; }",
            {20}) == 1 + 3 + 7);
  CHECK(run("int f(void) { return ALIGN(5, 4) * 100 + round_down(7, 4) * 10 + DIV_ROUND_UP(9, 4); }") == 843);
  CHECK(run("int f(int a) { if (WARN_ON(a > 3)) return 1; return 0; }", {2}) == 0);
  c::Configuration on{{{"CONFIG_A", "1"}, {"CONFIG_N", "7"}}};
  c::Program program =
      program_of("int f(void) { return IS_ENABLED(CONFIG_A) + 2 * IS_ENABLED(CONFIG_B) + CONFIG_N; }", on);
  Mir mir(program);
  CHECK(Evaluator(mir).run("f", {}) == 8);
}

TEST_CASE("constants") {
  c::Program program = program_of(
      "#define SHIFT 27\n#define PAGES (1UL << (SHIFT - 12))\nenum { X = -3, Y };\n"
      "struct s { long a; char b; };\nint v;\n");
  Mir mir(program);
  CHECK(mir.constant("PAGES") == 32768);
  CHECK(mir.constant("Y") == -2);
  CHECK(mir.constant("sizeof(struct s)") == 16);
  CHECK(mir.constant("1 ? 2 : 3") == 2);
  CHECK(mir.constant("0 && v") == 0);
  CHECK_FALSE(mir.constant("v").has_value());
  CHECK_FALSE(mir.constant("nobody").has_value());
  CHECK_FALSE(mir.constant("1 / 0").has_value());
  CHECK_FALSE(mir.constant("((").has_value());
}

TEST_CASE("constants may be asked for as often as one likes") {
  c::Program program = program_of("#define PAGES (1 << 15)\n#define TWICE (PAGES * 2)\n");
  Mir mir(program);
  for (int i = 0; i < 12'000; ++i) REQUIRE(mir.constant("TWICE") == 65536);
}

TEST_CASE("leaves stop the expansion of macros") {
  c::Program program = program_of("#define m(x) ((x) + 1)\nint f(int a) { return m(a); }");
  Mir mir(program);
  mir.set_leaves({"m"});
  Evaluator evaluator(mir);
  evaluator.answers["m"] = 40;
  CHECK(evaluator.run("f", {1}) == 40);
  CHECK(evaluator.calls == Calls{"m(1)"});
}

TEST_CASE("arguments that macros write are passed by address; printing is a call without arguments") {
  CHECK(calls("void f(void) { unsigned long flags; int l; spin_lock_irqsave(&l, flags); pr_info(\"x %d\", l); }") ==
        Calls{"spin_lock_irqsave(ptr, ptr)", "pr_info()"});
}

TEST_CASE("guards are left on every way out") {
  const std::string text =
      "struct mutex { int x; }; struct mutex m; int g(int);\n"
      "int f(int a) { for (;;) { guard(mutex)(&m); if (a == 1) return g(1); if (a == 2) break; if (a == 3) goto out; a "
      "= 2; }\n"
      "g(2); out: scoped_guard(mutex, &m) { g(3); } return 0; }";
  CHECK(calls(text, {1}) == Calls{"guard_enter_mutex(ptr)", "g(1)", "guard_exit_mutex(ptr)"});
  const Calls tail = {"guard_enter_mutex(ptr)", "g(3)", "guard_exit_mutex(ptr)"};
  Calls expected = {"guard_enter_mutex(ptr)", "guard_exit_mutex(ptr)", "g(2)"};
  expected.insert(expected.end(), tail.begin(), tail.end());
  CHECK(calls(text, {2}) == expected);
  expected.erase(expected.begin() + 2);
  CHECK(calls(text, {3}) == expected);
}

TEST_CASE("a local with a cleanup is cleaned up on every way out, the latest first") {
  const std::string text =
      "void one(int *); void two(int *); int g(int);\n"
      "int f(int a) { int x __attribute__((cleanup(one))) = 1; if (a == 1) return g(1);\n"
      "{ int y __cleanup(two) = 2; if (a == 2) goto out; g(2); } g(3); out: return 0; }";
  CHECK(calls(text, {1}) == Calls{"g(1)", "one(ptr)"});
  CHECK(calls(text, {2}) == Calls{"two(ptr)", "one(ptr)"});
  CHECK(calls(text, {3}) == Calls{"g(2)", "two(ptr)", "g(3)", "one(ptr)"});
}

TEST_CASE("__free does with a pointer what DEFINE_FREE says, and nothing with one that was taken") {
  const std::string text =
      "#define NULL ((void *)0)\nDEFINE_FREE(give, void *, if (_T) give_back(_T))\n"
      "void give_back(const void *); void *make(int); int g(int);\n"
      "int f(int a) { void *p __free(give) = a ? &a : NULL; if (a == 1) return g(1); p = NULL; return g(2); }";
  CHECK(calls(text, {0}) == Calls{"g(2)"});
  CHECK(calls(text, {1}) == Calls{"g(1)", "give_back(ptr)"});
  CHECK(calls(text, {2}) == Calls{"g(2)"});
}

TEST_CASE("a local is dropped when its scope is left") {
  const std::string text =
      printed("void g(int *); void f(int a) { again: { int x; g(&x); if (a) goto again; } g(&a); }");
  std::size_t drops = 0;
  for (std::size_t at = text.find("drop x"); at != std::string::npos; at = text.find("drop x", at + 1)) ++drops;
  CHECK(drops == 2);
}

TEST_CASE("a macro's further arguments go where they belong, or are none") {
  const std::string sum =
      "#define sum(a, ...) g(a, ##__VA_ARGS__)\n#define named(a, more...) g(a, more)\nint g(int, ...);\n";
  CHECK(calls(sum + "void f(void) { sum(1); sum(1, 2); sum(1, 2, 3); named(1, 2, 3); }") ==
        Calls{"g(1)", "g(1, 2)", "g(1, 2, 3)", "g(1, 2, 3)"});
}

TEST_CASE("the address of what has an unknown type is an address, its value is not understood") {
  CHECK(calls("struct s { int a; seen_nowhere_t b; }; struct s x; void g(void *); void f(void) { g(&x.b); }") ==
        Calls{"g(ptr)"});
  CHECK_FALSE(problems("struct s { seen_nowhere_t b; }; struct s x; int f(void) { return x.b; }").empty());
  CHECK_FALSE(problems("struct s { seen_nowhere_t b; }; struct s x; int f(void) { return x.b.c; }").empty());
  CHECK_FALSE(problems("seen_nowhere_t x; int f(void) { return x.c == 3; }").empty());
  CHECK_FALSE(problems("seen_nowhere_t g(void); int f(void) { if (g() == 3) return 1; return 2; }").empty());
  CHECK(problems("seen_nowhere_t g(void); void f(void) { g(); }").empty());
}

TEST_CASE("a choice by type, and braces that a macro puts behind a cast") {
  const std::string text =
      "struct a { int x; }; struct b { int x; }; int g(int); struct l { struct a raw; int n; };\n"
      "#define which(p) (_Generic((p), const struct a *: g(1), struct a *: g(1), struct b *: g(2)))\n"
      "#define BRACES(k) { .raw = { .x = k }, .n = 7 }\n";
  CHECK(calls(text + "void f(void) { struct a a; struct b b; which(&a); which(&b); }") == Calls{"g(1)", "g(2)"});
  CHECK(problems(text + "void f(void) { int i; which(&i); }").size() == 1);
  CHECK(run(text +
            "int f(void) { struct l l; struct l *p = &l; *p = (struct l) BRACES(5); return p->raw.x * 10 + p->n; }") ==
        57);
  const std::string nested =
      "struct r { int v; }; struct s { union { struct r rlock; }; };\n#define NOTHING(x)\n"
      "#define RAW(x) { .v = x, NOTHING(x) NOTHING(f(x)) }\n#define PLAIN { .v = 4 }\n#define OUTER(x) { { .rlock = "
      "RAW(x) } }\n";
  CHECK(run(nested + "int f(void) { struct s s = OUTER(8); return s.rlock.v; }") == 8);
  CHECK(run(nested +
            "int f(void) { struct r r = PLAIN; struct s s = { .rlock = PLAIN }; return r.v * 10 + s.rlock.v; }") == 44);
  CHECK(run(nested + "int f(void) { struct s s; s = (struct s) OUTER(9); return s.rlock.v; }") == 9);
}

TEST_CASE("what is not understood is said, with its place") {
  CHECK(problems("int f(void) { return nobody; }") == Calls{"nothing in the files read is called \"nobody\""});
  CHECK(problems("struct s; int f(struct s *p) { return p->x; }") ==
        Calls{"the members of struct s are not known (\"x\")"});
  CHECK(problems("int f(int a) { goto nowhere; }") == Calls{"no label \"nowhere\""});
  CHECK(problems("int f(int a) { if (0) return nobody; return a; }").empty());
  CHECK_FALSE(problems("void f(void) { asm volatile(\"nop\"); }").empty());
}

TEST_CASE("hostile texts end") {
  CHECK_FALSE(problems("#define A B\n#define B A\nint f(void) { return A; }").empty());
  std::string doubling = "#define M0(x) ((x) + (x))\n";
  for (int i = 1; i < 40; ++i) {
    const std::string one = "M" + std::to_string(i - 1) + "(x)";
    doubling += "#define M" + std::to_string(i) + "(x) (" + one + " + " + one + ")\n";
  }
  CHECK_FALSE(problems(doubling + "int f(int a) { return M39(a); }").empty());
  std::string deep = "a";
  for (int i = 0; i < 600; ++i) deep = "(" + deep + " ? 1 : 2)";
  printed("int f(int a) { return " + deep + "; }");
  CHECK_FALSE(problems("struct s { struct s x; int y; }; void f(void) { struct s s = { .y = 1 }; }").empty());
  CHECK_FALSE(problems("typedef t t; int f(void) { t x = 1; return x; }").empty());
  CHECK_FALSE(problems("void f(void) { char c[1000000000] = \"\"; }").empty());
  CHECK_FALSE(problems("void f(void) { int c[] = { [0 ... 1000000000] = 1 }; }").empty());
  CHECK(run("int f(void) { int c[6] = { [1 ... 3] = 2 }; return c[0] + c[1] + c[3] + c[4]; }") == 4);
}

TEST_CASE("a field through which a call goes") {
  c::Program program = program_of("struct o { int (*cb)(int); }; int f(struct o *o) { return o->cb(1); }");
  Mir mir(program);
  std::string through;
  for (const Instr& instr : mir.body("f")->blocks[0].instrs) {
    if (instr.kind == Instr::Kind::call) through = instr.through;
  }
  CHECK(through == "cb");
}

}  // namespace hotproof::lower
