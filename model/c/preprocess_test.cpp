#include "model/c/preprocess.hpp"

#include <doctest/doctest.h>

using namespace hotproof::c;

namespace {

Preprocessed run(std::string_view text, std::map<std::string, std::string> configuration = {}) {
  Definitions definitions(std::move(configuration));
  return preprocess(text, definitions, false, [](std::string_view) {});
}

bool holds(const std::string& condition) {
  const Preprocessed result = run("#define TWO (1 + 1)\n#define EMPTY\n#if " + condition + "\nyes\n#endif\n",
                                  {{"CONFIG_A", "1"}, {"CONFIG_N", "42"}, {"CONFIG_M", "m"}});
  CHECK_MESSAGE(result.problems.empty(), condition);
  return result.text.find("yes") != std::string::npos;
}

}  // namespace

TEST_CASE("conditions") {
  for (const char* yes : {"1",
                          "CONFIG_A",
                          "defined(CONFIG_A)",
                          "defined CONFIG_A && !defined(CONFIG_B)",
                          "IS_ENABLED(CONFIG_A)",
                          "IS_BUILTIN(CONFIG_A)",
                          "CONFIG_N > 41",
                          "TWO == 2",
                          "TWO * 3 == 6",
                          "(CONFIG_N & 2) && 1",
                          "!CONFIG_B",
                          "0 || 1",
                          "1 ? 1 : 0",
                          "-1 < 0",
                          "~0 == -1",
                          "1 << 4 == 16",
                          "0x10UL == 16",
                          "'a' == 97",
                          "_AC(5, UL) == 5",
                          "defined(__KERNEL__)",
                          "1 /* why */ && 1",
                          "defined(EMPTY)",
                          "1 + 2 * 3 == 7",
                          "7 % 4 == 3",
                          "!(0)"})
    CHECK_MESSAGE(holds(yes), std::string(yes));
  for (const char* no : {"0", "CONFIG_B", "defined(CONFIG_B)", "IS_ENABLED(CONFIG_B)", "IS_ENABLED(CONFIG_M)",
                         "CONFIG_N < 42", "1 && 0", "UNKNOWN(3)", "0 && 1 / 0", "1 == 2", "EMPTY"})
    CHECK_MESSAGE(!holds(no), std::string(no));
}

TEST_CASE("conditions that are none count as false and are reported") {
  for (const char* wrong : {"", "1 +", "(1", "1 1", "\"a\"", "defined", "defined(", "1.5", "$"}) {
    const Preprocessed result = run("#if " + std::string(wrong) + "\nyes\n#endif\n");
    CHECK_MESSAGE(result.problems.size() == 1, std::string(wrong));
    CHECK(result.text.find("yes") == std::string::npos);
  }
}

TEST_CASE("what stays keeps its place") {
  const std::string_view text =
      "a /* x */ b // c\n#define M(x, y...) x + \\\n  y /* z\n */ + 1\n#ifdef NO\nno \"#\n#else\nyes \"/* \" "
      "'\"'\n#endif\nd";
  const Preprocessed result = run(text);
  REQUIRE(result.text.size() == text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    CHECK((text[i] == '\n') == (result.text[i] == '\n'));
    if (result.text[i] != ' ') CHECK(result.text[i] == text[i]);
  }
  CHECK(result.text.starts_with("a         b     \n"));
  CHECK(result.text.find("yes \"/* \" '\"'") == text.find("yes"));
  REQUIRE(result.macros.size() == 1);
  const Macro& macro = result.macros[0];
  CHECK(macro.name == "M");
  CHECK(macro.variadic);
  CHECK(macro.parameters == std::vector<std::string>{"x", "y"});
  CHECK(macro.body == "x +    y   + 1");
}

TEST_CASE("branches") {
  const auto chosen = [](const std::string& text) {
    std::string kept;
    for (const char c : run(text).text)
      if (c != ' ' && c != '\n') kept += c;
    return kept;
  };
  CHECK(chosen("#if 0\na\n#elif 1\nb\n#elif 1\nc\n#else\nd\n#endif\ne") == "be");
  CHECK(chosen("#if 0\n#if 1\na\n#else\nb\n#endif\n#else\nc\n#endif") == "c");
  CHECK(chosen("#ifndef G\n#define G\na\n#endif") == "a");
  CHECK(chosen("#define X\n#undef X\n#ifdef X\na\n#else\nb\n#endif") == "b");
  CHECK(chosen("#if 0\n#define X\n#endif\n#ifdef X\na\n#endif") == "");
  CHECK(chosen("#if 0\nisn't\n#endif\na") == "a");
  CHECK(chosen("#define X 1 \\\n#if 0\na") == "a");
}

TEST_CASE("damage is reported with its place") {
  CHECK(run("#if 1\na").problems.at(0).message == "this #if has no #endif");
  CHECK(run("a /* b").problems.at(0).message == "this comment has no end");
  CHECK(run("#endif\n").problems.size() == 1);
  CHECK(run("#else\n").problems.size() == 1);
  CHECK(run("#define\n").problems.size() == 1);
  CHECK(run("#define F(x\n").problems.size() == 1);
  CHECK(run("#error no\n").problems.size() == 1);
  CHECK(run("\n\n#if (\n#endif").problems.at(0).offset == 2);
}

TEST_CASE("macros that define each other end") {
  CHECK(run("#define A B\n#define B A\n#if A\nyes\n#endif\n").text.find("yes") == std::string::npos);
}
