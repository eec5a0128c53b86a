#include "counterexamples/dap/frame.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace hotproof::dap {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t end = text.find_last_not_of(" \t") + 1;
  return text.substr(begin, std::max(end, begin) - begin);
}

Outcome<std::size_t> length_in(std::string_view header) {
  std::optional<std::size_t> length;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return failure({}, "a line of the header has no colon");
    if (lower(line.substr(0, colon)) != "content-length") continue;  // others are allowed, and mean nothing
    const std::string_view digits = without_blanks(line.substr(colon + 1));
    std::size_t value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (length || error != std::errc() || stop != digits.data() + digits.size() || digits.empty())
      return failure({}, "the header's Content-Length is no number");
    if (value > longest_message)
      return failure({}, "a message is longer than " + std::to_string(longest_message) + " bytes");
    length = value;
  }
  if (!length) return failure({}, "the header has no Content-Length");
  return *length;
}

}  // namespace

Outcome<std::optional<std::string>> Framer::next() {
  constexpr std::string_view blank_line = "\r\n\r\n";
  const std::size_t end = rest_.find(blank_line);
  if (end == std::string::npos || end > longest_header) {
    if (rest_.size() > longest_header) return failure({}, "there is no header of the Debug Adapter Protocol");
    return std::optional<std::string>();
  }
  const auto length = length_in(std::string_view(rest_).substr(0, end));
  if (!length) return tl::unexpected(length.error());
  const std::size_t begin = end + blank_line.size();
  if (rest_.size() - begin < *length) return std::optional<std::string>();
  std::string out = rest_.substr(begin, *length);
  rest_.erase(0, begin + *length);
  return std::optional<std::string>(std::move(out));
}

std::string framed(const std::string& json) {
  return "Content-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json;
}

}  // namespace hotproof::dap
