#include "model/c/print.hpp"

namespace hotproof::c {

namespace {

std::string list(const std::vector<ExprPtr>& args, std::size_t first = 0) {
  std::string result;
  for (std::size_t i = first; i < args.size(); ++i) {
    if (i > first) result += ", ";
    if (args[i]) result += to_string(*args[i]);
  }
  return result;
}

std::string optional(const ExprPtr& expr) {
  return expr ? to_string(*expr) : std::string();
}

std::string arg(const Expr& expr, std::size_t i) {
  return i < expr.args.size() ? optional(expr.args[i]) : "?";
}

std::string body(const Stmt& stmt, std::size_t i) {
  return i < stmt.body.size() && stmt.body[i] ? " " + to_string(*stmt.body[i]) : std::string();
}

std::string designator(const Expr& expr) {
  if (!expr.text.empty()) return "." + expr.text;
  return "[" + arg(expr, 1) + (expr.args.size() > 2 ? " ... " + arg(expr, 2) : "") + "]";
}

std::string record(const Record& record) {
  std::string result = " {";
  for (const Declaration& one : record.fields) result += " " + to_string(one) + ";";
  for (const Record::Enumerator& one : record.enumerators)
    result += " " + one.name + (one.value ? " = " + to_string(*one.value) : "") + ",";
  return result + " }";
}

}  // namespace

std::string to_string(const Expr& expr) {
  using Kind = Expr::Kind;
  switch (expr.kind) {
    case Kind::integer:
    case Kind::name:
      return expr.text;
    case Kind::string:
      return '"' + expr.text + '"';
    case Kind::unary:
      return "(" + expr.op + arg(expr, 0) + ")";
    case Kind::postfix:
      return "(" + arg(expr, 0) + expr.op + ")";
    case Kind::binary:
    case Kind::assign:
      return "(" + arg(expr, 0) + " " + expr.op + " " + arg(expr, 1) + ")";
    case Kind::conditional:
      return "(" + arg(expr, 0) + " ? " + arg(expr, 1) + " : " + arg(expr, 2) + ")";
    case Kind::call:
      return arg(expr, 0) + "(" + list(expr.args, 1) + ")";
    case Kind::member:
      return arg(expr, 0) + "." + expr.text;
    case Kind::arrow:
      return arg(expr, 0) + "->" + expr.text;
    case Kind::index:
      return arg(expr, 0) + "[" + arg(expr, 1) + "]";
    case Kind::cast:
      return "cast(" + to_string(*expr.type) + ", " + arg(expr, 0) + ")";
    case Kind::sizeof_type:
      return expr.op + "(type(" + to_string(*expr.type) + "))";
    case Kind::sizeof_expr:
      return "sizeof(" + arg(expr, 0) + ")";
    case Kind::compound_literal:
      return "literal(" + to_string(*expr.type) + ", " + arg(expr, 0) + ")";
    case Kind::initialiser_list:
      return "{" + list(expr.args) + "}";
    case Kind::designated:
      return designator(expr) + " = " + arg(expr, 0);
    case Kind::statement_expression:
      return "(" + to_string(*expr.body) + ")";
    case Kind::type_argument:
      return "type(" + to_string(*expr.type) + ")";
    case Kind::not_understood:
      break;
  }
  return "not_understood(" + expr.text + ")";
}

std::string to_string(const TypeName& type) {
  switch (type.kind) {
    case TypeName::Kind::base:
      if (type.of_expression) return "typeof(" + to_string(*type.of_expression) + ")";
      return type.name + (type.record ? record(*type.record) : "");
    case TypeName::Kind::pointer:
      return "pointer(" + to_string(*type.inner) + ")";
    case TypeName::Kind::array:
      return "array(" + optional(type.size) + ", " + to_string(*type.inner) + ")";
    case TypeName::Kind::function:
      break;
  }
  std::string result = "function(" + to_string(*type.inner) + ";";
  for (std::size_t i = 0; i < type.parameters.size(); ++i) result += (i ? ", " : " ") + to_string(type.parameters[i]);
  return result + (type.variadic ? ", ...)" : ")");
}

std::string to_string(const Declaration& declaration) {
  std::string result;
  if (declaration.is_static) result += "static ";
  if (declaration.is_extern) result += "extern ";
  if (declaration.is_typedef) result += "typedef ";
  result += to_string(*declaration.type);
  if (!declaration.name.empty()) result += " " + declaration.name;
  if (declaration.bits) result += " : " + to_string(*declaration.bits);
  if (!declaration.cleanup.empty()) result += " cleanup(" + declaration.cleanup + ")";
  if (declaration.initialiser) result += " = " + to_string(*declaration.initialiser);
  return result;
}

std::string to_string(const Stmt& stmt) {
  using Kind = Stmt::Kind;
  std::string result;
  switch (stmt.kind) {
    case Kind::compound:
      for (std::size_t i = 0; i < stmt.body.size(); ++i) result += body(stmt, i);
      return "{" + result + " }";
    case Kind::declaration:
      for (const Declaration& one : stmt.declarations) result += (result.empty() ? "" : " ") + to_string(one) + ";";
      return result;
    case Kind::expression:
      return (stmt.text.empty() ? "" : stmt.text + " ") + optional(stmt.expr) + ";";
    case Kind::empty:
      return ";";
    case Kind::if_:
      return "if " + optional(stmt.expr) + body(stmt, 0) + (stmt.body.size() > 1 ? " else" + body(stmt, 1) : "");
    case Kind::while_:
      return "while " + optional(stmt.expr) + body(stmt, 0);
    case Kind::do_:
      return "do" + body(stmt, 0) + " while " + optional(stmt.expr);
    case Kind::for_:
      return "for [" + (stmt.init ? to_string(*stmt.init) : ";") + " " + optional(stmt.expr) + "; " +
             optional(stmt.step) + "]" + body(stmt, 0);
    case Kind::iterator:
      return "each " + stmt.text + "(" + list(stmt.args) + ")" + body(stmt, 0);
    case Kind::guard_block:
      return "guard " + stmt.text + "(" + list(stmt.args) + ")" + body(stmt, 0);
    case Kind::switch_:
      return "switch " + optional(stmt.expr) + body(stmt, 0);
    case Kind::case_:
      return "case " + optional(stmt.expr) + (stmt.step ? " ... " + to_string(*stmt.step) : "") + ":";
    case Kind::default_:
      return "default:";
    case Kind::label:
      return stmt.text + ":";
    case Kind::goto_:
      return "goto " + stmt.text + ";";
    case Kind::break_:
      return "break;";
    case Kind::continue_:
      return "continue;";
    case Kind::return_:
      return stmt.expr ? "return " + to_string(*stmt.expr) + ";" : "return;";
    case Kind::not_understood:
      break;
  }
  return "not_understood(" + stmt.text + ")";
}

}  // namespace hotproof::c
