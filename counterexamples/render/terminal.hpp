// Text that is safe to show. Lines of source files, names of files and subjects of mails come from strangers: nothing
// in them may move the cursor, change colours, reverse the direction of writing or otherwise speak to the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hotproof::render {

struct Style {
  bool colour = false;
  bool utf8 = true;
  std::size_t width = 120;  // columns to fill at most; never under 60 in effect
};

// The text on one line, with nothing but printable characters: a tab or line end becomes a blank, other control
// characters, invalid UTF-8 and invisible direction marks become escapes such as \x1b and \u{202e}. If not `utf8`,
// every character outside ASCII becomes an escape too.
std::string safe(std::string_view text, bool utf8);

// Columns that a safe text takes. East Asian wide characters take two.
std::size_t columns(std::string_view text);

// The text cut to at most `most` columns, its end marked.
std::string cut(std::string_view text, std::size_t most, bool utf8);

// Safe, and cut far beyond what anybody reads: for texts that are shown as a whole.
std::string brief(std::string_view text, bool utf8);

// With blanks behind it (`right`: before it) up to a width; and without the blanks at its end.
std::string padded(std::string text, std::size_t width, bool right = false);
std::string trimmed(std::string line);

enum class Colour { plain, bold, dim, red, green, yellow, cyan };
// The text in a colour, if the style has any.
std::string coloured(std::string_view text, Colour colour, const Style& style);

// The words of a safe text on lines of at most `width` columns, where no single word is longer.
std::vector<std::string> filled(std::string_view text, std::size_t width);

}  // namespace hotproof::render
