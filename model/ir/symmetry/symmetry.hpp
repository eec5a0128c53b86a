// Actors that may change places: for any two of them there is an automorphism of the system, a renaming of variables and
// values that turns each transition of the one into a transition of the other and leaves initial states, properties and
// deadlocks as they are. States that differ only in who is who then have the same future (Ip, Dill: Better Verification
// Through Symmetry, Formal Methods in System Design 9, 1996), and a search needs one of them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::ir {

// Everything that makes the members of a class different. What is in none of these lists belongs to all alike.
struct Interchangeable {
  std::vector<ActorId> members;  // two or more, ascending
  // Variables of which each member has its own; by member. The first column are the control variables.
  std::vector<std::vector<VarId>> columns;
  // A variable that names one actor, or none: the values that name the members.
  struct Naming {
    VarId var{};
    std::vector<std::uint64_t> values;  // by member
  };
  std::vector<Naming> namings;
  // A variable with a bit for each actor.
  struct Marking {
    VarId var{};
    std::vector<unsigned> bits;  // by member
  };
  std::vector<Marking> markings;

  // What transitions become when the first member changes places with another; by the other's place among the members,
  // less one, and by TransitionId. Locations keep their numbers.
  std::vector<std::vector<TransitionId>> swaps;
};

// Classes of actors, disjoint, each shown to be one by exchanged_transitions().
std::vector<Interchangeable> interchangeable_actors(const TransitionSystem& system);

// If changing places of the two members of `pair`, whose `swaps` do not count, is an automorphism: what each transition becomes. Otherwise nothing;
// also where it is one that this does not see: expressions are compared by their form, after all values of those of their
// variables that name or mark actors were put in.
std::optional<std::vector<TransitionId>> exchanged_transitions(const TransitionSystem& system, const Interchangeable& pair);

// What a transition becomes when member i takes the place `places[i]`.
TransitionId exchanged(const Interchangeable& actors, const std::vector<std::uint32_t>& places, TransitionId transition);

}  // namespace hotproof::ir
