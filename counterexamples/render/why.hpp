// Why a run ends where it ends, in the words of whoever wrote the code.
#pragma once

#include <string>
#include <vector>

#include "counterexamples/trace.hpp"
#include "counterexamples/why.hpp"

namespace hotproof::render {

// "memory.c:217"; empty for a step that stands nowhere in the source.
std::string place_in_words(const counterexamples::TraceStep& step);

// What would prevent the violation: "kasan_add_zero_shadow() does not fail", "reader0 does nothing", "nobody else moves
// while worker0 goes from memory.c:217 to memory.c:225".
std::string prevention_in_words(const counterexamples::Trace& trace, const counterexamples::PreventionReport& prevention);

// All that would prevent it, each by itself; without what says nothing to a reader, and nothing twice.
std::vector<std::string> preventions_in_words(const counterexamples::Trace& trace, const counterexamples::Why& why);

// The point of no return and what could have been done there, then what would prevent the violation: a few sentences.
// Where that is not known, why not.
std::vector<std::string> why_in_words(const counterexamples::Trace& trace, const counterexamples::Why& why);

}  // namespace hotproof::render
