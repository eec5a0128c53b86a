#include "model/c/lexer.hpp"

#include <algorithm>
#include <unordered_set>

namespace hotproof::c {

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_char(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9');
}

std::size_t end_of_literal(std::string_view text, std::size_t begin, std::size_t end) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < end; ++i) {
    if (text[i] == '\\' && i + 1 < end)
      ++i;
    else if (text[i] == quote)
      return i + 1;
    else if (text[i] == '\n')
      return i;
  }
  return end;
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i)
    if (text[i] != '\n') text[i] = ' ';
}

bool is_type_word(std::string_view word) {
  static const std::unordered_set<std::string_view> words = {
      "struct",   "union",    "enum",     "unsigned",  "signed",     "int",      "long",    "short",
      "char",     "void",     "bool",     "_Bool",     "float",      "double",   "const",   "volatile",
      "size_t",   "ssize_t",  "int8_t",   "int16_t",   "int32_t",    "int64_t",  "uint8_t", "uint16_t",
      "uint32_t", "uint64_t", "intptr_t", "uintptr_t", "__signed__", "ptrdiff_t"};
  return words.contains(word);
}

bool is_keyword(std::string_view word) {
  static const std::unordered_set<std::string_view> words = {
      "if",       "else",        "while", "for",        "do",       "switch",   "case",
      "default",  "return",      "break", "goto",       "continue", "sizeof",   "typeof",
      "asm",      "__asm__",     "__asm", "__typeof__", "static",   "extern",   "inline",
      "register", "__alignof__", "auto",  "_Alignof",   "typedef",  "restrict", "__typeof"};
  return words.contains(word) || is_type_word(word);
}

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

std::vector<Token> scan(std::string_view text, std::size_t begin, std::size_t end) {
  std::vector<Token> tokens;
  tokens.reserve((end - begin) / 6);
  for (std::size_t i = begin; i < end;) {
    if (is_space(text[i])) {
      ++i;
      continue;
    }
    Token token;
    token.begin = static_cast<std::uint32_t>(i);
    if (is_name_start(text[i])) {
      token.kind = Token::Kind::identifier;
      while (i < end && is_name_char(text[i])) ++i;
    } else if (is_digit(text[i])) {
      token.kind = Token::Kind::number;
      while (i < end && is_name_char(text[i])) ++i;
    } else if (text[i] == '"' || text[i] == '\'') {
      token.kind = text[i] == '"' ? Token::Kind::string : Token::Kind::character;
      i = end_of_literal(text, i, end);
    } else {
      ++i;
    }
    token.end = static_cast<std::uint32_t>(i);
    tokens.push_back(token);
  }
  return tokens;
}

}  // namespace

Tokens::Tokens(std::string_view text) : Tokens(text, scan(text, 0, text.size())) {}

Tokens::Tokens(std::string_view text, std::uint32_t begin, std::uint32_t end) : Tokens(text, scan(text, begin, end)) {}

Tokens::Tokens(std::string_view text, std::vector<Token> tokens) : text_(text), tokens_(std::move(tokens)) {
  pair_brackets();
}

Tokens Tokens::without(const std::vector<bool>& dropped) const {
  std::vector<Token> kept;
  kept.reserve(tokens_.size());
  for (std::size_t i = 0; i < tokens_.size(); ++i)
    if (!dropped[i]) kept.push_back(tokens_[i]);
  return Tokens(text_, std::move(kept));
}

void Tokens::pair_brackets() {
  match_.assign(tokens_.size(), no_match);
  std::vector<std::uint32_t> open;
  const auto opener = [](char c) { return c == ')' ? '(' : c == ']' ? '[' : '{'; };
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    if (tokens_[i].kind != Token::Kind::punctuation) continue;
    const char c = text_[tokens_[i].begin];
    if (c == '(' || c == '[' || c == '{') {
      open.push_back(i);
      depth_ = std::max(depth_, static_cast<std::uint32_t>(open.size()));
    } else if (c == ')' || c == ']' || c == '}') {
      // A brace closes what was left open inside it; a stray ")" or "]" closes nothing.
      while (c == '}' && !open.empty() && text_[tokens_[open.back()].begin] != '{') open.pop_back();
      if (open.empty() || text_[tokens_[open.back()].begin] != opener(c)) continue;
      match_[i] = open.back();
      match_[open.back()] = i;
      open.pop_back();
    }
  }
}

std::string_view Tokens::text(std::size_t index) const {
  return text_.substr(tokens_[index].begin, tokens_[index].end - tokens_[index].begin);
}

bool Tokens::is(std::size_t index, char punctuation) const {
  return index < tokens_.size() && tokens_[index].kind == Token::Kind::punctuation &&
         text_[tokens_[index].begin] == punctuation;
}

bool Tokens::is(std::size_t index, std::string_view identifier) const {
  return is_identifier(index) && text(index) == identifier;
}

bool Tokens::is_identifier(std::size_t index) const {
  return index < tokens_.size() && tokens_[index].kind == Token::Kind::identifier;
}

std::size_t Tokens::after(std::size_t index) const {
  return match_[index] == no_match || match_[index] < index ? index + 1 : match_[index] + 1;
}

}  // namespace hotproof::c
