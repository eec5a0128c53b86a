// A run as a table: a row for each step, a column for each actor that moves and each listener that is notified.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "counterexamples/render/terminal.hpp"
#include "counterexamples/trace.hpp"

namespace hotproof::render {

// How much a step tells, 0 (nothing changes, nothing happens) to 5 (an injected fault, the last step). Long runs leave
// out what tells least.
int interest(const counterexamples::TraceStep& step, bool last);

// Which steps to show so that they and the marks for what is left out fill at most `rows` rows (at least 3). The first
// and the last step are always shown, and so is `kept`, if given.
std::vector<bool> shown_steps(const counterexamples::Trace& trace, std::size_t rows,
                              std::optional<std::size_t> kept = std::nullopt);

struct TableOptions {
  std::size_t rows = 30;                   // lines to fill at most, heading and legend included; at least 4
  std::optional<std::size_t> no_return{};  // a step of the run: always shown, and marked
  std::size_t first = 0;                   // steps of the run before this one are not shown
  bool details = false;                    // with the depth of calls, and who holds which lock, by letters and a legend
};
// The table of the run made tidy, heading included.
std::vector<std::string> run_table(const counterexamples::Trace& trace, const TableOptions& options, const Style& style);

}  // namespace hotproof::render
