// Who calls whom in a model, as the specialiser goes: also through pointers, and around functions of the tree.
#pragma once

#include <map>
#include <set>
#include <string>

#include "cli/pipeline.hpp"

namespace hotproof::cli {

// By caller: the functions it calls. Callers are the functions that are followed, those of the actors, and the start-up
// (lower::Options::init). A call through a pointer leads to every function that something stores in a field of its
// name. Where the environment stands around a function, or in the way of a pointer, the call leads to it.
std::map<std::string, std::set<std::string>> calls_of(Model& model);

}  // namespace hotproof::cli
