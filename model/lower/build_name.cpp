// Names: locals, then enumerators, globals, functions, object-like macros, values of the configuration. And the
// expansion of function-like macros.
#include <algorithm>

#include "model/c/lexer.hpp"
#include "model/lower/builder.hpp"
#include "model/lower/scoped.hpp"
#include "model/lower/substitute.hpp"
#include "model/lower/unparse.hpp"

namespace hotproof::lower {
namespace {

constexpr std::size_t deepest_expansion = 64;
constexpr std::size_t most_expansions = 20'000;  // in one body
constexpr std::string_view bound_prefix = "__hp_bound_";

// What stands between the commas of a text that are in no parentheses, brackets, braces or quotes.
std::vector<std::string> between_commas(std::string_view text) {
  const c::Tokens tokens(text);
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < tokens.size(); i = tokens.after(i)) {
    if (!tokens.is(i, ',')) continue;
    out.emplace_back(text.substr(begin, tokens[i].begin - begin));
    begin = tokens[i].end;
  }
  out.emplace_back(text.substr(begin));
  return out;
}

}  // namespace

Local* Builder::find_local(const std::string& name) {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    if (scope->statics.contains(name)) return nullptr;
    const auto found = scope->locals.find(name);
    if (found != scope->locals.end()) return &found->second;
  }
  return nullptr;
}

// A variable: local, static or global; not what a macro of that name stands for.
std::optional<MemoryPlace> Builder::variable(const std::string& name) {
  if (const Local* local = find_local(name)) return local_place(*local);
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->statics.find(name);
    if (found == scope->statics.end()) continue;
    const Type* type = global_type(context_, found->second);
    return MemoryPlace{MemoryPlace::GlobalBase{found->second}, {}, type ? type : types().unknown(name)};
  }
  if (program().enumerator(name)) return std::nullopt;
  const Type* type = global_type(context_, name);
  // A macro at the top level that only asserts something reads as a declaration of its first argument.
  if (!type || (is_unknown(type) && (program().function(name) || program().macro(name)))) return std::nullopt;
  return MemoryPlace{MemoryPlace::GlobalBase{name}, {}, type};
}

const Builder::Bound* Builder::bound(const std::string& name) const {
  if (name.rfind(bound_prefix, 0) != 0) return nullptr;
  const auto found = bound_.find(name);
  return found == bound_.end() ? nullptr : &found->second;
}

std::optional<MemoryPlace> Builder::place_of_name(const std::string& name) {
  if (const Bound* argument = bound(name)) {
    if (!argument->expr) return std::nullopt;
    const Unbound unbound(*this, *argument);
    return place(*argument->expr);
  }
  if (std::optional<MemoryPlace> found = variable(name)) return found;
  if (name == "current" && !program().function(name)) {
    return MemoryPlace{MemoryPlace::GlobalBase{"current_task"}, {}, global_type(context_, "current_task")};
  }
  if (program().enumerator(name) || program().function(name)) return std::nullopt;
  if (const c::Expr* macro = object_macro(name)) {
    const Expansion expansion(*this, name);
    return place(*macro);
  }
  return std::nullopt;
}

std::optional<Operand> Builder::constant_name(const std::string& name) {
  const c::Record* in = nullptr;
  if (!program().enumerator(name, &in) || !in) return std::nullopt;
  const auto& values = types().enumerators(*in, *this);
  const auto found = values.find(name);
  if (found == values.end()) return not_understood("the value of the enumerator \"" + name + "\" is not known");
  const bool wide = found->second > 0x7FFFFFFF || found->second < -0x80000000LL;
  return constant(static_cast<std::uint64_t>(found->second), types().integer(wide ? 64 : 32, true));
}

Operand Builder::value_of_name(const std::string& name) {
  if (const Bound* argument = bound(name)) {
    if (!argument->expr) return not_understood("a loop's body where a value is wanted");
    const Unbound unbound(*this, *argument);
    return value(*argument->expr);
  }
  if (const std::optional<MemoryPlace> where = variable(name)) return read(*where);
  if (const std::optional<Operand> known = constant_name(name)) return *known;
  if (name == "true") return number(1);
  if (name == "false") return number(0);
  if (name == "NULL") return constant(0, types().pointer_to(types().void_type()));
  if (name == "__func__" || name == "__FUNCTION__" || name == "__FILE__") {
    return {StringLiteral{owner_}, types().pointer_to(types().integer(8, true))};
  }
  if (name == "__LINE__") return number(here_.line);
  if (program().function(name)) return function_value(name);
  if (const std::optional<MemoryPlace> where = place_of_name(name)) return read(*where);
  if (const c::Expr* macro = object_macro(name)) {
    const Expansion expansion(*this, name);
    return value(*macro);
  }
  if (signature(context_, name)) return function_value(name);
  if (is_active(name)) return not_understood("the macro \"" + name + "\" stands for itself, or expands too far");
  return not_understood("nothing in the files read is called \"" + name + "\"");
}

Operand Builder::function_value(const std::string& name) {
  const Signature* known = signature(context_, name);
  const Type* type = known ? types().function(known->result, known->parameters) : types().function(long_type());
  return {FunctionName{name}, types().pointer_to(type)};
}

bool Builder::expands_too_far() const {
  return active_.size() >= deepest_expansion || expansions_ >= most_expansions;
}

