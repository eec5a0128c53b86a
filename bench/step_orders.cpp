// Whether `hotproof orderings` finds the orders that asking for every single one finds: each order of the function's
// steps is checked whole, with every property, without learning anything from another one.
//
//   step_orders FUNCTION...      functions of the reference model, after the change that it comes with
//
// Exit status: 0; 1 if the two differ; 2 if a function has no steps to order.

#include "cli/step_orders.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/run_program.hpp"
#include "cli/series_sets.hpp"

namespace hotproof::cli {
namespace {

using Orders = std::set<patch::StepOrder>;

// As the program prints them.
std::optional<Orders> found_by_program(const std::string& function) {
  const Ran ran = run_program({"orderings", function, "--format", "json"});
  const auto answer = nlohmann::json::parse(ran.out, nullptr, false);
  if (!answer.is_object() || answer["whole"] != true) {
    std::cerr << ran.err;
    return std::nullopt;
  }
  std::cout << function << ": " << answer["safe"] << " of " << answer["possible"] << " orders are safe, "
            << answer["checked"] << " models checked\n";
  return answer["safe_orders"].get<Orders>();
}

std::optional<Orders> found_one_by_one(const std::string& function) {
  Settings settings;
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
  settings.time_limit = 60;
  auto judge = SeriesJudge::create(read->subject, settings, judged);
  if (!judge) return std::nullopt;
  Orders out;
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

int run(const std::vector<std::string>& functions) {
  int status = 0;
  for (const std::string& function : functions) {
    const auto found = found_by_program(function);
    const auto expected = found_one_by_one(function);
    if (!found || !expected) return 2;
    const bool same = *found == *expected;
    std::cout << function << ": one by one " << expected->size() << (same ? ", the same\n" : ": NOT THE SAME\n");
    if (!same) status = 1;
  }
  return status;
}

}  // namespace
}  // namespace hotproof::cli

int main(int argc, char** argv) {
  return hotproof::cli::run({argv + 1, argv + argc});
}
