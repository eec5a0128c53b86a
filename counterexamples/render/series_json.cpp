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
          {"executed", prefix.executed},
          {"same_model", prefix.same_model},
          {"report", json_of(prefix.report)}};
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
                  {"architectures", std::move(architectures)}});
}

}  // namespace hotproof::render
