#include "specs/lang/lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace hotproof::spec {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Longer signs first.
constexpr std::array<std::string_view, 33> signs{"->", "..", "||", "&&", "==", "!=", "<=", ">=", "<<", ">>", "{",
                                                 "}",  "(",  ")",  "[",  "]",  ",",  ";",  ":",  ".",  "|",  "&",
                                                 "!",  "<",  ">",  "+",  "-",  "*",  "/",  "%",  "^",  "~",  "?"};

class Scanner {
 public:
  Scanner(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  Outcome<std::vector<Token>> run() {
    while (true) {
      if (auto fault = skip_space()) return tl::unexpected(*fault);
      if (at_ == text_.size()) break;
      if (auto fault = one()) return tl::unexpected(*fault);
    }
    tokens_.push_back({Token::Kind::end, "", 0, at_, at_, spot()});
    return std::move(tokens_);
  }

 private:
  using Fault = std::optional<Diagnostic>;

  Spot spot() const { return {line_, static_cast<std::uint32_t>(at_ - line_start_ + 1)}; }
  Fault fault(Spot where, std::string message, std::string hint = {}) const {
    return Diagnostic{{file_, where.line, where.column}, std::move(message), std::move(hint)};
  }
  bool ahead(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
  void advance() {
    if (text_[at_++] == '\n') {
      ++line_;
      line_start_ = at_;
    }
  }

  Fault skip_space() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        advance();
      } else if (ahead("//")) {
        while (at_ < text_.size() && text_[at_] != '\n') advance();
      } else if (ahead("/*")) {
        const Spot start = spot();
        const std::size_t close = text_.find("*/", at_ + 2);
        if (close == std::string_view::npos) return fault(start, "comment is not closed");
        while (at_ < close + 2) advance();
      } else {
        break;
      }
    }
    return {};
  }

  Fault one() {
    const char c = text_[at_];
    if (is_letter(c)) return word();
    if (is_digit(c)) return number();
    if (c == '"') return string();
    for (const std::string_view sign : signs) {
      if (!ahead(sign)) continue;
      push(Token::Kind::sign, sign.size());
      return {};
    }
    if (c == '=') {
      push(Token::Kind::sign, 1);
      return {};
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f) return fault(spot(), std::string("'") + c + "' means nothing here");
    std::array<char, 3> hex{};
    std::to_chars(hex.data(), hex.data() + 2, byte, 16);
    return fault(spot(), std::string("byte 0x") + (byte < 16 ? "0" : "") + hex.data() + " means nothing here",
                 "outside of strings and comments a file is plain ASCII");
  }

  void push(Token::Kind kind, std::size_t length) {
    tokens_.push_back({kind, std::string(text_.substr(at_, length)), 0, at_, at_ + length, spot()});
    at_ += length;  // no token of this kind has a line end in it
  }

  Fault word() {
    std::size_t end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    push(Token::Kind::word, end - at_);
    return {};
  }

  Fault number() {
    std::size_t end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    const std::string_view digits = text_.substr(at_, end - at_);
    const bool hex = digits.size() > 1 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    const char* first = digits.data() + (hex ? 2 : 0);
    const char* last = digits.data() + digits.size();
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(first, last, value, hex ? 16 : 10);
    if (error == std::errc::result_out_of_range) return fault(spot(), "number is larger than 2^63 - 1");
    if (error != std::errc{} || stop != last) return fault(spot(), "'" + std::string(digits) + "' is not a number");
    push(Token::Kind::number, digits.size());
    tokens_.back().number = value;
    return {};
  }

  Fault string() {
    const Spot start = spot();
    const std::size_t begin = at_;
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\n') break;
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
      value += text_[at_];
    }
    if (at_ >= text_.size() || text_[at_] != '"')
      return fault(start, "string is not closed", "a string ends on its line; write the rest as a second string");
    ++at_;
    if (!tokens_.empty() && tokens_.back().kind == Token::Kind::string) {
      tokens_.back().text += value;
      tokens_.back().end = at_;
    } else {
      tokens_.push_back({Token::Kind::string, std::move(value), 0, begin, at_, start});
    }
    return {};
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

Outcome<std::vector<Token>> scan(std::string_view text, const std::string& file) {
  if (text.size() > most_bytes)
    return failure({file, 0, 0}, "file of properties is larger than " + std::to_string(most_bytes >> 20U) + " MiB");
  return Scanner(text, file).run();
}

}  // namespace hotproof::spec
