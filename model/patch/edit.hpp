// Edits: small changes of a tree in memory, said in words (docs/edits.md). They put a defect of the past back, or try
// another order, without repeating the tree's text.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/c/program.hpp"
#include "model/source/source_tree.hpp"

namespace hotproof::patch {

// Names a statement, call or block of a function.
struct Anchor {
  enum class Kind : std::uint8_t {
    call,        // of `text`, with `with` among its arguments if that is given
    assignment,  // to `text`: the whole left side, or its last name
    condition,   // an `if` whose condition has the tokens of `text`
    loop,        // a loop whose head has the tokens of `text`
    label,
    go_to,        // of the name `text`
    give_back,    // a return whose expression has the tokens of `text`
    declaration,  // of the name `text`
    statement,    // a simple statement with the tokens of `text`
    then_of,
    else_of,
    body_of,  // a block of `inner`
    if_around,
    loop_around  // the innermost one around `inner`
  };
  Kind kind = Kind::call;
  std::string text;
  std::string with;
  int number = 0;  // from 1; 0: there must be exactly one; -1: the last
  std::shared_ptr<const Anchor> inner;
  Place place;
};
// "call f #2", as people write it.
std::string to_string(const Anchor& anchor);

// Where a statement goes.
struct Position {
  enum class Kind : std::uint8_t { before, after, at_start, at_end } kind = Kind::before;
  std::optional<Anchor> anchor;  // at_start, at_end: none is the function's body
};

struct Action {
  enum class Kind : std::uint8_t {
    remove,             // `anchor`
    move,               // `anchor` to `position`
    insert,             // `text` at `position`
    replace,            // `anchor` by `text`
    replace_condition,  // of `anchor` (an if or a loop) by `text`
    replace_argument,   // the `argument`th of `anchor` (a call) by `text`
    send_goto,          // `anchor` (a goto) to the label `text`
    replace_body,       // of the function by `text`
    add                 // `text`, functions or macros, at the end of the file
  };
  Kind kind = Kind::remove;
  std::string file;      // empty: where the function is found
  std::string function;  // empty for `add`
  Anchor anchor;
  Position position;
  std::uint32_t argument = 0;  // from 1
  std::string text;
  Place place;
};

struct Edit {
  std::string file;   // its own name
  std::string about;  // what it does, for people
  std::vector<Action> actions;
  std::map<std::string, bool> configuration;     // "CONFIG_MEMORY_FAILURE" → true
  std::map<std::string, std::string> scenario;   // values for the scenario, not interpreted here
  std::map<std::string, Place> scenario_places;  // where these names stand
};

// Errors have the line and column in the edit's text.
Outcome<Edit> read_edit(std::string_view text, const std::string& file);

// Does the actions in order, each on what the ones before left. `files` are those in which functions are looked up, in
// this order (c::Program); `configuration` decides #if while looking.
// Errors: an unknown file or function, an anchor that is not there or not the only one (with how many there are), text
// of the edit that is no C, and a result that the C front end understands less well than what was there.
Outcome<SourceTree> apply(const SourceTree& tree, const Edit& edit, const std::vector<std::string>& files,
                          const c::Configuration& configuration);

}  // namespace hotproof::patch
