#include "checker/export/names.hpp"

#include <algorithm>

namespace hotproof::checker::exports {

namespace {

// Some readers hold names of a limited length.
constexpr std::size_t longest_name = 48;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char safe(char c) {
  if (c == '"' || c == '`') return '\'';
  if (c == '\\') return '/';
  if (c == '|') return ':';
  return c >= 0x20 && c < 0x7f ? c : '?';
}

}  // namespace

std::string identifier(std::string_view prefix, std::size_t number, std::string_view name) {
  std::string out = std::string(prefix) + std::to_string(number);
  bool apart = true;
  for (const char c : name) {
    if (out.size() >= longest_name) break;
    if (!is_word(c)) {
      apart = true;
      continue;
    }
    if (apart) out += '_';
    apart = false;
    out += c;
  }
  return out;
}

std::string plain(std::string_view text) {
  std::string out(text.size(), ' ');
  std::transform(text.begin(), text.end(), out.begin(), safe);
  // "*/" and "/*" in C and Promela, "-->" in XML; trigraphs ("??=") where a C preprocessor reads.
  for (const std::string_view pair : {"*/", "/*", "--", "??"})
    for (std::size_t at = out.find(pair); at != std::string::npos; at = out.find(pair, at)) out[at] = '.';
  return out;
}

}  // namespace hotproof::checker::exports
