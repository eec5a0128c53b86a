// What a body that the leaf table leaves out as harmless would do all the same: the locks that it takes, the tracked fields
// that it writes, the calls through pointers. An audit of the table; nothing in a verdict hangs on it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/lower/lower.hpp"

namespace hotproof::scenarios {

struct Modification {
  std::string function;  // the one left out, or one that it calls, in which it happens
  std::string what;      // "writes zone", "calls mutex_lock", "calls through a pointer"
  Place place;
};

// Of the function's body in the tree and of what it calls, as far as there are bodies in the files read and rows of the
// table do not stop it. Each thing once a function.
std::vector<Modification> modifications(lower::Mir& mir, const std::map<std::string, lower::Leaf>& leaves,
                                        const std::string& function);

}  // namespace hotproof::scenarios
