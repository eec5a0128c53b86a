#include "model/lower/unparse.hpp"

#include <algorithm>

namespace hotproof::lower {
namespace {

using Kind = c::Expr::Kind;

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '\n') {
      result += "\\n";
    } else if (letter == '"' || letter == '\\') {
      result += std::string{'\\', letter};
    } else {
      result += letter;
    }
  }
  return result + "\"";
}

bool is_simple(const c::Expr& expr) {
  switch (expr.kind) {
    case Kind::integer:
    case Kind::string:
    case Kind::name:
    case Kind::call:
    case Kind::member:
    case Kind::arrow:
    case Kind::index:
      return true;
    default:
      return false;
  }
}

std::string wrapped(const c::Expr& expr) {
  return is_simple(expr) ? unparse(expr) : "(" + unparse(expr) + ")";
}

std::string listed(const std::vector<c::ExprPtr>& args, std::size_t from) {
  std::string result;
  for (std::size_t i = from; i < args.size(); ++i) {
    if (i > from) result += ", ";
    if (args[i]) result += args[i]->kind == Kind::binary && args[i]->op == "," ? wrapped(*args[i]) : unparse(*args[i]);
  }
  return result;
}

std::string designated(const c::Expr& expr) {
  const bool is_index = expr.args.size() > 1 && expr.args[1];
  const std::string what = is_index ? "[" + unparse(*expr.args[1]) + "]" : "." + expr.text;
  return what + " = " + unparse(*expr.args[0]);
}

}  // namespace

std::string unparse(const c::Expr& expr) {
  const auto arg = [&](std::size_t i) { return expr.args[i] ? wrapped(*expr.args[i]) : std::string(); };
  switch (expr.kind) {
    case Kind::integer:
      return expr.text.empty() ? std::to_string(expr.value) : expr.text;
    case Kind::string:
      return quoted(expr.text);
    case Kind::name:
      return expr.text;
    case Kind::unary:
      return expr.op + arg(0);
    case Kind::postfix:
      return arg(0) + expr.op;
    case Kind::binary:
    case Kind::assign:
      return arg(0) + " " + expr.op + " " + arg(1);
    case Kind::conditional:
      return arg(0) + " ? " + arg(1) + " : " + arg(2);
    case Kind::call:
      return arg(0) + "(" + listed(expr.args, 1) + ")";
    case Kind::member:
      return arg(0) + "." + expr.text;
    case Kind::arrow:
      return arg(0) + "->" + expr.text;
    case Kind::index:
      return arg(0) + "[" + unparse(*expr.args[1]) + "]";
    case Kind::cast:
      return "(" + unparse(*expr.type) + ")" + arg(0);
    case Kind::sizeof_type:
      return (expr.op.empty() ? "sizeof" : expr.op) + "(" + unparse(*expr.type) + ")";
    case Kind::sizeof_expr:
      return "sizeof(" + unparse(*expr.args[0]) + ")";
    case Kind::compound_literal:
      return "(" + unparse(*expr.type) + ")" + (expr.args.empty() ? "{}" : unparse(*expr.args[0]));
    case Kind::initialiser_list:
      return "{ " + listed(expr.args, 0) + " }";
    case Kind::designated:
      return designated(expr);
    case Kind::type_argument:
      return unparse(*expr.type);
    case Kind::statement_expression:
      return "({ })";
    case Kind::not_understood:
      return expr.text;
  }
  return {};
}

std::string unparse(const c::TypeName& type, const std::string& declarator) {
  switch (type.kind) {
    case c::TypeName::Kind::pointer: {
      const bool binds = type.inner && (type.inner->kind == c::TypeName::Kind::array ||
                                        type.inner->kind == c::TypeName::Kind::function);
      const std::string inner = binds ? "(*" + declarator + ")" : "*" + declarator;
      return type.inner ? unparse(*type.inner, inner) : "void " + inner;
    }
    case c::TypeName::Kind::array: {
      const std::string inner = declarator + "[" + (type.size ? unparse(*type.size) : "") + "]";
      return type.inner ? unparse(*type.inner, inner) : inner;
    }
    case c::TypeName::Kind::function: {
      std::string parameters;
      for (const c::Declaration& parameter : type.parameters) {
        if (!parameters.empty()) parameters += ", ";
        if (parameter.type) parameters += unparse(*parameter.type, parameter.name);
      }
      const std::string inner = declarator + "(" + parameters + ")";
      return type.inner ? unparse(*type.inner, inner) : inner;
    }
    case c::TypeName::Kind::base:
      break;
  }
  const std::string name = type.of_expression ? "typeof(" + unparse(*type.of_expression) + ")" : type.name;
  return declarator.empty() ? name : name + " " + declarator;
}

bool acts(const c::Expr& expr) {
  switch (expr.kind) {
    case Kind::call:
    case Kind::assign:
    case Kind::postfix:
    case Kind::compound_literal:
    case Kind::initialiser_list:
    case Kind::statement_expression:
    case Kind::not_understood:
      return true;
    default:
      break;
  }
  if (expr.op == "++" || expr.op == "--") return true;
  return std::any_of(expr.args.begin(), expr.args.end(), [](const c::ExprPtr& arg) { return arg && acts(*arg); });
}

}  // namespace hotproof::lower
