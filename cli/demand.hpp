// What a rule demands, in the words of its file.
#pragma once

#include <string>

#include "model/ir/system.hpp"
#include "specs/lang/instrument.hpp"

namespace hotproof::cli {

// What exactly is wrong where `fired`, a transition of the instrumented system or of what ir::merge_equal() makes of it,
// breaks the property in this state; empty if nothing is known of it.
std::string demand_of(const spec::Instrumented& instrumented, ir::PropertyId property, const ir::Transition& fired,
                      const ir::State& state);

}  // namespace hotproof::cli
