#include "counterexamples/quoting.hpp"

#include <doctest/doctest.h>

using namespace hotproof;
using namespace hotproof::counterexamples;

namespace {

const char* const text =
    "#include <a.h>\n"                       // 1
    "\n"                                     // 2
    "static int helper(int a) { return a; }\n"  // 3
    "\n"                                     // 4
    "int online(struct block *block)\n"      // 5
    "{\n"                                    // 6
    "\tint err = helper(1);\n"               // 7
    "\n"                                     // 8
    "\treturn err;   \n"                     // 9
    "}\n"                                    // 10
    "\n"                                     // 11
    "void other(void)\n"                     // 12
    "{\n"                                    // 13
    "\tonline(0);\n"                         // 14
    "}\n";                                   // 15

Sources sources_of(const std::string& file, const std::string& of, std::set<std::uint32_t> added = {}) {
  const auto made = std::make_shared<const SourceFile>(SourceFile{file, of, std::move(added), {}});
  return {[made](std::string_view path) { return path == made->path ? made : nullptr; }, {}};
}

TraceStep at(const char* function, std::uint32_t line) {
  TraceStep step;
  step.file = "a.c";
  step.function = function;
  step.line = line;
  return step;
}

std::vector<Quote> quotes(const std::vector<TraceStep>& steps, const Sources& sources) {
  Trace trace;
  trace.steps = steps;
  return quotes_of({&trace}, sources);
}

}  // namespace

TEST_CASE("each function that a run comes to is quoted once, whole, callers first") {
  TraceStep deep = at("helper", 3);
  deep.callers = {{"a.c", 7, "online", "", false}};
  const auto found = quotes({deep, at("online", 9), at("online", 7)}, sources_of("a.c", text, {9, 14}));
  REQUIRE(found.size() == 2);
  CHECK(found[0].function == "online");
  CHECK(found[0].first == 5);
  CHECK(found[0].lines == std::vector<std::string>{"int online(struct block *block)", "{", "\tint err = helper(1);", "", "\treturn err;", "}"});
  CHECK(found[0].added == std::set<std::uint32_t>{9});
  CHECK(found[1].first == 3);
  CHECK(found[1].lines.size() == 1);
}

TEST_CASE("the environment's lines, files and lines that are not there are not quoted") {
  TraceStep ours = at("online", 7);
  ours.environment = true;
  CHECK(quotes({ours, at("online", 0), at("online", 99)}, sources_of("a.c", text)).empty());
  CHECK(quotes({at("online", 7)}, sources_of("b.c", text)).empty());
  CHECK(quotes({at("online", 7)}, Sources{}).empty());
}

TEST_CASE("where a function's name is not found above, what is around the line is quoted") {
  const auto found = quotes({at("from_a_macro", 14)}, sources_of("a.c", text));
  REQUIRE(found.size() == 1);
  CHECK(found[0].first == 6);
  CHECK(found[0].lines.size() == 10);
  // A name that only begins or ends like it is another one.
  CHECK(quotes({at("line", 9)}, sources_of("a.c", text))[0].first == 1);
}

TEST_CASE("of a long function only its name and what is around the lines is quoted, within one limit for all") {
  std::string big = "int big(void)\n{\n";
  for (int i = 0; i < 5000; ++i) big += "\tx();\n";
  big += "}\n";
  const auto found = quotes({at("big", 500), at("big", 510), at("big", 700)}, sources_of("a.c", big));
  REQUIRE(found.size() == 3);
  CHECK(found[0].first == 1);
  CHECK(found[0].lines.size() == 1);
  CHECK(found[1].first == 492);
  CHECK(found[1].lines.size() == 27);
  CHECK(found[2].first == 692);
  std::vector<TraceStep> everywhere;
  for (std::uint32_t line = 3; line < 5000; line += 4) everywhere.push_back(at("big", line));
  std::size_t lines = 0;
  for (const Quote& quote : quotes(everywhere, sources_of("a.c", big))) lines += quote.lines.size();
  CHECK(lines == most_quoted_lines);
  const auto wide = quotes({at("wide", 1)}, sources_of("a.c", "int wide(void) { " + std::string(10'000, 'x') + " }\n"));
  CHECK(wide[0].lines[0].size() == most_quoted_columns);
}
