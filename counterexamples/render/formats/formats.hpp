// Answers in the forms that other programs read. docs/formats.md says what stands where. Whatever is in the texts of
// strangers, a form stays well-formed and says what it would say without it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "counterexamples/report.hpp"
#include "counterexamples/series_report.hpp"

namespace hotproof::render {

// Who writes, and how the answer is to be taken.
struct Context {
  std::string version;  // of hotproof
  std::string created;  // ISO 8601 in UTC, "2024-05-01T12:00:00Z"
  // As for the exit status: any violation is a failure, also one that is latent or was there before the patch.
  bool strict = false;
};

// A run, and what of its report a form needs. It points into what it was made of.
struct RunView {
  const counterexamples::PropertyReport* property = nullptr;  // has a trace
  std::string title;
  std::string tree;
  std::string architecture;
  std::string scenario;
  const std::map<std::string, std::string>* files = nullptr;  // as in ModelReport
};

// A form is either about a whole report (`check`, `patch` and `series` are there, `run` is null), or about one run.
struct FormatRow {
  std::string_view name;
  std::string_view says;  // a few words for --help
  std::string (*check)(const counterexamples::CheckReport& report, const Context& context);
  std::string (*patch)(const counterexamples::PatchReport& report, const Context& context);
  std::string (*series)(const counterexamples::SeriesReport& report, const Context& context);
  std::string (*run)(const RunView& run, const Context& context);
};

std::span<const FormatRow> formats();
// Null: there is none of that name.
const FormatRow* find_format(std::string_view name);

// The violation that a form about one run shows, and how many others have a run too.
struct ChosenRun {
  RunView run;
  std::size_t others = 0;
};
// What is violated and not latent first, then what is latent; of these the first in the report. An attempt beside a
// cover that no run reaches is no violation. Nothing: there is no run.
std::optional<ChosenRun> choose_run(const counterexamples::CheckReport& report);
// Of the patched tree; what is new goes before what was there.
std::optional<ChosenRun> choose_run(const counterexamples::PatchReport& report);

// The same run as a report of its own, for forms about reports.
counterexamples::CheckReport report_of(const RunView& run);

// The forms themselves. Lines end with a line end; XML and YAML are UTF-8, the others ASCII.
std::string sarif(const counterexamples::CheckReport& report, const Context& context);
std::string sarif(const counterexamples::PatchReport& report, const Context& context);
std::string sarif(const counterexamples::SeriesReport& report, const Context& context);
std::string junit(const counterexamples::CheckReport& report, const Context& context);
std::string junit(const counterexamples::PatchReport& report, const Context& context);
std::string junit(const counterexamples::SeriesReport& report, const Context& context);
std::string ktap(const counterexamples::CheckReport& report, const Context& context);
std::string ktap(const counterexamples::PatchReport& report, const Context& context);
std::string ktap(const counterexamples::SeriesReport& report, const Context& context);
std::string graphml(const RunView& run, const Context& context);
std::string witness_yaml(const RunView& run, const Context& context);
std::string run_dot(const RunView& run, const Context& context);
std::string run_svg(const RunView& run, const Context& context);
std::string html(const RunView& run, const Context& context);  // of counterexamples/render/html
std::string life_dot(const RunView& run, const Context& context);
// The state graph around the run; only where `property` has its system.
std::string graph_dot(const RunView& run, const Context& context);
std::string graph_svg(const RunView& run, const Context& context);
std::string life_svg(const RunView& run, const Context& context);

}  // namespace hotproof::render
