// `hotproof compare`: whether two versions do the same, as far as it can be observed (docs/compare.md).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checker/compare/observables.hpp"
#include "cli/command.hpp"
#include "cli/pipeline.hpp"
#include "counterexamples/compare_report.hpp"

namespace hotproof::cli {

struct CompareOptions {
  // Groups ("usual", "locks", "all", "faults"), events ("span", "call F"), or symbols ("mem[0].zone"); empty: the usual
  // ones.
  std::vector<std::string> observe;
  // The same, or notifications ("MEM_PREPARE_ONLINE"), which ideal listeners then ignore as well.
  std::vector<std::string> hide;
  bool bisimulation = false;  // weak bisimulation, too
};

// "Equivalent" is said only if both are known in full. Where the new version is the old one changed in memory, and the
// scenario executes none of its changed lines, nothing is said. A missing scenario is chosen as `check` does;
// `settings` gives it, the architecture and the limits; properties are not looked at. Errors: a name in `options` that
// means nothing in either version, and all that make no model.
Result<counterexamples::CompareReport> compare_versions(const Subject& old_version, const Subject& new_version,
                                                        const Settings& settings, const CompareOptions& options);

// One old version, held against many new ones: its model and what it does are found out once for each scenario.
class OldVersion {
 public:
  OldVersion(const Subject& subject, CompareOptions options);
  ~OldVersion();
  OldVersion(const OldVersion&) = delete;
  OldVersion& operator=(const OldVersion&) = delete;

  // Two neighbouring statements that changed places: where they stand in each version.
  struct Exchanged {
    checker::compare::Region of_old, of_new;
  };
  // As compare_versions(). Where two that were exchanged make a difference, it is asked once more with both looked at as one
  // step (checker/compare/at_once.hpp); is that proved, the answer is "equivalent" with `up_to_order`.
  Result<counterexamples::CompareReport> compare(const Subject& new_version, const Settings& settings,
                                                 const std::optional<Exchanged>& exchanged = std::nullopt);

 private:
  struct Known;
  std::unique_ptr<Known> known_;
};

Command compare_command();

}  // namespace hotproof::cli
