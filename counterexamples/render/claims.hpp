// What messages claim, for people.
#pragma once

#include <string>

#include "counterexamples/render/terminal.hpp"
#include "counterexamples/report.hpp"

namespace hotproof::render {

// Each claim with its sentence, its verdict and why, refuted ones with their run; then the sentences that were not
// checked. Sentences come from strangers: they are made safe, and cut.
std::string claims_text(const std::vector<counterexamples::ClaimReport>& claims, const Style& style);

}  // namespace hotproof::render
