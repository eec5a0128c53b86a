// The violated rule as an automaton of the kernel's runtime verification (Documentation/trace/rv), as
// tools/verification reads it: DOT in which an event without an edge from a state is a violation.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "counterexamples/trace.hpp"
#include "specs/lang/spec.hpp"

namespace hotproof::repro {

struct Automaton {
  std::string dot;
  std::vector<std::pair<std::string, std::string>> events;  // the name of each, and what it stands for
  bool from_rule = false;  // else: of what happens in the run, whose last event has no edge
  bool overlaps = false;   // an event of the kernel may be two of these; the first in the list counts
};

// Derived from the rule where it is one about events, else from the run.
Automaton automaton_of(const spec::SpecProperty* rule, const counterexamples::Trace& trace);

}  // namespace hotproof::repro
