// Calls: of functions, through pointers, of macros, and of what we know by name.
#include <algorithm>
#include <bit>

#include "model/c/lexer.hpp"
#include "model/lower/builder.hpp"
#include "model/lower/scoped.hpp"
#include "model/lower/unparse.hpp"

namespace hotproof::lower {
namespace {

using Kind = c::Expr::Kind;

std::vector<const c::Expr*> arguments_of(const c::Expr& call) {
  std::vector<const c::Expr*> result;
  for (std::size_t i = 1; i < call.args.size(); ++i) result.push_back(call.args[i].get());
  return result;
}

bool is_configured(const std::map<std::string, std::string>& defined, const std::string& name) {
  const auto found = defined.find(name);
  return found != defined.end() && (found->second == "1" || found->second == "y" || found->second == "m");
}

}  // namespace

Operand Builder::call(const c::Expr& expr) {
  const c::Expr& callee = *expr.args[0];
  if (callee.kind == Kind::call && callee.args[0]->kind == Kind::name && callee.args[0]->text == "guard" &&
      callee.args.size() == 2) {
    guard(unparse(*callee.args[1]), arguments_of(expr));
    return {Constant{0}, types().void_type()};
  }
  if (callee.kind == Kind::type_argument && callee.type && expr.args.size() == 2) {  // (typeof(x))(y)
    return convert(value(*expr.args[1]), types().resolve(*callee.type, *this));
  }
  if (callee.kind != Kind::name) return indirect_call(expr);
  const std::string& name = callee.text;
  if (bound(name) || variable(name)) {
    const c::Expr& real = behind(callee);
    return real.kind == Kind::name && !variable(real.text) ? named_call(real.text, expr) : indirect_call(expr);
  }
  return named_call(name, expr);
}

Operand Builder::named_call(const std::string& name, const c::Expr& expr) {
  if (is_silent_macro(name) && !program().function(name)) {
    Instr instr;
    instr.callee = {FunctionName{name}, types().pointer_to(types().function(types().void_type()))};
    return emit_call(std::move(instr), int_type());
  }
  if (const WritingMacro* macro = writing_macro(name)) return writing_call(name, *macro, expr);
  if (context_.leaves.contains(name)) return direct_call(name, expr);
  if (const std::optional<Operand> known = built_in_call(name, expr)) return *known;
  const bool ours = text_macro(name) != nullptr;
  if (!ours && program().function(name)) return direct_call(name, expr);
  if (const std::optional<Template> macro = template_of(name)) return macro_call(*macro, expr);
  if (const c::Expr* alias = object_macro(name)) {
    const Expansion expansion(*this, name);
    if (alias->kind == Kind::name) return named_call(alias->text, expr);
    if (alias->kind == Kind::integer) return number(static_cast<std::int64_t>(alias->value));
    return not_understood("the macro \"" + name + "\" is called but is no function's name");
  }
  if (expands_too_far()) return not_understood("too many macros are expanded here");
  return direct_call(name, expr);
}

Operand Builder::emit_call(Instr call, const Type* result) {
  call.kind = Instr::Kind::call;
  if (!is_void(result)) return emit_value(std::move(call), result);
  call.span = here_;
  call.type = result;
  emit(Instr::Kind::call) = std::move(call);
  return {Constant{0}, result};
}

// `exact`: no more arguments than parameters. Those behind the parameters are promoted as for a variadic function.
std::vector<Operand> Builder::arguments(const c::Expr& expr, const std::vector<const Type*>& parameters, bool exact) {
  std::vector<Operand> result;
  std::vector<const c::Expr*> items;
  for (std::size_t i = 1; i < expr.args.size(); ++i) {
    const std::vector<const c::Expr*> more = several(*expr.args[i]);
    items.insert(items.end(), more.begin(), more.end());
  }
  const std::size_t given = items.size();
  if (given < parameters.size() || (exact && given > parameters.size())) {
    not_understood("a call with " + std::to_string(given) + " arguments instead of " +
                   std::to_string(parameters.size()) + ": " + unparse(expr));
    return result;
  }
  for (std::size_t i = 0; i < given; ++i) {
    const At at(*this, items[i]->span);
    const Operand argument = value(*items[i]);
    result.push_back(i < parameters.size() ? convert(argument, parameters[i])
                                           : convert(argument, promoted(types(), argument.type)));
  }
  return result;
}

Operand Builder::direct_call(const std::string& name, const c::Expr& expr) {
  const Signature* known = signature(context_, name);
  Instr instr;
  const bool exact = known && !known->variadic && !known->is_ours;
  instr.args = arguments(expr, known ? known->parameters : std::vector<const Type*>{}, exact);
  if (known && known->is_ours && !known->variadic && instr.args.size() > known->parameters.size()) {
    instr.args.resize(known->parameters.size());
  }
  instr.callee = function_value(name);
  instr.text = unparse(expr);
  const Operand result = emit_call(std::move(instr), known ? known->result : long_type());
  if (!known) undeclared_.insert(std::get<Temp>(result.value));
  return result;
}

Operand Builder::indirect_call(const c::Expr& expr) {
  const c::Expr& written = behind(*expr.args[0]);
  const Operand callee = value(*expr.args[0]);
  if (is_unknown(callee.type)) return callee;
  const Type* function = is_pointer(callee.type) ? callee.type->inner : nullptr;
  if (!function || function->kind != Type::Kind::function) {
    return not_understood("a call of something of type " + to_string(callee.type));
  }
  Instr instr;
  instr.callee = callee;
  const c::Expr* through = &written;
  while (through->kind == Kind::unary && through->op == "*") through = through->args[0].get();
  if (through->kind == Kind::member || through->kind == Kind::arrow || through->kind == Kind::name) {
    instr.through = through->text;
  }
  instr.args = arguments(expr, function->parameters, false);
  instr.text = unparse(expr);
  return emit_call(std::move(instr), function->inner);
}

Operand Builder::writing_call(const std::string& name, const WritingMacro& macro, const c::Expr& expr) {
  Instr instr;
  for (std::size_t i = 1; i < expr.args.size(); ++i) {
    const bool written = std::find(macro.written.begin(), macro.written.end(), i - 1) != macro.written.end();
    instr.args.push_back(written ? address_of(*expr.args[i]) : value(*expr.args[i]));
  }
  instr.callee = function_value(name);
  instr.text = unparse(expr);
  const Signature* known = signature(context_, name);
  return emit_call(std::move(instr), known ? known->result : int_type());
}

Operand Builder::macro_call(const Template& macro, const c::Expr& expr) {
  const std::optional<std::string> text = expansion(macro, arguments_of(expr));
  if (!text) return not_understood("the macro \"" + macro.name + "\" is used with another number of arguments");
  if (text->find_first_not_of(" \t;") == std::string::npos) return {Constant{0}, types().void_type()};
  const c::Expr* parsed = parsed_expression(*text);
  const Expansion expansion(*this, macro.name);
  if (parsed) return value(*parsed);
  const c::Stmt* block = parsed_statement(*text + ";");
  if (!block) return not_understood("the macro \"" + macro.name + "\" does not expand to an expression or a statement");
  statement(*block);
  return {Constant{0}, types().void_type()};
}

std::optional<MemoryPlace> Builder::place_of_macro_call(const c::Expr& expr) {
  const c::Expr& callee = *expr.args[0];
  if (callee.kind != Kind::name || variable(callee.text) || context_.leaves.contains(callee.text)) return std::nullopt;
  if (is_silent_macro(callee.text) || writing_macro(callee.text)) return std::nullopt;
  if (!text_macro(callee.text) && program().function(callee.text)) return std::nullopt;
  const std::optional<Template> macro = template_of(callee.text);
  if (!macro) return std::nullopt;
  const std::optional<std::string> text = expansion(*macro, arguments_of(expr));
  const c::Expr* parsed = text ? parsed_expression(*text) : nullptr;
  if (!parsed) return std::nullopt;
  const Expansion expansion(*this, macro->name);
  return place(*parsed);
}

// `{ .a = 1, DEBUG(x) }` is a list only when DEBUG, of which nothing is left in this configuration, is gone.
std::string Builder::without_empty_macros(std::string text) {
  const std::string before = text;
  const c::Tokens tokens(before);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_call = tokens.is_identifier(i) && tokens.is(i + 1, '(') && tokens.match(i + 1) != c::no_match;
    const std::optional<Template> macro = is_call ? template_of(std::string(tokens.text(i))) : std::nullopt;
    if (!macro || macro->body.find_first_not_of(" \t") != std::string::npos) continue;
    const std::size_t close = tokens.match(i + 1);
    c::blank(text, tokens[i].begin, tokens[close].end);
    i = close;
  }
  return text;
}

