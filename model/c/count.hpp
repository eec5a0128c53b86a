// A second opinion on how many calls a function body has. It shares nothing with the parser and its passes, so that a
// call which the parser lost shows up as a difference.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace hotproof::c {

// Counts `name(`, `)(` and `](` in a body without comments, except for keywords, casts, declarations of functions and
// function pointers, annotations, and whatever stands in typeof(…) or asm(…).
// `is_type` tells whether a name is a typedef's, for `(name)(x)`.
std::uint32_t count_calls(std::string_view body, const std::function<bool(std::string_view)>& is_type);

}  // namespace hotproof::c