bool Builder::is_active(const std::string& macro) const {
  return expands_too_far() || std::find(active_.begin(), active_.end(), macro) != active_.end();
}

// What an object-like macro (or a value of the configuration) stands for; null if there is none or it is no expression.
const c::Expr* Builder::object_macro(const std::string& name) {
  if (is_active(name)) return nullptr;
  const auto [known, is_new] = context_.object_macros.try_emplace(name, nullptr);
  if (!is_new) return known->second;
  const std::string text = object_macro_text(name);
  return known->second = text.empty() ? nullptr : parsed_expression(text);
}

std::string Builder::object_macro_text(const std::string& name) {
  if (const c::Macro* macro = program().macro(name); macro && !macro->function_like) return macro->body;
  const auto configured = program().configuration().defined.find(name);
  return configured != program().configuration().defined.end() ? configured->second : std::string();
}

std::vector<const c::Expr*> Builder::several(const c::Expr& expr) {
  const bool is_macro = expr.kind == c::Expr::Kind::name && !bound(expr.text) && &behind(expr) != &expr;
  if (!is_macro) return {&expr};
  const auto [known, is_new] = context_.lists.try_emplace(expr.text);
  if (is_new) {
    const std::vector<std::string> pieces = between_commas(object_macro_text(expr.text));
    if (pieces.size() > 1)
      for (const std::string& piece : pieces) {
        static const c::Expr no_expression;
        const c::Expr* item = parsed_expression(piece);
        known->second.push_back(item ? item : &no_expression);
      }
  }
  return known->second.empty() ? std::vector<const c::Expr*>{&expr} : known->second;
}

const c::Expr& Builder::behind(const c::Expr& expr) {
  if (expr.kind != c::Expr::Kind::name) return expr;
  if (const Bound* argument = bound(expr.text)) return argument->expr ? behind(*argument->expr) : expr;
  if (variable(expr.text) || program().enumerator(expr.text) || program().function(expr.text)) return expr;
  if (const c::Expr* macro = object_macro(expr.text)) {
    const Expansion expansion(*this, expr.text);
    return behind(*macro);
  }
  return expr;
}

Place Builder::here() const {
  return {body_->file, here_.line, here_.column};
}

const c::Expr* Builder::parsed_expression(const std::string& text) {
  Outcome<c::ExprPtr> parsed = program().parse_expression(text, here());
  if (!parsed || !*parsed) return nullptr;
  context_.expressions.push_back(std::move(*parsed));
  return context_.expressions.back().get();
}

const c::Stmt* Builder::parsed_statement(const std::string& text) {
  Outcome<c::StmtPtr> parsed = program().parse_statement(text, here());
  if (!parsed || !*parsed) return nullptr;
  context_.statements.push_back(std::move(*parsed));
  return context_.statements.back().get();
}

std::string Builder::bind(const c::Expr& argument) {
  std::string name = std::string(bound_prefix) + std::to_string(context_.placeholders++);
  bound_[name] = {&argument, nullptr, active_, expanding_, here_};
  return name;
}

std::string Builder::bind(const c::Stmt& body) {
  std::string name = std::string(bound_prefix) + std::to_string(context_.placeholders++);
  bound_[name] = {nullptr, &body, active_, expanding_, here_};
  return name;
}

std::optional<Builder::Template> Builder::template_of(const std::string& name) {
  if (is_active(name)) return std::nullopt;
  if (const TextMacro* ours = text_macro(name)) {
    Template result{name, ours->parameters, {}, ours->body};
    if (!result.parameters.empty() && result.parameters.back() == "...") {
      result.parameters.pop_back();
      result.rest = "__VA_ARGS__";
    }
    return result;
  }
  const c::Macro* macro = program().macro(name);
  if (!macro || !macro->function_like) return std::nullopt;
  Template result{name, macro->parameters, {}, macro->body};
  if (macro->variadic && !result.parameters.empty()) {
    result.rest = result.parameters.back();
    result.parameters.pop_back();
  }
  return result;
}

std::optional<std::string> Builder::expansion(const Template& macro, const std::vector<const c::Expr*>& arguments) {
  const std::vector<std::string>& parameters = macro.parameters;
  if (arguments.size() < parameters.size() && !(parameters.size() == 1 && arguments.empty())) return std::nullopt;
  if (arguments.size() > parameters.size() && !macro.rest) return std::nullopt;
  std::map<std::string, MacroArgument> replaced;
  MacroArgument others;
  for (std::size_t i = 0; i < std::max(arguments.size(), parameters.size()); ++i) {
    MacroArgument one;
    if (i < arguments.size()) {
      one.text = unparse(*arguments[i]);
      const bool is_brace = arguments[i]->kind == c::Expr::Kind::initialiser_list;
      one.plain = acts(*arguments[i]) && !is_brace ? bind(*arguments[i]) : one.text;
    }
    if (i < parameters.size()) {
      replaced[parameters[i]] = std::move(one);
    } else {
      others.text += (others.text.empty() ? "" : ", ") + one.text;
      others.plain += (others.plain.empty() ? "" : ", ") + one.plain;
    }
  }
  if (macro.rest) replaced[*macro.rest] = std::move(others);
  return substitute(macro.body, replaced);
}

}  // namespace hotproof::lower
