// A checked series for people and for programs.
#pragma once

#include <string>

#include "counterexamples/render/terminal.hpp"
#include "counterexamples/series_report.hpp"

namespace hotproof::render {

// For each architecture: the runs of what a patch breaks first, then patches down and properties across.
std::string text(const counterexamples::SeriesReport& report, const Style& style);
std::string json(const counterexamples::SeriesReport& report);

}  // namespace hotproof::render
