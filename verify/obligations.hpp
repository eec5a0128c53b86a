// What has to be shown of an invariant, as SMT-LIB 2 scripts in QF_BV for any solver: each is to be unsatisfiable. They
// are made from what the verifier itself has read.
//
// The ranges of all variables count as part of the invariant, unless it does without them: then it is about states
// outside of ranges, too, and shows more. Where only runs without faults count, transitions with faults are left out. A
// step is chosen by an unknown number; what is next of a variable is an if-then-else over the transitions that write
// it.
#pragma once

#include <string>
#include <vector>

#include "verify/evidence.hpp"

namespace hotproof::verify {

struct Obligation {
  std::string name;    // a file name without its ending: "invariant-0-consecution"
  std::string means;   // one sentence: what it shows if there is no solution
  std::string script;  // ends with (check-sat)
};

struct Scope {
  bool ranges = true;  // are part of the invariant
  bool faults = true;  // transitions with faults count
};

// That it holds in every state that a run of j steps ends in, for each j below k; and that a state after k states in a
// row, each with it, has it again.
std::vector<Obligation> inductive(const System& system, const Invariant& invariant, const std::string& name,
                                  Scope scope);
// That with it nothing breaks the property (of a cover: nothing reaches it; `vacuous`: nothing reaches a trigger of it,
// either).
Obligation safe(const System& system, const Invariant& invariant, const std::string& name, Scope scope,
                std::uint32_t property, bool vacuous);
// That no run has more than `steps` steps, and that none leaves a range: what ends_safely() rests on.
std::vector<Obligation> runs_end(const System& system, std::uint32_t steps);
// That at the end of no run of up to `steps` steps the property is broken, and likewise.
std::vector<Obligation> ends_safely(const System& system, std::uint32_t steps, std::uint32_t property, bool vacuous);

}  // namespace hotproof::verify
