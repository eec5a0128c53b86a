#include "model/patch/text.hpp"

#include <algorithm>
#include <cctype>

namespace hotproof::patch {

Lines split_lines(std::string_view text) {
  Lines out;
  std::uint32_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    out.push_back({std::string(line), ++number});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string squeeze(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return !is_blank(c); });
  return out;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// The end of the literal that begins at `at`; the text's end if it is not closed.
std::size_t literal_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == quote)
      return i + 1;
  }
  return text.size();
}

// The length of the valid UTF-8 sequence at the front; 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  if (byte(0) == 0xe0 && byte(1) < 0xa0) return 0;  // overlong
  if (byte(0) == 0xed && byte(1) > 0x9f) return 0;  // surrogates
  if (byte(0) == 0xf0 && byte(1) < 0x90) return 0;  // overlong
  if (byte(0) == 0xf4 && byte(1) > 0x8f) return 0;  // over U+10FFFF
  return length;
}

}  // namespace

bool is_ed_command(std::string_view text) {
  const std::size_t letter = text.find_first_of("acd");
  if (letter == std::string_view::npos || letter == 0) return false;
  const auto is_range = [](std::string_view range) {
    const std::size_t comma = range.find(',');
    if (comma == std::string_view::npos) return all_digits(range);
    return all_digits(range.substr(0, comma)) && all_digits(range.substr(comma + 1));
  };
  const std::string_view after = text.substr(letter + 1);
  return is_range(text.substr(0, letter)) && (after.empty() || is_range(after));
}

std::vector<std::string> tokens(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    if (is_blank(text[i]) || text[i] == '\n') {
      i = end;
      continue;
    }
    if (is_name(text[i])) {
      while (end < text.size() && is_name(text[end])) ++end;
    } else if (text[i] == '"' || text[i] == '\'') {
      end = literal_end(text, i);
    } else if (text.substr(i, 2) == "->") {
      end = i + 2;
    }
    out.emplace_back(text.substr(i, end - i));
    i = end;
  }
  return out;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0)
      out += "\xef\xbf\xbd";
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

tl::unexpected<Diagnostic> no_text(std::string_view text, std::size_t nul, const std::string& file) {
  const std::string_view before = text.substr(0, nul);
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
  const std::size_t line_end = before.rfind('\n');
  const std::size_t column = line_end == std::string_view::npos ? nul + 1 : nul - line_end;
  const bool is_utf16 = starts_with(text, "\xff\xfe") || starts_with(text, "\xfe\xff");
  return failure({file, line, static_cast<std::uint32_t>(column)}, "a NUL byte: this is no text",
                 is_utf16 ? "it looks like UTF-16: save it as UTF-8" : "");
}

}  // namespace hotproof::patch
