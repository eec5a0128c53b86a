// Memory: records, arrays, pointers, unions, what is not set, and what is gone.
#include <doctest/doctest.h>

#include "model/lower/explored_test.hpp"

namespace hotproof::lower {
namespace {

std::string result(const std::string& globals, const std::string& body) {
  return explored(globals + "\nlong r;\nvoid a0(void)\n{\n\t" + body + "\n}\n").finals("r");
}

// What is said of a body that is not understood; "" if all was understood.
std::string reason(const std::string& globals, const std::string& body) {
  const Explored out(globals + "\nlong r;\nvoid a0(void)\n{\n\t" + body + "\n}\n");
  CHECK(out.error == "");
  CHECK(out.events("not-understood") == (out.not_understood().empty() ? "" : "0 0"));
  return out.not_understood();
}

const char* const lists =
    "struct list { struct list *next; };\n"
    "struct dev { int id; struct list node; };\n"
    "struct list head = { &head };\n"
    "struct dev d[3] = { { 1 }, { 2 }, { 3 } };\n"
    "void add(struct list *n) { n->next = head.next; head.next = n; }\n"
    "#define container_of(p, t, m) ((t *)((char *)(p) - offsetof(t, m)))\n";

}  // namespace

TEST_CASE("memory: arrays and pointers into them") {
  const std::string a =
      "int a[4] = { 1, 2, 3, 4 };\nstruct e { int k; int v[2]; } b[3] = { { 5, { 6, 7 } }, [2] = { 8 } };";
  CHECK(result(a, "int *p = a; r = p[1] * 10 + *(p + 3);") == "24");
  CHECK(result(a, "int *p = &a[2]; r = p[-1] * 10 + *--p;") == "22");
  CHECK(result(a, "int *p = a, *q = &a[3]; r = (q - p) * 10 + (p < q) + (p == q);") == "31");
  CHECK(result(a, "struct e *p = b; p += 2; r = p->k * 10 + p[-2].v[1];") == "87");
  CHECK(result(a, "struct e *p; for (p = b; p < b + 3; p++) r += p->k;") == "13");
  CHECK(result("int m[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };",
               "int (*row)[3] = m; r = row[1][2]; row++; r = r * 100 + (*row)[0] * 10 + row[-1][1];") == "642");
  CHECK(result("int m[2][3];", "m[1][2] = 7; r = m[1][2] * 10 + m[0][2] + sizeof(m) / sizeof(m[0]);") == "72");
  CHECK(result(a, "int i; for (i = 0; i < 4; i++) a[i] = a[3 - i]; r = a[0] * 1000 + a[1] * 100 + a[2] * 10 + a[3];") ==
        "4334");
}

TEST_CASE("memory: an index that is not known is not understood") {
  const std::string a = "int a[4];\nint s;";
  CHECK(reason(a, "int i; for (i = 0; i < 14; i++) s = i; s &= 3; r = a[s];").find("index") != std::string::npos);
  CHECK(result(a, "s = 2; a[s] = 5; r = a[2];") == "5");
}

TEST_CASE("memory: records") {
  const std::string s =
      "struct in { int x; int v[2]; };\nstruct out { struct in i; int y; } g = { { 1, { 2, 3 } }, 4 }, h;";
  CHECK(result(s, "h = g; g.i.v[1] = 9; r = h.i.x * 1000 + h.i.v[0] * 100 + h.i.v[1] * 10 + h.y;") == "1234");
  CHECK(result(s, "struct out l = g; l.i.x = 5; h = l; r = h.i.x * 10 + h.i.v[1];") == "53");
  CHECK(result(s, "struct out *p = &h, *q = &g; *p = *q; r = p->i.v[1] * 10 + h.y;") == "34");
  CHECK(result(s, "struct in l = { .v = { [1] = 6 } }; g.i = l; r = g.i.x * 100 + g.i.v[0] * 10 + g.i.v[1];") == "6");
  CHECK(result("struct b { unsigned int a : 3; unsigned int c : 5; int d : 3; } g;",
               "g.a = 9; g.c = 33; g.d = 3; r = g.a * 100 + g.c * 10 - g.d;") == "107");
}

TEST_CASE("memory: container_of, of members and of what is none") {
  CHECK(result(lists,
               "add(&d[0].node); add(&d[1].node); struct list *n; "
               "for (n = head.next; n != &head; n = n->next) r = r * 10 + container_of(n, struct dev, node)->id;") ==
        "21");
  CHECK(result(lists, "struct dev *e = container_of(&head, struct dev, node); r = &e->node == &head;") == "1");
  CHECK(result(lists,
               "struct list *n = &d[1].node; struct dev *e = container_of(n, struct dev, node); r = (e == &d[1]) + "
               "(e + 1)->id;") == "4");
}

TEST_CASE("memory: a pointer to a record and one to its first member are one address") {  // cells of their own
  const std::string s = "struct in { int x; };\nstruct out { struct in i; int y; } o;\nstruct c { int z; };";
  const auto right_or_said = [&](const std::string& body, const std::string& expected) {
    const Explored out(s + "\nlong r;\nvoid a0(void)\n{\n\t" + body + "\n}\n");
    CHECK(out.error == "");
    const bool said = !out.not_understood().empty();
    CHECK_MESSAGE((said || out.finals("r") == expected || out.finals("r") == "?"), body << " gives " << out.finals("r"));
  };
  right_or_said("o.i.x = 4; r = ((struct in *)&o)->x;", "4");
  right_or_said("struct in *p = &o.i; o.y = 4; r = ((struct out *)p)->y;", "4");
  right_or_said("o.i.x = 4; r = *(int *)&o;", "4");
  right_or_said("o.i.x = 4; r = ((struct c *)&o)->z;", "4");
  right_or_said("struct in *p = &o.i; r = (void *)p == (void *)&o;", "1");
}

TEST_CASE("memory: NULL, error pointers and function pointers") {
  const std::string s =
      "struct o { int (*f)(int); int (*g)(int); };\nint one(int a) { return a + 1; }\n"
      "struct o ops = { .f = one };";
  CHECK(result(s, "r = ops.f ? ops.f(4) : 9; if (ops.g) r = 0;") == "5");
  CHECK(result(s, "struct o *p = &ops; p->g = p->f; r = (*p->g)(6) * 10 + (p->g == one);") == "71");
  CHECK(result(s, "void *p = (void *)-12l; r = (unsigned long)p >= (unsigned long)-4095; r += (long)p == -12;") == "2");
  CHECK(result(s, "void *p = &ops; r = p == &ops && p != (void *)0 && !(p == ops.f);") == "1");
  const Explored null(s + "\nlong r;\nvoid a0(void) { struct o *p = 0; r = 1; p->f = one; r = 2; }");
  CHECK(null.events("null-dereference") == "0");
  CHECK(null.finals("r") == "");
  const Explored call(s + "\nlong r;\nvoid a0(void) { r = ops.g(1); }");
  CHECK(call.events("null-dereference") == "0");
}

TEST_CASE("memory: pointers that are numbers move by elements") {  // by bytes
  CHECK(result("", "int *p = (int *)0x1000, *q = (int *)0x1010; r = q - p;") == "4");
  const std::string n = "long n;\n";
  CHECK(result(n, "int i; for (i = 0; i < 14; i++) n = i; int *p = (int *)0x1000; p += n; r = (unsigned long)p;") ==
        "4148");
}

TEST_CASE("memory: an error pointer of a computed number is one") {  // answers no
  CHECK(result("long n;", "int i; for (i = 0; i < 14; i++) n = i; n = -12; r = 1; r += __hp_is_err((void *)n);") ==
        "2");
}

TEST_CASE("memory: an address in an integer may be any number") {  // both are 1
  CHECK(result("int a;\nunsigned long x;", "x = (unsigned long)&a; r = x == 1 ? 1 : 2; x = 1; if (x == 1) r += 10;") ==
        "1; 11; 12; 2");
}

TEST_CASE("memory: an element behind the end of an array is not understood") {  // 0
  CHECK(reason("int a[2] = { 1, 2 };", "int i = 2; r = a[i];") != "");
  CHECK(reason("int a[2] = { 1, 2 };", "int i = -1; a[i] = 3; r = a[0];") != "");
  CHECK(reason("struct { int a[2]; int b; } g = { { 1, 2 }, 7 };", "int *p = g.a; r = p[2];") != "");
  CHECK(reason("int x = 4;", "int *p = &x; r = p[1];") != "");
}

TEST_CASE("memory: members of a union share memory") {
  const std::string u = "union u { int a; unsigned char b[4]; } g;\nstruct s { int k; union { int c; long d; }; } h;";
  CHECK(result(u, "g.a = 5; r = g.a;") == "5");
  CHECK(result(u, "h.d = 7; h.k = 1; r = h.d + h.k;") == "8");
  CHECK(reason(u, "g.a = 5; r = g.b[0];") != "");
  CHECK(reason(u, "h.c = 5; r = h.d;") != "");
  CHECK(reason(u, "union u l; l.a = 5; r = l.b[0];") != "");
  CHECK(reason(u, "struct s *p = &h; p->d = 5; r = p->c;") != "");
  CHECK(reason("union u { int a; long b; } g = { .a = 3 };", "r = g.b;") != "");
  CHECK(result("union u { int a; long b; } g = { .a = 3 };", "r = g.a;") == "3");
  // Through the address of a member, which gives no sign of the union.
  CHECK(reason(u, "int *p = &h.c; *p = 5; r = h.d;") != "");
  CHECK(reason(u, "struct s l; l.c = 1; h = l; r = h.d;") != "");
}

TEST_CASE("memory: an access of another width is not understood") {
  CHECK(reason("int g;", "g = 0x1234; r = *(unsigned char *)&g;") != "");
  CHECK(reason("", "int l = 0x1234; r = *(unsigned char *)&l;") != "");
  CHECK(reason("", "int l = 0x1234; *(unsigned char *)&l = 1; r = l;") != "");
  CHECK(reason("unsigned int g;", "g = 1; r = *(long *)&g;") != "");
  CHECK(result("unsigned int g;", "g = 4294967295u; r = *(int *)&g < 0;") == "1");
}

// The first access decides on the width, not the declaration.
TEST_CASE("memory: an access of another width than the declared one") {
  CHECK(reason("int g = 0x1234;", "*(unsigned char *)&g = 5; r = g;") != "");
  CHECK(reason("int g = 0x1234;", "r = *(unsigned char *)&g;") != "");
}

TEST_CASE("memory: globals that nobody defines, or whose first value is not understood") {  // 0
  CHECK(reason("extern int e;", "r = e ? 1 : 2;") != "");
  CHECK(reason("int e = some(3);", "r = e ? 1 : 2;") != "");
  CHECK(reason("int e[2] = { UNKNOWN_NAME, 3 };", "r = e[0];") != "");
}

TEST_CASE("memory: what nobody has set") {
  const auto unset = [](const std::string& body) {
    return Explored("int r;\nstruct k { int a; int b; };\nvoid a0(void)\n{\n\t" + body + "\n}\n").events("unset-read");
  };
  CHECK(unset("int l = 0; r = l;") == "");
  CHECK(unset("int l; r = l;") == "0 0");
  CHECK(unset("int l; if (l) r = 1;") == "0 0; 0 1");
  CHECK(unset("int l; if (r) l = 1; else l = 2; r = l;") == "");
  CHECK(unset("int l; if (r == 0) r = 1; else l = 2; if (r == 2) r = l;") == "");
  CHECK(unset("struct k l; l.a = 1; r = l.a;") == "");
  CHECK(unset("struct k l; l.a = 1; r = l.b;") == "0 0");
  CHECK(unset("struct k l = { .a = 1 }; r = l.b;") == "");
  CHECK(unset("int i; for (i = 0; i < 2; i++) { int l; if (i == 0) l = 5; r = l; }") == "0 0");
  const Explored both("int r;\nvoid a0(void) { int l; if (l) r = 1; else r = 2; }");
  CHECK(both.finals("r") == "1; 2");
}

TEST_CASE("memory: the heap") {
  const std::string k = "struct k { int a; int b; };\n";
  CHECK(explored(k + "int r;\nvoid a0(void) { struct k *p = __hp_alloc(1); p->b = 3; r = p->a * 10 + p->b; "
                     "__hp_free(p); __hp_free((void *)0); }")
            .finals("r") == "3");
  CHECK(explored(k + "int r;\nvoid a0(void) { struct k *p = __hp_alloc(1), *q = __hp_alloc(1); p->a = 1; q->a = 2; "
                     "r = p->a * 10 + q->a + (p == q); __hp_free(p); __hp_free(q); }")
            .finals("r") == "12");
  CHECK(Explored(k + "int r;\nvoid a0(void) { struct k *p = __hp_alloc(0); r = p->a; }").events("unset-read") == "0 0");
  const auto freed = [&](const std::string& body) {
    const Explored out(k + "int r;\nvoid a0(void) { struct k *p = __hp_alloc(1); " + body + " }");
    CHECK(out.not_understood() == "");
    return out.events("use-after-free");
  };
  CHECK(freed("__hp_free(p); r = p->a;") == "0");
  CHECK(freed("__hp_free(p); p->a = 1;") == "0");
  CHECK(freed("__hp_free(p); __hp_free(p);") == "0");
  CHECK(freed("__hp_free(p); struct k *q = __hp_alloc(1); q->a = 7; r = p->a;") == "0");
  CHECK(freed("r = p->a; __hp_free(p);") == "");
  CHECK(freed("int i; for (i = 0; i < 5; i++) { struct k *q = __hp_alloc(1); q->a = i; r += q->a; __hp_free(q); }") ==
        "");
}

TEST_CASE("memory: what one actor owns is not another's") {
  const char* const text =
      "struct k { int a; } *g;\nint r;\n"
      "void a0(void) { struct k *p = __hp_alloc(1); g = p; }\n"
      "void a1(void) { if (g) r = g->a + 1; }";
  CHECK(Explored(text).not_understood().find("belongs to another actor") != std::string::npos);
}

}  // namespace hotproof::lower
