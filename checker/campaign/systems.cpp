#include "checker/campaign/systems.hpp"

#include <vector>

#include "checker/campaign/shrink.hpp"
#include "model/eval/random_system.hpp"

namespace hotproof::campaign {

namespace {

// Invariants that speak of one variable and tell all its values apart: then it is seen if the variable has a value for
// one step only, between two steps of the same actor.
void watch_one(ir::TransitionSystem& system, std::uint64_t seed) {
  std::vector<ir::VarId> data;
  for (std::size_t i = 0; i < system.variables.size(); ++i) {
    const ir::Variable& v = system.variables[i];
    if (v.role == ir::Role::shared || v.role == ir::Role::local) data.push_back(static_cast<ir::VarId>(i));
  }
  if (data.empty()) return;
  const ir::VarId watched = data[seed / 4 % data.size()];
  const int width = system[watched].width;
  const auto never = [&](std::uint64_t value) {
    return system.pool.not_(system.pool.eq(system.read(watched), system.pool.constant(value, width)));
  };
  std::uint64_t value = 0;
  for (ir::Property& property : system.properties)
    if (property.kind == ir::PropertyKind::invariant) property.expr = never(value++ % (std::uint64_t{1} << width));
  for (; value < std::uint64_t{1} << width; ++value)
    system.properties.push_back({.id = "never" + std::to_string(value),
                                 .says = "random invariant",
                                 .kind = ir::PropertyKind::invariant,
                                 .expr = never(value)});
}

}  // namespace

ir::TransitionSystem system_of(std::uint64_t seed) {
  eval::RandomShape shape;
  shape.most_bits = 6;
  shape.most_variables = 4;
  shape.most_locations = 5;
  if (seed % 2 == 1) {
    shape.most_bits = 4;
    shape.most_locations = 8;
    shape.deepest_expression = 2;
    shape.disciplined = true;
  }
  ir::TransitionSystem system = eval::random_system(seed, shape);
  if (seed % 4 == 3) watch_one(system, seed);
  return system;
}

// The solver's ways of proving run side by side: which of them speaks first is not the same every time.
constexpr int most_tries = 10;

std::optional<Failure> campaign(const ir::TransitionSystem& system, const Scope& scope, Tally& tally) {
  const auto found = difference(system, scope, &tally);
  if (!found) return std::nullopt;
  // Whatever fails without the solver is shrunk without it: that is much faster.
  Scope needed = scope;
  if (Scope without = scope; without.solver) {
    without.solver = false;
    if (difference(system, without, nullptr)) needed = without;
  }
  Failure out;
  out.reason = *found;
  // What shows a defect only in one order of threads is no use to whoever has to mend it, if something else shows it
  // every time.
  const auto fails_again = [&](const ir::TransitionSystem& s) {
    return difference(s, needed, nullptr).has_value() && (!needed.solver || difference(s, needed, nullptr).has_value());
  };
  out.system = shrunk(system, fails_again, needed.solver ? 1500 : 4000);
  for (int tries = 0; tries < most_tries && out.shrunk_reason.empty(); ++tries)
    out.shrunk_reason = difference(out.system, needed, nullptr).value_or("");
  if (out.shrunk_reason.empty()) out.shrunk_reason = "it does not fail any more";
  return out;
}

std::optional<Failure> campaign(std::uint64_t seed, const Scope& scope, Tally& tally) {
  return campaign(system_of(seed), scope, tally);
}

}  // namespace hotproof::campaign