// The braces that a macro's call stands for, as in `(spinlock_t) MACRO(x)` and `atomic_t a = MACRO(x)`; null if it does
// not stand for braces.
const c::Expr* Builder::braces_of(const c::Expr& call) {
  if (call.kind == Kind::name) {
    const c::Macro* object = variable(call.text) ? nullptr : program().macro(call.text);
    if (!object || object->function_like || !object->body.starts_with('{')) return nullptr;
    const c::Expr* parsed = parsed_expression("(struct hp)" + without_empty_macros(object->body));
    const bool is_list = parsed && parsed->kind == Kind::compound_literal && !parsed->args.empty();
    return is_list ? parsed->args[0].get() : nullptr;
  }
  if (call.kind != Kind::call || call.args[0]->kind != Kind::name) return nullptr;
  const std::optional<Template> macro = template_of(call.args[0]->text);
  const std::optional<std::string> text = macro ? expansion(*macro, arguments_of(call)) : std::nullopt;
  if (!text) return nullptr;
  if (text->find_first_not_of(" \t\n") != text->find('{')) {  // perhaps another macro that does
    const Expansion expansion(*this, macro->name);
    const c::Expr* other = expands_too_far() ? nullptr : parsed_expression(*text);
    return other ? braces_of(*other) : nullptr;
  }
  const c::Expr* parsed = parsed_expression("(struct hp)" + without_empty_macros(*text));
  if (!parsed || parsed->kind != Kind::compound_literal || parsed->args.empty()) return nullptr;
  return parsed->args[0].get();
}

