#include "specs/lang/cursor.hpp"

#include <algorithm>

namespace hotproof::spec {

std::string describe(const Token& token) {
  if (token.kind == Token::Kind::end) return "the end of the file";
  if (token.kind == Token::Kind::string) return "a string";
  constexpr std::size_t longest = 60;
  if (token.text.size() > longest) return "'" + token.text.substr(0, longest) + "…'";
  return "'" + token.text + "'";
}

const Token& Cursor::peek(std::size_t ahead) const {
  return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
}

const Token& Cursor::take() {
  const Token& token = peek();
  if (next_ + 1 < tokens_.size()) ++next_;
  return token;
}

bool Cursor::at(std::string_view text, std::size_t ahead) const {
  const Token& token = peek(ahead);
  return token.kind != Token::Kind::string && token.kind != Token::Kind::end && token.text == text;
}

bool Cursor::accept(std::string_view text) {
  if (!at(text)) return false;
  take();
  return true;
}

void Cursor::fail(const Spot& spot, std::string message, std::string hint) const {
  throw Fault{{{file_, spot.line, spot.column}, std::move(message), std::move(hint)}};
}

void Cursor::expected(std::string_view what, std::string hint) const {
  fail(peek().spot, "expected " + std::string(what) + ", found " + describe(peek()), std::move(hint));
}

void Cursor::expect(std::string_view text, std::string_view where) {
  if (!accept(text)) expected("'" + std::string(text) + "' " + std::string(where));
}

std::string Cursor::word(std::string_view what) {
  if (peek().kind != Token::Kind::word) expected(what);
  return take().text;
}

std::string Cursor::string(std::string_view what) {
  if (peek().kind != Token::Kind::string) expected(std::string(what) + " as a string");
  if (peek().text.empty()) fail(peek().spot, std::string(what) + " is empty");
  return take().text;
}

std::int64_t Cursor::integer(std::string_view what) {
  const bool negative = accept("-");
  if (peek().kind != Token::Kind::number) expected(what);
  const std::int64_t value = take().number;
  return negative ? -value : value;
}

std::string Cursor::dashed(std::string_view what) {
  const Token* last = &peek();
  std::string out = word(what);
  while (at("-") && peek().begin == last->end && peek(1).begin == peek().end &&
         (peek(1).kind == Token::Kind::word || peek(1).kind == Token::Kind::number)) {
    take();
    last = &take();
    out += "-" + last->text;
  }
  return out;
}

std::string Cursor::since(const Token& first) const {
  const std::size_t end = next_ == 0 ? first.end : tokens_[next_ - 1].end;
  return std::string(text_.substr(first.begin, end - first.begin));
}

}  // namespace hotproof::spec
