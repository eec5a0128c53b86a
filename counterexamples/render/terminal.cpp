#include "counterexamples/render/terminal.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace hotproof::render {

namespace {

struct Decoded {
  std::uint32_t point = 0;
  std::size_t bytes = 0;  // 0: not valid UTF-8 here
};

// RFC 3629: shortest forms only, no surrogates, nothing above U+10FFFF.
Decoded decode(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {};
  std::uint32_t point = first & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    point = point << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return {};
  return {point, length};
}

using Range = std::pair<std::uint32_t, std::uint32_t>;

bool in(std::uint32_t point, const auto& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [point](const Range& range) { return point >= range.first && point <= range.second; });
}

// Control characters, and format characters that have no width or turn the direction of writing (Unicode TR36, TR39).
bool is_hidden(std::uint32_t point) {
  static constexpr std::array<Range, 19> ranges = {{{0x00, 0x1f},
                                                    {0x7f, 0x9f},
                                                    {0xad, 0xad},
                                                    {0x300, 0x36f},
                                                    {0x61c, 0x61c},
                                                    {0x115f, 0x1160},
                                                    {0x17b4, 0x17b5},
                                                    {0x180b, 0x180d},
                                                    {0x180e, 0x180e},
                                                    {0x200b, 0x200f},
                                                    {0x2028, 0x202e},
                                                    {0x2060, 0x206f},
                                                    {0xfe00, 0xfe0f},
                                                    {0xfeff, 0xfeff},
                                                    {0xfff0, 0xfffb},
                                                    {0xfffe, 0xffff},
                                                    {0x3164, 0x3164},
                                                    {0xe000, 0xf8ff},
                                                    {0xe0000, 0x10ffff}}};
  return in(point, ranges);
}

bool is_wide(std::uint32_t point) {
  static constexpr std::array<Range, 7> ranges = {{{0x1100, 0x115f},
                                                   {0x2e80, 0xa4cf},
                                                   {0xac00, 0xd7a3},
                                                   {0xf900, 0xfaff},
                                                   {0xfe30, 0xfe6f},
                                                   {0xff00, 0xff60},
                                                   {0x1f300, 0x3fffd}}};
  return in(point, ranges);
}

std::string escape(const char* format, std::uint32_t value) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), format, value);
  return out.data();
}

}  // namespace

std::string safe(std::string_view text, bool utf8) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Decoded next = decode(text.substr(i));
    if (next.bytes == 0) {
      out += escape("\\x%02x", static_cast<std::uint8_t>(text[i]));
      ++i;
      continue;
    }
    if (next.point == '\t' || next.point == '\n') {
      out += ' ';
    } else if (next.point < 0x80 && is_hidden(next.point)) {
      out += escape("\\x%02x", next.point);
    } else if (is_hidden(next.point) || (!utf8 && next.point >= 0x80)) {
      out += escape("\\u{%x}", next.point);
    } else {
      out += text.substr(i, next.bytes);
    }
    i += next.bytes;
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const Decoded next = decode(text);
    count += is_wide(next.point) ? 2 : 1;
    text.remove_prefix(std::max<std::size_t>(next.bytes, 1));
  }
  return count;
}

std::string cut(std::string_view text, std::size_t most, bool utf8) {
  if (columns(text) <= most) return std::string(text);
  const std::string_view mark = utf8 ? "…" : "..";
  const std::size_t room = most - std::min(most, columns(mark));
  std::size_t used = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const Decoded next = decode(text.substr(end));
    const std::size_t wide = is_wide(next.point) ? 2 : 1;
    if (used + wide > room) break;
    used += wide;
    end += std::max<std::size_t>(next.bytes, 1);
  }
  return std::string(text.substr(0, end)) + std::string(mark);
}

std::string brief(std::string_view text, bool utf8) {
  constexpr std::size_t most = 2000;
  // A character has four bytes at most; what is far behind the cut need not be looked at.
  return cut(safe(text.substr(0, 8 * most), utf8), most, utf8);
}

std::string padded(std::string text, std::size_t width, bool right) {
  const std::size_t blanks = width - std::min(width, columns(text));
  return right ? std::string(blanks, ' ') + text : text + std::string(blanks, ' ');
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string coloured(std::string_view text, Colour colour, const Style& style) {
  if (!style.colour || colour == Colour::plain || text.empty()) return std::string(text);
  static constexpr std::array<const char*, 7> codes = {"0", "1", "2", "31", "32", "33", "36"};
  return "\x1b[" + std::string(codes[static_cast<std::size_t>(colour)]) + "m" + std::string(text) + "\x1b[0m";
}

std::vector<std::string> filled(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const std::size_t wide = columns(word);
    if (lines.empty() || used + 1 + wide > width) {
      lines.emplace_back(word);
      used = wide;
    } else {
      lines.back() += " " + std::string(word);
      used += 1 + wide;
    }
  }
  return lines;
}

}  // namespace hotproof::render
