// A run as people want to read it. The trace of a replay is exact: every step of the model, with every variable. This
// leaves out what tells nothing, joins what is one thing to a reader, and says the rest in the kernel's words.
#pragma once

#include <string>
#include <vector>

#include "counterexamples/trace.hpp"

namespace hotproof::render {

// The steps to show; the run's own numbers (faults, switches) stay as they were. What is left out of the steps:
// choices of the environment that an event says better, the announcement of a lock that is then taken, readings of
// state where one actor alone moves, the model's own variables. What is added: a call on a line that the patch added,
// where the run enters what it calls; where it begins to repeat itself, the words for that.
counterexamples::Trace tidy(const counterexamples::Trace& trace);

// How many steps of the run that leaves out as telling nothing.
std::size_t hidden_steps(const counterexamples::Trace& trace);

// What each injected fault is, in words: "listener 1 answers MEM_PREPARE_ONLINE with NOTIFY_BAD".
std::vector<std::string> faults_in_words(const counterexamples::Trace& trace);

// The same of the step number `at`, which injects one; empty if the model has no words for it.
std::string fault_in_words(const counterexamples::Trace& trace, std::size_t at);
// What a step of the run, or one that could have been taken in it, does: "worker0: mutex_lock(&dev->mutex);",
// "kasan_add_zero_shadow() fails", "a listener refuses MEM_GOING_ONLINE".
std::string step_in_words(const counterexamples::Trace& trace, const counterexamples::TraceStep& step);

// "setting block 0 online": what the actor asks for on the way, first thing first; empty if nothing.
std::string requests_in_words(const counterexamples::Trace& trace, const std::string& actor);

}  // namespace hotproof::render
