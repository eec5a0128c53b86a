// A mutation of functions for people and for programs.
#pragma once

#include <string>

#include "counterexamples/mutate_report.hpp"
#include "counterexamples/render/terminal.hpp"

namespace hotproof::render {

// Raw counts by function and by operator, which properties killed, and every mutant that none did with its edit.
std::string text(const counterexamples::MutateReport& report, const Style& style);
std::string json(const counterexamples::MutateReport& report);

}  // namespace hotproof::render
