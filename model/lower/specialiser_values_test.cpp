// Numbers: widths, signs, control flow, on known values and on computed ones.
#include <doctest/doctest.h>

#include "model/lower/explored_test.hpp"

namespace hotproof::lower {
namespace {

// The end value of the global r after `body`, where x is a local (known), and the global x one that has had more values
// than are kept apart (computed).
std::string known(const std::string& type, const std::string& x, const std::string& body) {
  return explored("long r;\nvoid a0(void)\n{\n\t" + type + " x = " + x + ";\n\tr = 0;\n\t" + body + "\n}\n")
      .finals("r");
}

std::string computed(const std::string& type, const std::string& x, const std::string& body) {
  return explored(type + " x;\nlong r;\nvoid a0(void)\n{\n\tint i;\n\tfor (i = 0; i < 14; i++)\n\t\tx = i;\n\tx = " +
                  x + ";\n\tr = 0;\n\t" + body + "\n}\n")
      .finals("r");
}

void both(const std::string& type, const std::string& x, const std::string& body, const std::string& expected) {
  CHECK_MESSAGE(known(type, x, body) == expected, type << " x = " << x << "; " << body);
  CHECK_MESSAGE(computed(type, x, body) == expected, type << " s = " << x << "; " << body);
}

}  // namespace

TEST_CASE("values: every width wraps") {
  both("unsigned char", "255", "x++; r = x;", "0");
  both("unsigned char", "0", "--x; r = x;", "255");
  both("unsigned short", "65535", "x += 2; r = x;", "1");
  both("unsigned int", "0xffffffff", "r = x + 1;", "0");
  both("unsigned int", "0xffffffff", "r = x + 1ul;", "4294967296");
  both("unsigned long", "0", "r = x - 1 == ~0ul;", "1");
  both("bool", "2", "r = x;", "1");
  both("bool", "1", "x += 1; r = x + x;", "2");
  both("unsigned char", "200", "r = x + x;", "400");
  both("unsigned char", "200", "r = (unsigned char)(x + x);", "144");
  both("unsigned int", "3", "r = x * 0x80000000u;", "2147483648");
  both("unsigned long", "5", "r = (unsigned short)(x * 65536 + 7);", "7");
}

TEST_CASE("values: signs") {
  both("unsigned int", "7", "r = -x > 0;", "1");
  both("unsigned int", "1", "r = x > -1;", "0");
  both("unsigned char", "1", "r = x > -1;", "1");
  both("unsigned int", "0x80000000", "r = x >> 4;", "134217728");
  both("unsigned int", "0x80000000", "r = x / 2;", "1073741824");
  both("unsigned long", "7", "r = x % 4 * 10 + x / 4;", "31");
  both("int", "7", "r = ~x == 0 - 8;", "1");
  both("int", "1", "r = x << 31 < 0;", "1");
}

TEST_CASE("values: negative numbers") {
  both("int", "-8", "r = x >> 1;", "-4");
  both("int", "-7", "r = x / 2;", "-3");
  both("int", "-7", "r = x % 2;", "-1");
  both("signed char", "200", "r = x;", "-56");
  both("short", "-1", "r = (unsigned int)x;", "4294967295");
  both("int", "-1", "r = (unsigned char)x;", "255");
}

TEST_CASE("values: a cell with negative values has a range") {  // declare_range: not truncated
  CHECK(explored("int r;\nvoid a0(void) { r = -5; }").finals("r") == "-5");
  CHECK(explored("short r;\nvoid a0(void) { r = 7; r = -5; r--; }").finals("r") == "-6");
}

TEST_CASE("values: a macro may stand for several items of a list, or several arguments") {
  const std::string macros = "#define ALL 3, 4, (5, 6)\n#define ONE (7, 8)\n#define TWO 3, 4\n";
  const std::string sum = "int sum(int a, int b, int c)\n{\n\treturn a * 100 + b * 10 + c;\n}\n";
  const std::string lists = "static const int t[3] = { ALL };\nint u[2] = { ONE, 9 };\nlong r;\n";
  const auto run = [&](const std::string& body) {
    return explored(macros + sum + lists + "void a0(void)\n{\n\t" + body + "\n}\n").finals("r");
  };
  CHECK(run("r = t[0] * 100 + t[1] * 10 + t[2];") == "346");
  CHECK(run("r = u[0] * 10 + u[1];") == "89");
  CHECK(run("r = sum(TWO, 6);") == "346");
}

TEST_CASE("values: control flow") {
  both("int", "2", "switch (x) { case 1: r = 1; case 2: r += 2; case 3: r += 4; break; default: r = 9; }", "6");
  both("int", "5", "switch (x) { case 1: r = 1; break; default: r = 9; case 3: r += 4; }", "13");
  both("int", "3", "switch (x) { case 1 ... 3: r = 1; break; case 4: r = 2; }", "1");
  both("int", "3", "while (x-- > 0) { if (x == 1) continue; r = r * 10 + x; }", "20");
  both("int", "3", "do { r += 10; if (r == 20) break; } while (--x);", "20");
  both("int", "0", "do r++; while (x);", "1");
  both("int", "3", "again: r += x; if (x-- > 1) goto again;", "6");
  both("int", "0", "if (x) goto end; r = 1; end: r += 2;", "3");
  both("int", "0", "for (;;) { if (++x > 4) break; r += x; }", "10");
  both("int", "2", "r = x == 1 ? 10 : x == 2 ? 20 : 30;", "20");
  both("int", "2", "r = (x++, x * 2);", "6");
}

TEST_CASE("values: what short-circuit evaluation leaves out does not happen") {
  both("int", "0", "if (x && (r = 5)) r = 6;", "0");
  both("int", "0", "if (x || (r = 5)) r++;", "6");
  both("int", "1", "if (x || (r = 5)) r++;", "1");
  both("int", "1", "r = x && x > 0 && !(x == 2);", "1");
  both("int", "1", "x ? (r = 1) : (r = 2);", "1");
  both("int", "4", "r = x ?: 9;", "4");
  both("int", "0", "r = x ?: 9;", "9");
}

TEST_CASE("values: a side effect whose value is known happens") {  // Builder::probe
  both("int", "0", "int k = 1 && (r = 5); r += k;", "6");
  both("int", "0", "int k = (r = 5) && 1; r += k;", "6");
  both("int", "0", "r = (x = 3) ? x : 9;", "3");
}

TEST_CASE("values: locals live until their block ends") {
  both("int", "2", "for (;;) { int k = 0; k++; r += k; if (--x == 0) break; }", "2");
  both("int", "2", "int k = 1; { int k = 5; r += k; } r += k;", "6");
}

TEST_CASE("values: whoever divides by zero goes no further; every other divisor divides") {
  for (const char* const op : {"/", "%"}) {
    CAPTURE(std::string(op));
    const Explored known("int s;\nint r = 7, t;\nvoid a0(void) { r = 3 " + std::string(op) + " s; t = 1; }");
    CHECK(known.finals("t") == "?");  // nobody writes it
    CHECK(known.events("division-by-zero") == "0");
    const Explored computed("long n, r, t;\nvoid a0(void) { int i; for (i = 0; i < 14; i++) n = i; n = 0; r = 3 " +
                            std::string(op) + " n; t = 1; }");
    CHECK(computed.finals("t") == "0");
    CHECK(computed.events("division-by-zero") == "0");
  }
  CHECK(computed("int", "3", "r = 7 / x;") == "2");
  // Another writes it at any time: zero first.
  const Explored either("int s;\nint r;\nvoid a0(void) { r = 6 / s; }\nvoid a1(void) { s = 3; }");
  CHECK(either.events("division-by-zero") == "0");
  CHECK(either.finals("r") == "0; 2");
  const Explored one("long n = 4, r;\nvoid a0(void) { int i; for (i = 0; i < 20; i++) n = n * 3 + 1; r = 9 % n; }");
  CHECK(one.events("division-by-zero") == "");
}

TEST_CASE("values: a local static keeps its value, a file's static is one of its own") {
  const char* const text =
      "static int n = 3;\nint r;\n"
      "int f(void) { static int n; n += 2; return n; }\n"
      "void a0(void) { f(); r = f() * 10 + n; }";
  CHECK(explored(text).finals("r n") == "43 3");
}

TEST_CASE("values: known values of one cell are told apart up to a number, then computed with") {
  const char* const text = "int s, r;\nvoid a0(void) { int i; for (i = 0; i < 40; i++) s += 3; r = s; }";
  CHECK(explored(text).finals("s r") == "120 120");
  CHECK(explored("int s, r;\nvoid a0(void) { s = 1; s = 2; }\nvoid a1(void) { r = s + 5; }").finals("r") == "5; 6; 7");
}

}  // namespace hotproof::lower
