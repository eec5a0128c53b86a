#include "verify/system.hpp"

namespace hotproof::verify {

namespace {

std::int64_t as_signed(std::uint64_t value, int width) {
  if (width < 64 && (value >> (width - 1) & 1U) != 0) value |= ~std::uint64_t{0} << width;
  return static_cast<std::int64_t>(value);
}

std::uint64_t negated(std::uint64_t value) {
  return std::uint64_t{0} - value;
}

std::uint64_t divided(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? ~std::uint64_t{0} : a / b;
}

std::uint64_t remainder(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? a : a % b;
}

// SMT-LIB defines the signed operations by the unsigned ones on absolute values.
std::uint64_t signed_division(std::uint64_t a, std::uint64_t b, int width) {
  const bool minus_a = as_signed(a, width) < 0;
  const bool minus_b = as_signed(b, width) < 0;
  const std::uint64_t by = low_bits(minus_b ? negated(b) : b, width);
  const std::uint64_t quotient = low_bits(divided(low_bits(minus_a ? negated(a) : a, width), by), width);
  return minus_a != minus_b ? negated(quotient) : quotient;
}

std::uint64_t signed_remainder(std::uint64_t a, std::uint64_t b, int width) {
  const bool minus_a = as_signed(a, width) < 0;
  const std::uint64_t by = low_bits(as_signed(b, width) < 0 ? negated(b) : b, width);
  const std::uint64_t rest = remainder(low_bits(minus_a ? negated(a) : a, width), by);
  return minus_a ? negated(rest) : rest;
}

std::uint64_t shifted_right(std::uint64_t a, std::uint64_t b, int width) {
  const std::int64_t value = as_signed(a, width);
  if (b >= static_cast<std::uint64_t>(width)) return value < 0 ? ~std::uint64_t{0} : 0;
  return static_cast<std::uint64_t>(value >> b);
}

}  // namespace

int arity(Op op) {
  switch (op) {
    case Op::constant:
    case Op::variable:
      return 0;
    case Op::not_:
    case Op::neg:
    case Op::zext:
    case Op::sext:
    case Op::trunc:
      return 1;
    case Op::ite:
      return 3;
    default:
      return 2;
  }
}

std::uint64_t apply(Op op, int width, int operand_width, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  const auto w = static_cast<std::uint64_t>(operand_width);
  switch (op) {
    case Op::constant:
    case Op::variable:
      return a;
    case Op::not_:
      return low_bits(~a, width);
    case Op::neg:
      return low_bits(negated(a), width);
    case Op::add:
      return low_bits(a + b, width);
    case Op::sub:
      return low_bits(a - b, width);
    case Op::mul:
      return low_bits(a * b, width);
    case Op::udiv:
      return low_bits(divided(a, b), width);
    case Op::urem:
      return remainder(a, b);
    case Op::sdiv:
      return low_bits(signed_division(a, b, operand_width), width);
    case Op::srem:
      return low_bits(signed_remainder(a, b, operand_width), width);
    case Op::and_:
      return a & b;
    case Op::or_:
      return a | b;
    case Op::xor_:
      return a ^ b;
    case Op::shl:
      return b >= w ? 0 : low_bits(a << b, width);
    case Op::lshr:
      return b >= w ? 0 : a >> b;
    case Op::ashr:
      return low_bits(shifted_right(a, b, operand_width), width);
    case Op::eq:
      return a == b ? 1 : 0;
    case Op::ult:
      return a < b ? 1 : 0;
    case Op::ule:
      return a <= b ? 1 : 0;
    case Op::slt:
      return as_signed(a, operand_width) < as_signed(b, operand_width) ? 1 : 0;
    case Op::sle:
      return as_signed(a, operand_width) <= as_signed(b, operand_width) ? 1 : 0;
    case Op::ite:
      return a != 0 ? b : c;
    case Op::zext:
      return a;
    case Op::sext:
      return low_bits(static_cast<std::uint64_t>(as_signed(a, operand_width)), width);
    case Op::trunc:
      return low_bits(a, width);
  }
  return 0;
}

}  // namespace hotproof::verify
