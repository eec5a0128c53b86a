// Properties of form ltl, from the model to the report.
#pragma once

#include <vector>

#include "cli/search.hpp"
#include "counterexamples/report.hpp"
#include "specs/lang/spec.hpp"

namespace hotproof::cli {

struct LivenessReport {
  std::vector<counterexamples::PropertyReport> properties;  // those of form ltl, in their order
  double seconds_verifying = 0;
};

// Error: a property with too many instances; an internal one: an answer that its check refuses.
Result<LivenessReport> check_liveness(const ir::TransitionSystem& system, const std::vector<spec::SpecProperty>& properties,
                                      const SearchRequest& request);

}  // namespace hotproof::cli
