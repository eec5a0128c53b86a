#include "specs/lang/formula.hpp"

#include <algorithm>
#include <array>

#include "specs/lang/patterns.hpp"
#include "specs/lang/spec.hpp"
#include "specs/lang/vocabulary.hpp"

namespace hotproof::spec {

namespace {

constexpr std::size_t deepest_formula = 100;  // recursion everywhere is bounded by this

class FormulaParser {
 public:
  FormulaParser(Cursor& cursor, const std::function<Scope(bool)>& scope, std::set<std::string>& calls)
      : cursor_(cursor), scope_(scope), calls_(calls) {}

  // a -> b -> c is a -> (b -> c).
  Formula implication() {
    const Nested nested(*this);
    Formula left = disjunction();
    if (!cursor_.at("->")) return left;
    cursor_.take();
    return made(Formula::Kind::implies, std::move(left), implication());
  }

 private:
  struct Nested {
    explicit Nested(FormulaParser& parser) : parser_(parser) {
      if (++parser_.depth_ > deepest_formula) parser_.cursor_.fail(parser_.cursor_.peek().spot, "formula is nested too deeply");
    }
    ~Nested() { --parser_.depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    FormulaParser& parser_;
  };

  template <class... Args>
  Formula made(Formula::Kind kind, Args... args) {
    if (++nodes_ > most_formula_nodes)
      cursor_.fail(cursor_.peek().spot, "formula has more than " + std::to_string(most_formula_nodes) + " operators and atoms");
    if (kind >= Formula::Kind::next && ++temporal_ > most_temporal)
      cursor_.fail(cursor_.peek().spot, "formula has more than " + std::to_string(most_temporal) + " temporal operators",
                   "several properties say it as well");
    Formula out;
    out.kind = kind;
    (out.args.push_back(std::move(args)), ...);
    return out;
  }

  Formula disjunction() {
    Formula out = conjunction();
    while (cursor_.accept("||")) out = made(Formula::Kind::or_, std::move(out), conjunction());
    return out;
  }

  Formula conjunction() {
    Formula out = binary();
    while (cursor_.accept("&&")) out = made(Formula::Kind::and_, std::move(out), binary());
    return out;
  }

  Formula binary() {
    const Nested nested(*this);
    Formula left = unary();
    if (cursor_.accept("U")) return made(Formula::Kind::until, std::move(left), binary());
    if (cursor_.accept("W")) return made(Formula::Kind::weak_until, std::move(left), binary());
    if (cursor_.accept("R")) return made(Formula::Kind::release, std::move(left), binary());
    return left;
  }

  Formula unary() {
    const Nested nested(*this);
    if (cursor_.accept("!")) return made(Formula::Kind::not_, unary());
    if (cursor_.accept("X")) return made(Formula::Kind::next, unary());
    if (cursor_.accept("F")) return made(Formula::Kind::eventually, unary());
    if (cursor_.accept("G")) return made(Formula::Kind::always, unary());
    return primary();
  }

  Formula primary() {
    const Token first = cursor_.peek();
    if (cursor_.accept("(")) {
      Formula inner = implication();
      cursor_.expect(")", "to close the parenthesis");
      return inner;
    }
    Formula out;
    if (cursor_.at("true") || cursor_.at("false")) {
      out = made(Formula::Kind::constant);
      out.value = cursor_.take().text == "true";
      return out;
    }
    if (cursor_.at("{")) {
      out = made(Formula::Kind::state);
      out.condition.push_back(condition(scope_(false)));
    } else {
      out = made(Formula::Kind::event);
      event(out);
    }
    out.text = cursor_.since(first);
    return out;
  }

  Expr condition(const Scope& scope) {
    cursor_.expect("{", "before a condition");
    Expr out = parse_expression(cursor_);
    cursor_.expect("}", "after a condition");
    resolve(out, scope, cursor_);
    return out;
  }

  void event(Formula& out) {
    const Token first = cursor_.peek();
    if (first.kind != Token::Kind::word)
      cursor_.expected("a formula", "an event, or what is true of a state in braces: { mem[b].state == MEM_ONLINE }");
    // Who writes a condition without its braces meant no event.
    const bool begins_condition = cursor_.at("[", 1) || cursor_.at(".", 1) || is_constant_name(first.text) ||
                                  find_builtin(first.text) != nullptr || scope_(false).variables.contains(first.text);
    if (begins_condition && find_event(first.text) == nullptr)
      cursor_.fail(first.spot, "no event is called '" + first.text + "'",
                   "what is true of a state stands in braces: { mem[b].state == MEM_ONLINE }");
    Scope scope = scope_(true);
    out.event = parse_event(cursor_, scope);
    for (const std::string_view kind : {"call ", "return "})
      if (out.event.event.starts_with(kind)) calls_.insert(out.event.event.substr(kind.size()));
    if (cursor_.at("{")) out.condition.push_back(condition(scope));
  }

  Cursor& cursor_;
  const std::function<Scope(bool)>& scope_;
  std::set<std::string>& calls_;
  std::size_t depth_ = 0;
  std::size_t nodes_ = 0;
  std::size_t temporal_ = 0;
};

}  // namespace

Formula parse_formula(Cursor& cursor, const std::function<Scope(bool)>& scope, std::set<std::string>& calls) {
  return FormulaParser(cursor, scope, calls).implication();
}

}  // namespace hotproof::spec
