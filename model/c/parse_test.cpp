// One construct of kernel C a line: what is written, and the tree it must become.
#include <doctest/doctest.h>

#include "model/c/print.hpp"
#include "model/c/program.hpp"

using namespace hotproof;
using namespace hotproof::c;

namespace {

Program program_of(std::string text) {
  return Program(SourceTree::in_memory("t", {{"a.c", std::move(text)}}), {"a.c"}, {});
}

std::string expression(const std::string& text) {
  const Program program = program_of("typedef unsigned long my_type;");
  const auto result = program.parse_expression(text, {"a.c", 7, 3});
  return result ? to_string(**result) : "error: " + to_string(result.error());
}

// The body of a function around `text`; checks that every call is accounted for.
std::string statement(const std::string& text, const std::string& before = "") {
  Program program = program_of(before + "\ntypedef int my_type;\nvoid f(void)\n{ " + text + " }\n");
  const Function* function = program.function("f");
  REQUIRE(function);
  for (const Diagnostic& found : function->problems) return "error: " + to_string(found);
  CHECK_MESSAGE(function->calls == function->calls_counted, std::string(text));
  return to_string(*function->body);
}

std::string lost(const std::string& text) {
  Program program = program_of("void f(void)\n{ " + text + " }\n");
  const Function* function = program.function("f");
  REQUIRE(function);
  return function->problems.empty() && function->calls == function->calls_counted ? "nothing" : "something";
}

}  // namespace

TEST_CASE("expressions") {
  const std::pair<const char*, const char*> cases[] = {
      {"a + b * 2", "(a + (b * 2))"},
      {"a - 1", "(a - 1)"},
      {"-1", "(-1)"},
      {"a, b", "(a , b)"},
      {"a = b |= c", "(a = (b |= c))"},
      {"a ?: b", "(a ?  : b)"},
      {"a ? b : c ? d : e", "(a ? b : (c ? d : e))"},
      {"!a && ~b || *c", "(((!a) && (~b)) || (*c))"},
      {"a++ + --b", "((a++) + (--b))"},
      {"dev->bus->online(dev)", "dev->bus->online(dev)"},
      {"(*fn)(x)", "(*fn)(x)"},
      {"(fn)(x)", "fn(x)"},
      {"guard(mutex)(&lock)", "guard(mutex)((&lock))"},
      {"a.b[1].c", "a.b[1].c"},
      {"sizeof(*p) * n", "(sizeof((*p)) * n)"},
      {"sizeof(my_type) * n", "(sizeof(type(my_type)) * n)"},
      {"sizeof(name) * n", "(sizeof(name) * n)"},
      {"sizeof(struct zone)", "sizeof(type(struct zone))"},
      {"sizeof(unsigned long) * 8", "(sizeof(type(unsigned long)) * 8)"},
      {"__alignof__(u64)", "_Alignof(type(u64))"},
      {"(my_type)-1", "cast(my_type, (-1))"},
      {"(my_type)(a)->b", "cast(my_type, a->b)"},
      {"(my_type)&x + 1", "(cast(my_type, (&x)) + 1)"},
      {"(name) - 1", "(name - 1)"},
      {"(name) & mask", "(name & mask)"},
      {"(name)(1)", "name(1)"},
      {"(a * (b)) - c", "((a * b) - c)"},
      {"(a * ((b))) & c", "((a * b) & c)"},
      {"(a * (long)(b)) & c", "((a * cast(long, b)) & c)"},
      {"f((a * (b)) * c)", "f(((a * b) * c))"},
      {"x + (a * (b)) - c", "((x + (a * b)) - c)"},
      {"(a * (b * *c)) - 100", "((a * (b * (*c))) - 100)"},
      {"(a **b) - 100", "((a * (*b)) - 100)"},
      {"(a * (b * c)) * d - e", "(((a * (b * c)) * d) - e)"},
      {"(a * (b(c, d * *e))) & f + g", "((a * b(c, (d * (*e)))) & (f + g))"},
      {"(a * (*b)(c)) - d", "((a * (*b)(c)) - d)"},
      {"(a * (*b)) - d", "((a * (*b)) - d)"},
      {"(a * (b)[1]) - c", "((a * b[1]) - c)"},
      {"(a *= b) - c", "((a *= b) - c)"},
      {"(unknown *)&b - 1", "(cast(pointer(unknown), (&b)) - 1)"},
      {"(unknown **)-b", "cast(pointer(pointer(unknown)), (-b))"},
      {"(my_type *const)-b", "cast(pointer(my_type), (-b))"},
      {"(my_type *(*)(int))&b", "cast(pointer(function(pointer(my_type); int)), (&b))"},
      {"(a * (b + 1)) - c", "((a * (b + 1)) - c)"},
      {"(a[1]) - c", "(a[1] - c)"},
      {"(a * (sizeof(struct page))) + c", "((a * sizeof(type(struct page))) + c)"},
      {"(struct a *)p", "cast(pointer(struct a), p)"},
      {"(void)f(x)", "cast(void, f(x))"},
      {"(u8 *)p + 1", "(cast(pointer(u8), p) + 1)"},
      {"(unsigned long)(u32)x", "cast(unsigned long, cast(u32, x))"},
      {"(int (*)(void *))p", "cast(pointer(function(int; pointer(void))), p)"},
      {"(struct p){ .x = 1, 2 }", "literal(struct p, {.x = 1, 2})"},
      {"container_of(dev, struct memory_block, dev)", "container_of(dev, type(struct memory_block), dev)"},
      {"min_t(unsigned long, a, b)", "min_t(type(unsigned long), a, b)"},
      {"va_arg(ap, char *)", "va_arg(ap, type(pointer(char)))"},
      {"f(long unsigned int, int long long)", "f(type(unsigned long), type(long long))"},
      {"offsetof(struct a, b.c)", "offsetof(type(struct a), b.c)"},
      {"f(typeof(*p) *, x)", "f(type(pointer(typeof((*p)))), x)"},
      {"f(typeof(struct a), x)", "f(type(struct a), x)"},
      {"({ int x = 1; x; })", "({ int x = 1; x; })"},
      {"\"a\" \"b\\n\"", "\"ab\n\""},
      {"KERN_INFO \"a\"", "\"a\""},
      {"f(/* why */ x)", "f(x)"},
      {"READ_ONCE(x->y)", "READ_ONCE(x->y)"},
      {"BUILD((__force int)x)", "BUILD(cast(int, x))"},
  };
  for (const auto& [text, tree] : cases) {
    const std::string got = expression(text);
    CHECK_MESSAGE(got == tree, std::string(text) << " gives " << got);
  }
}

