// What workers can ask of memory hotplug: the entry points, by number and by name (model/env/requests.c serves them).
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/source/source_tree.hpp"

namespace hotproof::scenarios {

struct RequestKind {
  int number;             // as in the events "request" and "returned"
  std::string_view name;  // on the command line; specifications write _ for -
  bool adds_or_removes;   // blocks come and go: a scenario with it starts without them
  std::string_view arch;  // empty: any
  std::string_view file;  // the tree has the entry point if this file
  std::string_view word;  // has this word
  std::string_view says;  // for people
};

std::span<const RequestKind> request_kinds();

// What the event "returned" says of memory that failed or was repaired: nobody asks for it.
constexpr unsigned memory_failure = 13;

// offline and online; with life also add and remove.
std::vector<std::string> usual_requests(bool life);
// Blocks come and go if these are asked for, by name; "all" is all there is.
bool add_or_remove(const std::vector<std::string>& names);
// What the tree can be asked for on this architecture.
std::vector<std::string> all_requests(const SourceTree& tree, std::string_view arch);

// Sets of requests that reach what the usual ones do not, each small enough for a quick answer; of those that the tree
// has on this architecture, the ones whose entry point lies in one of `files`, with commas between.
std::vector<std::string> further_requests(const SourceTree& tree, std::string_view arch,
                                          const std::set<std::string>& files);

// The kinds of these names, each once, in the order of the table. Errors: an unknown name; what this tree does not have.
Outcome<std::vector<RequestKind>> find_requests(const std::vector<std::string>& names, const SourceTree& tree,
                                                bool is_reference, std::string_view arch);

}  // namespace hotproof::scenarios
