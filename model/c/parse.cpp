#include "model/c/parse.hpp"

#include <algorithm>

#include "model/c/convert.hpp"
#include "model/c/count.hpp"

namespace hotproof::c {

namespace {

// The first node of one of the kinds among the top ones; the grammar may leave damage around it.
TSNode first_of(TSNode root, std::initializer_list<std::string_view> kinds) {
  for (const TSNode node : named_children(root))
    for (const std::string_view kind : kinds)
      if (kind_of(node) == kind) return node;
  return TSNode{};
}

bool says(const SourceText& source, std::uint32_t begin, std::uint32_t end, std::string_view word) {
  const Tokens tokens(source.active, begin, end);
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (tokens.is(i, word)) return true;
  return false;
}

bool has_mark(const SourceText& source, Annotated::Mark::Kind kind, std::uint32_t begin, std::uint32_t end) {
  return source.marks && std::any_of(source.marks->begin(), source.marks->end(), [&](const Annotated::Mark& mark) {
           return mark.kind == kind && mark.begin >= begin && mark.end <= end;
         });
}

// Strips the function's own layer from the declared type and fills parameters and result.
void take_signature(TypePtr type, Function& function, std::vector<Diagnostic>& problems, const Place& place) {
  if (!type || type->kind != TypeName::Kind::function) {
    problems.push_back({place, "this is not read as a function", {}});
    function.result = std::move(type);
    return;
  }
  function.parameters = std::move(type->parameters);
  function.variadic = type->variadic;
  function.result = std::move(type->inner);
}

StmtPtr lost_body(const SourceText& source, const Item& item) {
  auto result = std::make_unique<Stmt>();
  result->span = source.span(item.body, item.end);
  result->text = source.original.substr(item.body, item.end - item.body);
  return result;
}

// Where a variable's initialiser starts, from which on `name(` is a call.
std::uint32_t initialiser_of(const SourceText& source, const Item& item) {
  const Tokens tokens(source.clean, item.begin, item.end);
  for (std::size_t i = 0; i < tokens.size(); i = tokens.after(i))
    if (tokens.is(i, '=')) return tokens[i].begin;
  return UINT32_MAX;
}

}  // namespace

Function ItemParser::function(const Item& item) const {
  const bool has_body = item.kind == Item::Kind::function;
  Function result;
  result.name = item.name;
  result.span = source_.span(item.begin, item.end);
  result.name_span = source_.span(item.name_begin, item.name_begin + static_cast<std::uint32_t>(item.name.size()));
  const std::uint32_t head_end = has_body ? item.body : item.end;
  result.is_static = item.is_static;
  result.is_inline =
      says(source_, item.begin, head_end, "inline") || says(source_, item.begin, head_end, "__always_inline");
  result.is_weak = has_mark(source_, Annotated::Mark::Kind::weak, item.begin, head_end);
  result.is_init = has_mark(source_, Annotated::Mark::Kind::init, item.begin, head_end);
  Findings findings;
  const auto fragment = parse_fragment(source_, oracle_, item.begin, item.end, has_body ? item.body : UINT32_MAX,
                                       Fragment::function, "", "", findings);
  if (fragment) {
    Converter converter(source_, oracle_, fragment->rewritten, item.begin, 0, findings);
    const TSNode root = fragment->tree->root();
    converter.report_errors(root);
    const TSNode node = first_of(root, {has_body ? "function_definition" : "declaration"});
    std::string name;
    Span name_span;
    const TSNode specifier = field(node, "type");
    if (!ts_node_is_null(specifier))
      take_signature(
          converter.declared_type(field(node, "declarator"), converter.base_type(specifier), name, name_span), result,
          findings.problems, source_.place(item.begin));
    if (name != item.name)
      findings.problems.push_back({source_.place(item.begin), "this is not read as the function " + result.name, {}});
    findings.calls = 0;
    if (has_body && name == item.name) result.body = converter.statement(field(node, "body"));
  }
  if (has_body && !result.body) result.body = lost_body(source_, item);
  if (has_body)
    result.calls_counted = count_calls(source_.active.substr(item.body, item.end - item.body), oracle_.is_type);
  result.calls = findings.calls;
  result.problems = std::move(findings.problems);
  return result;
}

Record ItemParser::record(const Item& item) const {
  Findings findings;
  Record result;
  const auto fragment =
      parse_fragment(source_, oracle_, item.begin, item.end, item.begin, Fragment::record, "", ";", findings);
  std::unique_ptr<Record> made;
  if (fragment) {
    Converter converter(source_, oracle_, fragment->rewritten, item.begin, 0, findings);
    converter.report_errors(fragment->tree->root());
    const TSNode node = first_of(fragment->tree->root(), {"struct_specifier", "union_specifier", "enum_specifier"});
    if (!ts_node_is_null(node)) made = converter.record(node);
  }
  if (made) result = std::move(*made);
  if (!made) findings.problems.push_back({source_.place(item.begin), "this record is not understood", {}});
  result.problems = std::move(findings.problems);
  return result;
}

TypePtr ItemParser::alias(const Item& item) const {
  Findings findings;
  // A record in place may have members that macros declare.
  const bool record = source_.clean.substr(item.begin, item.end - item.begin).find('{') != std::string_view::npos;
  const auto fragment = parse_fragment(source_, oracle_, item.begin, item.end, record ? item.begin : UINT32_MAX,
                                       record ? Fragment::record : Fragment::declaration, "", "", findings);
  if (!fragment) return nullptr;
  Converter converter(source_, oracle_, fragment->rewritten, item.begin, 0, findings);
  const TSNode node = first_of(fragment->tree->root(), {"type_definition"});
  if (ts_node_is_null(node)) return nullptr;
  for (Declaration& one : converter.declarations(node))
    if (one.name == item.name) return std::move(one.type);
  return nullptr;
}

GlobalVariable ItemParser::variable(const Item& item) const {
  Findings findings;
  GlobalVariable result;
  result.declaration.name = item.name;
  result.declaration.span = source_.span(item.begin, item.end);
  const auto fragment = parse_fragment(source_, oracle_, item.begin, item.end, initialiser_of(source_, item),
                                       Fragment::declaration, "", "", findings);
  bool found = false;
  if (fragment) {
    Converter converter(source_, oracle_, fragment->rewritten, item.begin, 0, findings);
    converter.report_errors(fragment->tree->root());
    const TSNode node = first_of(fragment->tree->root(), {"declaration"});
    if (!ts_node_is_null(node))
      for (Declaration& one : converter.declarations(node)) {
        if (one.name != item.name) continue;
        result.declaration = std::move(one);
        found = true;
        break;
      }
  }
  if (!found) findings.problems.push_back({source_.place(item.begin), "this variable is not understood", {}});
  result.problems = std::move(findings.problems);
  return result;
}

GlobalVariable ItemParser::macro_variable(const Item& item) const {
  GlobalVariable result;
  result.declaration.name = item.name;
  result.declaration.span = source_.span(item.begin, item.end);
  result.declaration.is_static = item.is_static;
  result.declaration.is_extern = item.is_extern;
  result.declared_by = item.declared_by;
  ExprPtr call = expression(item.begin, item.end, result.problems);
  if (!call || call->kind != Expr::Kind::call) return result;
  for (std::size_t i = 1; i < call->args.size(); ++i) result.macro_args.push_back(std::move(call->args[i]));
  return result;
}

ExprPtr ItemParser::expression(std::uint32_t begin, std::uint32_t end, std::vector<Diagnostic>& problems) const {
  Findings findings;
  ExprPtr result;
  const auto fragment =
      parse_fragment(source_, oracle_, begin, end, begin, Fragment::expression, "v f(){(", ");}", findings);
  if (fragment) {
    Converter converter(source_, oracle_, fragment->rewritten, begin, fragment->prefix, findings);
    const TSNode node = only_statement(*fragment);
    const auto parts = named_children(node);
    if (kind_of(node) == "expression_statement" && parts.size() == 1 &&
        kind_of(parts[0]) == "parenthesized_expression" && !ts_node_has_error(fragment->tree->root())) {
      const std::size_t before = findings.problems.size();
      result = converter.expression(parts[0]);
      if (findings.problems.size() > before) result.reset();
      for (const Rewritten::Problem& found : fragment->rewritten.problems)
        findings.problems.push_back({source_.place(found.offset), found.message, {}});
    } else {
      findings.problems.push_back({source_.place(begin), "this is not an expression", {}});
    }
  }
  problems.insert(problems.end(), findings.problems.begin(), findings.problems.end());
  return result;
}

StmtPtr ItemParser::statement(std::uint32_t begin, std::uint32_t end, std::vector<Diagnostic>& problems) const {
  Findings findings;
  StmtPtr result;
  const auto fragment =
      parse_fragment(source_, oracle_, begin, end, begin, Fragment::statements, "v f(){{", "}}", findings);
  if (fragment) {
    Converter converter(source_, oracle_, fragment->rewritten, begin, fragment->prefix, findings);
    converter.report_errors(fragment->tree->root());
    const TSNode node = only_statement(*fragment);
    if (kind_of(node) == "compound_statement") result = converter.statement(node);
    if (!result) findings.problems.push_back({source_.place(begin), "this is not a list of statements", {}});
    if (result && result->body.size() == 1) result = StmtPtr(std::move(result->body[0]));
  }
  problems.insert(problems.end(), findings.problems.begin(), findings.problems.end());
  return result;
}

}  // namespace hotproof::c
