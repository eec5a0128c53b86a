// Texts of strangers as parts of other languages. Each first makes the text safe to show (terminal.hpp) and cuts it,
// then says it in the language, so that it can neither end where it stands nor begin anything.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hotproof::render {

// Columns that one text takes at most.
inline constexpr std::size_t most_columns = 400;

// On one line, printable, cut. `utf8`: else ASCII alone.
std::string plain(std::string_view text, std::size_t most = most_columns, bool utf8 = true);

// The same for XML: text between tags, and a value within either kind of quotes.
std::string xml(std::string_view text, std::size_t most = most_columns);
// Several lines for text between tags; each is made safe by itself.
std::string xml_lines(std::string_view text);

// A quoted string of the DOT language, quotes included. Its label is the text itself: no escape and no entity of
// Graphviz has a meaning in it. Line ends of `text` are kept as line breaks that align to the left.
std::string dot(std::string_view text, std::size_t most = most_columns);

// A double-quoted scalar of YAML, quotes included; ASCII.
std::string yaml(std::string_view text, std::size_t most = most_columns);

// A file's name as a relative reference (RFC 3986): no scheme, no authority, no root, nothing that leads upwards.
std::string relative_uri(std::string_view path);

// A message of SARIF (3.11): nothing in it is a placeholder or a link.
std::string sarif_message(std::string_view text, std::size_t most = most_columns);

}  // namespace hotproof::render
