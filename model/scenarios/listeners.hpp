// The listeners that a tree registers, found in its own text: hotplug_memory_notifier(f, priority),
// register_memory_notifier(&block) and their kin for the chain of nodes; and the C that puts them into the chain.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/c/program.hpp"
#include "model/env/files.hpp"

namespace hotproof::scenarios {

struct Listener {
  std::string callback;             // empty: the call does not say
  std::string block;                // the file's own struct notifier_block; empty: one is made
  std::string priority = "0";       // C, with the tree's names; unused if `block` is registered itself
  bool node = false;                // of the chain that tells of nodes, not of memory
  bool platform = false;            // the architecture's own
  bool speaks_of_prepare = false;   // its file names MEM_PREPARE_ONLINE or MEM_FINISH_OFFLINE
  int level = 0;                    // when it is registered: 0 before all initcalls, then their levels
  Place place;                      // of the registration
  std::set<std::string> functions;  // of its file: the callback and what it calls there
  std::string ideal_because;        // not empty: an ideal one stands for it
};

struct Listeners {
  std::vector<Listener> all;                // in the order in which they are registered
  std::vector<std::string> not_configured;  // files
};

// Looks into `files` (those that the configuration builds) for registrations. `program` has all files that the model
// reads: a listener that uses a name of its file which the model takes from another one is not understood.
// `leaves` are the names that never come from the tree. Listeners of equal level stand in the order of `files`.
Listeners find_listeners(const std::vector<env::ListenerFile>& files, c::Program& program,
                         const std::set<std::string>& leaves);

// hp_add_real_listeners(), which registers them all.
std::string registration(const Listeners& listeners);

// A constant expression: the listener that switches memory on where it is on standby, if it is an ideal one.
std::string platform_block(const Listeners& listeners, unsigned ideal);

}  // namespace hotproof::scenarios
