#include "counterexamples/render/formats/escape.hpp"

#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "counterexamples/render/terminal.hpp"

namespace hotproof::render {

namespace {

std::string entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return std::string(1, c);
  }
}

template <class Each>
std::string by_lines(std::string_view text, const Each& each, std::string_view between) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (at > 0) out += between;
    out += each(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

std::string plain(std::string_view text, std::size_t most, bool utf8) {
  // A column has at most four bytes that matter; what is far behind the cut need not be looked at.
  const std::size_t enough = most * 8;
  return cut(safe(text.substr(0, enough), utf8), most, utf8);
}

std::string xml(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : plain(text, most)) out += entity_of(c);
  return out;
}

std::string xml_lines(std::string_view text) {
  return by_lines(
      text, [](std::string_view line) { return xml(line); }, "\n");
}

std::string dot(std::string_view text, std::size_t most) {
  const auto line = [most](std::string_view part) {
    std::string out;
    for (const char c : plain(part, most, false)) {
      if (c == '\\' || c == '"') out += '\\';
      out += c == '&' ? "&amp;" : std::string(1, c);
    }
    return out;
  };
  const bool several = text.find('\n') != std::string_view::npos;
  return "\"" + by_lines(text, line, "\\l") + (several ? "\\l\"" : "\"");
}

std::string yaml(std::string_view text, std::size_t most) {
  // A string of JSON is one of YAML, escapes included.
  return nlohmann::json(plain(text, most)).dump(-1, ' ', true);
}

std::string relative_uri(std::string_view path) {
  std::string out;
  const auto segment = [](std::string_view part) {
    if (part == "." || part == "..") return std::string("_");
    std::string encoded;
    for (const char c : part.substr(0, most_columns)) {
      const auto byte = static_cast<std::uint8_t>(c);
      if (std::isalnum(byte) != 0 && byte < 0x80) {
        encoded += c;
      } else if (std::string_view("-._~+,=@").find(c) != std::string_view::npos) {
        encoded += c;
      } else {
        std::array<char, 4> escape{};
        std::snprintf(escape.data(), escape.size(), "%%%02X", byte);
        encoded += escape.data();
      }
    }
    return encoded;
  };
  for (std::size_t at = 0; at < path.size() && out.size() < 8 * most_columns;) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (end > at) out += (out.empty() ? "" : "/") + segment(path.substr(at, end - at));
    at = end + 1;
  }
  return out.empty() ? "_" : out;
}

std::string sarif_message(std::string_view text, std::size_t most) {
  std::string out;
  const std::string shown = plain(text, most);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    if (c == '{' || c == '}') out += c;  // doubled: no placeholder
    if (c == ']' && i + 1 < shown.size() && shown[i + 1] == '(') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace hotproof::render
