// What `hotproof model NAME` says: what the model makes of one function.
#pragma once

#include <string>
#include <vector>

#include "cli/pipeline.hpp"
#include "counterexamples/render/terminal.hpp"

namespace hotproof::cli {

struct FunctionEntry {
  std::string function;
  std::string kind;  // "followed", "ours" (the environment's body of it is), "leaf", "harmless", "not called"
  bool cut = false;  // there is a body in the tree, left out on purpose
  Place place;       // of the body, if it is followed
  std::string text;  // leaf: its kind and reason; ours, harmless: why
  std::vector<std::string> callers;  // followed
  std::vector<std::string> callees;  // with what becomes of those that are not followed: "might_sleep (harmless)"
  std::vector<Place> used;           // leaf, harmless: where it is called
};

// Error: nothing that the model reads has a function of that name.
Result<FunctionEntry> function_entry(Model& model, const std::string& name);

std::string text(const std::vector<FunctionEntry>& entries, const render::Style& style);
std::string json(const std::vector<FunctionEntry>& entries);

}  // namespace hotproof::cli
