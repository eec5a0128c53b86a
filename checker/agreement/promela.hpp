// A transition system as a Promela model, so that SPIN can explore it: a second opinion from a program that shares
// nothing with ours.
#pragma once

#include <cstddef>
#include <string>

#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::checker {

// One process whose loop has an option for each transition, a d_step: so one step of SPIN is one step of ours. Values
// and conditions are embedded C over 64 bits. Before the loop the process chooses one of the initial states; therefore
// SPIN stores exactly one state more than the system has reachable ones (with -DNOREDUCE), as long as the search is
// not cut off.
//
// The verifier prints a line "hotproof: broken N" once for every invariant or assertion N (its number) that a reachable
// state or a step from one breaks, "hotproof: reached N" for every cover without regard to faults, and goes on;
// deadlocks are not looked for.
//
// Fails for variables of more than 31 bits, which a Promela int cannot hold, and for more than `most_initial_states`.
Outcome<std::string> to_promela(const ir::TransitionSystem& system, std::size_t most_initial_states = 1000);

}  // namespace hotproof::checker
