#include "cli/step_judge.hpp"

#include <algorithm>

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using orders::Answer;
using orders::Asked;
using orders::Sequence;

// For one order, where the user set no limit: some orders count something without end.
constexpr double most_seconds = 30;

bool counts(const PropertyReport& property, bool strict) {
  return property.verdict == Verdict::violated && (strict || !property.latent());
}

}  // namespace

Result<std::unique_ptr<StepJudge>> StepJudge::create(FunctionSteps read,
                                                     const std::vector<spec::SpecProperty>& properties) {
  std::unique_ptr<StepJudge> out(new StepJudge(std::move(read), properties));
  if (const auto ready = out->prepare(); !ready) return tl::unexpected(ready.error());
  return out;
}

// What is violated as written says nothing about orders; of the rest, the first violation is enough.
Result<bool> StepJudge::prepare() {
  const auto make = [this](std::optional<SeriesJudge>& judge, const Settings& settings,
                           const std::vector<spec::SpecProperty>& properties) -> Result<bool> {
    auto made = SeriesJudge::create(subject_, settings, properties);
    if (!made) return tl::unexpected(made.error());
    judge.emplace(std::move(*made));
    return true;
  };
  if (auto made = make(as_written_, settings_, properties_); !made) return made;
  if (auto same = rebuilds_as_written(); !same) return same;
  for (const spec::SpecProperty& property : properties_) {
    const PropertyReport* found = find(as_written_->base(), property.id);
    if (found != nullptr && found->verdict == Verdict::violated) continue;
    judged_.push_back(property);
    // That something is reached, or that nobody waits for ever, is a matter of whole orders. A violation that one
    // listener alone must be able to bring about, too, may take a longer beginning there.
    const bool whole = property.kind == ir::PropertyKind::cover || property.kind == ir::PropertyKind::deadlock;
    if (!whole && (settings_.strict || !may_be_latent(subject_, settings_, property))) early_.push_back(property);
  }
  Settings settings = settings_;
  settings.first_violation_ends = true;
  if (settings.time_limit == 0) settings.time_limit = most_seconds;
  if (auto made = make(shown_, settings, judged_); !made) return made;
  settings.plainest_runs = false;
  if (auto made = make(beginnings_, settings, early_); !made) return made;
  return make(whole_, settings, judged_);
}

Result<bool> StepJudge::rebuilds_as_written() {
  const auto again = judged(steps_.posted(), *as_written_);
  if (!again) return tl::unexpected(again.error());
  for (const PropertyReport& property : (*again)->report.properties) {
    const PropertyReport* old = find(as_written_->base(), property.id);
    const bool run = property.verdict == Verdict::violated || property.cover;
    if (old != nullptr && old->verdict == property.verdict && (!run || old->depth == property.depth)) continue;
    return tl::unexpected(Failure{
        {{steps_.file, steps_.steps.front().line, 0},
         steps_.function + " made again from its steps is not what it was (" + property.id + " answers otherwise)",
         ""},
        Exit::not_understood});
  }
  return true;
}

Result<std::shared_ptr<const Checked>> StepJudge::judged(const Sequence& order, SeriesJudge& judge) {
  const auto made = with_edit(subject_, in_order(steps_, order), settings_.architecture);
  if (!made) return tl::unexpected(made.error());
  const auto found = judge.judge(*made);
  if (!found) return tl::unexpected(found.error());
  if (!found->known) line_.show("orders of steps", {0, ++checked_, 0, 0});
  if (found->checked->report.stopped_by == "interrupted")
    return tl::unexpected(Failure{{{}, "interrupted", ""}, Exit::interrupted});
  return found->checked;
}

Asked StepJudge::ask(const Sequence& order) {
  if (const auto known = known_.find(order); known != known_.end()) return known->second;
  if (failure_) return {};
  const Asked found = look_at(order);
  if (!failure_) known_[order] = found;
  return found;
}

Asked StepJudge::look_at(const Sequence& order) {
  const auto checked = judged(order, *whole_);
  if (!checked) {
    failure_ = checked.error();
    return {};
  }
  const CheckReport& report = (*checked)->report;
  const Obstacle found = against(whole_->base(), report, settings_.strict);
  if (found.kind == Obstacle::Kind::none) return {Answer::safe, 0};
  if (found.kind != Obstacle::Kind::verdict) return {};
  return {Answer::broken, beginning(order, report)};
}

std::size_t StepJudge::beginning(const Sequence& order, const CheckReport& report) {
  const std::vector<std::uint32_t> lines = steps_.lines(order);
  std::size_t least = order.size();
  for (const PropertyReport& property : report.properties) {
    const bool early = std::any_of(early_.begin(), early_.end(),
                                   [&property](const spec::SpecProperty& spec) { return spec.id == property.id; });
    if (!early || !counts(property, settings_.strict) || !property.trace) continue;
    const Reach found = reach(lines, *property.trace);
    const std::size_t places = std::max<std::size_t>(1, found.places);
    // With one step left to come there is one order anyway.
    if (places >= least || places + 1 == order.size()) continue;
    if (!found.leaves || is_enough({order.begin(), order.begin() + static_cast<std::ptrdiff_t>(places)}))
      least = places;
  }
  return least;
}

bool StepJudge::is_enough(const Sequence& beginning) {
  const auto checked = judged(beginning, *beginnings_);
  if (checked)
    return against(beginnings_->base(), (*checked)->report, settings_.strict).kind == Obstacle::Kind::verdict;
  failure_ = checked.error();
  return false;
}

StepJudge::Reach StepJudge::reach(const std::vector<std::uint32_t>& lines, const Trace& trace) const {
  Reach out;
  std::set<std::string> entered;  // actors
  for (const TraceStep& step : trace.steps) {
    bool inside = false;
    const auto look = [&](const std::string& file, const std::string& function, std::uint32_t line) {
      if (function != steps_.function || file != steps_.file) return;
      inside = true;
      const auto at = std::upper_bound(lines.begin(), lines.end(), line);
      out.places = std::max(out.places, std::min(static_cast<std::size_t>(at - lines.begin()), lines.size() - 1));
    };
    look(step.file, step.function, step.line);
    for (const TraceCall& call : step.callers) look(call.file, call.function, call.line);
    if (inside) entered.insert(step.actor);
    if (!inside && entered.contains(step.actor)) out.leaves = true;
  }
  return out;
}

StepJudge::Shown StepJudge::show(const Sequence& order) {
  if (failure_) return {};
  const auto checked = judged(order, *shown_);
  if (!checked) {
    failure_ = checked.error();
    return {};
  }
  Shown out;
  const CheckReport& report = (*checked)->report;
  out.found = against(shown_->base(), report, settings_.strict);
  const PropertyReport* best = nullptr;
  for (const PropertyReport& property : report.properties) {
    if (!counts(property, settings_.strict)) continue;
    const bool shorter =
        best == nullptr || (property.cover != best->cover ? best->cover : property.depth < best->depth);
    if (shorter) best = &property;
  }
  if (best != nullptr) out.violated = *best;
  return out;
}

}  // namespace hotproof::cli
