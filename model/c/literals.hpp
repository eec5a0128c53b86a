// The values of C's literals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hotproof::c {

// "0x20UL", "017", "0b1", "42u"; nothing for a floating or malformed literal, or one over 64 bits.
std::optional<std::uint64_t> integer_value(std::string_view text);
// 'a', '\n', '\x41', L'a' with its quotes; several characters combine as in GCC.
std::uint64_t character_value(std::string_view text);
// The bytes of a string literal given with its quotes (and a prefix, perhaps).
std::string string_value(std::string_view text);

}  // namespace hotproof::c
