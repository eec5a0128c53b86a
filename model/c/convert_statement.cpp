#include <unordered_map>

#include "model/c/convert.hpp"

namespace hotproof::c {

namespace {

constexpr int deepest_statement = 400;

// The children of `a, b, c` at the top of a list; anything else is itself.
void flatten_commas(TSNode node, std::vector<TSNode>& out) {
  while (kind_of(node) == "comma_expression") {
    out.push_back(field(node, "left"));
    node = field(node, "right");
  }
  out.push_back(node);
}

std::string_view leading_name(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_name_char(text[end])) ++end;
  return text.substr(0, end);
}

}  // namespace

StmtPtr Converter::statement(TSNode node) {
  if (kind_of(node) == "compound_statement" && !has_broken_child(node) && findings_.depth < deepest_statement) {
    ++findings_.depth;
    StmtPtr result = compound(node);
    --findings_.depth;
    return result;
  }
  std::vector<StmtPtr> out;
  statements(node, out);
  if (out.size() == 1) return std::move(out[0]);
  StmtPtr result = make(Stmt::Kind::compound, node);
  result->body = std::move(out);
  return result;
}

void Converter::statements(TSNode node, std::vector<StmtPtr>& out) {
  if (findings_.depth >= deepest_statement) {
    if (findings_.depth == deepest_statement) problem(node, "statements are nested too deep");
    out.push_back(statement_not_understood(node));
    return;
  }
  ++findings_.depth;
  // A broken list of statements still has readable ones; any other broken statement is lost as a whole.
  if (has_broken_child(node) && kind_of(node) != "compound_statement" && kind_of(node) != "case_statement")
    out.push_back(statement_not_understood(node));
  else
    convert_statement(node, out);
  --findings_.depth;
}

void Converter::convert_statement(TSNode node, std::vector<StmtPtr>& out) {
  using Method = StmtPtr (Converter::*)(TSNode);
  static const std::unordered_map<std::string_view, Method> methods = {
      {"compound_statement", &Converter::compound},
      {"declaration", &Converter::declaration_statement},
      {"type_definition", &Converter::declaration_statement},
      {"expression_statement", &Converter::expression_statement},
      {"if_statement", &Converter::if_statement},
      {"while_statement", &Converter::while_statement},
      {"do_statement", &Converter::do_statement},
      {"for_statement", &Converter::for_statement},
      {"switch_statement", &Converter::switch_statement},
      {"return_statement", &Converter::return_statement},
      {"goto_statement", &Converter::goto_statement},
  };
  const std::string_view kind = kind_of(node);
  if (kind == "case_statement") return case_statement(node, out);
  if (kind == "labeled_statement") return labelled(node, out);
  if (kind == "break_statement") return out.push_back(make(Stmt::Kind::break_, node));
  if (kind == "macro_type_specifier") return out.push_back(call_read_as_type(node));
  if (kind == "continue_statement") return out.push_back(make(Stmt::Kind::continue_, node));
  if (const auto found = methods.find(kind); found != methods.end()) {
    out.push_back((this->*found->second)(node));
  } else if (kind.ends_with("_specifier")) {  // `struct x { … };`
    StmtPtr result = make(Stmt::Kind::declaration, node);
    result->declarations.emplace_back().type = base_type(node);
    result->declarations.back().span = result->span;
    out.push_back(std::move(result));
  } else {
    if (!ts_node_has_error(node) && kind != "ERROR")
      problem(node, "this kind of statement is not understood (" + std::string(kind) + ")");
    out.push_back(statement_not_understood(node));
  }
}

StmtPtr Converter::compound(TSNode node) {
  StmtPtr result = make(Stmt::Kind::compound, node);
  for (const TSNode child : named_children(node)) statements(child, result->body);
  return result;
}

StmtPtr Converter::declaration_statement(TSNode node) {
  // `for_each_x(y) f(z);` looks like a declaration whose type is a macro: never let it pass as one.
  if (kind_of(field(node, "type")) == "macro_type_specifier") {
    problem(node, "this looks like a declaration but starts with a macro");
    return statement_not_understood(node);
  }
  StmtPtr result = make(Stmt::Kind::declaration, node);
  result->declarations = declarations(node);
  return result;
}

StmtPtr Converter::expression_statement(TSNode node) {
  const auto parts = named_children(node);
  if (parts.empty()) return make(Stmt::Kind::empty, node);
  StmtPtr result = make(Stmt::Kind::expression, node);
  result->expr = expression(parts[0]);
  // `static` in front of a declaring macro was blanked for the grammar.
  std::string_view before = source_.active.substr(0, begin_of(node));
  while (!before.empty() && (before.back() == ' ' || before.back() == '\t' || before.back() == '\n'))
    before.remove_suffix(1);
  constexpr std::string_view word = "static";
  if (!source_.fixed && before.ends_with(word) && before.size() > word.size() &&
      !is_name_char(before[before.size() - word.size() - 1]))
    result->text = word;
  return result;
}

