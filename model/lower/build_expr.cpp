// Expressions: their values, and where they stand.
#include "model/lower/builder.hpp"
#include "model/lower/fold.hpp"
#include "model/lower/scoped.hpp"

namespace hotproof::lower {

using Kind = c::Expr::Kind;

std::optional<Operand> Builder::probe(const c::Expr& expr) {
  const Snapshot before = snapshot();
  const BlockId first = new_block();
  start(first);
  probing_ = true;
  const Operand result = value(expr);
  // A value that is known does not make up for an effect that would be lost.
  const bool does_something = std::any_of(body_->blocks.begin() + first, body_->blocks.end(), [](const Block& block) {
    return std::any_of(block.instrs.begin(), block.instrs.end(), [](const Instr& instr) {
      return instr.kind == Instr::Kind::store || instr.kind == Instr::Kind::copy_record ||
             instr.kind == Instr::Kind::call;
    });
  });
  restore(before);
  if (does_something) return std::nullopt;
  if (!std::holds_alternative<Constant>(result.value) || is_unknown(result.type)) return std::nullopt;
  return result;
}

Operand Builder::value(const c::Expr& expr) {
  const At at(*this, expr.span);
  if (depth_ > deepest) return not_understood("this is nested too deep");
  const Operand result = value_of_kind(expr);
  // An unknown type without a name has been said; one that the source names is said where a value of it is wanted.
  const bool is_said = !is_unknown(result.type) || result.type->name.empty();
  return is_said ? result : not_understood("a value of the unknown type \"" + result.type->name + "\"");
}

Operand Builder::value_of_kind(const c::Expr& expr) {
  switch (expr.kind) {
    case Kind::integer:
      return integer_literal(expr);
    case Kind::string:
      return {StringLiteral{expr.text}, types().pointer_to(types().integer(8, true))};
    case Kind::name:
      return value_of_name(expr.text);
    case Kind::unary:
      return unary(expr);
    case Kind::postfix:
      return step(expr, true);
    case Kind::binary:
      return binary(expr);
    case Kind::assign:
      return assign(expr);
    case Kind::conditional:
      return conditional(expr);
    case Kind::call:
      return call(expr);
    case Kind::member:
    case Kind::arrow:
    case Kind::index:
    case Kind::compound_literal: {
      const std::optional<MemoryPlace> where = place(expr);
      return where ? read(*where) : not_understood("an expression that is no place");
    }
    case Kind::cast:
      return cast(expr);
    case Kind::sizeof_type:
    case Kind::sizeof_expr:
      return size_of(expr);
    case Kind::statement_expression:
      return statement_expression(expr);
    case Kind::initialiser_list:
    case Kind::designated:
      return not_understood("an initialiser list where a value is wanted");
    case Kind::type_argument:
      return not_understood("a type where a value is wanted");
    case Kind::not_understood:
      return not_understood("the parser could not read \"" + expr.text + "\"");
  }
  return not_understood("an expression of an unknown kind");
}

Operand Builder::integer_literal(const c::Expr& expr) {
  const std::string& text = expr.text;
  if (!text.empty() && text.find('\'') != std::string::npos) return constant(expr.value, int_type());
  const bool based = text.size() > 1 && text[0] == '0';  // 0x…, 0b…, octal: may turn unsigned
  bool is_unsigned = false;
  bool is_long = false;
  for (std::size_t i = text.size(); i > 0; --i) {
    const char letter = text[i - 1];
    if (letter == 'u' || letter == 'U') {
      is_unsigned = true;
    } else if (letter == 'l' || letter == 'L') {
      is_long = true;
    } else {
      break;
    }
  }
  const std::uint64_t value = expr.value;
  const bool may_be_unsigned = is_unsigned || based;
  if (!is_long && !is_unsigned && value <= 0x7FFFFFFF) return constant(value, int_type());
  if (!is_long && may_be_unsigned && value <= 0xFFFFFFFF) return constant(value, types().integer(32, false));
  const bool fits_signed = value <= 0x7FFFFFFFFFFFFFFF;
  return constant(value, types().integer(64, fits_signed && !is_unsigned));
}

std::optional<MemoryPlace> Builder::place(const c::Expr& expr) {
  const At at(*this, expr.span);
  if (depth_ > deepest) return std::nullopt;
  switch (expr.kind) {
    case Kind::name:
      return place_of_name(expr.text);
    case Kind::member:
      return member(place_or_copy(*expr.args[0]), expr.text);
    case Kind::arrow: {
      // An array stands for its first element here too.
      MemoryPlace record = pointed_to(value(*expr.args[0]));
      return member(std::move(record), expr.text);
    }
    case Kind::index:
      return place_of_index(expr);
    case Kind::unary: {
      if (expr.op != "*") return std::nullopt;
      const c::Expr& inner = *expr.args[0];
      if (inner.kind == Kind::unary && inner.op == "&") return place(*inner.args[0]);
      return pointed_to(value(inner));
    }
    case Kind::compound_literal: {
      const Type* type =
          completed(types().resolve(*expr.type, *this), expr.args.empty() ? nullptr : expr.args[0].get());
      const MemoryPlace made = local_place(new_local("", type));
      if (!expr.args.empty()) initialise(made, *expr.args[0]);
      return made;
    }
    case Kind::cast:
      return place_of_braces(expr);
    case Kind::call:
      return place_of_macro_call(expr);
    default:
      return std::nullopt;
  }
}

// Where the expression stands, or a copy of its value that stands somewhere.
MemoryPlace Builder::place_or_copy(const c::Expr& expr) {
  if (std::optional<MemoryPlace> found = place(expr)) return *found;
  const Operand made = value(expr);
  if (is_unknown(made.type)) return {MemoryPlace::PointerBase{made}, {}, made.type};
  const MemoryPlace copy = local_place(new_local("", made.type));
  store(copy, made);
  return copy;
}

std::optional<MemoryPlace> Builder::place_of_index(const c::Expr& expr) {
  const c::Expr* base = expr.args[0].get();
  const c::Expr* index = expr.args[1].get();
  const std::optional<MemoryPlace> where = place(*base);
  if (where && is_array(where->type)) {
    const Operand number = value(*index);
    if (is_unknown(number.type)) return MemoryPlace{where->base, where->steps, types().unknown("")};
    if (!is_integer(number.type)) {
      not_understood("an index of type " + to_string(number.type));
      return MemoryPlace{where->base, where->steps, types().unknown("")};
    }
    return element(*where, convert(number, types().integer(64, promoted(types(), number.type)->is_signed)));
  }
  const Operand pointer = where ? read(*where) : value(*base);
  return pointed_to(arithmetic(BinaryOp::add, pointer, value(*index)));
}

void Builder::effect(const c::Expr& expr) {
  const At at(*this, expr.span);
  switch (expr.kind) {
    case Kind::cast:
      if (expr.type && expr.type->kind == c::TypeName::Kind::base && expr.type->name == "void") {
        return effect(*expr.args[0]);
      }
      break;
    case Kind::binary:
      if (expr.op == ",") {
        effect(*expr.args[0]);
        return effect(*expr.args[1]);
      }
      break;
    case Kind::name:
      if (const std::optional<MemoryPlace> local = variable(expr.text)) return;  // `(void)x` reads nothing
      break;
    case Kind::call:
      if (depth_ > deepest) break;
      value_of_kind(expr);  // whatever type it has: nobody wants it
      return;
    default:
      break;
  }
  value(expr);
}

Operand Builder::unary(const c::Expr& expr) {
  const c::Expr& inner = *expr.args[0];
  if (expr.op == "&") return address_of(inner);
  if (expr.op == "*") {
    const std::optional<MemoryPlace> where = place(expr);
    return where ? read(*where) : value(*inner.args[0]);  // `*&f` is f
  }
  if (expr.op == "++" || expr.op == "--") return step(expr, false);
  if (expr.op == "!") return truth(value(inner), true);
  const Operand operand = value(inner);
  if (is_unknown(operand.type)) return operand;
  if (!is_integer(operand.type)) return not_understood("an operation on " + to_string(operand.type));
  const Operand wide = convert(operand, promoted(types(), operand.type));
  if (expr.op == "+") return wide;
  if (expr.op == "-") return emit_unary(UnaryOp::neg, wide);
  if (expr.op == "~") return emit_unary(UnaryOp::bit_not, wide);
  return not_understood("the operator \"" + expr.op + "\"");
}

Operand Builder::address_of(const c::Expr& expr) {
  const std::optional<MemoryPlace> where = place(expr);
  if (where) {  // of a type that only has a name, an address is understood
    const bool is_said = is_unknown(where->type) && where->type->name.empty();
    return is_said ? Operand{Constant{0}, where->type} : address(*where);
  }
  const Operand made = value(expr);
  if (std::holds_alternative<FunctionName>(made.value) || is_unknown(made.type)) return made;
  return not_understood("the address of something that is no place");
}

Operand Builder::step(const c::Expr& expr, bool postfix) {
  const std::optional<MemoryPlace> where = place(*expr.args[0]);
  if (!where) return not_understood("\"" + expr.op + "\" on something that is no place");
  const Operand before = read(*where);
  const BinaryOp op = expr.op == "++" ? BinaryOp::add : BinaryOp::sub;
  const Operand after = store(*where, arithmetic(op, before, number(1)));
  return postfix ? before : after;
}

Operand Builder::binary(const c::Expr& expr) {
  if (expr.op == "&&" || expr.op == "||") return logical(expr);
  if (expr.op == ",") {
    effect(*expr.args[0]);
    return value(*expr.args[1]);
  }
  const std::optional<BinaryOp> op = binary_op(expr.op);
  if (!op) return not_understood("the operator \"" + expr.op + "\"");
  const Operand a = value(*expr.args[0]);
  const Operand b = value(*expr.args[1]);
  return arithmetic(*op, a, b);
}

// && and || as a value. While probing both sides are only looked at; else control flow decides into a hidden local.
Operand Builder::logical(const c::Expr& expr) {
  const bool is_and = expr.op == "&&";
  if (probing_) {
    const Operand a = truth(value(*expr.args[0]), false);
    const auto* known = std::get_if<Constant>(&a.value);
    if (!known || is_unknown(a.type)) return a;
    if ((known->value != 0) != is_and) return a;
    return truth(value(*expr.args[1]), false);
  }
  if (const std::optional<Operand> known = probe(expr)) return *known;
  const Local result = hidden_local("?", int_type());
  const BlockId yes = new_block();
  const BlockId no = new_block();
  const BlockId join = new_block();
  condition(expr, yes, no);
  start(yes);
  store(local_place(result), number(1));
  jump(join);
  start(no);
  store(local_place(result), number(0));
  jump(join);
  start(join);
  const Operand merged = load(local_place(result));
  drop(result);
  return merged;
}

void Builder::condition(const c::Expr& expr, BlockId yes, BlockId no) {
  const At at(*this, expr.span);
  if (expr.kind == Kind::unary && expr.op == "!") return condition(*expr.args[0], no, yes);
  if (expr.kind == Kind::binary && (expr.op == "&&" || expr.op == "||")) {
    const BlockId second = new_block();
    condition(*expr.args[0], expr.op == "&&" ? second : yes, expr.op == "&&" ? no : second);
    start(second);
    return condition(*expr.args[1], yes, no);
  }
  if (expr.kind == Kind::call && expr.args[0]->kind == Kind::name && expr.args.size() == 2 &&
      (expr.args[0]->text == "likely" || expr.args[0]->text == "unlikely")) {
    return condition(*expr.args[1], yes, no);
  }
  const Operand decides = value(expr);
  if (is_unknown(decides.type)) return finish(Terminator::Kind::unreachable);
  if (!is_integer(decides.type) && !is_pointer(decides.type)) {
    not_understood("a condition of type " + to_string(decides.type));
    return finish(Terminator::Kind::unreachable);
  }
  branch(decides, yes, no);
}

Operand Builder::conditional(const c::Expr& expr) {
  if (probing_) {
    const Operand decides = value(*expr.args[0]);
    const auto* known = std::get_if<Constant>(&decides.value);
    return known && !is_unknown(decides.type) ? conditional_known(expr, known->value != 0) : decides;
  }
  const std::optional<Operand> known = probe(*expr.args[0]);
  if (known) return conditional_known(expr, std::get<Constant>(known->value).value != 0);
  const BlockId yes = new_block();
  const BlockId no = new_block();
  std::optional<Operand> first;
  if (expr.args[1]) {
    condition(*expr.args[0], yes, no);
  } else {
    first = value(*expr.args[0]);
    branch(*first, yes, no);
  }
  start(yes);
  const Operand a = expr.args[1] ? value(*expr.args[1]) : *first;
  if (ended_) start(new_block());
  const BlockId yes_end = current_;
  start(no);
  const Operand b = value(*expr.args[2]);
  if (ended_) start(new_block());
  return merged(yes_end, a, current_, b);
}

// The condition is constant: only one side is built, but both decide the type.
Operand Builder::conditional_known(const c::Expr& expr, bool truth) {
  const c::Expr& yes = expr.args[1] ? *expr.args[1] : *expr.args[0];
  const Operand taken = value(truth ? yes : *expr.args[2]);
  if (!is_integer(taken.type)) return taken;
  const Type* other = type_of(truth ? *expr.args[2] : yes);
  return is_integer(other) ? convert(taken, common_arithmetic(types(), taken.type, other)) : taken;
}

Operand Builder::merged(BlockId yes_end, const Operand& yes, BlockId no_end, const Operand& no) {
  const Type* type = yes.type;
  if (is_unknown(yes.type) || (is_pointer(no.type) && !is_pointer(yes.type)) ||
      (is_pointer(no.type) && is_pointer(yes.type) && is_void(yes.type->inner))) {
    type = no.type;
  }
  if (is_integer(yes.type) && is_integer(no.type)) type = common_arithmetic(types(), yes.type, no.type);
  if (is_void(yes.type) || is_void(no.type)) type = types().void_type();
  const bool has_value = !is_void(type) && !is_unknown(type);
  const Local result = has_value ? hidden_local("?", type) : 0;
  const BlockId join = new_block();
  for (const auto& [end, operand] : {std::pair{yes_end, yes}, std::pair{no_end, no}}) {
    start(end);
    if (has_value) store(local_place(result), operand);
    jump(join);
  }
  start(join);
  if (!has_value) return {Constant{0}, type};
  const Operand loaded = load(local_place(result));
  drop(result);
  return loaded;
}

Operand Builder::assign(const c::Expr& expr) {
  const std::optional<MemoryPlace> to = place(*expr.args[0]);
  if (!to) return not_understood("an assignment to something that is no place");
  if (expr.op == "=") {
    if (is_record(to->type)) {
      assign_record(*to, *expr.args[1]);
      return {Constant{0}, types().void_type()};
    }
    return store(*to, value(*expr.args[1]));
  }
  const std::optional<BinaryOp> op = binary_op(expr.op.substr(0, expr.op.size() - 1));
  if (!op) return not_understood("the operator \"" + expr.op + "\"");
  const Operand before = read(*to);
  return store(*to, arithmetic(*op, before, value(*expr.args[1])));
}

void Builder::assign_record(const MemoryPlace& to, const c::Expr& from) {
  if (const std::optional<MemoryPlace> source = place(from)) return copy(to, *source);
  const Operand made = value(from);
  if (is_unknown(made.type)) return;
  store(to, made);
}

Operand Builder::cast(const c::Expr& expr) {
  const Type* type = types().resolve(*expr.type, *this);
  if (is_void(type)) {
    effect(*expr.args[0]);
    return {Constant{0}, type};
  }
  return convert(value(*expr.args[0]), type);
}

Operand Builder::size_of(const c::Expr& expr) {
  const Type* size = types().integer(64, false);
  const Type* type = nullptr;
  if (expr.kind == Kind::sizeof_type) {
    type = types().resolve(*expr.type, *this);
  } else if (behind(*expr.args[0]).kind == Kind::string) {
    return constant(behind(*expr.args[0]).text.size() + 1, size);
  } else {
    type = type_of(*expr.args[0]);
  }
  const bool is_alignment = expr.op.find("lign") != std::string::npos;
  const auto bytes = is_alignment ? types().align_of(type, *this) : types().size_of(type, *this);
  if (bytes) return constant(*bytes, size);
  if (type->kind == Type::Kind::record && !is_alignment) return constant(types().made_up_size(type), size);
  return not_understood("the size of " + to_string(type) + " is not known");
}

Operand Builder::statement_expression(const c::Expr& expr) {
  if (probing_) return {Constant{0}, types().unknown("")};
  if (!expr.body) return not_understood("an empty statement expression");
  const c::Stmt& body = *expr.body;
  open_scope();
  Operand result{Constant{0}, types().void_type()};
  const c::Stmt* last = nullptr;
  for (const c::StmtPtr& one : body.body) {
    if (one->kind != c::Stmt::Kind::empty) last = one.get();
  }
  for (const c::StmtPtr& one : body.body) {
    if (one.get() == last && one->kind == c::Stmt::Kind::expression && one->expr) {
      result = value(*one->expr);
    } else {
      statement(*one);
    }
  }
  close_scope();
  return result;
}

}  // namespace hotproof::lower
