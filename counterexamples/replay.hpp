// From an engine's run to what users see, through the reference interpreter: the independent check that nothing printed
// can go around. An engine and the interpreter share no code but the transition system.
#pragma once

#include <cstddef>
#include <string>

#include "counterexamples/describe.hpp"
#include "counterexamples/trace.hpp"
#include "model/ir/system.hpp"

namespace hotproof::counterexamples {

// What the run claims to do.
enum class Claim : std::uint8_t {
  violates,  // violates the property; never true of a cover
  reaches,   // reaches the cover, without faults if the cover wants that
  happens    // nothing but that it is a run: an attempt, shown beside a cover that no run reaches
};

// Replays `run`, which must be one of `system` and not of what a pass made of it, and describes every step up to the
// one that first does what is claimed: passes may give runs that go on for a few steps behind that. The error, an
// internal one of ours and never a verdict, says where the run is none, where it leaves a declared range, or that it
// does not do what is claimed.
Outcome<Trace> replay(const ir::TransitionSystem& system, ir::PropertyId property, const ir::Run& run, Claim claim,
                      const Sources& sources);

// The same of a run for ever: from the end of its steps it goes on with step `loop_start` (from 0), or, if that is their
// number, not at all. Error: it is no run, or cannot go round twice.
Outcome<Trace> replay_lasso(const ir::TransitionSystem& system, const std::string& property, const ir::Run& run,
                            std::size_t loop_start, const Sources& sources);

}  // namespace hotproof::counterexamples
