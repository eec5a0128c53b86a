#include "lessons/course/unit.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <fstream>
#include <set>
#include <sstream>

using namespace hotproof;
using namespace hotproof::lessons;

namespace {

const std::string head = "unit a-unit\ntitle A title\nteaches something\nverb fix\nmodel program\nactor w runs work\n";
const std::string tail =
    "property lock-balance\ntext\n  Words.\nhint\n  1\nhint\n  2\nhint\n  3\nsolution\n  file lesson.c\n"
    "wrong it is\nfails violated lock-balance\n  file lesson.c\n";
const std::string program = "program\n  void work(long n)\n  {\n  \tf();\n  }\n";

// "line:column message" of the mistake; empty if there is none.
std::string mistake(const std::string& text) {
  const auto unit = read_unit(text, "u.lesson");
  if (unit) return "";
  CHECK(unit.error().place.file == "u.lesson");
  return std::to_string(unit.error().place.line) + ":" + std::to_string(unit.error().place.column) + " " + unit.error().message;
}

}  // namespace

TEST_CASE("a unit is read whole") {
  const auto unit = read_unit("# a comment\n\n" + head + program + tail, "u.lesson");
  REQUIRE(unit);
  CHECK(unit->id == "a-unit");
  CHECK(unit->title == "A title");
  CHECK(unit->verb == Verb::fix_it);
  CHECK(unit->program.text == "void work(long n)\n{\n\tf();\n}\n");
  CHECK(unit->program.line == 10);
  CHECK(unit->source == "lesson.c");
  REQUIRE(unit->actors.size() == 1);
  CHECK(unit->actors[0].function == "work");
  CHECK(unit->properties == std::vector<std::string>{"lock-balance"});
  CHECK(unit->hints[2].text == "3\n");
  REQUIRE(unit->wrong.size() == 1);
  CHECK(unit->wrong[0].about == "it is");
  CHECK(unit->wrong[0].reasons[0].code == "violated");
  CHECK(unit->wrong[0].reasons[0].what == "lock-balance");
  CHECK(unit->wrong[0].answer.text == "file lesson.c\n");
}

TEST_CASE("a block keeps its empty lines, and the places of its lines") {
  const auto unit = read_unit(head + "program\n\n  int a;\n\n\n  int b;\n\n" + tail, "u.lesson");
  REQUIRE(unit);
  CHECK(unit->program.text == "int a;\n\n\nint b;\n");
  CHECK(unit->program.line == 9);
  CHECK(in_place(unit->program) == "\n\n\n\n\n\n\n\nint a;\n\n\nint b;\n");
  CHECK(in_unit({{"u.lesson", 9, 3}, "", ""}, "u.lesson").place.column == 5);
  CHECK(in_unit({{"other", 9, 3}, "", ""}, "u.lesson").place.column == 3);
}

TEST_CASE("lines may end as they do elsewhere") {
  std::string text = head + program + tail;
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) text.insert(at, "\r");
  const auto unit = read_unit(text, "u.lesson");
  REQUIRE(unit);
  CHECK(unit->program.text == "void work(long n)\n{\n\tf();\n}\n");
}

