// Engines must agree: a property that two of them decide differently is a defect of ours. This compares what they say.
#pragma once

#include <optional>
#include <string>

#include "checker/result.hpp"
#include "model/eval/reference.hpp"

namespace hotproof::checker {

// Brute force in the form of an engine's result: every property decided. Engine "reference". States outside declared
// ranges are met with "inconclusive" for every property, since brute force goes on behind them and engines do not.
Result as_result(const ir::TransitionSystem& system, const eval::Reference& reference);

// The first thing in which two results on the same system cannot both be right, as a sentence; nothing if they agree.
// Where both decide, verdict and length of the shortest run must be the same. Where one only covers runs of up to k
// steps, the other must have no run of k steps or fewer. Shortest runs themselves may differ.
std::optional<std::string> difference(const ir::TransitionSystem& system, const Result& a, const Result& b);

// The first run in a result that the reference interpreter does not confirm, as a sentence: it cannot be replayed, has
// not the length that is claimed, or does not end in what it should show. Also a decided property that lacks its run.
std::optional<std::string> unconfirmed(const ir::TransitionSystem& system, const Result& result);

}  // namespace hotproof::checker