// `f(g(a * b));` is a call, but the grammar also reads it as an empty declaration of a macro's type.
StmtPtr Converter::call_read_as_type(TSNode node) {
  const auto fragment = parse_fragment(source_, oracle_, begin_of(node), end_of(node), begin_of(node),
                                       Fragment::expression, "v f(){(", ");}", findings_);
  const TSNode read = fragment ? only_statement(*fragment) : TSNode{};
  const auto parts = named_children(read);
  if (parts.size() != 1 || ts_node_has_error(read)) {
    problem(node, "this call is not understood");
    return statement_not_understood(node);
  }
  StmtPtr result = make(Stmt::Kind::expression, node);
  result->expr = Converter(source_, oracle_, fragment->rewritten, begin_of(node), fragment->prefix, findings_)
                     .expression(parts[0]);
  return result;
}

ExprPtr Converter::condition(TSNode parenthesised) {
  ExprPtr result = expression(parenthesised);
  return result ? std::move(result) : not_understood(parenthesised);
}

StmtPtr Converter::if_statement(TSNode node) {
  StmtPtr result = make(Stmt::Kind::if_, node);
  result->expr = condition(field(node, "condition"));
  result->body.push_back(statement(field(node, "consequence")));
  const TSNode alternative = field(node, "alternative");
  if (ts_node_is_null(alternative)) return result;
  const auto parts = named_children(alternative);
  result->body.push_back(parts.size() == 1 ? statement(parts[0]) : statement_not_understood(alternative));
  return result;
}

StmtPtr Converter::while_statement(TSNode node) {
  const std::string_view name = leading_name(text(node));
  if (name != "while") return macro_block(node, name);
  StmtPtr result = make(Stmt::Kind::while_, node);
  result->expr = condition(field(node, "condition"));
  result->body.push_back(statement(field(node, "body")));
  return result;
}

StmtPtr Converter::macro_block(TSNode node, std::string_view name) {
  ++findings_.calls;
  const bool guard = name == "scoped_guard";
  StmtPtr result = make(guard ? Stmt::Kind::guard_block : Stmt::Kind::iterator, node);
  result->text = name;
  const TSNode list = field(node, "condition");
  std::vector<TSNode> arguments;
  for (const TSNode child : named_children(list)) flatten_commas(child, arguments);
  if (has_broken_child(list)) return statement_not_understood(node);
  for (const TSNode argument : arguments) result->args.push_back(expression(argument));
  result->body.push_back(statement(field(node, "body")));
  return result;
}

StmtPtr Converter::do_statement(TSNode node) {
  StmtPtr result = make(Stmt::Kind::do_, node);
  result->body.push_back(statement(field(node, "body")));
  result->expr = condition(field(node, "condition"));
  return result;
}

StmtPtr Converter::for_statement(TSNode node) {
  StmtPtr result = make(Stmt::Kind::for_, node);
  if (const TSNode first = field(node, "initializer"); kind_of(first) == "declaration") {
    result->init = declaration_statement(first);
  } else if (!ts_node_is_null(first)) {
    result->init = make(Stmt::Kind::expression, first);
    result->init->expr = expression(first);
  }
  result->expr = expression(field(node, "condition"));
  result->step = expression(field(node, "update"));
  result->body.push_back(statement(field(node, "body")));
  return result;
}

StmtPtr Converter::switch_statement(TSNode node) {
  StmtPtr result = make(Stmt::Kind::switch_, node);
  result->expr = condition(field(node, "condition"));
  result->body.push_back(statement(field(node, "body")));
  return result;
}

void Converter::case_statement(TSNode node, std::vector<StmtPtr>& out) {
  const TSNode value = field(node, "value");
  StmtPtr result = make(ts_node_is_null(value) ? Stmt::Kind::default_ : Stmt::Kind::case_, node);
  if (!ts_node_is_null(value)) {
    result->expr = expression(value);
    // The rewriting made `a ... b` an operator that the grammar knows.
    if (result->expr->kind == Expr::Kind::binary && result->expr->op == "..") {
      result->step = std::move(result->expr->args[1]);
      result->expr = ExprPtr(std::move(result->expr->args[0]));
    }
  }
  out.push_back(std::move(result));
  for (const Child& child : children(node))
    if (ts_node_is_named(child.node) && child.field != "value") statements(child.node, out);
}

void Converter::labelled(TSNode node, std::vector<StmtPtr>& out) {
  StmtPtr result = make(Stmt::Kind::label, node);
  result->text = text(field(node, "label"));
  out.push_back(std::move(result));
  for (const Child& child : children(node))
    if (ts_node_is_named(child.node) && child.field != "label") statements(child.node, out);
}

StmtPtr Converter::return_statement(TSNode node) {
  StmtPtr result = make(Stmt::Kind::return_, node);
  if (const auto parts = named_children(node); !parts.empty()) result->expr = expression(parts[0]);
  return result;
}

StmtPtr Converter::goto_statement(TSNode node) {
  StmtPtr result = make(Stmt::Kind::goto_, node);
  result->text = text(field(node, "label"));
  return result;
}

}  // namespace hotproof::c