std::optional<MemoryPlace> Builder::place_of_braces(const c::Expr& cast) {
  const c::Expr* braces = braces_of(*cast.args[0]);
  if (!braces) return std::nullopt;
  const MemoryPlace made = local_place(new_local("", types().resolve(*cast.type, *this)));
  initialise(made, *braces);
  return made;
}

// Types have no qualifiers here, so several branches may fit: they must then agree in what they give.
Operand Builder::generic_choice(const c::Expr& expr) {
  const Type* wanted = type_of(*expr.args[1]);
  const c::Expr* chosen = nullptr;
  for (std::size_t i = 2; i + 1 < expr.args.size(); i += 2) {
    if (type_argument(*expr.args[i]) != wanted) continue;
    if (chosen && type_of(*chosen) != type_of(*expr.args[i + 1])) {
      return not_understood("a _Generic whose branches differ by const alone");
    }
    if (!chosen) chosen = expr.args[i + 1].get();
  }
  if (!chosen) return not_understood("a _Generic without a branch for " + to_string(wanted));
  return value(*chosen);
}

std::optional<Operand> Builder::built_in_call(const std::string& name, const c::Expr& expr) {
  const std::size_t given = expr.args.size() - 1;
  const auto is = [&](std::string_view what, std::size_t count) { return name == what && given == count; };
  if (is("container_of", 3) || is("container_of_const", 3)) return container_of(expr);
  if (is("offsetof", 2) || is("__builtin_offsetof", 2)) return offset_of(expr);
  if (is("IS_ENABLED", 1) || is("IS_BUILTIN", 1) || is("IS_REACHABLE", 1) || is("IS_MODULE", 1)) return enabled(expr);
  if (is("min", 2) || is("max", 2)) return least_or_greatest(expr, name == "min", nullptr);
  if ((is("min_t", 3) || is("max_t", 3))) {
    return least_or_greatest(expr, name == "min_t", type_argument(*expr.args[1]));
  }
  if (is("ilog2", 1)) {
    const std::optional<Operand> known = probe(*expr.args[1]);
    if (!known || std::get<Constant>(known->value).value == 0) return std::nullopt;
    return number(std::bit_width(std::get<Constant>(known->value).value) - 1);
  }
  if (is("__builtin_constant_p", 1)) return number(probe(*expr.args[1]).has_value());
  if (is("__builtin_choose_expr", 3)) {
    const std::optional<std::int64_t> chosen = constant_value(*expr.args[1]);
    if (!chosen) return not_understood("__builtin_choose_expr with a condition that is not constant");
    return value(*expr.args[*chosen != 0 ? 2 : 3]);
  }
  if (is("__builtin_types_compatible_p", 2)) {
    return number(type_argument(*expr.args[1]) == type_argument(*expr.args[2]));
  }
  if (is("__builtin_expect", 2)) return value(*expr.args[1]);
  if (name == "_Generic") return generic_choice(expr);
  if (name == "__builtin_unreachable" || name == "unreachable") {
    finish(Terminator::Kind::unreachable);
    return Operand{Constant{0}, types().void_type()};
  }
  return std::nullopt;
}

