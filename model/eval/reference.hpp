// Brute force: every state of a small system, breadth first, kept in a std::map. What the engines are compared with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::eval {

// Whether the state is a deadlock:
// (a) actors wait for each other in a circle. An actor waits if it stands where all its transitions (at least one)
//     acquire locks and none is enabled; it then waits for every actor, itself too, that holds one of these locks in a
//     mode that is in the way (any mode if it wants to write, write mode if it wants to read); or
// (b) no actor has an enabled transition and not all actors stand at resting locations.
bool deadlocked(const ir::TransitionSystem& system, const ir::State& state);

struct Shortest {
  std::uint32_t depth = 0;  // the least number of steps; equals run.steps.size()
  ir::Run run;              // one run of that length
};

struct Reference {
  // By property: where an invariant is broken, an assertion fails, a cover is reached, a deadlock stands; nothing if
  // nowhere. An invariant or deadlock of a state at breadth-first depth d has depth d; an assertion or hit of a
  // transition that leaves a state at depth d-1 has depth d. A cover without faults counts runs whose transitions all
  // have no faults.
  std::vector<std::optional<Shortest>> properties;
  std::vector<std::optional<std::uint32_t>> marks;  // by mark: the least depth (faults allowed)
  std::size_t states = 0;                           // reachable ones
  std::size_t transitions = 0;                      // pairs of a reachable state and a transition enabled in it
  std::uint32_t depth = 0;                          // of the deepest state
  bool left_range = false;  // some reachable state has a value outside its declared range (explored all the same)
};

// Fails if more than `limit` states (or candidates for initial states) are met.
Outcome<Reference> explore(const ir::TransitionSystem& system, std::size_t limit);

}  // namespace hotproof::eval
