// A transition system in the languages of other tools. One file a format; the table names them all. docs/export.md says
// what each text holds and how to use it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "checker/result.hpp"
#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::checker::exports {

struct Request {
  // Promela, Murphi: no properties, so that nothing keeps the reader from going on.
  bool only_count = false;
  std::size_t most_states = 100'000;         // graphs: those with more are refused
  std::size_t most_initial_states = 10'000;  // where they must be listed
  // Promela: steps of several statements that are each a d_step, of which SPIN takes 2048 (MAXDSTEP). Those beyond are
  // `atomic`: one that cannot block is one step, too, for a depth-first search.
  std::size_t most_d_steps = 2000;
  // Promela, Murphi: characters of a condition. Those that have more become functions.
  std::size_t longest_condition = std::size_t{1} << 17U;
  Options options;                           // limits, interruption, progress of a search for values
};

// All errors are sentences without a place: what the format cannot hold, or a limit that was met. Every system must be
// one for which ir::fault_in() returns nothing.
//
// Where several initial states exist, "the start" below is a state before them, with a step to each.
struct Format {
  const char* name;   // "promela"
  const char* says;   // for people, in a few words
  Outcome<std::string> (*write)(const ir::TransitionSystem& system, const Request& request);
};
std::span<const Format> formats();
const Format* find_format(std::string_view name);  // null: there is none

// For SPIN 6: a process an actor, whose labels are locations; a transition is one d_step and so one step of SPIN's.
// With -DNOREDUCE, its verifier stores as many states as the system has, and counts one more transition (the first state);
// where there is a start, one state and one transition a start more.
Outcome<std::string> promela(const ir::TransitionSystem& system, const Request& request);

// For Rumur (Murphi): a rule a transition. States are those of the system; rules fired are its transitions.
Outcome<std::string> murphi(const ir::TransitionSystem& system, const Request& request);

// SMT-LIB 2.6 over bit vectors: functions of one state, of the fired transition, and of the next state.
Outcome<std::string> smt_lib(const ir::TransitionSystem& system, const Request& request);

// The state graph: for Graphviz, as GraphML, and as a labelled transition system in the format of CADP and mCRL2.
Outcome<std::string> graphviz(const ir::TransitionSystem& system, const Request& request);
Outcome<std::string> graphml(const ir::TransitionSystem& system, const Request& request);
Outcome<std::string> aldebaran(const ir::TransitionSystem& system, const Request& request);

}  // namespace hotproof::checker::exports
