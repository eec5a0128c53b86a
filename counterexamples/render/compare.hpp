// A comparison of two versions for people and for programs.
#pragma once

#include <string>

#include "counterexamples/compare_report.hpp"
#include "counterexamples/render/terminal.hpp"

namespace hotproof::render {

// The answer, each difference as two runs side by side up to where they part, what changed all the same, and what the
// answer rests on.
std::string text(const counterexamples::CompareReport& report, const Style& style);
std::string json(const counterexamples::CompareReport& report);

}  // namespace hotproof::render
