#include "model/c/conditions.hpp"

#include <utility>
#include <vector>

#include "model/c/lexer.hpp"
#include "model/c/literals.hpp"

namespace hotproof::c {

namespace {

// Deeper nesting than any header has; keeps hostile input from using up the stack.
constexpr int max_depth = 200;

bool true_word(std::string_view body) {
  return body == "1" || body == "y";
}

// Precedence climbing over the tokens of one expression.
class Evaluator {
 public:
  Evaluator(Definitions& definitions, std::string_view text, int depth)
      : definitions_(definitions), tokens_(text), depth_(depth) {}

  std::optional<std::int64_t> run() {
    const std::int64_t result = conditional();
    if (failed_ || at_ != tokens_.size()) return std::nullopt;
    return result;
  }

 private:
  struct Operator {
    std::string_view text;
    int precedence;
  };

  bool take(std::string_view op) {
    for (std::size_t i = 0; i < op.size(); ++i) {
      if (!tokens_.is(at_ + i, op[i])) return false;
      if (i > 0 && tokens_[at_ + i].begin != tokens_[at_].begin + i) return false;
    }
    at_ += op.size();
    return true;
  }

  std::int64_t fail() {
    failed_ = true;
    at_ = tokens_.size();
    return 0;
  }

  std::int64_t conditional() {
    const std::int64_t condition = binary(1);
    if (!take("?")) return condition;
    const std::int64_t yes = conditional();
    if (!take(":")) return fail();
    const std::int64_t no = conditional();
    return condition ? yes : no;
  }

  std::optional<Operator> binary_operator(int lowest) {
    // Longer operators first, so that "<" does not take half of "<<".
    static constexpr Operator operators[] = {{"||", 1}, {"&&", 2}, {"==", 6}, {"!=", 6}, {"<=", 7}, {">=", 7},
                                             {"<<", 8}, {">>", 8}, {"|", 3},  {"^", 4},  {"&", 5},  {"<", 7},
                                             {">", 7},  {"+", 9},  {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10}};
    for (const Operator& op : operators) {
      const std::size_t before = at_;
      if (!take(op.text)) continue;
      if (op.precedence >= lowest) return op;
      at_ = before;
      return std::nullopt;
    }
    return std::nullopt;
  }

  std::int64_t binary(int lowest) {
    std::int64_t left = unary();
    while (!failed_) {
      const auto op = binary_operator(lowest);
      if (!op) break;
      left = apply(op->text, left, binary(op->precedence + 1));
    }
    return left;
  }

  std::int64_t apply(std::string_view op, std::int64_t left, std::int64_t right) {
    const auto a = static_cast<std::uint64_t>(left);
    const auto b = static_cast<std::uint64_t>(right);
    const auto wrap = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    if (op == "||") return left || right;
    if (op == "&&") return left && right;
    if (op == "==") return left == right;
    if (op == "!=") return left != right;
    if (op == "<=") return left <= right;
    if (op == ">=") return left >= right;
    if (op == "<") return left < right;
    if (op == ">") return left > right;
    if (op == "|") return wrap(a | b);
    if (op == "^") return wrap(a ^ b);
    if (op == "&") return wrap(a & b);
    if (op == "+") return wrap(a + b);
    if (op == "-") return wrap(a - b);
    if (op == "*") return wrap(a * b);
    if (op == "<<") return b < 64 ? wrap(a << b) : 0;
    if (op == ">>") return b < 64 ? left >> b : 0;
    // A division by zero in the branch that && does not take is legal; its value does not matter.
    if (right == 0 || right == -1) return right == 0 ? 0 : op == "/" ? wrap(0 - a) : 0;
    return op == "/" ? left / right : left % right;
  }

  std::int64_t unary() {
    if (++depth_ > max_depth) return fail();
    const std::int64_t result = unary_inside();
    --depth_;
    return result;
  }

