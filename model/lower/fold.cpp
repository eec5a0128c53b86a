#include "model/lower/fold.hpp"

#include <map>

namespace hotproof::lower {
namespace {

int width(const Type* type) {
  return type->kind == Type::Kind::integer && type->bits > 0 ? type->bits : 64;
}

std::optional<std::uint64_t> divide(bool remainder, const Type* type, std::uint64_t a, std::uint64_t b) {
  if (b == 0) return std::nullopt;
  if (!type->is_signed) return remainder ? a % b : a / b;
  const std::int64_t x = as_number(a, type);
  const std::int64_t y = as_number(b, type);
  if (y == -1) return remainder ? 0 : cut(0 - a, type);  // the one quotient that may overflow
  return static_cast<std::uint64_t>(remainder ? x % y : x / y);
}

std::optional<std::uint64_t> shift(bool left, const Type* type, std::uint64_t a, std::uint64_t b) {
  if (b >= static_cast<std::uint64_t>(width(type))) return std::nullopt;
  if (left) return a << b;
  if (type->is_signed) return static_cast<std::uint64_t>(as_number(a, type) >> b);
  return a >> b;
}

bool less(const Type* type, std::uint64_t a, std::uint64_t b) {
  return type->is_signed ? as_number(a, type) < as_number(b, type) : a < b;
}

}  // namespace

std::uint64_t cut(std::uint64_t value, const Type* type) {
  const int bits = width(type);
  return bits >= 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}

std::int64_t as_number(std::uint64_t value, const Type* type) {
  const int bits = width(type);
  if (!type->is_signed || bits >= 64) return static_cast<std::int64_t>(value);
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  return static_cast<std::int64_t>((value ^ sign) - sign);
}

std::uint64_t converted(std::uint64_t value, const Type* from, const Type* to) {
  if (to->is_bool) return value != 0;
  return cut(static_cast<std::uint64_t>(as_number(value, from)), to);
}

bool is_comparison(BinaryOp op) {
  switch (op) {
    case BinaryOp::eq:
    case BinaryOp::ne:
    case BinaryOp::lt:
    case BinaryOp::le:
    case BinaryOp::gt:
    case BinaryOp::ge:
      return true;
    default:
      return false;
  }
}

std::optional<std::uint64_t> fold(BinaryOp op, const Type* type, std::uint64_t a, std::uint64_t b) {
  std::optional<std::uint64_t> result;
  switch (op) {
    case BinaryOp::add:
      result = a + b;
      break;
    case BinaryOp::sub:
      result = a - b;
      break;
    case BinaryOp::mul:
      result = a * b;
      break;
    case BinaryOp::div:
      result = divide(false, type, a, b);
      break;
    case BinaryOp::rem:
      result = divide(true, type, a, b);
      break;
    case BinaryOp::and_:
      result = a & b;
      break;
    case BinaryOp::or_:
      result = a | b;
      break;
    case BinaryOp::xor_:
      result = a ^ b;
      break;
    case BinaryOp::shl:
      result = shift(true, type, a, b);
      break;
    case BinaryOp::shr:
      result = shift(false, type, a, b);
      break;
    case BinaryOp::eq:
      return a == b;
    case BinaryOp::ne:
      return a != b;
    case BinaryOp::lt:
      return less(type, a, b);
    case BinaryOp::le:
      return !less(type, b, a);
    case BinaryOp::gt:
      return less(type, b, a);
    case BinaryOp::ge:
      return !less(type, a, b);
  }
  if (result) result = cut(*result, type);
  return result;
}

std::uint64_t fold(UnaryOp op, const Type* type, std::uint64_t a) {
  switch (op) {
    case UnaryOp::neg:
      return cut(0 - a, type);
    case UnaryOp::bit_not:
      return cut(~a, type);
    case UnaryOp::logical_not:
      return a == 0;
  }
  return 0;
}

std::optional<BinaryOp> binary_op(const std::string& text) {
  static const std::map<std::string, BinaryOp> known = {
      {"+", BinaryOp::add},  {"-", BinaryOp::sub},  {"*", BinaryOp::mul}, {"/", BinaryOp::div},
      {"%", BinaryOp::rem},  {"&", BinaryOp::and_}, {"|", BinaryOp::or_}, {"^", BinaryOp::xor_},
      {"<<", BinaryOp::shl}, {">>", BinaryOp::shr}, {"==", BinaryOp::eq}, {"!=", BinaryOp::ne},
      {"<", BinaryOp::lt},   {"<=", BinaryOp::le},  {">", BinaryOp::gt},  {">=", BinaryOp::ge}};
  const auto found = known.find(text);
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace hotproof::lower
