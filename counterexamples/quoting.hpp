// Takes out of the source what runs go through.
#pragma once

#include <vector>

#include "counterexamples/describe.hpp"
#include "counterexamples/quote.hpp"
#include "counterexamples/trace.hpp"

namespace hotproof::counterexamples {

// Lines that all quotes of a run have together at most, and columns that are kept of one line.
inline constexpr std::size_t most_quoted_lines = 1500;
inline constexpr std::size_t most_quoted_columns = 400;

// The functions that the runs' steps and the calls on the way to them stand in, in the order in which the runs come
// there; not the environment's. Of a long function, or if it is not clear where a function begins and ends, only what
// is around those lines. When there are too many lines for all, what comes last is left out.
std::vector<Quote> quotes_of(const std::vector<const Trace*>& runs, const Sources& sources);

}  // namespace hotproof::counterexamples
