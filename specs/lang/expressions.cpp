#include "specs/lang/expressions.hpp"

#include <algorithm>
#include <array>

#include "specs/lang/vocabulary.hpp"

namespace hotproof::spec {

namespace {

constexpr std::uint32_t deepest_expression = 200;  // levels of an expression's tree; recursion everywhere is bounded by this

constexpr std::array<std::string_view, 14> reserved{
    "self", "true", "false", "in", "when", "or", "on", "for", "_", "require", "error", "property", "define", "without"};

// C's binary operators, loosest first.
constexpr std::array<std::array<std::string_view, 4>, 10> levels{{{"||"},
                                                                  {"&&"},
                                                                  {"|"},
                                                                  {"^"},
                                                                  {"&"},
                                                                  {"==", "!="},
                                                                  {"<", "<=", ">", ">="},
                                                                  {"<<", ">>"},
                                                                  {"+", "-"},
                                                                  {"*", "/", "%"}}};
constexpr std::size_t relational = 6;

class Parser {
 public:
  explicit Parser(Cursor& cursor) : cursor_(cursor) {}

  Expr choice() {
    enter();
    Expr condition = binary(0);
    if (cursor_.at("?")) {
      Expr out = make(Expr::Kind::choice, cursor_.take());
      add(out, std::move(condition));
      add(out, choice());
      cursor_.expect(":", "between the two values of '?'");
      add(out, choice());
      condition = std::move(out);
    }
    --depth_;
    return condition;
  }

 private:
  void enter() {
    if (++depth_ > deepest_expression) cursor_.fail(cursor_.peek().spot, "expression is nested too deeply");
  }
  static Expr make(Expr::Kind kind, const Token& token) {
    Expr out;
    out.kind = kind;
    out.spot = token.spot;
    out.text = token.text;
    out.number = token.number;
    return out;
  }
  void add(Expr& parent, Expr child) {
    parent.depth = std::max(parent.depth, child.depth + 1);
    if (parent.depth > deepest_expression) cursor_.fail(parent.spot, "expression is nested too deeply");
    parent.args.push_back(std::move(child));
  }

  Expr binary(std::size_t level) {
    if (level == levels.size()) return unary();
    Expr left = binary(level + 1);
    while (true) {
      const auto& signs = levels[level];
      const bool here = std::any_of(signs.begin(), signs.end(),
                                    [&](std::string_view sign) { return !sign.empty() && cursor_.at(sign); });
      if (here) {
        Expr out = make(Expr::Kind::binary, cursor_.take());
        add(out, std::move(left));
        add(out, binary(level + 1));
        left = std::move(out);
      } else if (level == relational && cursor_.at("in") && cursor_.at("{", 1)) {
        left = member(std::move(left));
      } else {
        return left;
      }
    }
  }

  Expr member(Expr left) {
    Expr out = make(Expr::Kind::member, cursor_.take());
    add(out, std::move(left));
    cursor_.expect("{", "after 'in'");
    do add(out, choice());
    while (cursor_.accept(","));
    cursor_.expect("}", "after the set's members");
    return out;
  }

  Expr unary() {
    if (!cursor_.at("!") && !cursor_.at("-") && !cursor_.at("~")) return primary();
    enter();
    Expr out = make(Expr::Kind::unary, cursor_.take());
    add(out, unary());
    --depth_;
    return out;
  }

  Expr primary() {
    const Token& token = cursor_.peek();
    if (token.kind == Token::Kind::number) return make(Expr::Kind::number, cursor_.take());
    if (cursor_.accept("(")) {
      Expr inner = choice();
      cursor_.expect(")", "to close the parenthesis");
      return inner;
    }
    if (token.kind != Token::Kind::word) cursor_.expected("an expression");
    const Expr word = make(Expr::Kind::word, cursor_.take());
    return cursor_.at("(") ? apply(word) : path(word);
  }

  Expr apply(Expr out) {
    out.kind = Expr::Kind::apply;
    cursor_.expect("(", "after a function's name");
    if (out.text == "cell") {
      Expr name = make(Expr::Kind::cell, cursor_.peek());
      name.text = cursor_.string("the name of a cell");
      cursor_.expect(")", "after the name of a cell");
      return name;
    }
    if (cursor_.accept(")")) return out;
    do add(out, choice());
    while (cursor_.accept(","));
    cursor_.expect(")", "after the arguments of '" + out.text + "'");
    return out;
  }

