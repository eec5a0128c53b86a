// Whatever the bytes: no crash, no hang, and damage is reported.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <chrono>
#include <random>

#include "model/c/program.hpp"

using namespace hotproof;
using namespace hotproof::c;

namespace {

// Reads everything that the text seems to define; returns whether anything was reported.
bool read_all(const std::string& text) {
  Program program(SourceTree::in_memory("t", {{"a.c", text}}), {"a.c"}, {});
  bool reported = !program.problems().empty();
  for (const std::string& name : program.functions_in("a.c")) {
    const Function* function = program.function(name);
    reported = reported || !function->problems.empty() || function->calls != function->calls_counted;
  }
  for (const char* name : {"f", "x", "a", "b"}) {
    program.record(name);
    program.global(name);
    program.type_alias(name);
    program.declared_function(name);
    program.enumerator(name);
  }
  return reported;
}

std::string repeat(std::string_view part, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += part;
  return result;
}

}  // namespace

TEST_CASE("hostile texts end quickly") {
  const auto start = std::chrono::steady_clock::now();
  read_all(std::string(1 << 20, '\0'));
  std::mt19937 random(1);
  std::string noise(1 << 20, ' ');
  for (char& c : noise) c = static_cast<char>(random());
  read_all(noise);
  read_all("void f(void)\n{\n" + noise + "\n}\n");
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  CHECK(taken.count() < 60);
}

TEST_CASE("deep nesting is reported, not followed") {
  constexpr std::size_t deep = 100'000;
  const std::string cases[] = {
      "int f(void)\n{ return " + repeat("(", deep) + "1" + repeat(")", deep) + "; }\n",
      "int f(void)\n" + repeat("{", deep) + repeat("}", deep) + "\n",
      "int f(void)\n{ return " + repeat("a[", deep) + "1" + repeat("]", deep) + "; }\n",
      "int f(void)\n{ return " + repeat("!", deep) + "1; }\n",
      "int f(void)\n{ return a" + repeat("+a", deep) + "; }\n",
      "int f(void)\n{ " + repeat("if (a) ", 20'000) + "b(); }\n",
      "int f(void)\n{ " + repeat("if (a) b(); else ", 20'000) + "b(); }\n",
      "int f(void)\n{ int " + repeat("*", deep) + "x; }\n",
      "int f(void)\n{ " + repeat("x: ", 20'000) + ";}\n",
      "int f(void)\n{ return " + repeat("a ? b : ", 20'000) + "c; }\n",
  };
  for (const std::string& text : cases) CHECK_MESSAGE(read_all(text), text.substr(0, 40));
  read_all(repeat("struct a { ", deep));
  read_all("struct x { " + repeat("struct { ", 150) + "int y; " + repeat("} z; ", 150) + "};");
  read_all("#if " + repeat("(", deep) + "1\n#endif\n");
  read_all(repeat("#if 1\n", deep));
  read_all("void f(void)\n{ " + repeat("typeof(", 150) + "a" + repeat(")", 150) + " b; }\n");
}

TEST_CASE("unfinished texts") {
  for (const char* text : {"/*",
                           "\"",
                           "'",
                           "#",
                           "#if",
                           "#define",
                           "#define F(",
                           "struct",
                           "struct a {",
                           "enum { A",
                           "typedef",
                           "int f(void) {",
                           "int f(",
                           "static",
                           "= {",
                           "}",
                           "DEFINE_MUTEX(",
                           "__attribute__((",
                           "int x = {",
                           "#include",
                           "#include <",
                           "\\",
                           "int f(void) { \"",
                           "int f(void) { /*",
                           "(",
                           ")"}) {
    read_all(text);
    read_all(std::string("int a;\n") + text);
    read_all(std::string(text) + "\nint a;\n");
  }
  Program program(SourceTree::in_memory("t", {}), {}, {});
  for (const char* text : {"", "\"", "(", "/*", "sizeof(", "f(struct", "typeof(", "~", "{", "\\"}) {
    CHECK_FALSE(program.parse_expression(text, {}));
    (void)program.parse_statement(text, {});
  }
}

TEST_CASE("random pieces of C") {
  CHECK(rc::check("any sequence of C's words is read without a crash", [] {
    static const std::vector<std::string> words = {"int",
                                                   "f",
                                                   "(",
                                                   ")",
                                                   "{",
                                                   "}",
                                                   ";",
                                                   ",",
                                                   "x",
                                                   "=",
                                                   "struct a",
                                                   "typeof",
                                                   "sizeof",
                                                   "for_each_x",
                                                   "case",
                                                   ":",
                                                   "#if 1\n",
                                                   "#endif\n",
                                                   "\"s\"",
                                                   "'c'",
                                                   "*",
                                                   "&",
                                                   "1",
                                                   "static",
                                                   "DEFINE_X",
                                                   "->",
                                                   "...",
                                                   "[",
                                                   "]",
                                                   "enum",
                                                   "if",
                                                   "else",
                                                   "while",
                                                   "do",
                                                   "return",
                                                   "scoped_guard",
                                                   "__free",
                                                   "u64",
                                                   "typedef",
                                                   "\n",
                                                   "DECLARE_BITMAP",
                                                   "union",
                                                   "offsetof",
                                                   "asm",
                                                   "~",
                                                   "?",
                                                   "goto",
                                                   "struct_group",
                                                   "=="};
    const auto picks = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, words.size()));
    std::string text = "void f(void)\n{ ";
    for (const std::size_t pick : picks) text += words[pick] + " ";
    read_all(text + "}\n");
    read_all("struct x { " + text.substr(15) + "};\n");
    read_all(text.substr(15));
  }));
}
