// Reports as one JSON object, for programs. docs/result.schema.json says what is in it; everything outside ASCII is
// escaped, so the text is safe to show too.
#pragma once

#include <string>

#include "counterexamples/report.hpp"

namespace hotproof::render {

// Pretty-printed, ended by a line end.
std::string json(const counterexamples::CheckReport& report);
std::string json(const counterexamples::PatchReport& report);

}  // namespace hotproof::render
