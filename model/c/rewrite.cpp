#include "model/c/rewrite.hpp"

#include <algorithm>

namespace hotproof::c {

namespace {

bool is_typeof(std::string_view word) {
  return word == "typeof" || word == "__typeof__" || word == "__typeof" || word == "typeof_unqual";
}

bool is_sizeof(std::string_view word) {
  return word == "sizeof" || word == "__alignof__" || word == "_Alignof" || word == "alignof" || word == "__alignof";
}

bool is_asm(std::string_view word) {
  return word == "asm" || word == "__asm__" || word == "__asm";
}

bool heads_statement(std::string_view word) {
  return word == "if" || word == "while" || word == "for" || word == "switch";
}

}  // namespace

bool declares_array(std::string_view macro) {
  return macro == "DECLARE_BITMAP" || macro == "DECLARE_HASHTABLE" || macro == "DECLARE_FLEX_ARRAY";
}

namespace {

class Rewriter {
 public:
  Rewriter(std::string_view text, std::uint32_t begin, std::uint32_t end, const NameOracle& oracle)
      : t_(text, begin, end),
        begin_(begin),
        oracle_(oracle),
        jump_(t_.size(), 0),
        heads_(t_.size(), false),
        cast_(t_.size(), false) {
    result_.text = text.substr(begin, end - begin);
  }

  Rewritten run(std::uint32_t body, Fragment fragment) {
    for (std::size_t i = 0; i < t_.size(); i = jump_[i] ? jump_[i] : i + 1) {
      const bool code = t_[i].begin >= body;
      if (t_.is_identifier(i))
        word(i, code, fragment);
      else if (fragment == Fragment::record && t_.is(i, ':'))
        unnamed_bits(i);
      else if (code && t_.is(i, '('))
        parenthesis(i);
    }
    return std::move(result_);
  }

 private:
  // --- Writing -------------------------------------------------------------------------------------------------

  char& at(std::uint32_t offset) { return result_.text[offset - begin_]; }

  void blank_bytes(std::uint32_t begin, std::uint32_t end) { blank(result_.text, begin - begin_, end - begin_); }

  void write(std::uint32_t begin, std::uint32_t end, std::string_view replacement) {
    blank_bytes(begin, end);
    for (std::size_t k = 0; k < replacement.size(); ++k) at(begin + static_cast<std::uint32_t>(k)) = replacement[k];
  }

  // An identifier where the tokens [first, last) stand; what does not fit on its line becomes blanks.
  void hide(std::size_t first, std::size_t last, Rewritten::Placeholder placeholder) {
    const std::uint32_t begin = t_[first].begin;
    const std::uint32_t end = t_[last - 1].end;
    result_.placeholders.emplace(begin, placeholder);
    blank_bytes(begin, end);
    for (std::uint32_t i = begin; i < end && at(i) != '\n'; ++i) at(i) = '_';
    jump_[first] = last;
  }

  void problem(std::size_t token, std::string message) {
    result_.problems.push_back({t_[token].begin, std::move(message)});
  }

  // --- Recognising ---------------------------------------------------------------------------------------------

  bool group(std::size_t i) const { return t_.is(i, '(') && t_.match(i) != no_match; }

  // The tokens [first, last) can only be a type: they start with a type's word, or are a name and stars.
  bool certainly_type(std::size_t first, std::size_t last) const {
    if (first >= last || !t_.is_identifier(first)) return false;
    if (is_type_word(t_.text(first))) return true;
    std::size_t i = first + 1;
    const bool type_of = is_typeof(t_.text(first)) && group(i);
    if (type_of) i = t_.after(i);
    const bool starred = i < last;
    for (; i < last; ++i)
      if (!t_.is(i, '*')) return false;
    return type_of || starred;
  }

  bool known_type(std::size_t first, std::size_t last) const {
    if (certainly_type(first, last)) return true;
    return last == first + 1 && t_.is_identifier(first) && !is_keyword(t_.text(first)) &&
           oracle_.is_type(t_.text(first));
  }

