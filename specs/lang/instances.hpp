// What a property's `for` makes of a system, and whether the system has what the property needs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/ir/system.hpp"
#include "specs/lang/ast.hpp"
#include "specs/lang/evaluate.hpp"

namespace hotproof::spec {

using Instance = std::map<std::string, Value>;

// One for each element of each set. `missing` gets what the system does not have, if it is still empty. Error: more than
// most_instances.
Outcome<std::vector<Instance>> instances_of(ir::TransitionSystem& system, const SpecProperty& property,
                                            const std::vector<Quantifier>& quantifiers, std::string& missing);
// "b = 0, l = 1", in the order of the quantifiers.
std::string describe_instance(const ir::TransitionSystem& system, const std::vector<Quantifier>& quantifiers,
                              const Instance& instance);
// Why the property has nothing to say of the system, by what it needs and by its constants; empty if it may have.
std::string not_here(const ir::TransitionSystem& system, const SpecProperty& property);
// The number of an event's arguments is what patterns rely on.
std::optional<Diagnostic> wrong_event(const ir::TransitionSystem& system);

}  // namespace hotproof::spec