TEST_CASE("every mistake has its place") {
  CHECK(mistake("") == "0:0 the unit lacks 'unit' with its name");
  CHECK(mistake("unit A b\n") == "1:6 here stands the name of the unit");
  CHECK(mistake("unit\n") == "1:5 here stands the name of the unit");
  CHECK(mistake("unit a\nunit b\n") == "2:1 a second 'unit'");
  CHECK(mistake("titel x\n") == "1:1 a unit has no 'titel'");
  CHECK(mistake("unit a\n  x\n") == "2:1 this line belongs to no block");
  CHECK(mistake("verb guess\n") == "1:6 there is no verb 'guess'");
  CHECK(mistake("model mine\n") == "1:7 there is no model 'mine'");
  CHECK(mistake("scenario colour red\n") == "1:10 no scenario has a value 'colour'");
  CHECK(mistake("scenario listeners 9\n") == "1:20 'listeners' is one of 0, 1, 2, 3");
  CHECK(mistake("actor a calls f\n") == "1:7 an actor is 'NAME runs FUNCTION', perhaps with a number behind it");
  CHECK(mistake("actor a runs f x\n") == "1:16 this is no number");
  CHECK(mistake("actor a runs f\nactor a runs g\n") == "2:7 there is already an actor 'a'");
  CHECK(mistake("par 1 2\n") == "1:5 par is three numbers: faults, switches, steps");
  CHECK(mistake("par 1 2 3 4\n") == "1:11 par is three numbers: faults, switches, steps");
  CHECK(mistake("par -1 2 3\n") == "1:5 par is three numbers: faults, switches, steps");
  CHECK(mistake("par 99999999999 2 3\n") == "1:5 par is three numbers: faults, switches, steps");
  CHECK(mistake("text words\n") == "1:6 the block begins on the next line, two blanks in");
  CHECK(mistake("text\nverb fix\n") == "1:1 nothing stands behind it");
  CHECK(mistake("text\n x\n") == "2:1 the lines of a block stand two blanks in");
  CHECK(mistake("text\n\tx\n") == "2:1 the lines of a block stand two blanks in");
  CHECK(mistake("hint\n  a\nhint\n  a\nhint\n  a\nhint\n  a\n") == "7:1 a unit has three hints");
  CHECK(mistake("good\n") == "1:5 here stands what the variant is");
  CHECK(mistake("good a\nbad a\n") == "2:5 there is already a variant 'a'");
  CHECK(mistake("wrong\n") == "1:6 here stands what the answer is");
  CHECK(mistake("wrong a\n  x\n") == "1:1 a wrong answer says why it is one");
  CHECK(mistake(std::string(most_bytes + 1, '#')) == "0:0 a unit is no longer than 1 MiB");
}

TEST_CASE("what a verb needs must be there, and nothing else") {
  CHECK(mistake(head + program + tail).empty());
  CHECK(mistake(head + tail) == "0:0 the unit lacks a program");
  CHECK(mistake(head + program + tail + "par 1 1 1\n") == "26:5 par is for the verb break");
  CHECK(mistake(head + program + tail + "good a\n") == "26:1 variants are for the verb specify");
  CHECK(mistake(head + program + tail + "scenario blocks 1\n") == "26:10 a program of its own has no scenario");
  std::string other = head;
  other.replace(other.find("verb fix"), 8, "verb break");
  CHECK(mistake(other + program + tail) == "0:0 the unit lacks 'par'");
  CHECK(mistake(other + program + tail + "property no-deadlock\npar 1 1 1\n") == "26:10 with this verb a unit is about one property");
  other.replace(other.find("verb break"), 10, "verb specify");
  CHECK(mistake(other + program + tail) == "0:0 the unit lacks a good and a bad variant");
  CHECK(mistake(other + program + tail + "good a\nbad b\n") == "12:10 with the verb specify, the learner writes the property");
}

TEST_CASE("any text is a unit or a mistake with a place") {
  rc::check([](const std::vector<std::uint8_t>& picks) {
    static const std::vector<std::string> parts = {"unit a\n", "text\n", "  x\n", "\n", "hint\n", "par 1 1 1\n", "verb fix\n", "wrong a\n",
                                                   "fails x\n", "actor a runs b\n", "good\n", "\t", " ", "program\n", "\xff\n", "property"};
    std::string text;
    for (const std::uint8_t pick : picks) text += parts[pick % parts.size()];
    const auto unit = read_unit(text, "u");
    RC_ASSERT(unit.has_value() || unit.error().place.file == "u");
  });
}

TEST_CASE("the course has all it should") {
  const auto units = course();
  REQUIRE_MESSAGE(units, (units ? "" : to_string(units.error())));
  CHECK(units->size() >= 24);
  std::set<Verb> verbs;
  for (const Unit& unit : *units) verbs.insert(unit.verb);
  CHECK(verbs.size() == 4);
}

TEST_CASE("the document lists the course") {
  std::ifstream in(std::string(HOTPROOF_SOURCE_DIR) + "/docs/lessons.md");
  std::stringstream text;
  text << in.rdbuf();
  const auto units = course();
  REQUIRE(units);
  std::string rows;
  for (std::size_t i = 0; i < units->size(); ++i) {
    const Unit& unit = (*units)[i];
    rows += "| " + std::to_string(i + 1) + " | " + unit.id + " | " + std::string(name(unit.verb)) + " | " + unit.teaches + " |\n";
  }
  CHECK(text.str().find(rows + "\n") != std::string::npos);
}
