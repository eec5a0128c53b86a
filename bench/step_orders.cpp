// Whether `hotproof orderings` finds the orders that asking for every single one finds (every_order.hpp).
//
//   step_orders FUNCTION...      functions of the reference model, after the change that it comes with
//
// Exit status: 0; 1 if the two differ; 2 if a function has no steps to order.

#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/every_order.hpp"
#include "cli/run_program.hpp"

namespace hotproof::cli {
namespace {

// As the program prints them.
std::optional<EveryOrder> found_by_program(const std::string& function) {
  const Ran ran = run_program({"orderings", function, "--format", "json", "--most", "1000000", "--time-limit",
                               std::to_string(seconds_for_one)});
  const auto answer = nlohmann::json::parse(ran.out, nullptr, false);
  if (!answer.is_object() || answer["whole"] != true) {
    std::cerr << ran.err;
    return std::nullopt;
  }
  std::cout << function << ": " << answer["safe"] << " of " << answer["possible"] << " orders are safe, "
            << answer["unknown"] << " were not decided, " << answer["checked"] << " models checked" << std::endl;
  return answer["safe_orders"].get<EveryOrder>();
}

void show(const EveryOrder& orders, const EveryOrder& others, const std::string& who) {
  for (const patch::StepOrder& order : orders) {
    if (others.contains(order)) continue;
    std::cout << "  " << who << " alone calls safe:";
    for (const auto step : order) std::cout << " " << step;
    std::cout << std::endl;
  }
}

int run(const std::vector<std::string>& functions) {
  int status = 0;
  for (const std::string& function : functions) {
    const auto found = found_by_program(function);
    const auto expected = safe_one_by_one({}, function);
    if (!found || !expected) return 2;
    const bool same = *found == *expected;
    std::cout << function << ": one by one " << expected->size() << (same ? ", the same" : ": NOT THE SAME")
              << std::endl;
    show(*found, *expected, "the program");
    show(*expected, *found, "the check of this one order");
    if (!same) status = 1;
  }
  return status;
}

}  // namespace
}  // namespace hotproof::cli

int main(int argc, char** argv) {
  return hotproof::cli::run({argv + 1, argv + argc});
}
