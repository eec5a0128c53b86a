// Operands: conversions, arithmetic, loads and stores.
#include "model/lower/builder.hpp"
#include "model/lower/fold.hpp"

namespace hotproof::lower {
namespace {

const Constant* as_constant(const Operand& operand) {
  return std::get_if<Constant>(&operand.value);
}

bool is_null(const Operand& operand) {
  const Constant* known = as_constant(operand);
  return known && known->value == 0;
}

}  // namespace

Operand Builder::constant(std::uint64_t value, const Type* type) {
  return {Constant{cut(value, type)}, type};
}

Operand Builder::convert(const Operand& operand, const Type* type) {
  if (operand.type == type || is_unknown(operand.type)) return operand;
  if (is_void(type)) return {Constant{0}, type};
  if (is_unknown(type)) return not_understood("a value of the unknown type \"" + type->name + "\"");
  if (const auto* temp = std::get_if<Temp>(&operand.value); temp && undeclared_.contains(*temp)) {
    // Nobody says what the called function gives: it gives what is wanted here.
    std::vector<Instr>& instrs = body_->blocks[current_].instrs;
    if (!instrs.empty() && instrs.back().has_dst && instrs.back().dst == *temp && !is_record(type)) {
      instrs.back().type = body_->temps[*temp] = type;
      undeclared_.erase(*temp);
      return {*temp, type};
    }
  }
  if (is_void(operand.type)) return not_understood("a value is used that a void function gives");
  if (is_record(type) || is_record(operand.type)) {
    return not_understood("a conversion from " + to_string(operand.type) + " to " + to_string(type));
  }
  if (type->is_bool) return cast_to_integer(truth(operand, false), type);
  if (const Constant* known = as_constant(operand)) {
    return {Constant{converted(known->value, operand.type, type)}, type};
  }
  if (is_pointer(type) && std::holds_alternative<FunctionName>(operand.value)) return {operand.value, type};
  return cast_to_integer(operand, type);
}

Operand Builder::cast_to_integer(const Operand& operand, const Type* type) {
  if (const Constant* known = as_constant(operand)) {
    return {Constant{converted(known->value, operand.type, type)}, type};
  }
  Instr instr;
  instr.kind = Instr::Kind::cast;
  instr.a = operand;
  return emit_value(std::move(instr), type);
}

// The operand as 0 or 1 (an int); `inverted`: as 1 or 0.
Operand Builder::truth(const Operand& operand, bool inverted) {
  if (is_unknown(operand.type)) return operand;
  if (const Constant* known = as_constant(operand)) return number((known->value != 0) != inverted);
  if (!std::holds_alternative<Temp>(operand.value)) return number(!inverted);  // functions and strings are somewhere
  if (!is_integer(operand.type) && !is_pointer(operand.type)) {
    return not_understood("a value of type " + to_string(operand.type) + " is used as a truth");
  }
  if (inverted) return emit_unary(UnaryOp::logical_not, operand);
  return emit_binary(BinaryOp::ne, operand, constant(0, operand.type), int_type());
}

Operand Builder::emit_unary(UnaryOp op, const Operand& a) {
  const Type* type = op == UnaryOp::logical_not ? int_type() : a.type;
  if (const Constant* known = as_constant(a)) return {Constant{fold(op, a.type, known->value)}, type};
  Instr instr;
  instr.kind = Instr::Kind::unary;
  instr.unary = op;
  instr.a = a;
  return emit_value(std::move(instr), type);
}

Operand Builder::emit_binary(BinaryOp op, const Operand& a, const Operand& b, const Type* type) {
  const Constant* left = as_constant(a);
  const Constant* right = as_constant(b);
  if (left && right && (is_integer(a.type) || is_comparison(op))) {
    if (const auto folded = fold(op, a.type, left->value, right->value)) return constant(*folded, type);
  }
  Instr instr;
  instr.kind = Instr::Kind::binary;
  instr.binary = op;
  instr.a = a;
  instr.b = b;
  return emit_value(std::move(instr), type);
}

Operand Builder::arithmetic(BinaryOp op, Operand a, Operand b) {
  if (is_unknown(a.type)) return a;
  if (is_unknown(b.type)) return b;
  if (is_pointer(a.type) || is_pointer(b.type)) return pointer_arithmetic(op, a, b);
  if (!is_integer(a.type) || !is_integer(b.type)) {
    return not_understood("an operation on " + to_string(a.type) + " and " + to_string(b.type));
  }
  if (op == BinaryOp::shl || op == BinaryOp::shr) {
    a = convert(a, promoted(types(), a.type));
    return emit_binary(op, a, convert(b, a.type), a.type);
  }
  const Type* common = common_arithmetic(types(), a.type, b.type);
  a = convert(a, common);
  b = convert(b, common);
  return emit_binary(op, a, b, is_comparison(op) ? int_type() : common);
}

Operand Builder::pointer_arithmetic(BinaryOp op, const Operand& a, const Operand& b) {
  if (is_comparison(op)) return compare_pointers(op, a, b);
  if (op == BinaryOp::sub && is_pointer(a.type) && is_pointer(b.type)) return emit_binary(op, a, b, long_type());
  if (op == BinaryOp::add && is_pointer(b.type) && is_integer(a.type)) return pointer_arithmetic(op, b, a);
  if ((op != BinaryOp::add && op != BinaryOp::sub) || !is_integer(b.type)) {
    return not_understood("an operation on " + to_string(a.type) + " and " + to_string(b.type));
  }
  const Operand count = convert(b, types().integer(64, promoted(types(), b.type)->is_signed));
  if (is_null(count)) return a;
  return emit_binary(op, a, count, a.type);
}

Operand Builder::compare_pointers(BinaryOp op, Operand a, Operand b) {
  if (!is_pointer(a.type)) a = convert(a, b.type);
  if (!is_pointer(b.type)) b = convert(b, a.type);
  return emit_binary(op, a, b, int_type());
}

int Builder::bit_width(const MemoryPlace& place) {
  if (place.steps.empty() || place.steps.back().kind != PlaceStep::Kind::field || !is_integer(place.type)) return 0;
  // The record is what the place was before its last step; its type is found by walking again.
  const Type* type = nullptr;
  if (const auto* local = std::get_if<MemoryPlace::LocalBase>(&place.base)) type = body_->locals[local->local].type;
  if (const auto* global = std::get_if<MemoryPlace::GlobalBase>(&place.base))
    type = global_type(context_, global->name);
  if (const auto* pointer = std::get_if<MemoryPlace::PointerBase>(&place.base)) type = pointer->pointer.type->inner;
  int width = 0;
  for (const PlaceStep& step : place.steps) {
    if (!type) return 0;
    if (step.kind == PlaceStep::Kind::element) {
      type = type->inner;
      continue;
    }
    const Mir::Field* field = types().field(type, step.field, *this);
    width = field ? field->bit_width : 0;
    type = field ? field->type : nullptr;
  }
  return width;
}

Operand Builder::load(const MemoryPlace& place) {
  if (is_unknown(place.type)) {
    if (place.type->name.empty()) return {Constant{0}, place.type};  // said where it came up
    return not_understood("a value of the unknown type \"" + place.type->name + "\" is read");
  }
  Instr instr;
  instr.kind = Instr::Kind::load;
  instr.place = place;
  const Operand result = emit_value(std::move(instr), place.type);
  // C promotes a bit-field to int where int holds all its values.
  const int bits = bit_width(place);
  if (bits > 0 && bits < 32 && !place.type->is_bool) return convert(result, int_type());
  return result;
}

Operand Builder::read(const MemoryPlace& place) {
  if (is_array(place.type)) return address(element(place, constant(0, long_type())));
  if (place.type->kind == Type::Kind::function) {
    if (const auto* pointer = std::get_if<MemoryPlace::PointerBase>(&place.base)) return pointer->pointer;
  }
  return load(place);
}

Operand Builder::address(const MemoryPlace& place) {
  if (place.steps.empty()) {
    if (const auto* pointer = std::get_if<MemoryPlace::PointerBase>(&place.base)) return pointer->pointer;
  }
  if (const auto* local = std::get_if<MemoryPlace::LocalBase>(&place.base)) {
    body_->locals[local->local].address_taken = true;
  }
  Instr instr;
  instr.kind = Instr::Kind::address;
  instr.place = place;
  return emit_value(std::move(instr), types().pointer_to(place.type));
}

// A value cut to a bit-field's width, and sign-extended from there if the type is signed.
Operand Builder::cut_to_bits(Operand value, int bits) {
  if (bits <= 0 || bits >= value.type->bits || value.type->is_bool) return value;
  if (!value.type->is_signed) {
    return emit_binary(BinaryOp::and_, value, constant((std::uint64_t{1} << bits) - 1, value.type), value.type);
  }
  const Operand rest = constant(static_cast<std::uint64_t>(value.type->bits - bits), value.type);
  return emit_binary(BinaryOp::shr, emit_binary(BinaryOp::shl, value, rest, value.type), rest, value.type);
}

// Gives the value as it is stored.
Operand Builder::store(const MemoryPlace& place, Operand value) {
  value = convert(value, place.type);
  if (is_unknown(value.type)) return value;
  value = cut_to_bits(value, bit_width(place));
  Instr& instr = emit(Instr::Kind::store);
  instr.place = place;
  instr.a = value;
  return value;
}

void Builder::copy(const MemoryPlace& to, const MemoryPlace& from) {
  if (to.type != from.type) {
    not_understood("a copy of " + to_string(from.type) + " to " + to_string(to.type));
    return;
  }
  Instr& instr = emit(Instr::Kind::copy_record);
  instr.place = to;
  instr.from = from;
  instr.type = to.type;
}

MemoryPlace Builder::local_place(Local local) const {
  return {MemoryPlace::LocalBase{local}, {}, body_->locals[local].type};
}

MemoryPlace Builder::member(MemoryPlace place, const std::string& name) {
  const Mir::Field* field = is_record(place.type) ? types().field(place.type, name, *this) : nullptr;
  if (!field) {
    if (is_unknown(place.type)) {
      if (!place.type->name.empty())
        not_understood("a member of the unknown type \"" + place.type->name + "\" (\"" + name + "\")");
    } else {
      const bool defined = is_record(place.type) && types().fields(place.type, *this);
      not_understood(defined ? to_string(place.type) + " has no member \"" + name + "\""
                             : "the members of " + to_string(place.type) + " are not known (\"" + name + "\")");
    }
    place.type = types().unknown("");
    return place;
  }
  place.steps.push_back({PlaceStep::Kind::field, name, {}});
  place.type = field->type;
  return place;
}

MemoryPlace Builder::element(MemoryPlace place, const Operand& index) {
  place.steps.push_back({PlaceStep::Kind::element, {}, index});
  place.type = place.type->inner;
  return place;
}

MemoryPlace Builder::pointed_to(const Operand& pointer) {
  if (is_pointer(pointer.type)) return {MemoryPlace::PointerBase{pointer}, {}, pointer.type->inner};
  if (!is_unknown(pointer.type)) not_understood("a value of type " + to_string(pointer.type) + " is dereferenced");
  return {MemoryPlace::PointerBase{pointer}, {}, types().unknown("")};
}

}  // namespace hotproof::lower
