// The campaign of random transition systems: which ones, and what becomes of one that fails.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checker/campaign/panel.hpp"
#include "model/ir/system.hpp"

namespace hotproof::campaign {

// The system of a seed: named actors with locks, guards, updates, faults, choices and properties of every kind. Shapes
// take turns: few data and much in common, and long actors of which much can be merged.
ir::TransitionSystem system_of(std::uint64_t seed);

struct Failure {
  std::string reason;           // what the whole system shows
  ir::TransitionSystem system;  // shrunk
  std::string shrunk_reason;    // what the shrunk one shows
};

// Compares the system of a seed, and shrinks it if it fails.
std::optional<Failure> campaign(std::uint64_t seed, const Scope& scope, Tally& tally);
// The same for any system.
std::optional<Failure> campaign(const ir::TransitionSystem& system, const Scope& scope, Tally& tally);

}  // namespace hotproof::campaign