TEST_CASE("literals have their values") {
  const Program program = program_of("");
  const std::pair<const char*, std::uint64_t> cases[] = {{"0", 0},         {"42", 42},
                                                         {"0x20UL", 0x20}, {"0644", 0644},
                                                         {"0b101", 5},     {"10ull", 10},
                                                         {"'a'", 'a'},     {"'\\n'", '\n'},
                                                         {"'\\x41'", 'A'}, {"'\\0'", 0},
                                                         {"'\\''", '\''},  {"'\\xff'", 255},
                                                         {"'\\101'", 'A'}, {"0xffffffffffffffff", UINT64_MAX}};
  for (const auto& [text, value] : cases) {
    const auto result = program.parse_expression(text, {});
    REQUIRE_MESSAGE(result, std::string(text));
    CHECK((*result)->kind == Expr::Kind::integer);
    CHECK_MESSAGE((*result)->value == value, std::string(text));
  }
  for (const char* text : {"1.5", "09", "0x1ffffffffffffffff", "", "(", "a b", "1;", "a)+(b", "}", "int x"})
    CHECK_MESSAGE(!program.parse_expression(text, {}), std::string(text));
}

TEST_CASE("an expression's nodes have the place they were given") {
  const Program program = program_of("");
  const auto result = program.parse_expression("a + f(b)", {"x.c", 7, 3});
  REQUIRE(result);
  CHECK((*result)->args[1]->span.line == 7);
  CHECK((*result)->args[1]->span.column == 3);
}

