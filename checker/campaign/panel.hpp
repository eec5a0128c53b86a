// The panel: every way we have of answering a system, side by side, on systems small enough for brute force. No part of
// the program; campaigns of random systems and random C are held against it (docs/engines.md).
//
// Brute force (model/eval) is the judge. Each of these has to give its verdict and its shortest length, with runs that
// the interpreter confirms: the explorer, plain and with its claims tested; the same behind merge_equal, slice, merge
// and the chain of them that the command line uses, where lengths are those of brute force on what the pass has made,
// runs lift to the system before it, and are as long as before or, behind merge, no longer; and the solver's engines
// (BMC, k-induction and PDR), on the system and on the merged one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model/ir/system.hpp"

namespace hotproof::campaign {

struct Scope {
  bool solver = true;               // ask the solver's engines, too: some 50 ms a system
  bool in_turn = false;  // the solver's ways one after another, so that a failure shrinks the same way every time
  double solver_seconds = 0;        // for one system; 0: until all is decided. What is open then is counted, and no difference
  std::size_t most_states = 20000;  // for brute force; a larger system is not compared
};

// How much was compared: a campaign that meets nothing shows nothing.
struct Tally {
  std::size_t systems = 0;       // compared
  std::size_t left_out = 0;      // too large, or a value leaves its declared range
  std::size_t shown = 0;         // properties with a run, in the systems as they were
  std::size_t longest = 0;       // of these runs
  std::size_t proved = 0;        // properties without one
  std::size_t by_solver = 0;     // of all these, what the solver's engines decided
  std::size_t open = 0;          // what the limit of time left open
  std::size_t by_invariant = 0;  // of `proved`, by an inductive invariant
  std::size_t merged = 0;        // systems in which steps were merged
  std::size_t sliced = 0;        // systems of which something was left out
  std::size_t states = 0;        // of all systems as they were
};

// The first thing in which two ways differ, as a sentence that names the way; nothing if all agree, or if the system is
// not compared. `system` must have no fault (ir::fault_in). `tally` may be null.
std::optional<std::string> difference(const ir::TransitionSystem& system, const Scope& scope, Tally* tally);

}  // namespace hotproof::campaign
