#include "specs/lang/patterns.hpp"

#include <algorithm>

#include "specs/lang/vocabulary.hpp"

namespace hotproof::spec {

namespace {

std::string ordinal(std::size_t index) {
  switch (index) {
    case 0:
      return "1st";
    case 1:
      return "2nd";
    case 2:
      return "3rd";
    default:
      return std::to_string(index + 1) + "th";
  }
}

class PatternParser {
 public:
  PatternParser(Cursor& cursor, Scope& scope, const EventKind& event) : cursor_(cursor), scope_(scope), event_(event) {}

  Pattern one(std::size_t position) {
    position_ = position;
    Pattern out = alternative();
    while (cursor_.at("|")) {
      if (out.kind != Pattern::Kind::value) cursor_.fail(cursor_.peek().spot, "only values can stand beside '|'");
      cursor_.take();
      const Spot spot = cursor_.peek().spot;
      Pattern next = alternative();
      if (next.kind != Pattern::Kind::value) cursor_.fail(spot, "only values can stand beside '|'");
      out.values.push_back(std::move(next.values[0]));
    }
    return out;
  }

 private:
  const Parameter& parameter() const { return event_.parameters[position_]; }
  static Pattern value(Expr expr) { return {Pattern::Kind::value, "", {std::move(expr)}}; }
  std::string position_text() const {
    return "the " + ordinal(position_) + " argument of '" + std::string(event_.name) + "' (" +
           std::string(parameter().name) + ")";
  }

  Pattern alternative() {
    const Token token = cursor_.peek();
    if (token.kind == Token::Kind::number || cursor_.at("-")) return integer(token);
    if (token.kind != Token::Kind::word)
      cursor_.expected("a pattern for " + position_text(), "'_' stands for anything");
    if (cursor_.accept("_")) return {};
    if (parameter().kind == Parameter::Kind::lock) return lock();
    cursor_.take();
    Expr expr;
    expr.spot = token.spot;
    expr.text = token.text;
    expr.kind = Expr::Kind::word;
    return word(std::move(expr));
  }

  Pattern integer(const Token& token) {
    if (parameter().kind == Parameter::Kind::lock)
      cursor_.fail(token.spot, position_text() + " is a lock; give its name");
    Expr expr;
    expr.spot = token.spot;
    expr.number = cursor_.integer("a number");
    return value(std::move(expr));
  }

  Pattern lock() {
    Expr expr = parse_expression(cursor_);
    resolve_lock(expr, scope_, cursor_);
    return {Pattern::Kind::lock, "", {std::move(expr)}};
  }

  Pattern word(Expr expr) {
    if (expr.text == "self") {
      expr.kind = Expr::Kind::self;
      return value(std::move(expr));
    }
    const auto variable = scope_.variables.find(expr.text);
    if (variable != scope_.variables.end()) {
      check_set(expr, variable->second);
      return value(std::move(expr));
    }
    if (is_constant_name(expr.text)) {
      resolve_constant(expr, scope_, cursor_);
      return value(std::move(expr));
    }
    return named(std::move(expr));
  }

  // A quantified variable over one set does not fit where an element of another is given.
  void check_set(const Expr& expr, const std::string& set) const {
    const auto is_set = [](std::string_view name) { return std::ranges::find(sets(), name) != sets().end(); };
    if (set.empty() || !is_set(parameter().name) || parameter().name == set) return;
    cursor_.fail(expr.spot, position_text() + " is no " + set);
  }

  // A word for a value ("online"), or a new name.
  Pattern named(Expr expr) {
    std::vector<std::string_view> words;
    for (const NamedValue& named : parameter().words) {
      words.push_back(named.word);
      if (named.word != expr.text) continue;
      expr.kind = Expr::Kind::number;
      expr.number = named.value;
      return value(std::move(expr));
    }
    if (const std::string hint = suggestion(expr.text, words); !hint.empty())
      cursor_.fail(expr.spot, "'" + expr.text + "' is no value for " + position_text(), hint);
    if (is_reserved(expr.text)) cursor_.fail(expr.spot, "'" + expr.text + "' cannot be a name");
    if (!scope_.bound.insert(expr.text).second)
      cursor_.fail(expr.spot, "'" + expr.text + "' is bound twice", "compare two arguments in 'when'");
    return {Pattern::Kind::bind, expr.text, {}};
  }

  Cursor& cursor_;
  Scope& scope_;
  const EventKind& event_;
  std::size_t position_ = 0;
};

}  // namespace

EventPattern parse_event(Cursor& cursor, Scope& scope) {
  EventPattern out;
  out.spot = cursor.peek().spot;
  const std::string name = cursor.dashed("an event");
  const EventKind* event = find_event(name);
  if (event == nullptr) {
    const auto names = event_names();
    cursor.fail(out.spot, "no event is called '" + name + "'", suggestion(name, names));
  }
  out.event = name;
  if (name == "call" || name == "return") out.event += " " + cursor.word("the name of a function");
  if (!cursor.accept("(")) return out;
  PatternParser parser(cursor, scope, *event);
  const std::size_t expected = event->parameters.size();
  const std::string takes = "'" + name + "' has " + std::to_string(expected) +
                            (expected == 1 ? " argument" : " arguments") + ": " + parameter_names(*event);
  do {
    if (out.patterns.size() == expected) cursor.fail(cursor.peek().spot, "one argument too many", takes);
    out.patterns.push_back(parser.one(out.patterns.size()));
  } while (cursor.accept(","));
  if (cursor.at(")") && out.patterns.size() < expected)
    cursor.fail(cursor.peek().spot, "an argument is missing", takes);
  cursor.expect(")", "after the arguments of '" + name + "'");
  return out;
}

}  // namespace hotproof::spec
