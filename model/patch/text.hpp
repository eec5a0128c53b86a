// Lines of a text that somebody sent, each with the line of the input it came from (decoding moves lines), and the few
// helpers that mails, diffs and placement share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/source/diagnostic.hpp"

namespace hotproof::patch {

struct Line {
  std::string text;          // without its end ("\n" or "\r\n")
  std::uint32_t number = 0;  // in the input, from 1
};
using Lines = std::vector<Line>;

// Every "\n" and "\r\n" ends a line; a last line without an end counts too.
Lines split_lines(std::string_view text);

bool starts_with(std::string_view text, std::string_view prefix);
bool is_blank(char c);
std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
// The text without any white space: what is compared where white space may be lost.
std::string squeeze(std::string_view text);
// C tokens, roughly: names and numbers whole, a string or character literal whole, "->" whole, other characters single.
std::vector<std::string> tokens(std::string_view text);
bool is_digit(char c);
bool is_name(char c);  // letter, digit or '_'
// "12,14c15" and its like: commands of normal and ed-style diffs.
bool is_ed_command(std::string_view text);

// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD, so that it can be shown and put in JSON.
std::string valid_utf8(std::string_view text);

// The error that `text` of `file` has a NUL byte at `nul`.
tl::unexpected<Diagnostic> no_text(std::string_view text, std::size_t nul, const std::string& file);

}  // namespace hotproof::patch