  bool starts_statement(std::size_t i) const {
    if (i == 0) return true;
    const std::size_t p = i - 1;
    if (t_.is(p, ';') || t_.is(p, '{') || t_.is(p, '}') || t_.is(p, ':')) return true;
    if (t_.is(p, "else") || t_.is(p, "do")) return true;
    if (!t_.is(p, ')') || t_.match(p) == no_match || t_.match(p) == 0) return false;
    const std::size_t head = t_.match(p) - 1;
    return heads_[head] || (t_.is_identifier(head) && heads_statement(t_.text(head)));
  }

  // --- Words ---------------------------------------------------------------------------------------------------

  void word(std::size_t i, bool code, Fragment fragment) {
    const std::string_view name = t_.text(i);
    if (is_typeof(name) && group(i + 1)) return type_of(i);
    if (is_sizeof(name) && group(i + 1)) return size_of(i);
    if (fragment == Fragment::record && group(i + 1) && member_macro(i)) return;
    if (!code) return;
    if (name == "case") return case_range(i);
    if (name == "__label__") return drop_through_semicolon(i);
    if (is_asm(name)) return skip_asm(i);
    if (name == "static") return static_macro(i);
    if (name == "_Generic" && group(i + 1)) return choice_by_type(i);
    if (is_keyword(name) || !group(i + 1)) return;
    const bool statements = fragment == Fragment::function || fragment == Fragment::statements;
    if (statements && declares_array(name) && (starts_statement(i) || t_.is(i - 1, "static")))
      return array_declaration(i);
    if (starts_statement(i)) statement_macro(i);
    call(i, name);
  }

  void type_of(std::size_t i) {
    const std::size_t close = t_.match(i + 1);
    if (close == i + 2) return;
    hide(i, close + 1, {Rewritten::Placeholder::Kind::type_of, t_[i + 2].begin, t_[close - 1].end});
  }

  void size_of(std::size_t i) {
    const std::size_t close = t_.match(i + 1);
    if (!known_type(i + 2, close) || t_.is(close + 1, '{')) return;
    hide(i, close + 1, {Rewritten::Placeholder::Kind::size_of, t_[i + 2].begin, t_[close - 1].end});
  }

  void skip_asm(std::size_t i) {
    std::size_t open = i + 1;
    while (t_.is_identifier(open)) ++open;
    if (group(open)) jump_[i] = t_.after(open);
  }

  // `static DEFINE_X(y);` is a call to the grammar.
  void static_macro(std::size_t i) {
    const bool macro = t_.is_identifier(i + 1) && !is_keyword(t_.text(i + 1)) && !declares_array(t_.text(i + 1));
    if (macro && group(i + 2) && t_.is(t_.after(i + 2), ';')) blank_bytes(t_[i].begin, t_[i].end);
  }

  void array_declaration(std::size_t i) {
    const std::uint32_t begin = t_[i].begin;
    const std::size_t last = t_.after(i + 1);
    hide(i, last, {Rewritten::Placeholder::Kind::declaration, begin, t_[last - 1].end});
    write(begin, begin + 4, "int ");
  }

  void drop_through_semicolon(std::size_t i) {
    std::size_t end = i;
    while (end + 1 < t_.size() && !t_.is(end, ';')) ++end;
    blank_bytes(t_[i].begin, t_[end].begin);
    jump_[i] = end;
  }

  void case_range(std::size_t i) {
    for (std::size_t k = i + 1; k < t_.size() && !t_.is(k, ':') && !t_.is(k, ';') && !t_.is(k, '{'); k = t_.after(k))
      if (t_.is(k, '.') && t_.is(k + 1, '.') && t_.is(k + 2, '.')) write(t_[k].begin, t_[k + 2].end, "||");
  }

  // `_Generic(x, T: a, U: b)` becomes a call with x, T, a, U, b.
  void choice_by_type(std::size_t i) {
    at(t_[i].begin + 1) = 'g';  // the grammar's own choice would not take what follows
    const std::size_t close = t_.match(i + 1);
    std::size_t first = i + 2;
    bool is_type = false;
    for (std::size_t k = first; k <= close; k = k < close ? t_.after(k) : k + 1) {
      const bool colon = is_type && t_.is(k, ':');
      if (k != close && !t_.is(k, ',') && !colon) continue;
      if (colon) at(t_[k].begin) = ',';
      if (is_type && k > first)
        hide(first, k, {Rewritten::Placeholder::Kind::type_argument, t_[first].begin, t_[k - 1].end});
      is_type = !is_type;
      first = k + 1;
    }
  }

