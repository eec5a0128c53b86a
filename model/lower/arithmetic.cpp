// C arithmetic on the machine's values: known numbers are computed, computed ones become expressions, pointers keep
// their object and path.
#include "model/lower/fold.hpp"
#include "model/lower/specialiser.hpp"

namespace hotproof::lower {

namespace {

int bits_of(const Type* type) {
  return type->kind == Type::Kind::integer ? type->bits : 64;
}

// Marks an element step that pointer arithmetic made on something that is no array.
constexpr const char* past = "past";

// The operation of the expression DAG; comparisons that it lacks are made from the swapped or negated one.
struct Lowering {
  ir::Op op;
  bool swap = false;
  bool negate = false;
};

Lowering lowering(BinaryOp op, bool is_signed) {
  switch (op) {
    case BinaryOp::add:
      return {ir::Op::add};
    case BinaryOp::sub:
      return {ir::Op::sub};
    case BinaryOp::mul:
      return {ir::Op::mul};
    case BinaryOp::div:
      return {is_signed ? ir::Op::sdiv : ir::Op::udiv};
    case BinaryOp::rem:
      return {is_signed ? ir::Op::srem : ir::Op::urem};
    case BinaryOp::and_:
      return {ir::Op::and_};
    case BinaryOp::or_:
      return {ir::Op::or_};
    case BinaryOp::xor_:
      return {ir::Op::xor_};
    case BinaryOp::shl:
      return {ir::Op::shl};
    case BinaryOp::shr:
      return {is_signed ? ir::Op::ashr : ir::Op::lshr};
    case BinaryOp::eq:
      return {ir::Op::eq};
    case BinaryOp::ne:
      return {ir::Op::eq, false, true};
    case BinaryOp::lt:
      return {is_signed ? ir::Op::slt : ir::Op::ult};
    case BinaryOp::le:
      return {is_signed ? ir::Op::sle : ir::Op::ule};
    case BinaryOp::gt:
      return {is_signed ? ir::Op::slt : ir::Op::ult, true};
    case BinaryOp::ge:
      return {is_signed ? ir::Op::sle : ir::Op::ule, true};
  }
  return {ir::Op::add};
}

}  // namespace

std::optional<ir::ExprId> Specialiser::expr_of_any(const Value& value, int width) {
  switch (value.kind) {
    case Value::Kind::integer:
      return system_.pool.constant(value.bits, width);
    case Value::Kind::symbolic:
      return system_.pool.resize(value.expr(), width, false);
    case Value::Kind::pointer:
    case Value::Kind::function:
    case Value::Kind::string:
      return system_.pool.constant(memory_.reference(value), width);
    default:
      return std::nullopt;
  }
}

ir::ExprId Specialiser::expr_of(const Value& value, const Type* type) {
  if (value.is(Value::Kind::symbolic)) return value.expr();
  return system_.pool.constant(value.bits, bits_of(type));
}

// What a comparison, negation or cast makes of an unknown value. What is made by others is a new unknown.
Value Specialiser::derived(const Value& of, Derivation derivation) {
  if (of.which() == 0) return Value::unknown();
  derivation.of = of.derivation();
  return Value::unknown(of.which(), derivations_.add(derivation));
}

Value Specialiser::compared_unknown(const Instr& instr, const Value& a, const Value& b) {
  const Type* type = instr.a.type;
  const bool swapped = b.is(Value::Kind::unknown);
  const Value& constant = swapped ? a : b;
  if (!is_comparison(instr.binary) || !constant.is(Value::Kind::integer)) return Value::unknown();
  BinaryOp op = instr.binary;
  if (swapped)
    for (const auto& [left, right] : {std::pair{BinaryOp::lt, BinaryOp::gt}, std::pair{BinaryOp::le, BinaryOp::ge}})
      if (instr.binary == left || instr.binary == right) op = instr.binary == left ? right : left;
  return derived(swapped ? b : a,
                 {.kind = Derivation::Kind::binary,
                  .op = op,
                  .constant = constant.bits,
                  .bits = bits_of(type),
                  .is_signed = type->kind == Type::Kind::integer && type->is_signed});
}

Value Specialiser::unary(const Instr& instr, const Value& a) {
  const Type* type = instr.a.type;
  if (instr.unary == UnaryOp::logical_not && a.is_known())
    return Value::integer(a.is(Value::Kind::integer) && a.bits == 0 ? 1 : 0);
  if (a.is(Value::Kind::unset)) return a;
  if (a.is(Value::Kind::unknown))
    return instr.unary == UnaryOp::logical_not
               ? derived(a, {.kind = Derivation::Kind::logical_not, .bits = bits_of(type)})
               : Value::unknown();
  if (!a.is(Value::Kind::integer) && !a.is(Value::Kind::symbolic)) return Value::unknown();
  const ir::ExprId x = expr_of(a, type);
  ir::ExprId out{};
  switch (instr.unary) {
    case UnaryOp::neg:
      out = system_.pool.unary(ir::Op::neg, x);
      break;
    case UnaryOp::bit_not:
      out = system_.pool.unary(ir::Op::not_, x);
      break;
    case UnaryOp::logical_not:
      out = system_.pool.resize(system_.pool.eq(x, system_.pool.constant(0, system_.pool[x].width)),
                                bits_of(instr.type), false);
  }
  return system_.pool.is_constant(out) ? Value::integer(system_.pool[out].value) : Value::symbolic(out);
}

// A pointer kept as a number (struct page, addresses of the direct map) moves by whole elements.
Value Specialiser::number_moved(const Instr& instr, const Value& a, const Value& b) {
  constexpr int width = 64;
  auto& pool = system_.pool;
  const ir::ExprId size = pool.constant(mir_.size_of(instr.a.type->inner).value_or(1), width);
  const ir::ExprId x = expr_of(a, instr.a.type);
  const Type* by = instr.b.type;
  const ir::ExprId y = pool.resize(expr_of(b, by), width, by->kind == Type::Kind::integer && by->is_signed);
  ir::ExprId out{};
  if (by->kind == Type::Kind::pointer)
    out = pool.binary(ir::Op::sdiv, pool.binary(ir::Op::sub, x, y), size);
  else
    out = pool.binary(instr.binary == BinaryOp::sub ? ir::Op::sub : ir::Op::add, x,
                      pool.binary(ir::Op::mul, y, size));
  return pool.is_constant(out) ? Value::integer(pool[out].value) : Value::symbolic(out);
}

// Pointers and integers that stand for pointers; nothing if this is plain arithmetic.
std::optional<Value> Specialiser::pointer_arithmetic(const Instr& instr, const Value& a, const Value& b) {
  const bool compares = instr.binary == BinaryOp::eq || instr.binary == BinaryOp::ne;
  const bool a_refers = a.is_known() && !a.is(Value::Kind::integer);
  const bool b_refers = b.is_known() && !b.is(Value::Kind::integer);
  if (compares && (a_refers || b_refers)) {
    if (!a.is_known() || !b.is_known()) return Value::unknown();
    // A record and its first member are at one address, and two paths here.
    if (a != b && a.is(Value::Kind::pointer) && b.is(Value::Kind::pointer) &&
        memory_.is_inside(static_cast<PointerId>(a.bits), static_cast<PointerId>(b.bits)))
      return Value::unknown();
    return Value::integer((a == b) == (instr.binary == BinaryOp::eq) ? 1 : 0);
  }
  const Type* type = instr.a.type;
  const bool computed = (a.is(Value::Kind::integer) || a.is(Value::Kind::symbolic)) &&
                        (b.is(Value::Kind::integer) || b.is(Value::Kind::symbolic));
  if (computed && type->kind == Type::Kind::pointer && !is_comparison(instr.binary)) return number_moved(instr, a, b);
  if (!a_refers && !b_refers) return std::nullopt;
  if (!a.is(Value::Kind::pointer)) return Value::unknown();
  const ObjectId object = memory_.object_of(static_cast<PointerId>(a.bits));
  const PathId path = memory_.path_of(static_cast<PointerId>(a.bits));
  const auto last = memory_.split(path);
  const bool in_array = last && last->second.kind == PathStep::Kind::element;
  if (b.is(Value::Kind::integer) && (instr.binary == BinaryOp::add || instr.binary == BinaryOp::sub)) {
    std::int64_t by = ir::as_signed(b.bits, bits_of(instr.b.type));
    if (instr.binary == BinaryOp::sub) by = -by;
    if (by == 0) return a;
    if (!in_array)
      return Value::pointer(memory_.pointer(object, memory_.append(path, {PathStep::Kind::element, past, by})));
    // One past a single object and back is the object itself.
    if (last->second.field == past && last->second.element + by == 0)
      return Value::pointer(memory_.pointer(object, last->first));
    const PathStep step{PathStep::Kind::element, last->second.field, last->second.element + by};
    return Value::pointer(memory_.pointer(object, memory_.append(last->first, step)));
  }
  if (b.is(Value::Kind::pointer) && memory_.object_of(static_cast<PointerId>(b.bits)) == object && in_array) {
    const auto other = memory_.split(memory_.path_of(static_cast<PointerId>(b.bits)));
    if (other && other->first == last->first && other->second.kind == PathStep::Kind::element) {
      const auto x = static_cast<std::uint64_t>(last->second.element);
      const auto y = static_cast<std::uint64_t>(other->second.element);
      if (instr.binary == BinaryOp::sub) return Value::integer(x - y);
      const Lowering how = lowering(instr.binary, true);
      return Value::integer(how.swap ? ir::apply(how.op, 1, 64, y, x, 0) : ir::apply(how.op, 1, 64, x, y, 0));
    }
  }
  return Value::unknown();
}

Value Specialiser::binary(const Instr& instr, const Value& a, const Value& b) {
  if (a.is(Value::Kind::unset) || b.is(Value::Kind::unset)) return {};
  if (const auto value = pointer_arithmetic(instr, a, b)) return *value;
  if (a.is(Value::Kind::unknown) || b.is(Value::Kind::unknown)) return compared_unknown(instr, a, b);
  const Type* type = instr.a.type;
  const bool is_signed = type->kind == Type::Kind::integer && type->is_signed;
  const Lowering how = lowering(instr.binary, is_signed);
  ir::ExprId x = expr_of(a, type);
  const int width = system_.pool[x].width;
  ir::ExprId y = system_.pool.resize(expr_of(b, instr.b.type), width, instr.b.type->is_signed);
  if (how.swap) std::swap(x, y);
  ir::ExprId out = combined(how.op, x, y);
  if (how.negate) out = system_.pool.not_(out);
  if (is_comparison(instr.binary)) out = system_.pool.resize(out, bits_of(instr.type), false);
  return system_.pool.is_constant(out) ? Value::integer(system_.pool[out].value) : Value::symbolic(out);
}

Value Specialiser::cast(const Value& value, const Type* from, const Type* to) {
  if (value.is(Value::Kind::unknown)) {
    const bool to_bool = to->kind == Type::Kind::integer && to->is_bool;
    const int old = from ? bits_of(from) : 64;
    if (!to_bool && bits_of(to) < old) return Value::unknown();  // what is cut off is forgotten
    return derived(value, {.kind = Derivation::Kind::cast,
                           .bits = old,
                           .is_signed = from && from->kind == Type::Kind::integer && from->is_signed,
                           .to_bits = bits_of(to),
                           .to_bool = to_bool});
  }
  if (to->kind == Type::Kind::integer && to->is_bool) {
    if (value.is_known()) return Value::integer(!value.is(Value::Kind::integer) || value.bits != 0 ? 1 : 0);
    if (!value.is(Value::Kind::symbolic)) return value;
    const int width = system_.pool[value.expr()].width;
    const ir::ExprId is_zero = system_.pool.eq(value.expr(), system_.pool.constant(0, width));
    return Value::symbolic(system_.pool.resize(system_.pool.not_(is_zero), to->bits, false));
  }
  const int bits = bits_of(to);
  const bool is_signed = from && from->kind == Type::Kind::integer && from->is_signed;
  if (value.is(Value::Kind::integer)) {
    const int old = from ? bits_of(from) : 64;
    const std::uint64_t wide = is_signed ? static_cast<std::uint64_t>(ir::as_signed(value.bits, old)) : value.bits;
    return Value::integer(ir::truncate(wide, bits));
  }
  if (value.is(Value::Kind::symbolic)) {
    const ir::ExprId out = system_.pool.resize(value.expr(), bits, is_signed);
    return system_.pool.is_constant(out) ? Value::integer(system_.pool[out].value) : Value::symbolic(out);
  }
  // A pointer survives the way through an unsigned long, nothing narrower.
  if (value.is_known() && bits < 64) return Value::unknown();
  return value;
}

Value Specialiser::container(const Instr& instr, const Value& a) {
  if (!a.is(Value::Kind::pointer)) return a.is(Value::Kind::integer) ? a : Value::unknown();
  const ObjectId object = memory_.object_of(static_cast<PointerId>(a.bits));
  PathId path = memory_.path_of(static_cast<PointerId>(a.bits));
  for (std::size_t i = instr.steps.size(); i-- > 0;) {
    const lower::PlaceStep& step = instr.steps[i];
    if (step.kind == lower::PlaceStep::Kind::field) {
      path = memory_.append(path, PathStep::Kind::up, step.field, 0);
      continue;
    }
    const auto last = memory_.split(path);
    if (!last || last->second.kind != PathStep::Kind::element) return Value::unknown();
    path = last->first;
  }
  return Value::pointer(memory_.pointer(object, path));
}

}  // namespace hotproof::lower
