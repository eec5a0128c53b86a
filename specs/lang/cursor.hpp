// Where the parser stands. Inside this folder an error is thrown as a Fault; parse() turns it into a Diagnostic.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "specs/lang/lexer.hpp"

namespace hotproof::spec {

struct Fault {
  Diagnostic diagnostic;
};

class Cursor {
 public:
  Cursor(std::string_view text, std::string file, std::vector<Token> tokens)
      : text_(text), file_(std::move(file)), tokens_(std::move(tokens)) {}

  const Token& peek(std::size_t ahead = 0) const;
  const Token& take();
  // Takes the next token if it is that sign or word (a string never is).
  bool accept(std::string_view text);
  bool at(std::string_view text, std::size_t ahead = 0) const;
  // Takes the sign or word; if it is not there: "expected 'x' WHERE, found 'y'".
  void expect(std::string_view text, std::string_view where);
  std::string word(std::string_view what);    // any word; error "expected WHAT, found …"
  std::string string(std::string_view what);  // a string that is not empty
  std::int64_t integer(std::string_view what);
  // Words joined by '-' with no blanks: "memmap-after-accessible".
  std::string dashed(std::string_view what);

  // The text from the beginning of `first` to the end of the token before the next one.
  std::string since(const Token& first) const;
  [[noreturn]] void fail(const Spot& spot, std::string message, std::string hint = {}) const;
  [[noreturn]] void expected(std::string_view what, std::string hint = {}) const;  // at the next token
  const std::string& file() const { return file_; }

 private:
  std::string_view text_;
  std::string file_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
};

// "'x'", "a string", "the end of the file"
std::string describe(const Token& token);

}  // namespace hotproof::spec
