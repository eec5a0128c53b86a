#include "cli/understood.hpp"

#include <algorithm>
#include <memory>

#include "checker/parametric/oracle.hpp"
#include "cli/console.hpp"

namespace hotproof::cli {

namespace {

// An error in a file of ours comes from what the tree lacks: the user knows the tree, not that file.
Diagnostic about_tree(const Diagnostic& error, const Subject& subject) {
  if (subject.is_reference || !error.place.file.starts_with("model/")) return error;
  return {Place{subject.tree.name(), 0, 0}, "the model finds no place in this tree: " + to_string(error),
          "is it the whole source of a kernel with memory hotplug?"};
}

// The listeners of the tree in which something is not understood, with what and where.
std::map<std::string, std::string> not_understood_listeners(const scenarios::Scenario& scenario,
                                                            const lower::Report& report) {
  std::map<std::string, std::string> out;
  for (std::size_t i = 0; i < report.gaps.size(); ++i) {
    const Diagnostic& problem = report.not_understood[i];
    for (const scenarios::Listener& listener : scenario.listeners()) {
      if (listener.ideal_because.empty() && report.gap_functions[i].contains(listener.callback))
        out.emplace(listener.callback,
                    problem.message + ", " + problem.place.file + ":" + std::to_string(problem.place.line));
    }
  }
  return out;
}

Result<bool> lower_once(const Subject& subject, double seconds, Model& model) {
  auto scenario = scenarios::Scenario::create(subject.tree, subject.is_reference, model.request);
  if (!scenario) return usage_error(scenario.error());
  model.scenario = std::move(*scenario);
  lower::Options options = model.scenario->options();
  options.seconds = seconds;
  options.interrupted = interrupt_flag();
  const auto sizes = std::make_shared<checker::ParameterOracle>(interrupt_flag());
  options.decide = [sizes](const ir::ExprPool& pool, ir::ExprId required, ir::ExprId truth) {
    return sizes->decide(pool, required, truth);
  };
  auto lowered = lower::lower(model.scenario->mir(), options);
  if (!lowered) return usage_error(about_tree(lowered.error(), subject));
  model.lowered = std::move(*lowered);
  return true;
}

}  // namespace

Result<bool> lower_understood(const Subject& subject, double seconds, Model& model) {
  while (true) {
    if (auto made = lower_once(subject, seconds, model); !made) return made;
    const auto ideal = not_understood_listeners(*model.scenario, model.lowered.report);
    if (ideal.empty()) return true;
    model.request.ideal.insert(ideal.begin(), ideal.end());
  }
}

bool two_prepare(const std::vector<scenarios::Listener>& listeners) {
  const auto acts = [](bool platform) {
    return [platform](const scenarios::Listener& one) { return one.platform == platform && one.speaks_of_prepare; };
  };
  return std::any_of(listeners.begin(), listeners.end(), acts(true)) &&
         std::any_of(listeners.begin(), listeners.end(), acts(false));
}

}  // namespace hotproof::cli
