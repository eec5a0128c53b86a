// What a finished exhaustive search says about one property, as a verdict.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checker/result.hpp"

namespace hotproof::checker {

struct Evidence {
  std::optional<ir::Run> run;  // to where the property is broken, or the cover reached; nothing if that was not met
  bool complete = false;       // every reachable state was met
  std::string stopped_by;      // if not
  std::uint32_t covered_depth = 0;
  std::uint32_t deepest = 0;
  std::uint64_t states = 0;
};

bool judged_without_faults(const ir::Property& property);

void judge_cover(PropertyResult& out, Evidence seen);
// Any other property; `triggered` if it has no triggers or one was reached.
void judge_rule(const ir::TransitionSystem& system, PropertyResult& out, Evidence seen, bool triggered);

}  // namespace hotproof::checker
