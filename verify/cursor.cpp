#include "verify/cursor.hpp"

#include <algorithm>

namespace hotproof::verify {

namespace {

// What a message quotes of a hostile file: short, and nothing that a terminal would obey.
std::string shown(std::string_view word) {
  std::string out;
  for (const char c : word.substr(0, 40)) out += c >= 0x20 && c < 0x7f ? c : '?';
  return word.size() > 40 ? out + "…" : out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

bool parse_number(std::string_view word, std::uint64_t most, std::uint64_t& out) {
  if (word.empty() || word.size() > 20) return false;
  std::uint64_t value = 0;
  for (const char c : word) {
    if (c < '0' || c > '9') return false;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (~std::uint64_t{0} - digit) / 10) return false;
    value = value * 10 + digit;
  }
  out = value;
  return value <= most;
}

bool Cursor::next_line() {
  while (next_ < text_.size()) {
    const std::size_t end = std::min(text_.find('\n', next_), text_.size());
    line_begin_ = next_;
    line_ = text_.substr(next_, end - next_);
    next_ = std::min(end + 1, text_.size());
    line_number_ = next_line_++;
    at_ = word_begin_ = 0;
    if (!skipping_ || (!line_.empty() && line_.front() != '#')) return true;
  }
  line_ = {};
  at_ = word_begin_ = 0;
  line_number_ = next_line_;
  return false;
}

std::string_view Cursor::peek() const {
  return line_.substr(at_, std::min(line_.find(' ', at_), line_.size()) - at_);
}

std::string_view Cursor::word() {
  if (at_end()) fail_at_end("something is missing at the end of the line");
  const std::string_view out = peek();
  word_begin_ = at_;
  at_ = std::min(at_ + out.size() + 1, line_.size());
  if (out.empty()) fail("a word was expected");
  return out;
}

std::uint64_t Cursor::number(std::uint64_t most) {
  std::uint64_t out = 0;
  const std::string_view given = word();
  if (!parse_number(given, most, out))
    fail("'" + shown(given) + "' is no number between 0 and " + std::to_string(most));
  return out;
}

std::uint64_t Cursor::reference(char letter, std::uint64_t count) {
  const std::string_view given = word();
  std::uint64_t out = 0;
  if (given.front() != letter || count == 0 || !parse_number(given.substr(1), count - 1, out))
    fail("'" + shown(given) + "' names nothing: " + letter + " and a number below " + std::to_string(count) +
         " was expected");
  return out;
}

std::string Cursor::text() {
  if (at_end() || line_[at_] != '"') fail_at_end("a text in quotation marks was expected");
  word_begin_ = at_;
  std::string out;
  for (std::size_t i = at_ + 1; i < line_.size(); ++i) {
    char c = line_[i];
    if (c == '"') {
      at_ = i + 1;
      if (at_ < line_.size() && line_[at_++] != ' ') fail("a blank was expected after the text");
      return out;
    }
    if (c == '\\') {
      c = ++i < line_.size() ? line_[i] : '\0';
      if (c == 'n')
        c = '\n';
      else if (c == 't')
        c = '\t';
      else if (c == 'x' && i + 2 < line_.size() && hex_value(line_[i + 1]) >= 0 && hex_value(line_[i + 2]) >= 0) {
        c = static_cast<char>(hex_value(line_[i + 1]) * 16 + hex_value(line_[i + 2]));
        i += 2;
      } else if (c != '"' && c != '\\')
        fail("the text has an unknown escape");
    }
    out += c;
  }
  fail("the text does not end");
}

std::string Cursor::hash() {
  const std::string_view given = word();
  if (given.size() != 64 || std::any_of(given.begin(), given.end(), [](char c) { return hex_value(c) < 0; }))
    fail("'" + shown(given) + "' is no SHA-256");
  return std::string(given);
}

void Cursor::expect(std::string_view wanted) {
  const std::string_view given = word();
  if (given != wanted) fail("'" + shown(given) + "' where '" + std::string(wanted) + "' was expected");
}

void Cursor::expect_end() {
  if (!at_end()) fail_at_end("the line does not end here");
}

std::string_view Cursor::block(std::uint64_t count, bool has_lines) {
  expect_end();
  if (count >= text_.size() - next_ || text_[next_ + count] != '\n')
    fail("the block of " + std::to_string(count) + " bytes does not end where the file says");
  const std::string_view out = text_.substr(next_, count);
  next_ += count + 1;
  next_line_ += has_lines ? static_cast<std::uint64_t>(std::count(out.begin(), out.end(), '\n')) + 1 : 1;
  return out;
}

void Cursor::fail(const std::string& message) const {
  throw Error{line_number_, word_begin_ + 1, message, false};
}

void Cursor::fail_as_damaged(const std::string& message) const {
  throw Error{line_number_, word_begin_ + 1, message, true};
}

void Cursor::fail_at_end(const std::string& message) const {
  throw Error{line_number_, at_ + 1, message, false};
}

}  // namespace hotproof::verify
