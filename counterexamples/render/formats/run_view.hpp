// What the forms about runs share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/render/formats/formats.hpp"

namespace hotproof::render {

// The step's function and those it was called from, outermost first.
std::vector<std::string> stack_of(const counterexamples::TraceStep& step);

// The number of the actor in the trace; that of all actors if it is not among them.
std::size_t number_of_actor(const counterexamples::Trace& trace, std::string_view actor);

// Indices of the actors that move, in the trace's order.
std::vector<std::size_t> moving_actors(const counterexamples::Trace& trace);

// "sclp_mem_notifier", "listener 1"
std::string listener_name(const counterexamples::Trace& trace, std::int64_t number);

// The event of that name with at least that many arguments; null if the step has none.
const counterexamples::TraceEvent* event_of(const counterexamples::TraceStep& step, std::string_view name,
                                            std::size_t args);
// The argument as people read it: "MEM_ONLINE", else the number.
std::string shown(const counterexamples::TraceEvent& event, std::size_t argument);

// A condition of C that holds behind the step, of what the run chose: "ret == 32770", where the line gives a listener's
// answer to a variable. Empty: none.
std::string assumption_of(const counterexamples::TraceStep& step);

// The hash of a file as the model read it; empty: not known.
std::string hash_of(const RunView& run, const std::string& file);

// Of the run and what it is a run of, in the form of RFC 9562 with bits of our own (version 8): the same run, the same
// name.
std::string uuid_of(const RunView& run);

// "prepare-has-finish: a listener that …"
std::string rule_in_words(const counterexamples::PropertyReport& property);

}  // namespace hotproof::render
