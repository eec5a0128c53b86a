#include "counterexamples/record/json_reader.hpp"

namespace hotproof::counterexamples {

namespace {

// Walks over JSON that is known to be well formed.
class Walker {
 public:
  explicit Walker(const std::string& text) : text_(text) {}

  std::size_t find(const std::vector<std::string>& path) {
    blanks();
    for (const std::string& name : path)
      if (!enter(name)) return begin_;
    return at_;
  }

 private:
  // Goes to the value of that name or number; stays at the beginning of what is around it if there is none.
  bool enter(const std::string& name) {
    begin_ = at_;
    const bool object = peek() == '{';
    if (!object && peek() != '[') return false;
    ++at_;
    for (std::size_t number = 0;; ++number) {
      blanks();
      if (peek() == '}' || peek() == ']') return false;
      std::string key = std::to_string(number);
      if (object) {
        const std::size_t from = at_;
        skip();
        key = text_.substr(from + 1, at_ - from - 2);
        blanks();
        ++at_;  // the colon
        blanks();
      }
      if (key == name) return true;
      skip();
      blanks();
      if (peek() == ',') ++at_;
    }
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : ']'; }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }
  // Over a whole value, without recursion.
  void skip() {
    std::size_t depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
        ++at_;
      } else if (c == '{' || c == '[') {
        ++depth, ++at_;
      } else if (c == '}' || c == ']') {
        --depth, ++at_;
      } else if (c == ',' || c == ':') {
        ++at_;
      } else {
        while (at_ < text_.size() && std::string_view(",]} \n\t\r").find(text_[at_]) == std::string_view::npos) ++at_;
      }
      if (depth > 0) blanks();
    } while (depth > 0 && at_ < text_.size());
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
};

}  // namespace

TextPlace place_in_json(const std::string& text, const std::vector<std::string>& path) {
  const std::size_t at = std::min(Walker(text).find(path), text.size());
  TextPlace out;
  for (std::size_t i = 0; i < at; ++i) {
    out.column = text[i] == '\n' ? 1 : out.column + 1;
    out.line += text[i] == '\n' ? 1 : 0;
  }
  return out;
}

}  // namespace hotproof::counterexamples
