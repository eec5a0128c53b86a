// The one path of every command that checks: tree, edits and patch → program → transition system → observers → search →
// report.
#pragma once

#include <string>
#include <vector>

#include "checker/certify/certify.hpp"
#include "cli/settings.hpp"
#include "counterexamples/describe.hpp"
#include "counterexamples/report.hpp"
#include "model/scenarios/scenario.hpp"
#include "specs/lang/spec.hpp"

namespace hotproof::cli {

// One version of a tree.
struct Subject {
  SourceTree tree;
  bool is_reference = false;
  std::string title;
  std::vector<std::pair<std::string, std::string>> settings;  // CONFIG_X or HP_X → value, from edits
  std::vector<checker::certify::Input> patches{};             // what was laid over it, for certificates
};

// The lines of a function of a changed file.
struct FunctionLines {
  std::string function;
  std::string file;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  bool followed = false;
  bool shadowed = false;  // a meaning of ours stands in its place
};

struct Checked {
  counterexamples::CheckReport report;
  std::vector<FunctionLines> changed_functions;  // of the files that an overlay changes
  scenarios::Request request;                    // what was asked for
  std::vector<std::string> shadowed;             // functions of the tree that a meaning of ours stands for
  bool platform_is_ideal = false;                // the first ideal listener is the platform's
  bool memmap_in_block = false;  // in the scenario that was looked at
  bool two_prepare = false;  // beside the architecture's own listener the tree has one that acts on MEM_PREPARE_ONLINE
};

// What the numbers left open mean for this subject.
scenarios::Request scenario_request(const Subject& subject, const Settings& settings);

// Builds the model without checking it: report.model, and the system before any property.
struct Model {
  std::unique_ptr<scenarios::Scenario> scenario;
  lower::Lowered lowered;
  scenarios::Request request;
  Checked checked;
};
Result<Model> build(const Subject& subject, const Settings& settings,
                    const std::vector<spec::SpecProperty>& properties);
Result<Model> build(const Subject& subject, const scenarios::Request& request, double seconds,
                    const std::vector<spec::SpecProperty>& properties);

// Where the lines of a model's steps come from.
counterexamples::Sources sources_of(const SourceTree& tree);

// Builds and checks. Interrupts and limits give a report that says so. `base`, if given, is what the subject was before
// it was changed: a rule that had something to say of it does not fall silent without notice (see docs/architecture.md,
// "What a rule has to say"). `base_report`, if given, is what was found out about the base.
Result<Checked> check(const Subject& subject, const Settings& settings,
                      const std::vector<spec::SpecProperty>& properties, const Subject* base = nullptr,
                      const counterexamples::CheckReport* base_report = nullptr);

// Whether a violation of the rule may turn out to need what no tree does.
bool may_be_latent(const Subject& subject, const Settings& settings, const spec::SpecProperty& property);
// The same for one scenario, as it is given: no look at a base, and at what a violation needs.
Result<Checked> check_scenario(const Subject& subject, const scenarios::Request& request, const Settings& settings,
                               const std::vector<spec::SpecProperty>& properties);
// One number of listeners, with what violations need.
Result<Checked> check_alone(const Subject& subject, const Settings& settings,
                            const std::vector<spec::SpecProperty>& properties);

// Everything proved becomes "not understood", with the reason: for models that leave something out.
void doubt(counterexamples::CheckReport& report, const std::string& why);
// The same where what was changed is not understood; `why` is listed as such.
void doubt_change(counterexamples::CheckReport& report, const std::string& why);

}  // namespace hotproof::cli
