// C text as tokens with byte offsets: the common ground of the passes before the parser. Comments and directives are
// expected to be blanked already (preprocess.hpp); any byte sequence is accepted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hotproof::c {

struct Token {
  enum class Kind : std::uint8_t { identifier, number, string, character, punctuation } kind = Kind::punctuation;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  // punctuation is always one byte long
};

inline constexpr std::uint32_t no_match = UINT32_MAX;

// Tokens of a text with the partner of each bracket. Unbalanced brackets have no partner.
class Tokens {
 public:
  explicit Tokens(std::string_view text);
  // The tokens of text[begin, end); offsets count from the start of `text`.
  Tokens(std::string_view text, std::uint32_t begin, std::uint32_t end);
  // The same tokens without those whose `dropped` is true.
  Tokens without(const std::vector<bool>& dropped) const;

  std::size_t size() const { return tokens_.size(); }
  const Token& operator[](std::size_t index) const { return tokens_[index]; }
  std::string_view text(std::size_t index) const;
  // False beyond the last token.
  bool is(std::size_t index, char punctuation) const;
  bool is(std::size_t index, std::string_view identifier) const;
  bool is_identifier(std::size_t index) const;
  // The token that closes an opening bracket or opens a closing one, or no_match.
  std::uint32_t match(std::size_t index) const { return match_[index]; }
  // The token after the one that closes `index`; at least index + 1.
  std::size_t after(std::size_t index) const;
  // How deep brackets stand in brackets at most.
  std::uint32_t depth() const { return depth_; }
  std::string_view source() const { return text_; }

 private:
  explicit Tokens(std::string_view text, std::vector<Token> tokens);
  void pair_brackets();
  std::string_view text_;
  std::vector<Token> tokens_;
  std::vector<std::uint32_t> match_;
  std::uint32_t depth_ = 0;
};

bool is_name_start(char c);
bool is_name_char(char c);
// The offset behind the string or character literal that starts at `begin`; an unclosed one ends with its line.
std::size_t end_of_literal(std::string_view text, std::size_t begin, std::size_t end);
// Overwrites text[begin, end) with blanks, keeping line ends.
void blank(std::string& text, std::size_t begin, std::size_t end);
// "unsigned", "struct", "const", "size_t" …: words that can only start a type.
bool is_type_word(std::string_view word);
// "if", "return", "sizeof" …: words that are no names.
bool is_keyword(std::string_view word);

}  // namespace hotproof::c
