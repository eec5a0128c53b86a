#include "model/c/count.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace hotproof::c {

namespace {

using Words = std::vector<std::string_view>;

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool letter_or_digit(char c) {
  return letter(c) || (c >= '0' && c <= '9');
}

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Words, numbers, literals ("\"" and "'" stand for them) and single signs.
Words split(std::string_view text) {
  Words words;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    std::size_t end = i + 1;
    if (letter_or_digit(c)) {
      while (end < text.size() && letter_or_digit(text[end])) ++end;
      words.push_back(text.substr(i, end - i));
    } else if (c == '"' || c == '\'') {
      while (end < text.size() && text[end] != c && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
      words.push_back(text.substr(i, 1));
      ++end;
    } else if (static_cast<unsigned char>(c) > ' ') {
      words.push_back(text.substr(i, 1));
    }
    i = end;
  }
  return words;
}

bool is_control(std::string_view word) {
  constexpr std::array<std::string_view, 9> list = {"if",   "while", "for",  "switch", "return",
                                                    "else", "do",    "case", "goto"};
  return one_of(word, list);
}

bool is_size_or_type(std::string_view word) {
  constexpr std::array<std::string_view, 26> list = {
      "sizeof", "_Alignof", "alignof",  "__alignof__", "__alignof", "struct", "union",  "enum",    "unsigned",
      "signed", "int",      "long",     "short",       "char",      "void",   "bool",   "_Bool",   "float",
      "double", "const",    "volatile", "size_t",      "ssize_t",   "static", "extern", "register"};
  return one_of(word, list);
}

// Parentheses behind these belong to no run of the program.
bool is_opaque(std::string_view word) {
  constexpr std::array<std::string_view, 13> list = {
      "typeof",        "__typeof__",  "__typeof",  "typeof_unqual", "asm",       "__asm__",  "__asm",
      "__attribute__", "__attribute", "__aligned", "__free",        "__cleanup", "__section"};
  return one_of(word, list);
}

class Counter {
 public:
  Counter(std::string_view body, const std::function<bool(std::string_view)>& is_type)
      : w_(split(body)), opener_(w_.size(), 0), is_type_(is_type) {}

  std::uint32_t run() {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < w_.size(); ++i) {
      if (letter(w_[i][0]) && is_opaque(w_[i])) {
        i = behind_parentheses(i);
        continue;
      }
      if (w_[i] == "(") {
        if (is_call(i)) ++count_;
        open.push_back(i);
      } else if (w_[i] == ")" && !open.empty()) {
        opener_[i] = open.back();
        open.pop_back();
      }
    }
    return count_;
  }

 private:
  std::string_view word(std::size_t i) const { return i < w_.size() ? w_[i] : std::string_view(";"); }

  // The last word of what an opaque word takes with it.
  std::size_t behind_parentheses(std::size_t i) const {
    std::size_t at = i + 1;
    while (word(at) == "volatile" || word(at) == "__volatile__" || word(at) == "goto" || word(at) == "inline") ++at;
    if (word(at) != "(") return i;
    int depth = 0;
    for (; at < w_.size(); ++at) {
      if (w_[at] == "(") ++depth;
      if (w_[at] == ")" && --depth == 0) return at;
    }
    return i;
  }

  bool is_call(std::size_t open) const {
    if (open == 0) return false;
    const std::string_view before = w_[open - 1];
    if (before == "]") return true;
    if (before == ")") return calls_result(open - 1);
    if (!letter(before[0]) || is_control(before) || is_size_or_type(before)) return false;
    return !declares(open - 1);
  }

  // `type name(…)` declares a function, `type (*name)(…)` a pointer to one.
  bool declares(std::size_t name) const {
    if (word(name + 2) == "*" && letter(word(name + 3)[0]) && word(name + 4) == ")" && word(name + 5) == "(")
      return name == 0 || w_[name - 1] == ";" || w_[name - 1] == "{" || w_[name - 1] == "}" || w_[name - 1] == "(";
    if (name == 0) return false;
    const std::string_view before = w_[name - 1];
    if (before == "static" || before == "extern") return false;  // static DECLARING_MACRO(x);
    return is_size_or_type(before) ? before != "sizeof"
                                   : letter(before[0]) && !is_control(before) && !is_opaque(before);
  }

  // `)(`: a call of what the parentheses give, unless they hold a type or a condition.
  bool calls_result(std::size_t close) const {
    const std::size_t open = opener_[close];
    if (open > 0 && (is_control(w_[open - 1]) || is_size_or_type(w_[open - 1]))) {
      // `return (f)(x)` and `int (*f)(void)` look alike; only the former may call.
      return w_[open - 1] == "return" && !holds_type(open, close);
    }
    if (open > 0 && word(open + 1) == "*" && letter(w_[open - 1][0]) && !is_control(w_[open - 1])) return false;
    if (word(open + 1) == "*" && open > 0 && w_[open - 1] == "*") return false;  // int *(*f)(void)
    return !holds_type(open, close);
  }

  bool holds_type(std::size_t open, std::size_t close) const {
    if (close <= open + 1) return true;
    const std::string_view first = w_[open + 1];
    if (is_size_or_type(first) && first != "sizeof") return true;
    if (first.starts_with("__") && is_size_or_type(w_[open + 2])) return true;  // (__force int)
    if (is_opaque(first)) return true;
    if (w_[close - 1] == "*") return true;
    return close == open + 2 && letter(first[0]) && is_type_(first);
  }

  Words w_;
  std::vector<std::size_t> opener_;
  const std::function<bool(std::string_view)>& is_type_;
  std::uint32_t count_ = 0;
};

}  // namespace

std::uint32_t count_calls(std::string_view body, const std::function<bool(std::string_view)>& is_type) {
  return Counter(body, is_type).run();
}

}  // namespace hotproof::c
