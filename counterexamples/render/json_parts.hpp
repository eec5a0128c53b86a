// Parts of answers as JSON, for what puts them together.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "counterexamples/report.hpp"

namespace hotproof::render {

using nlohmann::ordered_json;

ordered_json json_of(const counterexamples::CheckReport& report);
ordered_json json_of(const counterexamples::Coverage& coverage);
ordered_json json_of(const counterexamples::PropertyReport& property);
ordered_json json_of(const std::vector<counterexamples::PlacementReport>& placement);
ordered_json json_of(const counterexamples::Trace& trace);
ordered_json json_of(const std::vector<Diagnostic>& diagnostics);
ordered_json json_of(const std::vector<counterexamples::ChangedLine>& lines);
ordered_json json_of(const std::vector<counterexamples::ClaimReport>& claims);

// Invalid UTF-8 in texts of strangers is replaced, and everything outside ASCII written as an escape.
std::string written(const ordered_json& json);

}  // namespace hotproof::render
