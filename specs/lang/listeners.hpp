// Whether a property may be judged for any number of listeners at once.
#pragma once

#include <string>

#include "specs/lang/spec.hpp"

namespace hotproof::spec {

// Empty if the property speaks of one listener at most, and never of its number: then it cannot tell one order or
// number of the others from another but by what they do (docs/any-listeners.md). Else why not, as a sentence without
// its end.
std::string tells_listeners_apart(const SpecProperty& property);

}  // namespace hotproof::spec
