// Reads a text line by line and word by word, and knows where it stands. Inside this library what is wrong is thrown as
// an Error; the readers' public functions turn it into a value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "verify/error.hpp"

namespace hotproof::verify {

class Cursor {
 public:
  // `first_line`: the number of the text's first line in the file that the user knows. Skipping: empty lines and lines
  // that begin with # are passed over.
  Cursor(std::string_view text, std::uint64_t first_line, bool skipping = true)
      : text_(text), next_line_(first_line), skipping_(skipping) {}

  // Goes to the next line. False if there is none.
  bool next_line();
  bool at_end() const { return at_ >= line_.size(); }  // of the line

  // Each of these takes the next word of the line, and throws if it is not what is wanted.
  std::string_view word();
  std::uint64_t number(std::uint64_t most);                   // decimal, no sign
  std::uint64_t reference(char letter, std::uint64_t count);  // v0 … v(count-1)
  std::string text();                                         // "…"
  std::string hash();                                         // 64 hexadecimal digits
  void expect(std::string_view wanted);
  void skip_line() { at_ = line_.size(); }
  void expect_end();
  // The next word without taking it; empty at the end of the line.
  std::string_view peek() const;

  // `count` bytes after the current line, which must be followed by an end of line; the next line is the one after.
  std::string_view block(std::uint64_t count, bool has_lines);

  std::uint64_t line_number() const { return line_number_; }
  std::uint64_t offset() const { return next_; }             // of the next line's first byte
  std::uint64_t line_offset() const { return line_begin_; }  // of this line's first byte
  [[noreturn]] void fail(const std::string& message) const;  // at the word taken last
  [[noreturn]] void fail_as_damaged(const std::string& message) const;
  [[noreturn]] void fail_at_end(const std::string& message) const;  // at the next word

 private:
  std::string_view text_;
  std::string_view line_;
  std::size_t next_ = 0;  // where the next line begins
  std::size_t line_begin_ = 0;
  std::size_t at_ = 0;          // in line_: of the next word
  std::size_t word_begin_ = 0;  // in line_: of the word taken last
  std::uint64_t line_number_ = 0;
  std::uint64_t next_line_ = 1;
  bool skipping_ = true;
};

// "12": decimal digits alone, no sign, at most `most`. False if it is anything else.
bool parse_number(std::string_view word, std::uint64_t most, std::uint64_t& out);

}  // namespace hotproof::verify
