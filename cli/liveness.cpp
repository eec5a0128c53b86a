#include "cli/liveness.hpp"

#include <algorithm>

#include "checker/liveness/liveness.hpp"
#include "checker/parametric/parametric.hpp"
#include "counterexamples/quoting.hpp"
#include "counterexamples/replay.hpp"
#include "specs/lang/temporal.hpp"

namespace hotproof::cli {

namespace {

using checker::Verdict;
using checker::liveness::Answers;
using counterexamples::PropertyReport;

PropertyReport described(const ir::TemporalQuestion& question, const Answers& answers, std::size_t i) {
  const ir::TemporalProperty& property = question.properties[i];
  const checker::liveness::Answer& found = answers.properties[i];
  PropertyReport report;
  report.id = property.id;
  report.says = property.says;
  report.origin = property.origin;
  report.confidence = property.confidence;
  report.verdict = found.verdict;
  report.engine = "liveness";
  report.reason = found.verdict == Verdict::vacuous ? "its trigger never happens here" : found.reason;
  report.states = answers.statistics.states;
  report.transitions = answers.statistics.transitions;
  report.depth = found.lasso ? static_cast<std::uint32_t>(found.lasso->steps.size()) : answers.statistics.depth;
  report.seconds = found.seconds;
  std::string names;
  for (const ir::MarkId mark : property.triggers)
    names += (names.empty() ? "" : " or ") + question.system.marks[ir::index(mark)];
  if (!property.triggers.empty()) report.triggers = {{names, found.triggered}};
  return report;
}

// Nothing in the model can do what the property waits for.
bool never_triggered(const ir::TemporalQuestion& question, const ir::TemporalProperty& property) {
  const auto& all = question.system.transitions;
  const auto stands = [&](ir::MarkId mark) {
    return std::any_of(all.begin(), all.end(), [mark](const ir::Transition& t) {
      return std::any_of(t.hits.begin(), t.hits.end(), [mark](const ir::Hit& hit) { return hit.mark == mark; });
    });
  };
  return !property.triggers.empty() && std::none_of(property.triggers.begin(), property.triggers.end(), stands);
}

Result<PropertyReport> with_run(PropertyReport report, const Answers& answers, const checker::liveness::Answer& found,
                                const SearchRequest& request) {
  if (!found.lasso) return report;
  const checker::liveness::Lasso& lasso = *found.lasso;
  auto trace = counterexamples::replay_lasso(*answers.base, report.id, {lasso.initial, lasso.steps}, lasso.loop_start,
                                             request.sources);
  if (!trace) return internal_error(trace.error());
  report.reason = found.instance.empty() ? "" : "with " + found.instance;
  report.trace = std::move(*trace);
  if (request.plainest_runs) report.quotes = counterexamples::quotes_of({&*report.trace}, request.sources);
  return report;
}

}  // namespace

Result<LivenessReport> check_liveness(const ir::TransitionSystem& system, const std::vector<spec::SpecProperty>& properties,
                                      const SearchRequest& request) {
  LivenessReport out;
  const auto is_temporal = [](const spec::SpecProperty& property) { return property.temporal; };
  if (std::none_of(properties.begin(), properties.end(), is_temporal)) return out;
  auto asked = spec::ask(system, properties);
  if (!asked) return usage_error(asked.error());
  const bool all_sizes = !checker::parameters(system).empty();
  Answers answers;
  if (!all_sizes && !asked->question.properties.empty()) {
    answers = checker::liveness::decide(asked->question, request.options);
    if (!answers.internal_error.empty()) return internal_error(defect(answers.internal_error));
  } else {
    answers.properties.resize(asked->question.properties.size());
    for (checker::liveness::Answer& answer : answers.properties) answer.reason = "formulas are not decided for all sizes at once";
  }
  out.seconds_verifying = answers.seconds_verifying;
  for (std::size_t i = 0; i < asked->question.properties.size(); ++i) {
    PropertyReport report = described(asked->question, answers, i);
    report.applicable = report.verdict != Verdict::vacuous || !never_triggered(asked->question, asked->question.properties[i]);
    auto shown = with_run(std::move(report), answers, answers.properties[i], request);
    if (!shown) return tl::unexpected(shown.error());
    out.properties.push_back(std::move(*shown));
  }
  for (const spec::Inapplicable& rule : asked->inapplicable) {
    PropertyReport report;
    report.id = rule.property.id;
    report.says = rule.property.says;
    report.origin = rule.property.origin;
    report.confidence = rule.property.confidence;
    report.applicable = false;
    report.verdict = Verdict::vacuous;
    report.reason = rule.reason;
    out.properties.push_back(std::move(report));
  }
  return out;
}

}  // namespace hotproof::cli
