// Types and first contents of globals, and signatures of functions.
#include "model/lower/builder.hpp"
#include "model/lower/builtins.hpp"
#include "model/lower/fold.hpp"
#include "model/lower/unparse.hpp"

namespace hotproof::lower {
namespace {

constexpr const char* current_task = "current_task";
constexpr const char* current_task_object = "current_task.object";

const Type* parsed_type(Context& context, const std::string& text) {
  Builder typer(context, "", "");
  const bool is_pointer_text = !text.empty() && text.back() == '*';
  const Type* base = context.types.named(is_pointer_text ? text.substr(0, text.size() - 1) : text, typer);
  return is_pointer_text ? context.types.pointer_to(base) : base;
}

std::string name_of_file(Context& context, const std::string& name) {
  const auto found = context.statics.find(name);
  if (found != context.statics.end()) return found->second.file;
  const c::GlobalVariable* global = context.program.global(name);
  return global ? context.program.file_of(*global) : std::string();
}

const Type* declared_by_macro(Context& context, const c::GlobalVariable& global, const DeclaringMacro& macro,
                              Builder& typer) {
  const auto argument = [&](int number) -> const c::Expr* {
    const auto at = static_cast<std::size_t>(number);
    return number >= 0 && at < global.macro_args.size() ? global.macro_args[at].get() : nullptr;
  };
  std::string text = macro.type;
  if (text == "$0") {
    const c::Expr* type = argument(0);
    if (!type) return nullptr;
    if (type->type) return context.types.resolve(*type->type, typer);
    text = unparse(*type);
  }
  const Type* type = context.types.named(text, typer);
  if (macro.size_at < 0) return type;
  const c::Expr* size = argument(macro.size_at);
  const auto bits = size ? typer.constant_value(*size) : std::nullopt;
  return context.types.array_of(type, bits && *bits > 0 ? (static_cast<std::uint64_t>(*bits) + 63) / 64 : 0);
}

const Type* type_of_global(Context& context, const std::string& name) {
  if (const auto found = context.statics.find(name); found != context.statics.end()) return found->second.type;
  const c::GlobalVariable* global = context.program.global(name);
  if (!global) {
    if (name == current_task) return context.types.pointer_to(context.types.record("task_struct", false));
    if (name == current_task_object) return context.types.record("task_struct", false);
    return nullptr;
  }
  Builder typer(context, context.program.file_of(*global), "");
  if (!global->declared_by.empty()) {
    const DeclaringMacro* macro = declaring_macro(global->declared_by);
    const Type* type = macro ? declared_by_macro(context, *global, *macro, typer) : nullptr;
    return type ? type : context.types.unknown(global->declared_by);
  }
  if (!global->declaration.type) return context.types.unknown(name);
  return typer.completed(context.types.resolve(*global->declaration.type, typer),
                         global->declaration.initialiser.get());
}

// Follows a pointer back to the global whose address it is.
bool resolve_address(Builder& builder, const Operand& value, GlobalImage::Item& item) {
  const auto* temp = std::get_if<Temp>(&value.value);
  const Instr* made = temp ? builder.made_by(*temp) : nullptr;
  if (!made) return false;
  if (made->kind == Instr::Kind::cast) {
    if (!std::holds_alternative<Temp>(made->a.value)) {
      item.value = made->a;
      return true;
    }
    return resolve_address(builder, made->a, item);
  }
  if (made->kind != Instr::Kind::address) return false;
  const auto* base = std::get_if<MemoryPlace::GlobalBase>(&made->place.base);
  if (!base) return false;
  for (const PlaceStep& step : made->place.steps) {
    if (step.kind == PlaceStep::Kind::element && !std::holds_alternative<Constant>(step.index.value)) return false;
  }
  item.address_of = base->name;
  item.address_steps = made->place.steps;
  return true;
}

class ImageBuilder {
 public:
  ImageBuilder(Context& context, GlobalImage& image, std::string file)
      : context_(context), image_(image), file_(std::move(file)), builder_(context, file_, "") {}

  void initialise(const c::Expr& expr, const Type* type, const std::vector<PlaceStep>& steps) {
    const c::Expr& real = builder_.behind(expr);
    if (real.kind == c::Expr::Kind::initialiser_list) return list(real, type, steps);
    if (const c::Expr* braces = is_record(type) || is_array(type) ? builder_.braces_of(real) : nullptr)
      return list(*braces, type, steps);
    if (real.kind == c::Expr::Kind::compound_literal && !real.args.empty() && real.type &&
        context_.types.resolve(*real.type, builder_) == type) {
      return initialise(*real.args[0], type, steps);
    }
    if (is_array(type) && real.kind == c::Expr::Kind::string) return letters(real.text, type, steps);
    GlobalImage::Item item;
    item.steps = steps;
    const Operand value = builder_.initialiser_value(expr, type);
    if (is_unknown(value.type) || is_record(type) || is_array(type)) return complain(expr);
    if (!std::holds_alternative<Temp>(value.value)) {
      if (const auto* zero = std::get_if<Constant>(&value.value); zero && zero->value == 0) return;
      item.value = value;
    } else if (!resolve_address(builder_, value, item)) {
      return complain(expr);
    }
    image_.items.push_back(std::move(item));
  }