const Type* Builder::type_argument(const c::Expr& argument) {
  const c::Expr& written = behind(argument);
  if (written.kind == Kind::type_argument && written.type) return types().resolve(*written.type, *this);
  if (written.kind == Kind::name) {
    const Type* named = types().named(written.text, *this);
    if (!is_unknown(named)) return named;
  }
  if (written.kind == Kind::call && written.args[0]->kind == Kind::name && written.args.size() == 2 &&
      (written.args[0]->text == "typeof" || written.args[0]->text == "__typeof__")) {
    return type_of(*written.args[1]);
  }
  // `struct foo *` as an argument may read as a product without its second factor; as a declaration it is clear.
  if (const c::Expr* again = parsed_expression("(" + unparse(written) + ")0"); again && again->kind == Kind::cast) {
    return types().resolve(*again->type, *this);
  }
  return types().unknown(unparse(written));
}

// The steps from a record to a member given as `a.b[2].c`; nothing if that is not what it reads as.
std::optional<std::vector<PlaceStep>> Builder::member_path(const Type* record, const c::Expr& path) {
  (void)record;
  const c::Expr& written = path.kind == Kind::name && bound(path.text) ? behind(path) : path;
  if (written.kind == Kind::name) return std::vector<PlaceStep>{{PlaceStep::Kind::field, written.text, {}}};
  if (written.kind != Kind::member && written.kind != Kind::index) return std::nullopt;
  std::optional<std::vector<PlaceStep>> steps = member_path(record, *written.args[0]);
  if (!steps) return std::nullopt;
  if (written.kind == Kind::member) {
    steps->push_back({PlaceStep::Kind::field, written.text, {}});
  } else {
    steps->push_back({PlaceStep::Kind::element, {}, convert(value(*written.args[1]), long_type())});
  }
  return steps;
}

Operand Builder::container_of(const c::Expr& expr) {
  const Operand inner = value(*expr.args[1]);
  const Type* record = type_argument(*expr.args[2]);
  const auto steps = member_path(record, *expr.args[3]);
  if (is_unknown(inner.type)) return inner;
  if (!is_record(record) || !steps) return not_understood("container_of with a type or member that is not known");
  const Type* type = record;
  for (const PlaceStep& one : *steps) {
    if (one.kind == PlaceStep::Kind::element) {
      type = is_array(type) ? type->inner : types().unknown("");
      continue;
    }
    const Mir::Field* field = types().field(type, one.field, *this);
    if (!field) return not_understood(to_string(record) + " has no member \"" + one.field + "\"");
    type = field->type;
  }
  Instr instr;
  instr.kind = Instr::Kind::container;
  instr.a = inner;
  instr.steps = *steps;
  return emit_value(std::move(instr), types().pointer_to(record));
}

