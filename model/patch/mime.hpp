// Headers and transfer encodings of mails (RFC 5322, 2045 to 2047, 3676), as far as patches need them: generous with
// what mailers do wrong, strict where text would be lost.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/patch/text.hpp"

namespace hotproof::patch {

struct Header {
  std::string name;   // lower case
  std::string value;  // unfolded; encoded words are decoded
};

struct Entity {
  std::vector<Header> headers;
  Lines body;

  // The first header of that (lower-case) name; null if there is none.
  const Header* find(std::string_view name) const;
};

// True for "Name: value", the name made of letters, digits and dashes.
bool is_header_line(std::string_view line);

// Headers up to the first blank line, the rest is the body. Without headers all lines are the body.
Entity split_entity(const Lines& lines);

// The entity's text: transfer encoding undone, of a multipart the parts that people read as text, one after the other.
Outcome<Lines> decoded_text(const Entity& entity, const std::string& file);

}  // namespace hotproof::patch