 private:
  void list(const c::Expr& braces, const Type* type, const std::vector<PlaceStep>& steps) {
    const std::size_t before = builder_.problems_met();
    const auto items = builder_.flatten(type, braces);
    if (builder_.problems_met() != before) complain(braces);
    for (const Builder::Initialised& one : items) {
      std::vector<PlaceStep> below = steps;
      below.insert(below.end(), one.steps.begin(), one.steps.end());
      initialise(*one.value, one.type, below);
    }
  }

  void letters(const std::string& text, const Type* type, const std::vector<PlaceStep>& steps) {
    for (std::size_t i = 0; i < text.size() && i < type->count; ++i) {
      GlobalImage::Item item;
      item.steps = steps;
      item.steps.push_back({PlaceStep::Kind::element, {}, {Constant{i}, context_.types.integer(64, true)}});
      item.value = {Constant{cut(static_cast<unsigned char>(text[i]), type->inner)}, type->inner};
      image_.items.push_back(std::move(item));
    }
  }

  void complain(const c::Expr& expr) {
    image_.not_understood.push_back(
        {{file_, expr.span.line, expr.span.column}, "the initialiser \"" + unparse(expr) + "\" is not understood", {}});
  }

  Context& context_;
  GlobalImage& image_;
  std::string file_;
  Builder builder_;
};

void initialise_by_macro(Context& context, const std::string& name, const c::GlobalVariable& global, GlobalImage& image,
                         ImageBuilder& builder) {
  const DeclaringMacro* macro = declaring_macro(global.declared_by);
  if (!macro || is_unknown(image.type)) {
    image.not_understood.push_back({{name_of_file(context, name), global.declaration.span.line, 0},
                                    "what " + global.declared_by + " declares is not known",
                                    {}});
    return;
  }
  std::string text = macro->initialiser;
  if (text.empty()) return;
  const auto argument = global.macro_args.size() > 1 ? unparse(*global.macro_args[1]) : std::string();
  for (std::size_t at = text.find("$1"); at != std::string::npos; at = text.find("$1")) text.replace(at, 2, argument);
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$')) text.replace(at, 1, name);
  Outcome<c::ExprPtr> parsed = context.program.parse_expression("(struct hp)" + text, {});
  if (!parsed || !*parsed || (*parsed)->kind != c::Expr::Kind::compound_literal || (*parsed)->args.empty()) return;
  context.expressions.push_back(std::move(*parsed));
  builder.initialise(*context.expressions.back()->args[0], image.type, {});
}

}  // namespace

const Type* global_type(Context& context, const std::string& name) {
  if (const auto found = context.global_types.find(name); found != context.global_types.end()) return found->second;
  // The initialiser may name the variable itself: its type is then being found, and is not needed.
  const bool is_static = context.statics.contains(name);
  if (!is_static && !context.program.global(name) && name != current_task && name != current_task_object)
    return nullptr;
  context.global_types[name] = context.types.unknown(name);
  return context.global_types[name] = type_of_global(context, name);
}

std::unique_ptr<GlobalImage> build_global(Context& context, const std::string& name) {
  auto image = std::make_unique<GlobalImage>();
  image->type = global_type(context, name);
  ImageBuilder builder(context, *image, name_of_file(context, name));
  if (const auto found = context.statics.find(name); found != context.statics.end()) {
    const c::Declaration& declaration = *found->second.declaration;
    if (declaration.initialiser) builder.initialise(*declaration.initialiser, image->type, {});
    image->once = found->second.once;
    return image;
  }
  const c::GlobalVariable* global = context.program.global(name);
  if (!global) {
    if (name == current_task) {
      GlobalImage::Item item;
      item.address_of = current_task_object;
      image->items.push_back(std::move(item));
    }
    return image;
  }
  if (!global->declared_by.empty()) {
    initialise_by_macro(context, name, *global, *image, builder);
  } else if (global->declaration.initialiser) {
    builder.initialise(*global->declaration.initialiser, image->type, {});
  } else if (global->declaration.is_extern) {
    image->not_understood.push_back({{name_of_file(context, name), global->declaration.span.line, 0},
                                     "\"" + name + "\" is not defined in the files read",
                                     {}});
  }
  return image;
}

const Signature* signature(Context& context, const std::string& name) {
  if (const auto found = context.signatures.find(name); found != context.signatures.end()) return &found->second;
  Signature result;
  if (const c::Function* function = context.program.declared_function(name)) {
    Builder typer(context, context.program.file_of(*function), name);
    result.result =
        function->result ? context.types.resolve(*function->result, typer) : context.types.integer(32, true);
    result.parameters = context.types.parameters(function->parameters, typer);
    result.variadic = function->variadic;
    result.is_ours = function->body && !context.program.tree().exists(context.program.file_of(*function));
  } else if (const Intrinsic* known = intrinsic(name)) {
    result.result = parsed_type(context, known->result);
    for (const char* parameter : known->parameters) result.parameters.push_back(parsed_type(context, parameter));
    result.variadic = known->variadic;
  } else {
    return nullptr;
  }
  return &(context.signatures[name] = std::move(result));
}

}  // namespace hotproof::lower
