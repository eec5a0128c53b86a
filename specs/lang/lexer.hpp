// Words, numbers, strings and signs of a property file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/source/diagnostic.hpp"
#include "specs/lang/ast.hpp"

namespace hotproof::spec {

struct Token {
  enum class Kind : std::uint8_t { word, number, string, sign, end } kind = Kind::end;
  std::string text;         // as written; a string: what it means
  std::int64_t number = 0;  // number
  std::size_t begin = 0;    // bytes of the file
  std::size_t end = 0;
  Spot spot;
};

// All tokens and one of kind `end`. Comments are // … and /* … */. Strings stand on one line; strings that follow each
// other are one string. Errors: a stray byte, an open string or comment, a number over 2^63 - 1.
Outcome<std::vector<Token>> scan(std::string_view text, const std::string& file);

}  // namespace hotproof::spec