TEST_CASE("statements") {
  const std::pair<const char*, const char*> cases[] = {
      {"int a, *b = &a;", "{ int a; pointer(int) b = (&a); }"},
      {"unsigned flags;", "{ unsigned int flags; }"},
      {"char *a[3], (*b)[4];", "{ array(3, pointer(char)) a; pointer(array(4, char)) b; }"},
      {"int (*fn)(struct page *, void *) = g;",
       "{ pointer(function(int; pointer(struct page), pointer(void))) fn = g; }"},
      {"static int count = 1;", "{ static int count = 1; }"},
      {"struct zone *z, **zz;", "{ pointer(struct zone) z; pointer(pointer(struct zone)) zz; }"},
      {"struct a x = { .b = 1, .c.d = 2, [3] = 4, [5 ... 6] = 7, e: 8 };",
       "{ struct a x = {.b = 1, .c = .d = 2, [3] = 4, [5 ... 6] = 7, .e = 8}; }"},
      {"typeof(a) b = a;", "{ typeof(a) b = a; }"},
      {"__typeof__(f(a)) *b;", "{ pointer(typeof(f(a))) b; }"},
      {"foo_t * a;", "{ pointer(foo_t) a; }"},
      {"if (a) b(); else if (c) d(); else { e(); }", "{ if a b(); else if c d(); else { e(); } }"},
      {"while (a) b();", "{ while a b(); }"},
      {"do { a(); } while (b);", "{ do { a(); } while b }"},
      {"for (i = 0; i < 3; i++) f(i);", "{ for [(i = 0); (i < 3); (i++)] f(i); }"},
      {"for (int i = 0, j = 1;;) ;", "{ for [int i = 0; int j = 1; ; ] ; }"},
      {"goto out; out: return 1;", "{ goto out; out: return 1; }"},
      {"if (a) out: b();", "{ if a { out: b(); } }"},
      {"switch (a) { case 1: case 2: f(); break; case A ... B: g(); fallthrough; default: h(); }",
       "{ switch a { case 1: case 2: f(); break; case A ... B: g(); ; default: h(); } }"},
      {"switch (a) { case 1 ... 5: f(); }", "{ switch a { case 1 ... 5: f(); } }"},
      {"switch (a) { case X: { int b; f(b); } continue; }", "{ switch a { case X: { int b; f(b); } continue; } }"},
      {"for_each_online_node(nid) f(nid);", "{ each for_each_online_node(nid) f(nid); }"},
      {"for_each_clear_bit(id, map, N)\nif (f(id)) break;", "{ each for_each_clear_bit(id, map, N) if f(id) break; }"},
      {"list_for_each_entry(a, &b->c, d) { e(a); }", "{ each list_for_each_entry(a, (&b->c), d) { e(a); } }"},
      {"if (x) for_each_a(i) for_each_b(j) f(i, j); else g();",
       "{ if x each for_each_a(i) each for_each_b(j) f(i, j); else g(); }"},
      {"xa_for_each(&x, i, e) *p = e;", "{ each xa_for_each((&x), i, e) ((*p) = e); }"},
      {"ret = bus_for_each_dev(bus, NULL, &a, fn);", "{ (ret = bus_for_each_dev(bus, NULL, (&a), fn)); }"},
      {"bus_for_each_dev(bus, NULL, &a, fn); g();", "{ bus_for_each_dev(bus, NULL, (&a), fn); g(); }"},
      {"for_each_entry(p, struct a, m) f(p);", "{ each for_each_entry(p, type(struct a), m) f(p); }"},
      {"hash_walk(a, b) { f(b); }", "{ each hash_walk(a, b) { f(b); } }"},
      {"scoped_guard(mutex, &m) { f(); }", "{ guard scoped_guard(mutex, (&m)) { f(); } }"},
      {"scoped_guard(mutex, &m) f();", "{ guard scoped_guard(mutex, (&m)) f(); }"},
      {"guard(mutex)(&m); f();", "{ guard(mutex)((&m)); f(); }"},
      {"struct a *p __free(kfree) = g();", "{ pointer(struct a) p cleanup(__free_kfree) = g(); }"},
      {"static DEFINE_MUTEX(m); f();", "{ static DEFINE_MUTEX(m); f(); }"},
      {"DECLARE_BITMAP(map, N) = { 0 }; f();", "{ array(BITS_TO_LONGS(N), unsigned long) map = {0}; f(); }"},
      {"static DECLARE_BITMAP(map, N);", "{ static array(BITS_TO_LONGS(N), unsigned long) map; }"},
      {"f(g(A * sizeof(struct page), B));", "{ f(g((A * sizeof(type(struct page))), B)); }"},
      {"f(a * b);", "{ f((a * b)); }"},
      {"x = _Generic((y), int: 1, struct a *: f(2));",
       "{ (x = _Generic(y, type(int), 1, type(pointer(struct a)), f(2))); }"},
      {"(void)f(a);", "{ cast(void, f(a)); }"},
      {"*p = (my_type)(x) & y;", "{ ((*p) = (cast(my_type, x) & y)); }"},
      {"struct in { int a; } x;", "{ struct in { int a; } x; }"},
      {"f((struct a){ .b = g() });", "{ f(literal(struct a, {.b = g()})); }"},
      {"f(({ g(); }));", "{ f(({ g(); })); }"},
      {"a[f(1)](2);", "{ a[f(1)](2); }"},
      {"char s[] = \"a\" \"b\";", "{ array(, char) s = \"ab\"; }"},
      {"int __maybe_unused x __aligned(8) = 1;", "{ int x = 1; }"},
      {"\n#ifdef NO\nf(\n#else\ng(\n#endif\n);", "{ g(); }"},
      {";", "{ ; }"},
  };
  for (const auto& [text, tree] : cases) {
    const std::string got = statement(text);
    CHECK_MESSAGE(got == tree, std::string(text) << " gives " << got);
  }
}

