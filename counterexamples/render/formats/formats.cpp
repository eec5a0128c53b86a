#include "counterexamples/render/formats/formats.hpp"

#include <algorithm>
#include <array>

namespace hotproof::render {

namespace {

using namespace counterexamples;

constexpr std::array<FormatRow, 12> rows = {{
    {"sarif", "SARIF 2.1.0, for code hosts and editors", sarif, sarif, sarif, nullptr},
    {"junit", "JUnit's XML, for build servers", junit, junit, junit, nullptr},
    {"ktap", "KTAP version 1, as the kernel's own tests", ktap, ktap, ktap, nullptr},
    {"graphml", "a violation witness of SV-COMP, format 1.0", nullptr, nullptr, nullptr, graphml},
    {"witness-yaml", "a violation witness of SV-COMP, format 2.0", nullptr, nullptr, nullptr, witness_yaml},
    {"dot", "the run, for Graphviz", nullptr, nullptr, nullptr, run_dot},
    {"svg", "the run as a picture", nullptr, nullptr, nullptr, run_svg},
    {"html", "the run as one page for a browser", nullptr, nullptr, nullptr, html},
    {"life-dot", "a block's way through its life in the run, for Graphviz", nullptr, nullptr, nullptr, life_dot},
    {"life-svg", "the same as a picture", nullptr, nullptr, nullptr, life_svg},
    {"graph-dot", "the state graph around the run, for Graphviz", nullptr, nullptr, nullptr, graph_dot},
    {"graph-svg", "the same as a picture", nullptr, nullptr, nullptr, graph_svg},
}};

// 0: nothing to show, else the larger the sooner.
int weight(const PropertyReport& property, bool is_new) {
  if (property.cover || property.verdict != Verdict::violated || !property.trace) return 0;
  return 1 + (is_new ? 1 : 0) + (property.latent() ? 0 : 2);
}

template <class IsNew>
std::optional<ChosenRun> choose(const CheckReport& report, const IsNew& is_new) {
  const PropertyReport* best = nullptr;
  int most = 0;
  std::size_t runs = 0;
  for (const PropertyReport& property : report.properties) {
    const int here = weight(property, is_new(property.id));
    runs += here > 0 ? 1 : 0;
    if (here <= most) continue;
    most = here;
    best = &property;
  }
  if (best == nullptr) return std::nullopt;
  return ChosenRun{{best, report.title, report.tree, report.architecture, report.scenario, &report.model.files},
                   runs - 1};
}

}  // namespace

std::span<const FormatRow> formats() {
  return rows;
}

const FormatRow* find_format(std::string_view name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [name](const FormatRow& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

std::optional<ChosenRun> choose_run(const CheckReport& report) {
  return choose(report, [](const std::string&) { return false; });
}

std::optional<ChosenRun> choose_run(const PatchReport& report) {
  return choose(report.after, [&report](const std::string& id) {
    const auto found = report.changes.find(id);
    return found != report.changes.end() && found->second == Change::new_;
  });
}

CheckReport report_of(const RunView& run) {
  CheckReport out;
  out.title = run.title;
  out.tree = run.tree;
  out.architecture = run.architecture;
  out.scenario = run.scenario;
  out.engine = run.property->engine;
  out.properties = {*run.property};
  out.verdict = overall(out.properties);
  if (run.files != nullptr) out.model.files = *run.files;
  return out;
}

}  // namespace hotproof::render
