// What two versions are compared by, in the words of the command line and of the kernel.
#pragma once

#include <string>
#include <vector>

#include "checker/compare/observables.hpp"
#include "cli/compare.hpp"

namespace hotproof::cli {

struct ChosenObservables {
  checker::compare::Observables of_old, of_new;
  std::vector<std::string> observed;  // for people
  std::vector<std::string> hidden;
};

// Errors: a name that means nothing in either version.
Result<ChosenObservables> choose_observables(const Model& old_model, const Model& new_model,
                                             const CompareOptions& options);

// Notifications among the hidden names.
std::vector<std::string> hidden_notifications(const CompareOptions& options);
// "everything" is among the observables.
bool observes_everything(const CompareOptions& options);
// Functions whose calls are to be events.
std::vector<std::string> observed_functions(const CompareOptions& options);

}  // namespace hotproof::cli
