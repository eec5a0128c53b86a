#include <algorithm>

#include "model/c/convert.hpp"

namespace hotproof::c {

namespace {

// C's canonical spelling of a list of integer words (C11 6.7.2, the first of each group).
std::string canonical(const std::vector<std::string_view>& words) {
  const auto count = [&](std::string_view word) { return std::count(words.begin(), words.end(), word); };
  const bool is_unsigned = count("unsigned") > 0;
  const std::string sign = is_unsigned ? "unsigned " : "";
  if (count("char")) return is_unsigned ? "unsigned char" : count("signed") ? "signed char" : "char";
  if (count("double")) return count("long") ? "long double" : "double";
  if (count("short")) return sign + "short";
  if (count("long")) return sign + (count("long") > 1 ? "long long" : "long");
  return sign + "int";
}

bool is_storage(std::string_view kind) {
  return kind == "storage_class_specifier";
}

// The arguments of `MACRO(a, b)` at text[begin, end), as offsets.
std::vector<std::pair<std::uint32_t, std::uint32_t>> arguments(std::string_view text, std::uint32_t begin,
                                                               std::uint32_t end) {
  const Tokens tokens(text, begin, end);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> result;
  if (tokens.size() < 3 || tokens.match(1) == no_match) return result;
  std::size_t first = 2;
  const std::size_t close = tokens.match(1);
  for (std::size_t k = 2; k <= close; k = k < close ? tokens.after(k) : k + 1) {
    if (k != close && !tokens.is(k, ',')) continue;
    if (k > first) result.emplace_back(tokens[first].begin, tokens[k - 1].end);
    first = k + 1;
  }
  return result;
}

}  // namespace

TypePtr Converter::layer(TypeName::Kind kind, TypePtr inner, TSNode node) const {
  auto result = std::make_unique<TypeName>();
  result->kind = kind;
  result->inner = std::move(inner);
  result->span = span(node);
  return result;
}

std::string Converter::sized_name(TSNode node) const {
  std::vector<std::string_view> words;
  for (const Child& child : children(node)) words.push_back(text(child.node));
  return canonical(words);
}

TypePtr Converter::base_type(TSNode specifier) {
  TypePtr result = layer(TypeName::Kind::base, nullptr, specifier);
  const std::string_view kind = kind_of(specifier);
  if (kind == "struct_specifier" || kind == "union_specifier" || kind == "enum_specifier") {
    const TSNode tag = field(specifier, "name");
    const std::string word(kind.substr(0, kind.find('_')));
    result->name = ts_node_is_null(tag) ? word : word + " " + std::string(text(tag));
    if (!ts_node_is_null(field(specifier, "body"))) result->record = record(specifier);
  } else if (kind == "sized_type_specifier") {
    result->name = sized_name(specifier);
  } else if (kind == "type_identifier" || kind == "primitive_type" || kind == "identifier") {
    const auto* hidden = placeholder(specifier);
    if (hidden && hidden->kind == Rewritten::Placeholder::Kind::type_of) return type_of(*hidden, specifier);
    if (hidden) return type_between(hidden->begin, hidden->end);
    result->name = text(specifier) == "_Bool" ? "bool" : text(specifier);
  } else {
    result->name = text(specifier);
    problem(specifier, "this type is not understood");
  }
  return result;
}

TypePtr Converter::type_of(const Rewritten::Placeholder& hidden, TSNode node) {
  // typeof(type) is the type; typeof(expression) is left to whoever knows types.
  const std::uint32_t calls = findings_.calls;
  const Tokens tokens(source_.clean, hidden.begin, hidden.end);
  const bool is_type = tokens.is_identifier(0) && (is_type_word(tokens.text(0)) || oracle_.is_type(tokens.text(0)));
  TypePtr result;
  if (is_type) {
    result = type_between(hidden.begin, hidden.end);
  } else {
    result = layer(TypeName::Kind::base, nullptr, node);
    result->name = text(node);
    result->of_expression = ItemParser(source_, oracle_).expression(hidden.begin, hidden.end, findings_.problems);
  }
  findings_.calls = calls;  // typeof evaluates nothing
  return result;
}

TypePtr Converter::type_between(std::uint32_t begin, std::uint32_t end) {
  const std::uint32_t calls = findings_.calls;
  TypePtr result;
  if (++findings_.depth < 100) {
    const auto fragment =
        parse_fragment(source_, oracle_, begin, end, begin, Fragment::expression, "v f(){((", ")0);}", findings_);
    TSNode node = fragment ? only_statement(*fragment) : TSNode{};
    for (int level = 0; level < 2 && !ts_node_is_null(node); ++level) {
      const auto inside = named_children(node);
      node = inside.size() == 1 ? inside[0] : TSNode{};
    }
    if (kind_of(node) == "cast_expression" && !ts_node_has_error(node)) {
      Converter inner(source_, oracle_, fragment->rewritten, begin, fragment->prefix, findings_);
      result = inner.described_type(field(node, "type"));
    }
  }
  --findings_.depth;
  findings_.calls = calls;
  if (result) return result;
  findings_.problems.push_back({source_.place(begin), "this type is not understood", {}});
  result = std::make_unique<TypeName>();
  result->span = source_.span(begin, end);
  result->name = source_.original.substr(begin, end - begin);
  return result;
}

TypePtr Converter::described_type(TSNode descriptor) {
  std::string name;
  Span name_span;
  return declared_type(field(descriptor, "declarator"), base_type(field(descriptor, "type")), name, name_span);
}

TypePtr Converter::declared_type(TSNode declarator, TypePtr type, std::string& name, Span& name_span) {
  for (int guard = 0; !ts_node_is_null(declarator); ++guard) {
    if (guard > 100 || has_broken_child(declarator)) {
      problem(declarator, "this declarator is not understood");
      return type;
    }
    const std::string_view kind = kind_of(declarator);
    if (kind == "identifier" || kind == "field_identifier" || kind == "type_identifier" || kind == "primitive_type") {
      name = text(declarator) == " " ? "" : text(declarator);  // an unnamed bit-field
      name_span = span(declarator);
      return type;
    }
    if (kind.ends_with("pointer_declarator")) {
      type = layer(TypeName::Kind::pointer, std::move(type), declarator);
    } else if (kind.ends_with("array_declarator")) {
      type = layer(TypeName::Kind::array, std::move(type), declarator);
      type->size = expression(field(declarator, "size"));
    } else if (kind.ends_with("function_declarator")) {
      type = layer(TypeName::Kind::function, std::move(type), declarator);
      bool variadic = false;
      parameters(field(declarator, "parameters"), type->parameters, variadic);
      type->variadic = variadic;
    }
    TSNode inner = field(declarator, "declarator");
    // Parentheses and attributes carry no field: what is declared is the child that is a declarator.
    if (ts_node_is_null(inner) && (kind.ends_with("parenthesized_declarator") || kind == "attributed_declarator"))
      for (const TSNode child : named_children(declarator))
        if (kind_of(child) != "ms_call_modifier" && kind_of(child) != "attribute_declaration") inner = child;
    declarator = inner;
  }
  return type;
}

void Converter::parameters(TSNode list, std::vector<Declaration>& out, bool& variadic) {
  for (const TSNode child : named_children(list)) {
    if (kind_of(child) == "variadic_parameter") {
      variadic = true;
    } else if (kind_of(child) == "parameter_declaration") {
      Declaration parameter;
      Span name_span;
      parameter.span = span(child);
      parameter.type =
          declared_type(field(child, "declarator"), base_type(field(child, "type")), parameter.name, name_span);
      const TypeName& type = *parameter.type;
      const bool is_void = type.kind == TypeName::Kind::base && type.name == "void" && parameter.name.empty();
      if (!is_void) out.push_back(std::move(parameter));
    } else {
      problem(child, "this parameter is not understood");
    }
  }
}

std::vector<Declaration> Converter::declarations(TSNode node) {
  std::vector<Declaration> result;
  Declaration common;
  common.is_typedef = kind_of(node) == "type_definition";
  const auto parts = children(node);
  for (const Child& child : parts) {
    if (!is_storage(kind_of(child.node))) continue;
    common.is_static = common.is_static || text(child.node) == "static";
    common.is_extern = common.is_extern || text(child.node) == "extern";
  }
  const TSNode specifier = field(node, "type");
  for (const Child& child : parts) {
    if (child.field != "declarator" || !ts_node_is_named(child.node)) continue;
    Declaration one;
    one.is_static = common.is_static;
    one.is_extern = common.is_extern;
    one.is_typedef = common.is_typedef;
    one.span = span(child.node);
    const bool initialised = kind_of(child.node) == "init_declarator";
    Span name_span;
    if (const auto* hidden = placeholder(specifier);
        hidden && hidden->kind == Rewritten::Placeholder::Kind::declaration) {
      ++findings_.calls;
      Declaration array = declared_by_macro(hidden->begin, hidden->end);
      one.name = std::move(array.name);
      one.type = std::move(array.type);
      one.span = array.span;
    } else {
      one.type = declared_type(initialised ? field(child.node, "declarator") : child.node, base_type(specifier),
                               one.name, name_span);
    }
    if (initialised) one.initialiser = expression(field(child.node, "value"));
    result.push_back(std::move(one));
  }
  if (result.empty() && !ts_node_is_null(specifier)) {  // `struct x { … };` inside a function
    common.span = span(node);
    common.type = base_type(specifier);
    result.push_back(std::move(common));
  }
  cleanup_marks(node, result);
  return result;
}

void Converter::cleanup_marks(TSNode node, std::vector<Declaration>& out) const {
  if (!source_.marks) return;
  for (const Annotated::Mark& mark : *source_.marks) {
    if (mark.kind != Annotated::Mark::Kind::cleanup || mark.begin < begin_of(node) || mark.begin >= end_of(node))
      continue;
    for (auto one = out.rbegin(); one != out.rend(); ++one) {
      if (one->span.begin >= mark.begin) continue;
      one->cleanup = mark.argument;
      break;
    }
  }
}

std::unique_ptr<Record> Converter::record(TSNode specifier) {
  auto result = std::make_unique<Record>();
  const std::string_view kind = kind_of(specifier);
  result->kind = kind == "enum_specifier"    ? Record::Kind::enum_
                 : kind == "union_specifier" ? Record::Kind::union_
                                             : Record::Kind::struct_;
  result->span = span(specifier);
  const TSNode tag = field(specifier, "name");
  if (!ts_node_is_null(tag)) result->name = text(tag);
  const TSNode body = field(specifier, "body");
  if (findings_.depth > 100) {
    problem(specifier, "records are nested too deep");
    return result;
  }
  ++findings_.depth;
  if (result->kind == Record::Kind::enum_)
    enumerators(body, *result);
  else
    fields(body, *result);
  --findings_.depth;
  return result;
}

void Converter::fields(TSNode list, Record& record) {
  for (const TSNode child : named_children(list))
    if (kind_of(child) == "field_declaration") field_declaration(child, record.fields);
  member_macros(list, record);
}

void Converter::field_declaration(TSNode node, std::vector<Declaration>& out) {
  const TSNode specifier = field(node, "type");
  const std::size_t before = out.size();
  for (const Child& child : children(node)) {
    if (child.field == "declarator" && ts_node_is_named(child.node)) {
      Declaration one;
      Span name_span;
      one.span = span(child.node);
      one.type = declared_type(child.node, base_type(specifier), one.name, name_span);
      out.push_back(std::move(one));
    } else if (kind_of(child.node) == "bitfield_clause") {
      if (out.size() == before) {  // an unnamed bit-field
        out.emplace_back().type = base_type(specifier);
        out.back().span = span(node);
      }
      const auto width = named_children(child.node);
      if (!width.empty()) out.back().bits = expression(width[0]);
    }
  }
  if (out.size() > before) return;
  out.emplace_back().type = base_type(specifier);  // an anonymous struct or union
  out.back().span = span(node);
}

void Converter::enumerators(TSNode list, Record& record) {
  for (const TSNode child : named_children(list)) {
    if (kind_of(child) != "enumerator") continue;
    Record::Enumerator one;
    one.name = text(field(child, "name"));
    one.value = expression(field(child, "value"));
    one.span = span(child);
    record.enumerators.push_back(std::move(one));
  }
}

void Converter::member_macros(TSNode list, Record& record) {
  for (const Rewritten::MemberMacro& macro : rewritten_.members) {
    if (macro.begin < begin_of(list) || macro.begin >= end_of(list) || !members_used_.insert(macro.begin).second)
      continue;
    if (source_.clean.substr(macro.begin, macro.end - macro.begin).find("PADDING(") != std::string_view::npos)
      continue;  // room between members, no member
    Declaration one = declared_by_macro(macro.begin, macro.end);
    record.fields.push_back(std::move(one));
  }
  if (!source_.fixed)
    std::stable_sort(record.fields.begin(), record.fields.end(),
                     [](const Declaration& a, const Declaration& b) { return a.span.begin < b.span.begin; });
}

Declaration Converter::declared_by_macro(std::uint32_t begin, std::uint32_t end) {
  const std::string_view word = Tokens(source_.clean, begin, end).text(0);
  const auto parts = arguments(source_.clean, begin, end);
  const auto piece = [&](std::size_t i) {
    return source_.clean.substr(parts[i].first, parts[i].second - parts[i].first);
  };
  Declaration result;
  result.span = source_.span(begin, end);
  result.type = std::make_unique<TypeName>();
  result.type->span = result.span;
  if (parts.size() != 2 || !declares_array(word)) {
    result.name = parts.empty() ? "" : piece(0);
    result.type->name = source_.clean.substr(begin, end - begin);
    findings_.problems.push_back({source_.place(begin), "what this macro declares is not understood", {}});
    return result;
  }
  const bool flexible = word == "DECLARE_FLEX_ARRAY";
  result.name = piece(flexible ? 1 : 0);
  result.type->kind = TypeName::Kind::array;
  if (flexible) {
    result.type->inner = type_between(parts[0].first, parts[0].second);
  } else {
    result.type->inner = std::make_unique<TypeName>();
    result.type->inner->span = result.span;
    result.type->inner->name = word == "DECLARE_BITMAP" ? "unsigned long" : "struct hlist_head";
    result.type->size = macro_size(word, parts[1].first, parts[1].second);
  }
  return result;
}

ExprPtr Converter::macro_size(std::string_view macro, std::uint32_t begin, std::uint32_t end) {
  ExprPtr bits = ItemParser(source_, oracle_).expression(begin, end, findings_.problems);
  if (!bits) return nullptr;
  const auto node = [&](Expr::Kind kind) {
    auto result = std::make_unique<Expr>();
    result->kind = kind;
    result->span = source_.span(begin, end);
    return result;
  };
  const bool bitmap = macro == "DECLARE_BITMAP";
  ExprPtr result = node(bitmap ? Expr::Kind::call : Expr::Kind::binary);
  ExprPtr first = node(bitmap ? Expr::Kind::name : Expr::Kind::integer);
  first->text = bitmap ? "BITS_TO_LONGS" : "1";
  first->value = bitmap ? 0 : 1;
  if (!bitmap) result->op = "<<";
  result->args.push_back(std::move(first));
  result->args.push_back(std::move(bits));
  return result;
}

}  // namespace hotproof::c
