// A run as sentences: one for each thing that happens in it.
#pragma once

#include <string>
#include <vector>

#include "counterexamples/trace.hpp"

namespace hotproof::render {

struct Sentence {
  std::size_t number = 0;  // the step of the whole run, from 1; 0: a call that the run enters
  std::string actor;
  std::string text;    // without an end: "worker0 takes mem_hotplug_lock"
  std::string place;   // "memory.c:217, memory_block_online()"; empty: nowhere in the source
  std::string source;  // the line, if the sentence does not say what it does; may be empty
  bool added_by_patch = false;
  int interest = 0;  // as of run_table.hpp
};

// "worker0", "worker0 and reader0", "a, b and c"
std::string enumerated(const std::vector<std::string>& names);

// What stands in a tidy run.
std::vector<Sentence> sentences(const counterexamples::Trace& trace);

// How a run goes on for ever: "from step 7 on it repeats itself for ever"; empty if it does not.
std::string for_ever_in_words(const counterexamples::Trace& trace);

}  // namespace hotproof::render
