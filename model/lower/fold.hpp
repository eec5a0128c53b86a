// Arithmetic on constants at C's widths: what the builder folds at once, and what a test's evaluator uses too.
#pragma once

#include <optional>

#include "model/lower/mir.hpp"

namespace hotproof::lower {

// `value` cut to the type's width (a pointer has 64 bits).
std::uint64_t cut(std::uint64_t value, const Type* type);
// The value as a number: sign-extended if the type is signed.
std::int64_t as_number(std::uint64_t value, const Type* type);
// The constant converted to another integer or pointer type.
std::uint64_t converted(std::uint64_t value, const Type* from, const Type* to);

// `a op b`, both of `type`; a comparison gives 0 or 1. Nothing for a division by zero and for shifts by the width or
// more, which C leaves open.
std::optional<std::uint64_t> fold(BinaryOp op, const Type* type, std::uint64_t a, std::uint64_t b);
std::uint64_t fold(UnaryOp op, const Type* type, std::uint64_t a);

bool is_comparison(BinaryOp op);
std::optional<BinaryOp> binary_op(const std::string& text);  // "+" … ">="

}  // namespace hotproof::lower
