#include "model/c/preprocess.hpp"

#include "model/c/lexer.hpp"

namespace hotproof::c {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view first_word(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_name_char(text[end])) ++end;
  return text.substr(0, end);
}

class Preprocessor {
 public:
  Preprocessor(std::string_view text, Definitions& definitions, bool local,
               const std::function<void(std::string_view)>& on_include)
      : text_(text), definitions_(definitions), local_(local), on_include_(on_include) {
    result_.text = text;
  }

  Preprocessed run() {
    bool line_start = true;
    for (std::size_t i = 0; i < text_.size();) {
      const char c = text_[i];
      if (c == '\n') {
        line_start = true;
        ++i;
      } else if (c == '#' && line_start) {
        i = directive(i);
      } else if (starts_comment(i)) {
        i = comment(i);
      } else if (c == '"' || c == '\'') {
        i = keep(i, end_of_literal(text_, i, text_.size()));
        line_start = false;
      } else {
        if (c != ' ' && c != '\t') line_start = false;
        if (c == '\\' && i + 1 < text_.size() && text_[i + 1] == '\n') blank(result_.text, i, i + 1);
        i = keep(i, line_start ? i + 1 : end_of_plain(i + 1));
      }
    }
    if (!conditions_.empty()) problem(conditions_.back().offset, "this #if has no #endif");
    return std::move(result_);
  }

 private:
  struct Condition {
    std::size_t offset;
    bool outer;   // the text around it is active
    bool taken;   // one of its branches was active
    bool active;  // this branch is
  };

  // The next byte from `i` on that the loop above must look at.
  std::size_t end_of_plain(std::size_t i) const {
    while (i < text_.size() && text_[i] != '\n' && text_[i] != '/' && text_[i] != '"' && text_[i] != '\'' &&
           text_[i] != '\\')
      ++i;
    return i;
  }

  bool active() const { return conditions_.empty() || conditions_.back().active; }

  void problem(std::size_t offset, std::string message) {
    result_.problems.push_back({static_cast<std::uint32_t>(offset), std::move(message)});
  }

  std::size_t keep(std::size_t begin, std::size_t end) {
    if (!active()) blank(result_.text, begin, end);
    return end;
  }

  bool starts_comment(std::size_t i) const {
    return text_[i] == '/' && i + 1 < text_.size() && (text_[i + 1] == '*' || text_[i + 1] == '/');
  }

  std::size_t end_of_comment(std::size_t begin) {
    if (text_[begin + 1] == '*') {
      const auto close = text_.find("*/", begin + 2);
      if (close != std::string_view::npos) return close + 2;
      problem(begin, "this comment has no end");
      return text_.size();
    }
    for (std::size_t i = begin; i < text_.size(); ++i)
      if (text_[i] == '\n' && text_[i - 1] != '\\') return i;
    return text_.size();
  }

  std::size_t comment(std::size_t begin) {
    const std::size_t end = end_of_comment(begin);
    blank(result_.text, begin, end);
    return end;
  }

  // The directive that starts at `begin`, without comments and with its continuation lines joined; `end` is set to the
  // end of its last line.
  std::string logical_line(std::size_t begin, std::size_t& end) {
    std::string line;
    std::size_t i = begin;
    while (i < text_.size() && text_[i] != '\n') {
      if (text_[i] == '\\' && i + 1 < text_.size() && (text_[i + 1] == '\n' || text_.substr(i + 1, 2) == "\r\n")) {
        i = text_.find('\n', i) + 1;
        line += ' ';
      } else if (starts_comment(i)) {
        i = end_of_comment(i);
        line += ' ';
      } else {
        // An apostrophe in an #error or an inactive line is no literal: literals end with their line at the latest.
        const bool literal = text_[i] == '"' || text_[i] == '\'';
        const std::size_t next = literal ? end_of_literal(text_, i, text_.size()) : i + 1;
        line += text_.substr(i, next - i);
        i = next;
      }
    }
    end = i;
    return line;
  }

  std::size_t directive(std::size_t begin) {
    std::size_t end = begin;
    const std::string line = logical_line(begin + 1, end);
    blank(result_.text, begin, end);
    const std::string_view content = trimmed(line);
    const std::string_view word = first_word(content);
    const std::string_view rest = trimmed(content.substr(word.size()));
    if (word == "if" || word == "ifdef" || word == "ifndef")
      open(begin, word, rest);
    else if (word == "elif" || word == "else" || word == "elifdef" || word == "elifndef")
      next_branch(begin, word, rest);
    else if (word == "endif")
      close(begin);
    else if (active())
      act(begin, end, word, rest);
    return end;
  }

