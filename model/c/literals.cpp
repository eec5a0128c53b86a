#include "model/c/literals.hpp"

#include <algorithm>
#include <cctype>

namespace hotproof::c {

namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int lower = std::tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

// Reads one character, which may be an escape, and moves `i` behind it.
unsigned char decode(std::string_view text, std::size_t& i) {
  if (text[i] != '\\' || i + 1 >= text.size()) return static_cast<unsigned char>(text[i++]);
  const char c = text[++i];
  unsigned value = 0;
  if (digit(c) < 8) {
    for (int n = 0; n < 3 && i < text.size() && digit(text[i]) < 8; ++n)
      value = value * 8 + static_cast<unsigned>(digit(text[i++]));
    return static_cast<unsigned char>(value);
  }
  ++i;
  if (c == 'x') {
    while (i < text.size() && digit(text[i]) < 16) value = value * 16 + static_cast<unsigned>(digit(text[i++]));
    return static_cast<unsigned char>(value);
  }
  constexpr std::string_view names = "ntrabfve";
  constexpr std::string_view values = "\n\t\r\a\b\f\v\033";
  const auto at = names.find(c);
  return static_cast<unsigned char>(at == std::string_view::npos ? c : values[at]);
}

std::string decode_between(std::string_view text, char quote) {
  std::string result;
  const auto open = text.find(quote);
  if (open == std::string_view::npos) return result;
  const std::string_view rest = text.substr(open + 1);
  for (std::size_t i = 0; i < rest.size() && rest[i] != quote;) result += static_cast<char>(decode(rest, i));
  return result;
}

}  // namespace

std::optional<std::uint64_t> integer_value(std::string_view text) {
  while (!text.empty() && std::string_view("uUlL").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  unsigned base = 10;
  if (text.starts_with("0x") || text.starts_with("0X"))
    base = 16;
  else if (text.starts_with("0b") || text.starts_with("0B"))
    base = 2;
  else if (text.size() > 1 && text[0] == '0')
    base = 8;
  text.remove_prefix(base == 16 || base == 2 ? 2 : base == 8 ? 1 : 0);
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto next = static_cast<unsigned>(digit(c));
    if (next >= base || value > (UINT64_MAX - next) / base) return std::nullopt;
    value = value * base + next;
  }
  return value;
}

std::uint64_t character_value(std::string_view text) {
  const std::string bytes = decode_between(text, '\'');
  if (bytes.size() == 1)  // char is signed on x86_64, unsigned on s390x; the kernel builds with -funsigned-char
    return static_cast<unsigned char>(bytes[0]);
  std::uint32_t value = 0;
  for (const char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

std::string string_value(std::string_view text) {
  return decode_between(text, '"');
}

}  // namespace hotproof::c
