#include <algorithm>
#include <limits>

#include "model/patch/edit.hpp"
#include "model/patch/text.hpp"

namespace hotproof::patch {

namespace {

constexpr int deepest_anchor = 20;

struct Token {
  enum class Kind : std::uint8_t { word, quoted, block, line_end, end } kind = Kind::end;
  std::string text;
  Place place;
};

// Words, "quoted text", { blocks of C }, ends of lines. A line that begins with '#' is a comment.
class Tokenizer {
 public:
  Tokenizer(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  Outcome<std::vector<Token>> run() {
    std::vector<Token> out;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        add(out, Token::Kind::line_end, 1);
      } else if (is_blank(c)) {
        step();
      } else if (c == '#' && (out.empty() || out.back().kind == Token::Kind::line_end)) {
        while (at_ < text_.size() && text_[at_] != '\n') step();
      } else if (c == '"' || c == '{') {
        const std::size_t end = c == '"' ? quoted_end() : block_end();
        if (end == std::string_view::npos)
          return failure(here(),
                         c == '"' ? "this quoted text has no end on its line" : "this block has no closing brace");
        add(out, c == '"' ? Token::Kind::quoted : Token::Kind::block, end - at_);
        Token& token = out.back();
        token.text = token.text.substr(1, token.text.size() - 2);
      } else {
        std::size_t end = at_;
        while (end < text_.size() && text_[end] != '\n' && !is_blank(text_[end])) ++end;
        add(out, Token::Kind::word, end - at_);
      }
    }
    out.push_back({Token::Kind::line_end, {}, here()});
    out.push_back({Token::Kind::end, {}, here()});
    return out;
  }

 private:
  Place here() const { return {file_, line_, column_}; }