  // Arguments of a call that are types.
  void call(std::size_t i, std::string_view name) {
    if (name == "offsetof") at(t_[i].begin) = '_';  // the grammar's own offsetof takes no nested members
    const std::size_t close = t_.match(i + 1);
    std::size_t first = i + 2;
    for (std::size_t k = first; k <= close; k = k < close ? t_.after(k) : k + 1) {
      if (k != close && !t_.is(k, ',')) continue;
      if (certainly_type(first, k) && !is_sizeof(t_.text(first)))
        hide(first, k, {Rewritten::Placeholder::Kind::type_argument, t_[first].begin, t_[k - 1].end});
      first = k + 1;
    }
  }

  // `name(…)` where a statement starts: a call, or the head of a block.
  void statement_macro(std::size_t i) {
    const std::string_view name = t_.text(i);
    const std::size_t next = t_.after(i + 1);
    if (next >= t_.size()) return;
    const bool iterates = name.find("for_each") != std::string_view::npos || oracle_.heads_loop(name);
    const bool block = t_.is(next, '{');
    if (!block && !starts_operand(next)) return;
    // `f(x)++` and `f(x) * y` as statements have no meaning; behind an iterator they start its body.
    if (!block && !iterates && !t_.is_identifier(next)) return;
    if (!block && !iterates && name != "scoped_guard")
      return problem(i, "the macro \"" + std::string(name) + "\" stands before a statement without a semicolon");
    if (name.size() < 5) return problem(i, "the macro \"" + std::string(name) + "\" heads a block");
    write(t_[i].begin, t_[i].end, "while");
    heads_[i] = true;
  }

  bool starts_operand(std::size_t i) const {
    if (t_[i].kind == Token::Kind::identifier || t_[i].kind == Token::Kind::number) return true;
    if (t_.is(i, '(') || t_.is(i, '*')) return true;
    return (t_.is(i, '+') && t_.is(i + 1, '+')) || (t_.is(i, '-') && t_.is(i + 1, '-'));
  }

  // --- Casts ---------------------------------------------------------------------------------------------------

  // `(name)` before an operand: a cast if the name is a type, else only parentheses.
  void parenthesis(std::size_t i) {
    product(i);
    if (!group(i) || t_.match(i) != i + 2 || !t_.is_identifier(i + 1) || is_keyword(t_.text(i + 1))) return;
    if (!starts_operand_of_cast(i + 3) || !may_precede_cast(i)) return;
    if (!only_a_cast_may_precede(i + 3) && !oracle_.is_type(t_.text(i + 1))) return only_parentheses(i);
    cast_[i + 2] = true;
    result_.placeholders.emplace(
        t_[i].begin, Rewritten::Placeholder{Rewritten::Placeholder::Kind::cast, t_[i + 1].begin, t_[i + 1].end});
    write(t_[i].begin, t_[i + 2].end, "~");
    jump_[i] = i + 3;
  }

  // In `(a * (b)) - c` the first half may be a type to the grammar, and the whole a cast. `a` is no type, and where the
  // `*` stands no type has a `%`.
  void product(std::size_t i) {
    if (!group(i) || !starts_operand_of_cast(t_.after(i)) || !t_.is_identifier(i + 1) || !t_.is(i + 2, '*')) return;
    const std::string_view name = t_.text(i + 1);
    std::size_t factor = i + 3;
    while (t_.is(factor, '*')) ++factor;
    const bool pointer = t_.is(factor, ')') || (t_.is(factor, '(') && t_.is(factor + 1, '*') && t_.is(factor + 2, ')'));
    if (pointer || t_.is(i + 3, '=') || is_keyword(name) || oracle_.is_type(name)) return;
    if (t_.is_identifier(factor) && is_type_word(t_.text(factor))) return;  // a pointer that is const
    write(t_[i + 2].begin, t_[i + 2].end, "%");
  }

