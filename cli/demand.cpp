#include "cli/demand.hpp"

#include <string_view>

#include "model/eval/interpreter.hpp"

namespace hotproof::cli {

namespace {

// "b = 0, l = 1", as the library's rules name what they speak of, in words: "block 0, listener 1".
std::string instance_in_words(std::string instance) {
  for (const auto& [name, words] : {std::pair{"b = ", "block "}, std::pair{"l = ", "listener "}}) {
    const std::size_t at = instance.starts_with(name) ? 0 : instance.find(std::string(", ") + name);
    if (at != std::string::npos) instance.replace(at == 0 ? 0 : at + 2, std::string_view(name).size(), words);
  }
  return instance;
}

}  // namespace

std::string demand_of(const spec::Instrumented& instrumented, ir::PropertyId property, const ir::Transition& fired,
                      const ir::State& state) {
  const ir::TransitionSystem& system = instrumented.system;
  for (std::size_t t = 0; t < system.transitions.size() && t < instrumented.demands.size(); ++t) {
    const ir::Transition& candidate = system.transitions[t];
    if (candidate.actor != fired.actor || candidate.from != fired.from || candidate.to != fired.to) continue;
    if (!eval::is_enabled(system, static_cast<ir::TransitionId>(t), state)) continue;
    for (std::size_t a = 0; a < candidate.assertions.size() && a < instrumented.demands[t].size(); ++a) {
      const ir::Assertion& assertion = candidate.assertions[a];
      if (assertion.property != property || eval::is_true(system.pool, assertion.holds, state)) continue;
      const spec::Demand& demand = instrumented.demands[t][a];
      return demand.sentence + (demand.instance.empty() ? "" : " (" + instance_in_words(demand.instance) + ")");
    }
  }
  return "";
}

}  // namespace hotproof::cli
