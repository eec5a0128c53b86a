// Is a set of states closed, and is nothing broken in it? Then nothing is broken in any run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "verify/evidence.hpp"
#include "verify/program.hpp"

namespace hotproof::verify {

enum class Status : std::uint8_t { accepted, rejected, unchecked };
struct Finding {
  Status status = Status::accepted;
  std::string why;  // not accepted: one sentence
};

struct Effort {
  unsigned threads = 1;
  const volatile bool* interrupted = nullptr;  // may be null
  std::uint64_t bytes = 0;                     // that a table of the states may take; 0: as many as it needs
};

// Where the table has no room (or the set wants to be read in order), the states are copied in parts, by hash, and
// successors are looked for in one part after the other, computed anew for each; unchecked, if that takes too many
// parts.
//
// Accepted, if
// - each exchange of the set's actors is an automorphism of the system (verify/exchange.hpp);
// - each state stands in the set once, all variables in their ranges;
// - every initial state is in it, and each successor, in its ranges, of each state by each transition (those with
//   faults count only if `wanted.faults`); each after its actors were sorted, where they may change places;
// - in none of them a wanted invariant is false, nor, if wanted, is it a deadlock: some actors wait for each other in a
//   circle, or nobody can move, not all rest and nobody has halted. An actor waits if all its transitions (at least
//   one) acquire locks and none is enabled: for each who holds one of these locks in a mode that is in the way;
// - where an actor may go alone (verify/ample.hpp), only that one's transitions count, and who waits for whom does not;
// - no transition that is enabled in one of them breaks a wanted assertion or hits a wanted mark.
Finding check_closed(const System& system, const StateSet& set, const Wanted& wanted, const Effort& effort);

}  // namespace hotproof::verify
