// Macros and names that mean something here without their text in the tree: tables, each row with its reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hotproof::lower {

// A macro whose text we give ourselves, in C.
struct TextMacro {
  const char* name;
  std::vector<std::string> parameters;  // the last one "..." if there may be more
  const char* body;
  const char* reason;
};
const TextMacro* text_macro(std::string_view name);

// A macro that assigns to some of its arguments: a call of that name that gets their addresses.
struct WritingMacro {
  const char* name;
  std::vector<std::size_t> written;  // from 0
  const char* reason;
};
const WritingMacro* writing_macro(std::string_view name);

// A macro that only prints or only tests what a build with debugging tests: a call of that name without arguments.
bool is_silent_macro(std::string_view name);

// A macro that declares a variable: of this type, with this initialiser ("" for none; "$" stands for the name).
// `name_at` and `size_at` are argument numbers; size_at -1: no array.
struct DeclaringMacro {
  const char* name;
  const char* type;
  const char* initialiser;
  int name_at;
  int size_at;
  const char* reason;
};
const DeclaringMacro* declaring_macro(std::string_view name);

// A function without a text: intrinsics and compiler builtins, with result and parameter types in C.
struct Intrinsic {
  const char* name;
  const char* result;
  std::vector<const char*> parameters;
  bool variadic;
};
const Intrinsic* intrinsic(std::string_view name);

}  // namespace hotproof::lower