Operand Builder::offset_of(const c::Expr& expr) {
  const Type* type = type_argument(*expr.args[1]);
  const auto steps = member_path(type, *expr.args[2]);
  std::uint64_t offset = 0;
  bool known = steps.has_value();
  for (std::size_t i = 0; known && i < steps->size(); ++i) {
    const PlaceStep& one = (*steps)[i];
    if (one.kind == PlaceStep::Kind::field) {
      const auto here = is_record(type) ? types().offset_of(type, one.field, *this) : std::nullopt;
      const Mir::Field* field = here ? types().field(type, one.field, *this) : nullptr;
      known = field != nullptr;
      if (!known) break;
      offset += *here;
      type = field->type;
    } else {
      const auto* index = std::get_if<Constant>(&one.index.value);
      const auto size = is_array(type) ? types().size_of(type->inner, *this) : std::nullopt;
      known = index && size;
      if (!known) break;
      offset += index->value * *size;
      type = type->inner;
    }
  }
  if (!known) return not_understood("the place of a member is not known: " + unparse(expr));
  return constant(offset, types().integer(64, false));
}

// min(), max() and their kin: each argument once. `type` null: the arguments' common one.
Operand Builder::least_or_greatest(const c::Expr& expr, bool least, const Type* type) {
  const std::size_t first = expr.args.size() - 2;
  Operand a = value(*expr.args[first]);
  Operand b = value(*expr.args[first + 1]);
  if (is_unknown(a.type)) return a;
  if (is_unknown(b.type)) return b;
  if (!type && is_integer(a.type) && is_integer(b.type)) type = common_arithmetic(types(), a.type, b.type);
  if (type) {
    a = convert(a, type);
    b = convert(b, type);
  }
  const Operand first_wins = arithmetic(least ? BinaryOp::le : BinaryOp::ge, a, b);
  if (const auto* known = std::get_if<Constant>(&first_wins.value)) return known->value ? a : b;
  const BlockId yes = new_block();
  const BlockId no = new_block();
  branch(first_wins, yes, no);
  return merged(yes, a, no, b);
}

Operand Builder::enabled(const c::Expr& expr) {
  const c::Expr* written = expr.args[1].get();
  if (const Bound* argument = written->kind == Kind::name ? bound(written->text) : nullptr) written = argument->expr;
  if (!written || written->kind != Kind::name) return not_understood("IS_ENABLED of something that is no name");
  const auto& defined = program().configuration().defined;
  const std::string& name = expr.args[0]->text;
  const bool built_in = is_configured(defined, written->text);
  const bool module = is_configured(defined, written->text + "_MODULE");
  if (name == "IS_MODULE") return number(module);
  return number(built_in || (module && name == "IS_ENABLED"));
}

// guard(kind)(arguments): entered here, left at every way out of the scope. The arguments are kept in hidden locals.
void Builder::guard(const std::string& kind, const std::vector<const c::Expr*>& given) {
  Cleanup cleanup;
  cleanup.call = "guard_exit_" + kind;
  Instr instr;
  instr.callee = function_value("guard_enter_" + kind);
  instr.text = "guard(" + kind + ")";
  for (const c::Expr* argument : given) {
    const Operand operand = value(*argument);
    if (is_unknown(operand.type)) return;
    instr.args.push_back(operand);
    cleanup.arguments.push_back(hidden_local("guard", operand.type));
    store(local_place(cleanup.arguments.back()), operand);
  }
  emit_call(std::move(instr), types().void_type());
  scopes_.back().cleanups.push_back(std::move(cleanup));
}

}  // namespace hotproof::lower
