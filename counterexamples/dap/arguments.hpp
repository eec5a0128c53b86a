// What a request brings, read with suspicion; and texts that an editor may show.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hotproof::dap {

// Thrown by a handler, and caught where requests are answered: the sentence of the unsuccessful response.
struct Refusal {
  std::string message;
};

// Error (a Refusal): it is missing or no whole number that fits.
std::int64_t number_in(const nlohmann::json& arguments, const char* name);
std::int64_t number_in(const nlohmann::json& arguments, const char* name, std::int64_t otherwise);
std::string text_in(const nlohmann::json& arguments, const char* name);

// On one line, with nothing in it that speaks to a terminal or turns text round, and not endless.
std::string shown(std::string_view text);

}  // namespace hotproof::dap
