// What was found out about the orders of a function's steps, for people and for programs.
#pragma once

#include <string>

#include "counterexamples/orderings_report.hpp"
#include "counterexamples/render/terminal.hpp"

namespace hotproof::render {

// The steps, the runs of what breaks, and the precedences or places in a table.
std::string text(const counterexamples::OrderingsReport& report, const Style& style);
std::string json(const counterexamples::OrderingsReport& report);

}  // namespace hotproof::render
