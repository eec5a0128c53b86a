#include <unordered_map>

#include "model/c/convert.hpp"
#include "model/c/literals.hpp"

namespace hotproof::c {

namespace {

// A frame or three a level stay within a small stack, also in lowering, which recurses over the same tree.
constexpr int deepest_expression = 800;

}  // namespace

ExprPtr Converter::expression(TSNode node) {
  if (ts_node_is_null(node)) return nullptr;
  if (findings_.depth >= deepest_expression) {
    if (findings_.depth == deepest_expression) problem(node, "this expression is nested too deep");
    return not_understood(node);
  }
  ++findings_.depth;
  ExprPtr result = has_broken_child(node) ? not_understood(node) : convert_expression(node);
  --findings_.depth;
  return result;
}

ExprPtr Converter::convert_expression(TSNode node) {
  using Method = ExprPtr (Converter::*)(TSNode);
  static const std::unordered_map<std::string_view, Method> methods = {
      {"identifier", &Converter::name},
      {"type_identifier", &Converter::name},
      {"true", &Converter::name},
      {"false", &Converter::name},
      {"null", &Converter::name},
      {"number_literal", &Converter::number},
      {"char_literal", &Converter::number},
      {"string_literal", &Converter::strings},
      {"concatenated_string", &Converter::strings},
      {"binary_expression", &Converter::binary},
      {"comma_expression", &Converter::binary},
      {"assignment_expression", &Converter::binary},
      {"unary_expression", &Converter::unary},
      {"pointer_expression", &Converter::unary},
      {"update_expression", &Converter::update},
      {"conditional_expression", &Converter::conditional},
      {"call_expression", &Converter::call},
      {"field_expression", &Converter::member},
      {"cast_expression", &Converter::cast},
      {"compound_literal_expression", &Converter::cast},
      {"sizeof_expression", &Converter::size_of},
      {"alignof_expression", &Converter::align_of},
      {"parenthesized_expression", &Converter::parenthesised},
      {"initializer_list", &Converter::initialisers},
      {"initializer_pair", &Converter::designated},
  };
  const std::string_view kind = kind_of(node);
  if (kind == "subscript_expression") return with_fields(Expr::Kind::index, node, {"argument", "index"});
  if (const auto found = methods.find(kind); found != methods.end()) return (this->*found->second)(node);
  if (kind == "compound_statement") {  // a block as a macro's argument
    ExprPtr result = make(Expr::Kind::statement_expression, node);
    result->body = statement(node);
    return result;
  }
  problem(node, kind == "gnu_asm_expression" ? "assembly is not understood"
                                             : "this kind of expression is not understood (" + std::string(kind) + ")");
  return not_understood(node);
}

ExprPtr Converter::with_fields(Expr::Kind kind, TSNode node, std::initializer_list<const char*> names) {
  ExprPtr result = make(kind, node);
  for (const char* name : names) {
    ExprPtr part = expression(field(node, name));
    // Only `a ?: b` may lack a part; elsewhere the tree is damaged, and that is reported as such.
    if (!part && kind != Expr::Kind::conditional) part = not_understood(node);
    result->args.push_back(std::move(part));
  }
  return result;
}

ExprPtr Converter::name(TSNode node) {
  if (const auto* hidden = placeholder(node)) return hidden_type(*hidden, node);
  ExprPtr result = make(Expr::Kind::name, node);
  result->text = text(node);
  return result;
}

ExprPtr Converter::number(TSNode node) {
  std::string_view digits = text(node);
  ExprPtr result = make(Expr::Kind::integer, node);
  result->text = digits;
  if (kind_of(node) == "char_literal") {
    result->value = character_value(digits);
    return result;
  }
  // The grammar reads "-1" as one literal.
  const bool is_signed = digits.starts_with('-') || digits.starts_with('+');
  if (is_signed) digits.remove_prefix(1);
  const auto value = integer_value(digits);
  if (!value) {
    problem(node, "this number is not understood");
    return not_understood(node);
  }
  result->text = digits;
  result->value = *value;
  if (!is_signed) return result;
  ExprPtr negated = make(Expr::Kind::unary, node);
  negated->op = text(node).substr(0, 1);
  negated->args.push_back(std::move(result));
  return negated;
}

ExprPtr Converter::strings(TSNode node) {
  ExprPtr result = make(Expr::Kind::string, node);
  if (kind_of(node) == "string_literal") {
    result->text = string_value(text(node));
    return result;
  }
  // Macros between the parts (KERN_WARNING, PRIu64) only matter to whoever reads the message.
  for (const TSNode part : named_children(node))
    if (kind_of(part) == "string_literal") result->text += string_value(text(part));
  return result;
}

ExprPtr Converter::binary(TSNode node) {
  const std::string_view kind = kind_of(node);
  ExprPtr result =
      with_fields(kind == "assignment_expression" ? Expr::Kind::assign : Expr::Kind::binary, node, {"left", "right"});
  result->op = kind == "comma_expression" ? "," : text(field(node, "operator"));
  return result;
}

ExprPtr Converter::unary(TSNode node) {
  const auto* hidden = placeholder(node);
  if (hidden && hidden->kind == Rewritten::Placeholder::Kind::cast) {
    ExprPtr result = with_fields(Expr::Kind::cast, node, {"argument"});
    result->type = type_between(hidden->begin, hidden->end);
    return result;
  }
  ExprPtr result = with_fields(Expr::Kind::unary, node, {"argument"});
  result->op = text(field(node, "operator"));
  return result;
}

ExprPtr Converter::update(TSNode node) {
  const TSNode op = field(node, "operator");
  const bool prefix = ts_node_start_byte(op) == ts_node_start_byte(node);
  ExprPtr result = with_fields(prefix ? Expr::Kind::unary : Expr::Kind::postfix, node, {"argument"});
  result->op = text(op);
  return result;
}

ExprPtr Converter::conditional(TSNode node) {
  return with_fields(Expr::Kind::conditional, node, {"condition", "consequence", "alternative"});
}

ExprPtr Converter::call(TSNode node) {
  ++findings_.calls;
  ExprPtr result = with_fields(Expr::Kind::call, node, {"function"});
  const TSNode list = field(node, "arguments");
  if (has_broken_child(list)) return not_understood(node);
  for (const TSNode argument : named_children(list)) result->args.push_back(expression(argument));
  return result;
}

ExprPtr Converter::member(TSNode node) {
  const bool arrow = kind_of(field(node, "operator")) == "->";
  ExprPtr result = with_fields(arrow ? Expr::Kind::arrow : Expr::Kind::member, node, {"argument"});
  result->text = text(field(node, "field"));
  return result;
}

ExprPtr Converter::cast(TSNode node) {
  const bool literal = kind_of(node) == "compound_literal_expression";
  // `(a * (f(b))) - c`: a product to a reader, a cast to the grammar.
  const TSNode type = field(node, "type");
  const TSNode named = field(type, "type");
  if (kind_of(named) == "type_identifier" && !placeholder(named) && !oracle_.is_type(text(named)) &&
      text(type).find_first_of("([") != std::string_view::npos)
    return not_understood(node);
  ExprPtr result = with_fields(literal ? Expr::Kind::compound_literal : Expr::Kind::cast, node, {"value"});
  result->type = described_type(type);
  return result;
}

ExprPtr Converter::size_of(TSNode node) {
  const TSNode type = field(node, "type");
  if (ts_node_is_null(type)) return with_fields(Expr::Kind::sizeof_expr, node, {"value"});
  // The rewriting has hidden what is a type for certain; a lone name that is left is no type.
  const auto parts = named_children(type);
  if (parts.size() == 1 && kind_of(parts[0]) == "type_identifier" && !placeholder(parts[0]) &&
      !oracle_.is_type(text(parts[0]))) {
    ExprPtr result = make(Expr::Kind::sizeof_expr, node);
    result->args.push_back(name(parts[0]));
    return result;
  }
  ExprPtr result = make(Expr::Kind::sizeof_type, node);
  result->op = "sizeof";
  result->type = described_type(type);
  return result;
}

ExprPtr Converter::align_of(TSNode node) {
  ExprPtr result = make(Expr::Kind::sizeof_type, node);
  result->op = "_Alignof";
  result->type = described_type(field(node, "type"));
  return result;
}

ExprPtr Converter::parenthesised(TSNode node) {
  const auto parts = named_children(node);
  if (parts.size() != 1) return not_understood(node);
  ExprPtr result = expression(parts[0]);
  if (result->kind == Expr::Kind::statement_expression) result->span = span(node);
  return result;
}

ExprPtr Converter::initialisers(TSNode node) {
  ExprPtr result = make(Expr::Kind::initialiser_list, node);
  for (const TSNode part : named_children(node)) result->args.push_back(expression(part));
  return result;
}

ExprPtr Converter::designated(TSNode pair) {
  ExprPtr outermost;
  ExprPtr* innermost = &outermost;
  for (const Child& child : children(pair)) {
    if (child.field != "designator" || !ts_node_is_named(child.node)) continue;
    ExprPtr one = make(Expr::Kind::designated, child.node);
    one->span.end = span(pair).end;
    one->args.emplace_back();
    const auto parts = named_children(child.node);
    if (kind_of(child.node) == "field_identifier")
      one->text = text(child.node);
    else if (kind_of(child.node) == "field_designator")
      one->text = text(parts.at(0));
    else
      for (const TSNode bound : parts) one->args.push_back(expression(bound));
    *innermost = std::move(one);
    innermost = &(*innermost)->args[0];
  }
  if (!outermost) return not_understood(pair);
  *innermost = expression(field(pair, "value"));
  return outermost;
}

ExprPtr Converter::hidden_type(const Rewritten::Placeholder& hidden, TSNode node) {
  const bool size = hidden.kind == Rewritten::Placeholder::Kind::size_of;
  ExprPtr result = make(size ? Expr::Kind::sizeof_type : Expr::Kind::type_argument, node);
  if (size) result->op = text(node).starts_with("sizeof") ? "sizeof" : "_Alignof";
  result->type = hidden.kind == Rewritten::Placeholder::Kind::type_of ? type_of(hidden, node)
                                                                      : type_between(hidden.begin, hidden.end);
  return result;
}

}  // namespace hotproof::c