  Expr path(Expr out) {
    while (cursor_.at("[") || cursor_.at(".")) {
      out.kind = Expr::Kind::cell;
      if (cursor_.accept(".")) {
        out.path.push_back({cursor_.word("a field's name after '.'"), -1});
      } else {
        cursor_.take();
        out.path.push_back({"", static_cast<int>(out.args.size())});
        add(out, choice());
        cursor_.expect("]", "after the index");
      }
    }
    return out;
  }

  Cursor& cursor_;
  std::uint32_t depth_ = 0;
};

std::vector<std::string_view> visible_words(const Scope& scope) {
  std::vector<std::string_view> out{"self", "true", "false"};
  for (const auto& [name, set] : scope.variables) out.push_back(name);
  for (const std::string& name : scope.bound) out.push_back(name);
  return out;
}

std::vector<std::string_view> visible_functions(const Scope& scope) {
  std::vector<std::string_view> out = builtin_names();
  for (const auto& [name, definition] : *scope.definitions) out.push_back(name);
  return out;
}

void resolve_word(Expr& expr, const Scope& scope, const Cursor& cursor) {
  if (scope.variables.contains(expr.text) || scope.bound.contains(expr.text)) return;
  if (expr.text == "true" || expr.text == "false") {
    expr.kind = Expr::Kind::number;
    expr.number = expr.text == "true" ? 1 : 0;
    return;
  }
  if (expr.text == "self") {
    if (!scope.has_actor) cursor.fail(expr.spot, "'self' is the actor of an event; here is no event");
    expr.kind = Expr::Kind::self;
    return;
  }
  if (expr.text.starts_with("hp_")) {
    expr.kind = Expr::Kind::cell;
    return;
  }
  if (is_constant_name(expr.text)) return resolve_constant(expr, scope, cursor);
  std::string hint = suggestion(expr.text, visible_words(scope));
  if (hint.empty() && std::ranges::find(symbol_bases(), expr.text) != symbol_bases().end())
    hint = "a symbol looks like " + expr.text + "[b].NAME";
  cursor.fail(expr.spot, "nothing here is called '" + expr.text + "'", hint);
}

// A global of the environment, whose fields and elements are what its C says.
bool is_ours(const std::string& name) {
  return name.starts_with("hp_");
}

void check_fields(const Expr& expr, const Cursor& cursor) {
  const bool block = expr.text == "block";
  if (expr.path.size() < 2 || expr.path[0].index < 0 || (block && expr.path.size() > 2 && expr.path[2].index < 0))
    cursor.fail(expr.spot, "a symbol looks like " + expr.text + "[b].NAME");
  for (std::size_t i = 1; i < expr.path.size(); ++i) {
    const std::string& field = expr.path[i].field;
    if (expr.path[i].index >= 0) continue;
    if (block && std::ranges::find(block_fields(), field) == block_fields().end())
      cursor.fail(expr.spot, "a block has no '" + field + "'", suggestion(field, block_fields()));
    if (const std::string meant = slip_of(field, mem_fields()); !block && !meant.empty())
      cursor.fail(expr.spot, "a memory block has no '" + field + "'", "did you mean '" + meant + "'?");
  }
}

std::size_t resolve_cell(Expr& expr, const Scope& scope, const Cursor& cursor) {
  if (expr.path.empty()) return 1;  // cell("…")
  if (is_ours(expr.text)) {
    std::size_t nodes = 1;
    for (Expr& index : expr.args) nodes += resolve(index, scope, cursor);
    return nodes;
  }
  if (std::ranges::find(symbol_bases(), expr.text) == symbol_bases().end()) {
    const std::string hint = suggestion(expr.text, symbol_bases());
    cursor.fail(expr.spot, "no symbol starts with '" + expr.text + "'",
                hint.empty() ? "cell(\"NAME\") names any cell of the model" : hint);
  }
  check_fields(expr, cursor);
  std::size_t nodes = 1;
  for (Expr& index : expr.args) {
    nodes += resolve(index, scope, cursor);
    const auto variable = scope.variables.find(index.kind == Expr::Kind::word ? index.text : std::string{});
    if (variable != scope.variables.end() && !variable->second.empty() && variable->second != "block")
      cursor.fail(index.spot, "'" + index.text + "' is a " + variable->second + ", not a block");
  }
  return nodes;
}

void check_count(const Expr& expr, std::size_t least, std::size_t most, const Cursor& cursor) {
  if (expr.args.size() >= least && expr.args.size() <= most) return;
  std::string takes = std::to_string(least);
  if (most != least) takes += " or " + std::to_string(most);
  cursor.fail(expr.spot, "'" + expr.text + "' takes " + takes + (most == 1 ? " argument" : " arguments") + ", not " +
                             std::to_string(expr.args.size()));
}

void resolve_mode(Expr& expr, const Cursor& cursor) {
  if (expr.kind != Expr::Kind::word || (expr.text != "read" && expr.text != "write"))
    cursor.fail(expr.spot, "a lock is held for 'read' or for 'write'");
  expr.kind = Expr::Kind::number;
  expr.number = expr.text == "write" ? 1 : 0;
}

std::size_t resolve_apply(Expr& expr, const Scope& scope, const Cursor& cursor) {
  std::size_t nodes = 1;
  if (const Builtin* builtin = find_builtin(expr.text)) {
    check_count(expr, builtin->least, builtin->most, cursor);
    if (builtin->needs_actor && !scope.has_actor)
      cursor.fail(expr.spot, "'" + expr.text + "' speaks of the actor of an event; here is no event");
    for (std::size_t i = 0; i < expr.args.size(); ++i) {
      if (builtin->takes_lock && i == 0)
        resolve_lock(expr.args[i], scope, cursor);
      else if (builtin->takes_lock)
        resolve_mode(expr.args[i], cursor);
      else
        nodes += resolve(expr.args[i], scope, cursor);
    }
    return nodes;
  }
  const auto found = scope.definitions->find(expr.text);
  if (found == scope.definitions->end())
    cursor.fail(expr.spot, "no function is called '" + expr.text + "'",
                suggestion(expr.text, visible_functions(scope)));
  const Definition& definition = found->second;
  check_count(expr, definition.parameters.size(), definition.parameters.size(), cursor);
  if (definition.needs_actor && !scope.has_actor)
    cursor.fail(expr.spot, "'" + expr.text + "' speaks of the actor of an event; here is no event");
  scope.constants->insert(definition.constants.begin(), definition.constants.end());
  for (Expr& arg : expr.args) nodes += resolve(arg, scope, cursor);
  return nodes + definition.nodes;
}

}  // namespace

bool is_reserved(const std::string& word) {
  return std::ranges::find(reserved, word) != reserved.end();
}

bool is_constant_name(const std::string& word) {
  return word.size() > 1 && word[0] >= 'A' && word[0] <= 'Z' &&
         std::ranges::all_of(word, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

Expr parse_expression(Cursor& cursor) {
  return Parser(cursor).choice();
}

void resolve_constant(Expr& expr, const Scope& scope, const Cursor& cursor) {
  if (const std::string meant = slip_of(expr.text, known_constants()); !meant.empty())
    cursor.fail(expr.spot, "unknown constant '" + expr.text + "'", "did you mean '" + meant + "'?");
  expr.kind = Expr::Kind::constant;
  scope.constants->insert(expr.text);
}

void resolve_lock(Expr& expr, const Scope& scope, const Cursor& cursor) {
  if (expr.kind == Expr::Kind::cell && !expr.path.empty()) {
    for (Expr& index : expr.args) resolve(index, scope, cursor);
    return;
  }
  if (expr.kind != Expr::Kind::word || is_reserved(expr.text)) cursor.fail(expr.spot, "expected a lock's name");
  const auto variable = scope.variables.find(expr.text);
  if (variable != scope.variables.end() && variable->second == "lock") return;
  if (variable != scope.variables.end() || scope.bound.contains(expr.text))
    cursor.fail(expr.spot, "'" + expr.text + "' is not a lock", "write 'for lock " + expr.text + "' to speak of each");
  if (const std::string meant = slip_of(expr.text, known_locks()); !meant.empty())
    cursor.fail(expr.spot, "unknown lock '" + expr.text + "'", "did you mean '" + meant + "'?");
  expr.kind = Expr::Kind::cell;
}

std::size_t resolve(Expr& expr, const Scope& scope, const Cursor& cursor) {
  std::size_t nodes = 1;
  switch (expr.kind) {
    case Expr::Kind::word:
      resolve_word(expr, scope, cursor);
      break;
    case Expr::Kind::cell:
      nodes = resolve_cell(expr, scope, cursor);
      break;
    case Expr::Kind::apply:
      nodes = resolve_apply(expr, scope, cursor);
      break;
    default:
      for (Expr& arg : expr.args) nodes += resolve(arg, scope, cursor);
  }
  if (nodes > most_nodes) cursor.fail(expr.spot, "expression is too large once its definitions are put in");
  return nodes;
}

}  // namespace hotproof::spec
