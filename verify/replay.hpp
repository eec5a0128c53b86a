// Runs, step by step.
#pragma once

#include <optional>
#include <string>

#include "verify/evidence.hpp"

namespace hotproof::verify {

// Why the run does not reach the mark with its last step; nothing if it does.
std::optional<std::string> does_not_reach(const System& system, const Run& run, std::uint32_t mark,
                                          bool without_faults);
// Why the run does not break the property (no cover) with its last step or in its last state; nothing if it does.
std::optional<std::string> does_not_break(const System& system, const Run& run, std::uint32_t property);

// Whether nobody can move though somebody should, or actors wait for each other in a circle (see closed_set.hpp).
class Evaluator;
bool is_deadlock(const System& system, Evaluator& evaluate, const std::vector<std::uint64_t>& state);

}  // namespace hotproof::verify
