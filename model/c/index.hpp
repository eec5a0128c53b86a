// The names a file declares at its top level, found without parsing it: brackets are paired, items end at ";" or with a
// function's body, and the declared name is where C's declarator syntax puts it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/c/lexer.hpp"

namespace hotproof::c {

struct Item {
  enum class Kind : std::uint8_t { function, prototype, record, alias, variable, macro_variable } kind;
  std::string_view name;    // of the text that was indexed; of a record its tag, perhaps empty
  std::uint32_t begin = 0;  // what must be parsed: the whole item, or the record's specifier with its braces
  std::uint32_t end = 0;
  std::uint32_t name_begin = 0;
  std::uint32_t body = 0;  // function: offset of its brace
  bool is_static = false;
  bool is_extern = false;                     // variable: not a definition
  std::string_view declared_by;               // macro_variable
  std::vector<std::string_view> enumerators;  // record
};

struct FileIndex {
  std::vector<Item> items;
  std::vector<std::string_view> device_attributes;  // X of DEVICE_ATTR_RW(X) and its kin
};

FileIndex index_items(const Tokens& tokens);

}  // namespace hotproof::c