TEST_CASE("the tree's own macros say what heads a loop and what means nothing") {
  CHECK(statement("walk_all(a) f(a);", "#define walk_all(x) for (; x; x = next(x))") == "{ each walk_all(a) f(a); }");
  CHECK(statement("my_note int x;", "#define my_note __maybe_unused") == "{ int x; }");
}

TEST_CASE("what cannot be read is a problem or a difference in calls, never silence") {
  for (const char* text : {"walk(a) f(a);",  // a macro of unknown meaning in front of a statement
                           "int = 3;", "f(", "a b c;", "if (a", "x = ;", "asm volatile(\"nop\");", "goto *p;", "1.5;",
                           "f(struct);", "case", "for (;;", "for_each_x() f();", "@", "f(x))", "else g();",
                           "__asm__(\"x\" : \"=r\"(a));", "int x[;", "for_each_a(i) (*p)->f(i);"})
    CHECK_MESSAGE(lost(text) == "something", std::string(text));
  CHECK(lost("f();") == "nothing");
}

TEST_CASE("a broken statement does not take its neighbours with it") {
  Program program = program_of("void f(void)\n{\n\tg();\n\tx = ;\n\th();\n}\n");
  const Function* function = program.function("f");
  REQUIRE(function);
  REQUIRE_FALSE(function->problems.empty());
  CHECK(function->problems[0].place.file == "a.c");
  CHECK(function->problems[0].place.line == 4);
  const std::string body = to_string(*function->body);
  CHECK(body.find("g();") != std::string::npos);
  CHECK(body.find("h()") != std::string::npos);
  CHECK(body.find("not_understood") != std::string::npos);
}

TEST_CASE("spans are those of the file as the user has it") {
  Program program = program_of("/* a\n */ int x;\nstatic int __init f(int a)\n{\n\t/* b */ return g(a);\n}\n");
  const Function* function = program.function("f");
  REQUIRE(function);
  CHECK(function->span.line == 3);
  CHECK(function->span.column == 1);
  CHECK(function->name_span.column == 19);
  CHECK(function->is_init);
  CHECK(function->is_static);
  const Stmt& statement = *function->body->body.at(0);
  CHECK(statement.span.line == 5);
  CHECK(statement.span.column == 10);
  CHECK(statement.expr->span.column == 17);
  CHECK(statement.expr->span.end - statement.expr->span.begin == 4);
}

