// The steps of a function of a tree, as the model sees them, and the tree with these in another order.
#pragma once

#include <string>
#include <vector>

#include "cli/inputs.hpp"
#include "model/patch/steps.hpp"

namespace hotproof::cli {

struct FunctionSteps {
  Subject subject;  // the settings' edits made; of the reference model, what it is after the change that it comes with
  Settings settings;  // with the architecture, and with --life where only that calls the function
  patch::Steps steps;
};

// Errors: those of reading the tree; a function that the model does not call; one that has no steps to order.
Result<FunctionSteps> read_steps(const Settings& settings, const std::string& function,
                                 const std::vector<spec::SpecProperty>& properties);

// The function's body, made of its steps in this order.
patch::Edit in_order(const patch::Steps& steps, const patch::StepOrder& order);

}  // namespace hotproof::cli