  std::int64_t unary_inside() {
    if (take("!")) return !unary();
    if (take("~")) return ~unary();
    if (take("-")) return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(unary()));
    if (take("+")) return unary();
    if (take("(")) {
      const std::int64_t value = conditional();
      return take(")") ? value : fail();
    }
    if (at_ >= tokens_.size()) return fail();
    const std::size_t index = at_++;
    switch (tokens_[index].kind) {
      case Token::Kind::number:
        return number(index);
      case Token::Kind::character:
        return static_cast<std::int64_t>(character_value(tokens_.text(index)));
      case Token::Kind::identifier:
        return tokens_.text(index) == "defined" ? defined() : name(tokens_.text(index));
      default:
        return fail();
    }
  }

  std::int64_t number(std::size_t index) {
    const auto value = integer_value(tokens_.text(index));
    return value ? static_cast<std::int64_t>(*value) : fail();
  }

  std::int64_t defined() {
    const bool parenthesised = take("(");
    if (!tokens_.is_identifier(at_)) return fail();
    const bool result = definitions_.is_defined(tokens_.text(at_++));
    if (parenthesised && !take(")")) return fail();
    return result;
  }

  std::int64_t name(std::string_view word) {
    if (tokens_.is(at_, '(')) return macro_call(word);
    const Definitions::Definition* definition = definitions_.find(word);
    if (!definition || definition->function_like) return 0;
    return nested(definition->body);
  }

  std::int64_t nested(const std::string& body) {
    // The value of a macro that is no integer expression (a type, a call) is not needed by any sane #if.
    if (depth_ + 10 > max_depth || body.size() > 4096) return fail();
    return Evaluator(definitions_, body, depth_ + 10).run().value_or(0);
  }

  std::int64_t macro_call(std::string_view word) {
    const std::size_t open = at_;
    if (tokens_.match(open) == no_match) return fail();
    at_ = tokens_.after(open);
    const std::string_view argument = tokens_.is_identifier(open + 1) ? tokens_.text(open + 1) : std::string_view();
    if (word == "IS_ENABLED" || word == "IS_BUILTIN" || word == "IS_REACHABLE") {
      definitions_.is_defined(argument);  // so that the question is on record
      const auto* definition = definitions_.find(argument);
      return definition && true_word(definition->body);
    }
    if (word == "_AC" || word == "UL" || word == "ULL" || word == "_UL" || word == "_ULL")
      return open + 1 < tokens_.size() && tokens_[open + 1].kind == Token::Kind::number ? number(open + 1) : 0;
    return 0;
  }

  Definitions& definitions_;
  Tokens tokens_;
  std::size_t at_ = 0;
  int depth_;
  bool failed_ = false;
};

}  // namespace

Definitions::Definitions(std::map<std::string, std::string> configuration) {
  configured_.emplace("__KERNEL__", Definition{false, "1"});
  for (auto& [name, value] : configuration) configured_[name] = {false, std::move(value)};
}

void Definitions::define(std::string name, bool function_like, std::string body, bool local) {
  (local ? local_ : shared_)[std::move(name)] = {function_like, std::move(body)};
}

void Definitions::undefine(std::string_view name) {
  const std::string key(name);
  local_.erase(key);
  shared_.erase(key);
}

const Definitions::Definition* Definitions::find(std::string_view name) {
  const std::string key(name);
  // The configuration speaks last: it is what the user asked for.
  for (const Table* table : {&configured_, &local_, &shared_})
    if (const auto found = table->find(key); found != table->end()) return &found->second;
  return nullptr;
}

bool Definitions::is_defined(std::string_view name) {
  const bool result = find(name) != nullptr;
  if (name.starts_with("CONFIG_")) asked_[std::string(name)] = result;
  return result;
}

std::optional<std::int64_t> Definitions::value(std::string_view expression) {
  if (expression.size() > 65536) return std::nullopt;
  return Evaluator(*this, expression, 0).run();
}

}  // namespace hotproof::c