  bool holds(std::size_t offset, std::string_view word, std::string_view rest) {
    if (word.ends_with("ndef")) return !definitions_.is_defined(first_word(rest));
    if (word.ends_with("def")) return definitions_.is_defined(first_word(rest));
    const auto value = definitions_.value(rest);
    if (!value) problem(offset, "the condition is not understood and counts as false");
    return value.value_or(0) != 0;
  }

  void open(std::size_t offset, std::string_view word, std::string_view rest) {
    const bool outer = active();
    const bool taken = outer && holds(offset, word, rest);
    conditions_.push_back({offset, outer, taken, taken});
  }

  void next_branch(std::size_t offset, std::string_view word, std::string_view rest) {
    if (conditions_.empty()) return problem(offset, "this branch belongs to no #if");
    Condition& condition = conditions_.back();
    condition.active = condition.outer && !condition.taken && (word == "else" || holds(offset, word, rest));
    condition.taken = condition.taken || condition.active;
  }

  void close(std::size_t offset) {
    if (conditions_.empty()) return problem(offset, "this #endif belongs to no #if");
    conditions_.pop_back();
  }

  void act(std::size_t begin, std::size_t end, std::string_view word, std::string_view rest) {
    if (word == "define")
      define(begin, end, rest);
    else if (word == "undef")
      definitions_.undefine(first_word(rest));
    else if (word == "include" && rest.size() > 2)
      on_include_(rest.substr(1, rest.find_first_of(rest[0] == '<' ? ">" : "\"", 1) - 1));
    else if (word == "error")
      problem(begin, "the configuration meets an #error");
  }

  void define(std::size_t begin, std::size_t end, std::string_view rest) {
    Macro macro;
    macro.name = first_word(rest);
    if (macro.name.empty()) return problem(begin, "this #define has no name");
    rest.remove_prefix(macro.name.size());
    if (rest.starts_with('(')) {
      const auto close = rest.find(')');
      if (close == std::string_view::npos) return problem(begin, "the parameters of this #define have no end");
      macro.function_like = true;
      read_parameters(rest.substr(1, close - 1), macro);
      rest.remove_prefix(close + 1);
    }
    macro.body = trimmed(rest);
    macro.span.begin = static_cast<std::uint32_t>(begin);
    macro.span.end = static_cast<std::uint32_t>(end);
    definitions_.define(macro.name, macro.function_like, macro.body, local_);
    result_.macros.push_back(std::move(macro));
  }

  static void read_parameters(std::string_view list, Macro& macro) {
    while (!trimmed(list).empty()) {
      const auto comma = list.find(',');
      std::string_view parameter = trimmed(list.substr(0, comma));
      if (parameter.ends_with("...")) {
        macro.variadic = true;
        parameter = trimmed(parameter.substr(0, parameter.size() - 3));
        // `args...` names what `...` calls __VA_ARGS__.
        macro.parameters.emplace_back(parameter.empty() ? "__VA_ARGS__" : parameter);
      } else {
        macro.parameters.emplace_back(parameter);
      }
      list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    }
  }

  std::string_view text_;
  Definitions& definitions_;
  bool local_;
  const std::function<void(std::string_view)>& on_include_;
  Preprocessed result_;
  std::vector<Condition> conditions_;
};

}  // namespace

Preprocessed preprocess(std::string_view text, Definitions& definitions, bool local,
                        const std::function<void(std::string_view)>& on_include) {
  return Preprocessor(text, definitions, local, on_include).run();
}

std::string without_comments(std::string_view text) {
  std::string result(text);
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"' || text[i] == '\'') {
      i = end_of_literal(text, i, text.size());
    } else if (text.substr(i, 2) == "/*" || text.substr(i, 2) == "//") {
      const bool block = text[i + 1] == '*';
      const auto close = block ? text.find("*/", i + 2) : text.find('\n', i);
      const std::size_t end = close == std::string_view::npos ? text.size() : close + (block ? 2 : 0);
      blank(result, i, end);
      i = end;
    } else {
      ++i;
    }
  }
  return result;
}

}  // namespace hotproof::c