  void only_parentheses(std::size_t i) {
    blank_bytes(t_[i].begin, t_[i].end);
    blank_bytes(t_[i + 2].begin, t_[i + 2].end);
  }

  bool starts_operand_of_cast(std::size_t i) const {
    if (i >= t_.size()) return false;
    if (t_[i].kind != Token::Kind::punctuation) return true;
    return std::string_view("(-+*&~!").find(t_.source()[t_[i].begin]) != std::string_view::npos;
  }

  // `(a) b` can only be a cast; `(a) - b` is one if `a` is a type.
  bool only_a_cast_may_precede(std::size_t i) const {
    if (t_[i].kind != Token::Kind::punctuation || t_.is(i, '~')) return true;
    return t_.is(i, '!') && !t_.is(i + 1, '=');
  }

  bool may_precede_cast(std::size_t i) const {
    if (i == 0) return true;
    const std::size_t p = i - 1;
    if (t_.is(p, ')')) return cast_[p] || closes_cast(p);
    if (t_.is_identifier(p)) return t_.is(p, "return") || t_.is(p, "case") || t_.is(p, "else") || t_.is(p, "do");
    return t_[p].kind == Token::Kind::punctuation && !t_.is(p, ']');
  }

  // A parenthesised type, as in `(unsigned long)(u64)x`.
  bool closes_cast(std::size_t close) const {
    const std::uint32_t open = t_.match(close);
    if (open == no_match || !certainly_type(open + 1, close)) return false;
    return open == 0 || !t_.is_identifier(open - 1) || t_.is(open - 1, "return");
  }

  // --- Records -------------------------------------------------------------------------------------------------

  // `int : 3;` gets a name; what stands there in the source is a blank, and so is the name that the tree gets.
  void unnamed_bits(std::size_t i) {
    if (i < 2 || at(t_[i].begin - 1) != ' ') return;
    const bool alone = t_.is_identifier(i - 1) && (t_.is(i - 2, ';') || t_.is(i - 2, '{') || t_.is(i - 2, '}'));
    const bool typed = t_.is_identifier(i - 1) && is_type_word(t_.text(i - 1));
    if (alone || typed || t_.is(i - 1, ',')) at(t_[i].begin - 1) = '_';
  }

  // `MACRO(x, y);` where a member starts; struct_group(x, …) gives its members to the record around it.
  bool member_macro(std::size_t i) {
    if (i == 0 || is_keyword(t_.text(i))) return false;
    if (!t_.is(i - 1, '{') && !t_.is(i - 1, ';') && !t_.is(i - 1, '}')) return false;
    const std::string_view name = t_.text(i);
    const std::size_t close = t_.match(i + 1);
    if (name.find("struct_group") != std::string_view::npos) {
      open_group(i, close, name == "struct_group" ? 1 : name == "__struct_group" ? 3 : 2);
      return true;
    }
    const std::size_t end = t_.is(close + 1, ';') ? close + 2 : close + 1;
    result_.members.push_back({t_[i].begin, t_[close].end});
    blank_bytes(t_[i].begin, t_[end - 1].end);
    jump_[i] = end;
    return true;
  }

  void open_group(std::size_t i, std::size_t close, int arguments) {
    std::size_t k = i + 2;
    for (; k < close && arguments > 0; k = t_.after(k))
      if (t_.is(k, ',')) --arguments;
    blank_bytes(t_[i].begin, t_[k - 1].end);
    blank_bytes(t_[close].begin, t_[close].end);
    if (t_.is(close + 1, ';')) blank_bytes(t_[close + 1].begin, t_[close + 1].end);
  }

  const Tokens t_;
  const std::uint32_t begin_;
  const NameOracle& oracle_;
  std::vector<std::size_t> jump_;  // by token: where to go on, 0 for the next one
  std::vector<bool> heads_;        // by token: was written as `while`
  std::vector<bool> cast_;         // by token: closes a cast that became an operator
  Rewritten result_;
};

}  // namespace

Rewritten rewrite(std::string_view text, std::uint32_t begin, std::uint32_t end, std::uint32_t body, Fragment fragment,
                  const NameOracle& oracle) {
  return Rewriter(text, begin, end, oracle).run(body, fragment);
}

}  // namespace hotproof::c
