// The explicit-state engine: every reachable state, breadth first, each kept exactly once.
#pragma once

#include "checker/result.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker {

// Decides all properties of the system in one exploration (and one more over the runs without faults if some cover asks
// for these). Each violated property and each reached cover gets a shortest run; the search goes on for the others.
//
// A cover is "proved" when a run reaches it, "violated" (with no run) when all states were met and none does. A
// property whose triggers are never reached is "vacuous". When a limit, an interrupt or a value outside its declared
// range ends the search, what is not yet decided is "inconclusive" and says why; nothing is "proved" then, but a
// reached cover. With a depth limit, runs of up to that many steps are looked at. Statistics speak of the exploration
// with faults.
Result explore(const ir::TransitionSystem& system, const Options& options);

}  // namespace hotproof::checker
