#include "counterexamples/render/json_parts.hpp"
#include "counterexamples/render/series.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

ordered_json of(const PrefixReport& prefix) {
  ordered_json steps = ordered_json::object();
  for (const auto& [id, step] : prefix.steps) steps[id] = name(step);
  return {{"steps", std::move(steps)},
          {"lines", {{"executed", prefix.lines[0]}, {"unreachable", prefix.lines[1]}, {"outside", prefix.lines[2]}}},
          {"unbuilt", prefix.unbuilt},
          {"shadowed", prefix.shadowed},
          {"executed", prefix.executed},
          {"same_model", prefix.same_model},
          {"report", json_of(prefix.report)}};
}

ordered_json of(const OrdersReport& orders) {
  ordered_json constraints = ordered_json::array();
  for (const ConstraintReport& constraint : orders.constraints) {
    constraints.push_back(
        {{"says", constraint.says}, {"why", constraint.why}, {"once", constraint.once}, {"some", constraint.some}});
  }
  ordered_json precedences = ordered_json::array();
  for (const auto& [before, after] : orders.precedences) {
    precedences.push_back(ordered_json::array({before, after}));
  }
  ordered_json neighbours = ordered_json::array();
  for (const NeighbourReport& pair : orders.neighbours) {
    neighbours.push_back({{"first", pair.first}, {"second", pair.second}, {"safe", pair.safe}, {"why", pair.why}});
  }
  return {{"whole", orders.whole},
          {"not_whole", orders.not_whole},
          {"sets", orders.sets},
          {"models", orders.models},
          {"undecided", orders.undecided},
          {"safe", orders.orders},
          {"possible", orders.possible},
          {"posted_is_safe", orders.posted_is_safe},
          {"nearest", orders.nearest},
          {"moves", orders.moves},
          {"family", orders.family},
          {"constraints", std::move(constraints)},
          {"constraints_are_all", orders.constraints_are_all},
          {"precedences", std::move(precedences)},
          {"neighbours", std::move(neighbours)},
          {"dot", orders.dot}};
}

}  // namespace

std::string json(const SeriesReport& report) {
  ordered_json patches = ordered_json::array();
  for (const SeriesPatch& patch : report.patches) {
    patches.push_back({{"label", patch.label}, {"title", patch.title}, {"placement", json_of(patch.placement)}});
  }
  ordered_json architectures = ordered_json::array();
  for (const SeriesOnArchitecture& on : report.architectures) {
    ordered_json prefixes = ordered_json::array();
    for (const PrefixReport& prefix : on.prefixes) prefixes.push_back(of(prefix));
    architectures.push_back(
        {{"architecture", on.architecture}, {"base", json_of(on.base)}, {"prefixes", std::move(prefixes)}});
  }
  return written({{"title", report.title},
                  {"tree", report.tree},
                  {"patches", std::move(patches)},
                  {"architectures", std::move(architectures)},
                  {"orders", report.orders ? of(*report.orders) : ordered_json(nullptr)},
                  {"claims", json_of(report.claims)}});
}

}  // namespace hotproof::render
