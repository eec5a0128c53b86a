// What a learner has done so far, as a text that is kept in a file.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/source/diagnostic.hpp"

namespace hotproof::lessons {

struct UnitProgress {
  unsigned hints = 0;  // that were asked for
  bool done = false;
  std::optional<std::array<std::uint32_t, 3>> best;  // break: the least (faults, switches, steps) so far

  friend bool operator==(const UnitProgress&, const UnitProgress&) = default;
};

// By the unit's id. Units that this program does not know stay in it.
using Progress = std::map<std::string, UnitProgress>;

// Error: what is no text of progress, with line and column. The empty text is one of its own: nothing was done yet.
Outcome<Progress> read_progress(std::string_view text, const std::string& file);
std::string write(const Progress& progress);

// What is known of a unit from two sources: the better of each.
UnitProgress joined(const UnitProgress& one, const UnitProgress& other);

}  // namespace hotproof::lessons
