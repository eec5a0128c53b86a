// Suggestions for people and for programs.
#pragma once

#include <string>

#include "counterexamples/render/json_parts.hpp"
#include "counterexamples/render/terminal.hpp"
#include "counterexamples/report.hpp"

namespace hotproof::render {

std::string text(const counterexamples::SuggestReport& report, const Style& style);
ordered_json json_of(const counterexamples::SuggestionReport& suggestion);
ordered_json json_of(const counterexamples::SuggestReport& report);

}  // namespace hotproof::render
