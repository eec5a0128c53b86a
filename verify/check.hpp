// The judgement: does what a certificate offers show what it claims?
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "verify/closed_set.hpp"
#include "verify/evidence.hpp"
#include "verify/obligations.hpp"

namespace hotproof::verify {

struct Answer {
  enum Kind : std::uint8_t { unsat, sat, unknown } kind = unknown;
  std::string why;  // unknown: one sentence
};

struct Options {
  Effort effort;
  // Decides one obligation; empty: there is no solver, and what needs one is left unchecked.
  std::function<Answer(const Obligation&)> solve;
};

struct Report {
  std::vector<Finding> properties;  // one a property
  Finding whole;                    // the first that is rejected, else the first that is unchecked, else accepted
  std::size_t obligations = 0;      // that a solver has discharged
};

// Every property needs a claim, every claim a reason that fits it, and everything that is offered as a reason is used.
Report check(const System& system, const Evidence& evidence, const Options& options);

// All obligations that the claims give rise to, each once.
std::vector<Obligation> obligations(const System& system, const Evidence& evidence);

}  // namespace hotproof::verify