TEST_CASE("signatures") {
  Program program = program_of(
      "int __weak arch_f(struct a *, u64 x, ...)\n{ return 1; }\n"
      "static inline void __must_check *g(int (*fn)(int a, char *), const char *const names[])\n{ return 0; }\n"
      "int proto(unsigned long start, unsigned long);\n"
      "__printf(1, 2) static noinline struct b\nh(void)\n{ }\n");
  const Function* weak = program.function("arch_f");
  REQUIRE(weak);
  CHECK(weak->is_weak);
  CHECK(weak->variadic);
  REQUIRE(weak->parameters.size() == 2);
  CHECK(to_string(weak->parameters[0]) == "pointer(struct a)");
  CHECK(to_string(weak->parameters[1]) == "u64 x");
  const Function* g = program.function("g");
  REQUIRE(g);
  CHECK(g->is_inline);
  CHECK(to_string(*g->result) == "pointer(void)");
  CHECK(to_string(g->parameters.at(0)) == "pointer(function(int; int a, pointer(char))) fn");
  CHECK(to_string(g->parameters.at(1)) == "array(, pointer(char)) names");
  CHECK_FALSE(program.function("proto"));
  const Function* proto = program.declared_function("proto");
  REQUIRE(proto);
  CHECK(proto->problems.empty());
  CHECK(proto->parameters.size() == 2);
  CHECK_FALSE(proto->body);
  const Function* h = program.function("h");
  REQUIRE(h);
  CHECK(to_string(*h->result) == "struct b");
  CHECK(h->problems.empty());
}

TEST_CASE("records") {
  Program program = program_of(
      "struct __packed a {\n\tint x, *y;\n\tunsigned b : 3, : 2, c : 1;\n\tunion { long u; struct inner { char v; } w; "
      "};\n"
      "\tint (*online)(struct device *dev);\n\tDECLARE_BITMAP(map, N);\n\tCACHELINE_PADDING(_pad1_);\n"
      "\tstruct_group(grp,\n\t\tint g1;\n\t\tint g2;\n\t);\n\tenum mode { ON, OFF = 5 } mode;\n\tu8 tail[];\n} "
      "__aligned(8);\n"
      "enum { FIRST, SECOND = 1 << 3, };\n"
      "struct odd { SOME_MACRO(x); };\n");
  const Record* record = program.record("a");
  REQUIRE(record);
  CHECK(record->problems.empty());
  std::string fields;
  for (const Declaration& field : record->fields) fields += to_string(field) + "\n";
  CHECK(fields ==
        "int x\npointer(int) y\nunsigned int b : 3\nunsigned int : 2\nunsigned int c : 1\n"
        "union { long u; struct inner { char v; } w; }\n"
        "pointer(function(int; pointer(struct device) dev)) online\narray(BITS_TO_LONGS(N), unsigned long) map\n"
        "int g1\nint g2\nenum mode { ON, OFF = 5, } mode\narray(, u8) tail\n");
  REQUIRE(program.record("inner"));
  CHECK(program.record("inner")->fields.size() == 1);
  const Record* in = nullptr;
  REQUIRE(program.enumerator("OFF", &in));
  CHECK(in->name == "mode");
  CHECK(to_string(*program.enumerator("SECOND")->value) == "(1 << 3)");
  CHECK(program.enumerator("FIRST"));
  REQUIRE(program.record("odd"));
  CHECK_FALSE(program.record("odd")->problems.empty());
}

TEST_CASE("statements and macro bodies from text") {
  const Program program = program_of("");
  const auto loop = program.parse_statement("do { f(x); } while (0)", {"m.h", 3, 1});
  REQUIRE(loop);
  CHECK(to_string(**loop) == "do { f(x); } while 0");
  const auto two = program.parse_statement("a(); b();", {});
  REQUIRE(two);
  CHECK(to_string(**two) == "{ a(); b(); }");
  for (const char* text : {"} {", "a(", "if (x)", "}} void g() {{"})
    CHECK_MESSAGE(!program.parse_statement(text, {}), std::string(text));
}
