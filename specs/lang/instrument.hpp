// From properties to observers: adds to a fine-grained system what judges the properties.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/ir/system.hpp"
#include "specs/lang/spec.hpp"

namespace hotproof::spec {

// A property that this system has nothing to say about. That is no error: a tree before 6.9 has no MEM_PREPARE_ONLINE.
struct Inapplicable {
  SpecProperty property;
  std::string reason;  // "this tree has no MEM_PREPARE_ONLINE"
};

// What an Assertion demands, for people.
struct Demand {
  std::string sentence;  // what is wrong if it fails; never empty for an assertion that instrument() made
  std::string instance;  // "b = 0, l = 1"; empty if the rule has no variables
  Place place;           // of the `require` or `error`
};

struct Instrumented {
  ir::TransitionSystem system;
  std::vector<Inapplicable> inapplicable;
  std::vector<std::vector<Demand>> demands;  // by transition, by index into Transition::assertions
};

// A copy of `system` with observer variables, assertions, hits, marks and properties for `properties`, in their order;
// properties the system already has stay in front. Locations, guards and the program's own updates are not touched, so
// a run of one is a run of the other.
//
// Events of a transition happen in their order: a later one meets the rule in the state that the earlier one left. The
// program's state is, for all of them, the one before the transition; `after(x)` is x behind its updates.
//
// Errors: an event whose number of arguments is not the vocabulary's, or more than `most_instances` instances.
inline constexpr std::size_t most_instances = 4096;
Outcome<Instrumented> instrument(const ir::TransitionSystem& system, std::span<const SpecProperty> properties);

}  // namespace hotproof::spec
