// What a model does while one function is being called, by the lines of that function.
#pragma once

#include <string>

#include "model/ir/system.hpp"
#include "model/patch/steps.hpp"

namespace hotproof::cli {

// Of the function `name` in `file`, whoever calls it. A line on which the model only reads has no effect.
patch::EffectsOf effects_in(const ir::TransitionSystem& system, const std::string& file, const std::string& name);

}  // namespace hotproof::cli
