// The safe orders of a function's steps, each order checked whole, with every property, without learning anything from
// another one: what `hotproof orderings` is held against.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "cli/series_sets.hpp"
#include "cli/step_orders.hpp"

namespace hotproof::cli {

using EveryOrder = std::set<patch::StepOrder>;

// An order that is not decided in this time counts as not safe: on a busy machine that must not come of waiting.
constexpr int seconds_for_one = 900;

// Nothing: the function has no steps, or some order could not be checked.
inline std::optional<EveryOrder> safe_one_by_one(Settings settings, const std::string& function) {
  const auto properties = chosen_properties(settings);
  if (!properties) return std::nullopt;
  const auto read = read_steps(settings, function, *properties);
  if (!read) return std::nullopt;
  settings = read->settings;
  const auto as_written = check(read->subject, settings, *properties);
  if (!as_written) return std::nullopt;
  // What is violated as written says nothing about orders. Some orders count something without end: of each the first
  // violation is enough.
  std::vector<spec::SpecProperty> judged;
  for (const spec::SpecProperty& property : *properties) {
    const auto* found = find(as_written->report, property.id);
    if (found == nullptr || found->verdict != counterexamples::Verdict::violated) judged.push_back(property);
  }
  settings.first_violation_ends = true;
  settings.plainest_runs = false;
  settings.time_limit = seconds_for_one;
  auto judge = SeriesJudge::create(read->subject, settings, judged);
  if (!judge) return std::nullopt;
  EveryOrder out;
  patch::StepOrder order = read->steps.posted();
  do {
    if (!read->steps.is_possible(order)) continue;
    const auto made = with_edit(read->subject, in_order(read->steps, order), settings.architecture);
    if (!made) return std::nullopt;
    const auto answer = judge->judge(*made);
    if (!answer) return std::nullopt;
    if (against(judge->base(), answer->checked->report, false).kind == Obstacle::Kind::none) out.insert(order);
  } while (std::next_permutation(order.begin(), order.end()));
  return out;
}

}  // namespace hotproof::cli
