// Which engines take a system, and how their answers become one.
#pragma once

#include "checker/result.hpp"
#include "cli/console.hpp"
#include "cli/settings.hpp"

namespace hotproof::cli {

// So long exhaustive search works alone, in seconds, before `automatic` gives the solver's engines a try beside it:
// most models are explored by then.
inline constexpr double explicit_alone = 10;

// Exhaustive search. Where something is an unknown constant, trying its values one by one is hopeless: all at once.
checker::Result explored(const ir::TransitionSystem& system, const checker::Options& options);

// explicit_search: exhaustive search. smt: the solver's engines (checker/smt/portfolio.hpp). both: the one, then the
// other; what they say is compared. automatic: exhaustive search, and if that takes long, the solver's engines beside
// it; what is decided first counts, and what both have decided is compared.
//
// Error, always an internal one: engines that differ, or one that found a defect in itself.
Result<checker::Result> run_engines(const ir::TransitionSystem& system, Engine engine, const checker::Options& options);

}  // namespace hotproof::cli