  void step() {
    if (text_[at_++] == '\n') {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
  }

  void add(std::vector<Token>& out, Token::Kind kind, std::size_t length) {
    out.push_back({kind, std::string(text_.substr(at_, length)), here()});
    for (std::size_t i = 0; i < length; ++i) step();
  }

  std::size_t quoted_end() const {
    for (std::size_t i = at_ + 1; i < text_.size() && text_[i] != '\n'; ++i)
      if (text_[i] == '"') return i + 1;
    return std::string_view::npos;
  }

  // Behind the brace that closes the one here; braces in strings and comments do not count.
  std::size_t block_end() const {
    int depth = 0;
    for (std::size_t i = at_; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '"' || c == '\'') {
        for (++i; i < text_.size() && text_[i] != c && text_[i] != '\n'; ++i)
          if (text_[i] == '\\') ++i;
      } else if (text_.substr(i, 2) == "/*") {
        const std::size_t end = text_.find("*/", i + 2);
        if (end == std::string_view::npos) return end;
        i = end + 1;
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && --depth == 0) {
        return i + 1;
      }
    }
    return std::string_view::npos;
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

class EditReader {
 public:
  EditReader(std::vector<Token> tokens, const std::string& file) : tokens_(std::move(tokens)) { edit_.file = file; }

  Outcome<Edit> read() {
    while (peek().kind != Token::Kind::end) {
      if (peek().kind == Token::Kind::line_end) {
        ++at_;
        continue;
      }
      if (!read_line()) return tl::unexpected(problem_);
      if (peek().kind != Token::Kind::line_end) {
        fail("more words than this line can have");
        return tl::unexpected(problem_);
      }
    }
    return std::move(edit_);
  }

 private:
  const Token& peek() const { return tokens_[at_]; }

  // All reading functions give false after noting the problem.
  bool fail(std::string message, std::string hint = {}) {
    problem_ = {peek().place, std::move(message), std::move(hint)};
    return false;
  }

  bool accept(std::string_view word) {
    if (peek().kind != Token::Kind::word || peek().text != word) return false;
    ++at_;
    return true;
  }
  bool expect(std::string_view word) { return accept(word) || fail("expected '" + std::string(word) + "'"); }

  bool take(Token::Kind kind, const char* what, std::string& out) {
    if (peek().kind != kind) return fail(std::string("expected ") + what);
    out = tokens_[at_++].text;
    return true;
  }
  bool word(const char* what, std::string& out) { return take(Token::Kind::word, what, out); }
  bool block(std::string& out) { return take(Token::Kind::block, "a block of C in { }", out); }
  bool word_or_quoted(const char* what, std::string& out) {
    return take(peek().kind == Token::Kind::quoted ? Token::Kind::quoted : Token::Kind::word, what, out);
  }

  bool read_line() {
    const Place place = peek().place;
    std::string keyword;
    if (!word("a line that begins with a word", keyword)) return false;
    if (keyword == "about") return read_about();
    if (keyword == "file") {
      function_.clear();
      return word("the path of a file", file_) && check_path();
    }
    if (keyword == "in") return word("the name of a function", function_);
    if (keyword == "set") return read_set();
    if (keyword == "scenario") return read_scenario();
    Action action;
    action.place = place;
    action.file = file_;
    action.function = function_;
    if (!read_action(keyword, action)) return false;
    if (action.kind != Action::Kind::add && action.function.empty())
      return fail("no function has been named", "put a line 'in FUNCTION' above");
    edit_.actions.push_back(std::move(action));
    return true;
  }

  bool check_path() {
    if (stays_inside(file_)) return true;
    --at_;
    return fail("the path leaves the tree");
  }

  bool read_about() {
    while (peek().kind != Token::Kind::line_end) edit_.about += (edit_.about.empty() ? "" : " ") + tokens_[at_++].text;
    return true;
  }

  bool read_set() {
    std::string name;
    std::string value;
    if (!word("the name of a configuration", name)) return false;
    if (!starts_with(name, "CONFIG_")) return --at_, fail("the name of a configuration begins with CONFIG_");
    if (!expect("=") || !word("y or n", value)) return false;
    if (value != "y" && value != "n") return --at_, fail("expected y or n");
    edit_.configuration[name] = value == "y";
    return true;
  }

  bool read_scenario() {
    std::string name;
    const Place place = peek().place;
    if (!word("the name of a scenario's value", name) || !expect("=")) return false;
    edit_.scenario_places[name] = place;
    return word_or_quoted("the value", edit_.scenario[name]);
  }

  bool read_action(const std::string& keyword, Action& action) {
    using Kind = Action::Kind;
    if (keyword == "delete") return action.kind = Kind::remove, read_anchor(action.anchor);
    if (keyword == "move")
      return action.kind = Kind::move, read_anchor(action.anchor) && read_position(action.position);
    if (keyword == "insert") return action.kind = Kind::insert, block(action.text) && read_position(action.position);
    if (keyword == "send")
      return action.kind = Kind::send_goto, read_anchor(action.anchor) &&
                                                check_kind(action.anchor, Anchor::Kind::go_to, "a goto") &&
                                                expect("to") && word("the name of a label", action.text);
    if (keyword == "add") return action.kind = Kind::add, read_added(action);
    if (keyword == "replace") return read_replace(action);
    --at_;
    return fail("'" + valid_utf8(keyword) + "' is no action",
                "there are delete, move, insert, replace, send, add; and about, file, in, set, scenario");
  }

  bool read_added(Action& action) {
    if (action.file.empty()) return fail("no file has been named", "put a line 'file PATH' above");
    return block(action.text);
  }

  bool read_replace(Action& action) {
    using Kind = Action::Kind;
    if (accept("body")) return action.kind = Kind::replace_body, expect("by") && block(action.text);
    if (accept("condition")) {
      action.kind = Kind::replace_condition;
      return expect("of") && read_anchor(action.anchor) && expect("by") && word_or_quoted("an expression", action.text);
    }
    if (accept("argument")) {
      action.kind = Kind::replace_argument;
      return read_number(action.argument) && expect("of") && read_anchor(action.anchor) &&
             check_kind(action.anchor, Anchor::Kind::call, "a call") && expect("by") &&
             word_or_quoted("an expression", action.text);
    }
    action.kind = Kind::replace;
    return read_anchor(action.anchor) && expect("by") && block(action.text);
  }

  bool check_kind(const Anchor& anchor, Anchor::Kind kind, const char* what) {
    if (anchor.kind == kind) return true;
    problem_ = {anchor.place, std::string("this must be ") + what, {}};
    return false;
  }

  static std::optional<std::uint32_t> number(std::string_view text) {
    if (text.empty() || text.size() > 6 || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
    std::uint32_t out = 0;
    for (const char c : text) out = out * 10 + static_cast<std::uint32_t>(c - '0');
    return out == 0 ? std::nullopt : std::optional(out);
  }

  bool read_number(std::uint32_t& out) {
    std::string text;
    if (!word("a number from 1 on", text)) return false;
    const auto value = number(text);
    if (!value) return --at_, fail("expected a number from 1 on");
    out = *value;
    return true;
  }

  bool read_position(Position& position) {
    if (accept("before") || accept("after")) {
      position.kind = tokens_[at_ - 1].text == "before" ? Position::Kind::before : Position::Kind::after;
      return read_anchor(position.anchor.emplace());
    }
    if (!accept("at")) return fail("expected a position: before ..., after ..., at start, at end");
    const bool start = accept("start");
    if (!start && !accept("end")) return fail("expected 'start' or 'end'");
    position.kind = start ? Position::Kind::at_start : Position::Kind::at_end;
    return !accept("of") || read_anchor(position.anchor.emplace());
  }

  bool read_anchor(Anchor& anchor, int depth = 0) {
    using Kind = Anchor::Kind;
    anchor.place = peek().place;
    if (depth > deepest_anchor) return fail("an anchor inside too many others");
    for (const auto& [name, kind] :
         {std::pair{"then", Kind::then_of}, {"else", Kind::else_of}, {"body", Kind::body_of}})
      if (accept(name)) return anchor.kind = kind, expect("of") && read_inner(anchor, depth);
    if (accept("call")) {
      anchor.kind = Kind::call;
      if (!word("the name of a function", anchor.text)) return false;
      if (accept("with") && !word_or_quoted("a part of the arguments", anchor.with)) return false;
      return read_ordinal(anchor);
    }
    for (const auto& [name, kind] : {std::pair{"assignment", Kind::assignment}, {"statement", Kind::statement}})
      if (accept(name))
        return anchor.kind = kind, word_or_quoted("a part of the code", anchor.text) && read_ordinal(anchor);
    for (const auto& [name, kind] :
         {std::pair{"label", Kind::label}, {"goto", Kind::go_to}, {"declaration", Kind::declaration}})
      if (accept(name)) return anchor.kind = kind, word("a name", anchor.text) && read_ordinal(anchor);
    for (const auto& [name, kind] :
         {std::pair{"if", Kind::condition}, {"loop", Kind::loop}, {"return", Kind::give_back}})
      if (accept(name)) return anchor.kind = kind, read_headed(anchor, depth);
    return fail("expected an anchor",
                "call, assignment, if, loop, label, goto, return, declaration, statement, then of, else of, body of");
  }

  bool read_inner(Anchor& anchor, int depth) {
    auto inner = std::make_shared<Anchor>();
    if (!read_anchor(*inner, depth + 1)) return false;
    anchor.inner = std::move(inner);
    return true;
  }

  // `if around …`, `if "text" #2`, `return #1`.
  bool read_headed(Anchor& anchor, int depth) {
    if (anchor.kind != Anchor::Kind::give_back && accept("around")) {
      anchor.kind = anchor.kind == Anchor::Kind::loop ? Anchor::Kind::loop_around : Anchor::Kind::if_around;
      return read_inner(anchor, depth);
    }
    if (peek().kind == Token::Kind::quoted) anchor.text = tokens_[at_++].text;
    return read_ordinal(anchor);
  }

  // "#2" or "#last".
  bool read_ordinal(Anchor& anchor) {
    if (peek().kind != Token::Kind::word || peek().text[0] != '#') return true;
    const std::string text = peek().text.substr(1);
    const auto value = number(text);
    if (text != "last" && !value) return fail("expected a number from 1 on, or 'last', behind '#'");
    anchor.number = value ? static_cast<int>(*value) : -1;
    ++at_;
    return true;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::string file_, function_;
  Edit edit_;
  Diagnostic problem_;
};

}  // namespace

Outcome<Edit> read_edit(std::string_view text, const std::string& file) {
  if (text.size() > (1U << 20U)) return failure({file}, "over 1 MiB", "an edit is a few lines");
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) return no_text(text, nul, file);
  auto tokens = Tokenizer(text, file).run();
  if (!tokens) return tl::unexpected(tokens.error());
  return EditReader(std::move(*tokens), file).read();
}

}  // namespace hotproof::patch
