// A second opinion on how many calls a function body has. It shares nothing with the parser and its passes, so that a
// call which the parser lost shows up as a difference.
#pragma once

#include <cstdint>
#include <string_view>

namespace hotproof::c {

// Counts `name(`, `)(` and `](` in a body without comments, except for keywords, casts, declarations of functions and
// function pointers, annotations, and whatever stands in typeof(…) or asm(…).
std::uint32_t count_calls(std::string_view body);

}  // namespace hotproof::c
