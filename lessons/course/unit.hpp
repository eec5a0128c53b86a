// A unit of the course: one text file (docs/lessons.md says how to write one). Read here, taught by page.hpp, graded by
// cli/lesson_grade.hpp; knows no engine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/source/diagnostic.hpp"

namespace hotproof::lessons {

// Several lines of a unit's file, each without the two blanks that it stands behind.
struct Block {
  std::string text;
  std::uint32_t line = 0;  // of the first one in the unit's file; 0: there is no such block
};
inline constexpr std::uint32_t block_indent = 2;

// The block with empty lines before it, so that the lines that a reader of it counts are those of the unit's file.
std::string in_place(const Block& block);
// A mistake that a reader found in in_place(): the block stands further right in the file.
Diagnostic in_unit(Diagnostic diagnostic, const std::string& file);

enum class Verb : std::uint8_t { break_it, explain_it, fix_it, specify_it };
std::string_view name(Verb verb);      // "break", "explain", "fix", "specify"
std::string_view in_words(Verb verb);  // "break it"

// Where the C comes from.
enum class Ground : std::uint8_t {
  before,  // the embedded reference model
  after,   // the same after the change that introduced MEM_PREPARE_ONLINE
  program  // the unit's own `program` and `world`
};

// An actor of a unit's own program: it calls `function` once, with `argument`, and rests then.
struct Actor {
  std::string name;
  std::string function;
  std::int64_t argument = 0;
  Place place;
};

// A value of the scenario of the reference model: "listeners" and 2.
struct Value {
  std::string name;
  std::string value;
  Place place;
};

// specify: what the rule must tell apart.
struct Variant {
  std::string name;  // what it is, in words
  bool good = true;
  Block edit;  // of the model; an empty one leaves it as it is
  Place place;
};

// Why an answer is none: what the grading finds, as the unit states it. `what` may be empty.
struct Reason {
  std::string code;
  std::string what;
  Place place;
};

struct WrongAnswer {
  std::string about;
  std::vector<Reason> reasons;  // all of them, and no others
  Block answer;
  Place place;
};

// break: the least run there is, by (faults, switches, steps).
struct Par {
  std::uint32_t faults = 0;
  std::uint32_t switches = 0;
  std::uint32_t steps = 0;
  Place place;
};

struct Unit {
  std::string file;  // of the unit itself
  std::string id;
  std::string title;
  std::string teaches;
  Verb verb = Verb::break_it;
  Ground ground = Ground::program;
  std::vector<Value> scenario;
  std::vector<Actor> actors;
  std::string source;                   // the file of the model that is read and changed: "lesson.c", "memory.c"
  std::vector<std::string> properties;  // ids; break, explain: one
  std::vector<Place> property_places;
  std::optional<Par> par;
  Block text, program, world, specs, start;
  std::vector<Variant> variants;
  std::vector<Block> hints;  // three
  Block solution;
  std::vector<WrongAnswer> wrong;
};

inline constexpr std::size_t hints_of_a_unit = 3;
inline constexpr std::size_t most_bytes = std::size_t{1} << 20U;
inline constexpr const char* program_file = "lesson.c";
inline constexpr const char* world_file = "world.c";

// The first mistake ends the reading; it has line and column. What a unit must have for its verb, it has afterwards.
Outcome<Unit> read_unit(std::string_view text, const std::string& file);

// The units that the program carries, in the order of the course. Ids are unique.
Outcome<std::vector<Unit>> course();

}  // namespace hotproof::lessons
