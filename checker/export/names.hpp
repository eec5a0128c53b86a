// Names and remarks in the texts of other tools, safe whatever the system calls its things.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hotproof::checker::exports {

// An identifier of letters, digits and underscores that begins with `prefix` and the number: unique, and no keyword of
// any of the languages, if the prefix ends such that no keyword has it with a digit. "v", 3, "mem[0].zone" → "v3_mem_0_zone".
std::string identifier(std::string_view prefix, std::size_t number, std::string_view name);

// Printable ASCII without quotes, backslashes, bars, and without what opens or closes a remark in any of the languages;
// all else becomes '?' or a like character. Fits into string literals, quoted symbols and remarks alike.
std::string plain(std::string_view text);

}  // namespace hotproof::checker::exports
