// Claims that are properties, checked on each architecture that they speak of.
#pragma once

#include <array>

#include "cli/claims.hpp"

namespace hotproof::cli {

struct ClaimToCheck {
  const claims::Claim* claim = nullptr;
  std::size_t report = 0;  // where its answer goes
};

// The architectures that there are models of.
inline constexpr std::array<const char*, 2> modelled_architectures = {"x86_64", "s390x"};
bool is_modelled(const std::string& architecture);
// The settings for another architecture than they name.
Settings usual_settings(const Settings& settings, const std::string& architecture);
// Notifications that the change defines.
std::vector<std::string> new_notifications(const CheckedChange& change);

// Fills the reports. Claims about the same architecture share a model. Where no run of the usual scenario comes to what
// a claim speaks of, others are tried: the memmap in the block, blocks that come and go. Error: an internal one.
Result<bool> check_claims(const std::vector<ClaimToCheck>& claims, const CheckedChange& change,
                          std::vector<counterexamples::ClaimReport>& reports);

}  // namespace hotproof::cli
