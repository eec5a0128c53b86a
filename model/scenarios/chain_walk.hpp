// Whether the tree's own walk over a notifier chain does with each listener what it does with every other: what a proof
// for chains of any length rests on (docs/any-listeners.md). Decided by induction over the chain, on the middle form:
// the function is followed symbolically from the call of one listener to the call of the next.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/lower/lower.hpp"

namespace hotproof::scenarios {

// A function that, for a chain of listeners 1, 2, …, calls them in their order, each once, with the same arguments;
// that stops exactly when one answers with the stop mask, when `limit` listeners were called, or behind the last; that
// returns the answer of the one called last (a constant without the stop mask if none was), and adds to *count how many
// were called. It does nothing else to memory.
struct Walk {
  std::string function;
  std::optional<unsigned> limit;  // the parameter; a negative number is no limit
  std::optional<unsigned> count;  // the parameter, a pointer
  bool needs_count = false;       // and it may not be NULL
};

// The function as a walk, or why it is none. `harmless`: functions whose calls do nothing.
Outcome<Walk> read_walk(lower::Mir& mir, const std::string& function, const std::set<std::string>& harmless);

// Why the functions that a model follows may tell chains of different length apart otherwise than a Walk does; nothing
// if they do not. They may hand the count of one walk, or one less, to another as its limit, and ask whether the chain
// is empty. Functions that (un)register listeners may change the chain, and nothing else; nobody who runs may call them
// but the actor that registers. `environment`: files whose functions are ours.
std::optional<Diagnostic> unlike_a_walk(lower::Mir& mir, const lower::Report& report,
                                        const std::set<std::string>& harmless);

}  // namespace hotproof::scenarios
