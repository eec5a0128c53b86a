#include "cli/layouts.hpp"

#include <algorithm>
#include <iterator>

namespace hotproof::cli {

namespace {

using namespace counterexamples;

constexpr const char* elsewhere = "where the memmap of the block lies elsewhere";

// How much an answer wants to be shown: what is broken, then what is open, then what holds, then what says nothing.
int weight(const PropertyReport& property) {
  switch (property.verdict) {
    case Verdict::violated:
      return property.latent() ? 5 : 6;
    case Verdict::not_understood:
      return 4;
    case Verdict::inconclusive:
      return 3;
    case Verdict::proved:
      return 2;
    case Verdict::vacuous:
      return property.applicable ? 1 : 0;
  }
  return 0;
}

template <class T, class Same>
void add_missing(std::vector<T>& to, std::vector<T> more, Same same) {
  for (T& one : more) {
    const bool there = std::any_of(to.begin(), to.end(), [&](const T& mine) { return same(mine, one); });
    if (!there) to.push_back(std::move(one));
  }
}

void add_followed(std::vector<FollowedReport>& to, std::vector<FollowedReport> more) {
  for (FollowedReport& one : more) {
    const auto mine = std::find_if(to.begin(), to.end(), [&one](const FollowedReport& f) {
      return f.function == one.function && f.file == one.file && f.line == one.line;
    });
    if (mine == to.end()) {
      to.push_back(std::move(one));
      continue;
    }
    std::vector<std::uint32_t> both;
    std::set_intersection(mine->missing.begin(), mine->missing.end(), one.missing.begin(), one.missing.end(),
                          std::back_inserter(both));
    mine->missing = std::move(both);
    // Of a branch that is taken one way here and the other there, the counts do not tell; so this is the least.
    mine->branches_both_ways = std::max(mine->branches_both_ways, one.branches_both_ways);
  }
}

void add_model(ModelReport& to, ModelReport more) {
  const auto same_function = [](const auto& a, const auto& b) { return a.function == b.function; };
  add_followed(to.followed, std::move(more.followed));
  add_missing(to.leaves, std::move(more.leaves), same_function);
  add_missing(to.harmless, std::move(more.harmless), same_function);
  add_missing(to.not_understood, std::move(more.not_understood),
              [](const Diagnostic& a, const Diagnostic& b) { return to_string(a) == to_string(b); });
  for (auto& [file, lines] : more.reached) {
    std::vector<std::uint32_t> all;
    std::vector<std::uint32_t>& mine = to.reached[file];
    std::set_union(mine.begin(), mine.end(), lines.begin(), lines.end(), std::back_inserter(all));
    mine = std::move(all);
  }
  to.configuration.merge(more.configuration);
  std::erase_if(to.assumptions, [](const std::string& line) { return line.starts_with("the memmap of a block lies "); });
  to.assumptions.emplace_back("looked at twice: the memmap of each block in its own first pages, and elsewhere");
}

}  // namespace

void add_other_layout(Checked& checked, Checked other) {
  CheckReport& report = checked.report;
  for (PropertyReport& theirs : other.report.properties) {
    const auto mine = std::find_if(report.properties.begin(), report.properties.end(),
                                   [&theirs](const PropertyReport& property) { return property.id == theirs.id; });
    if (mine == report.properties.end() || weight(theirs) <= weight(*mine)) continue;
    theirs.variant = elsewhere;
    *mine = std::move(theirs);
  }
  report.verdict = overall(report.properties);
  report.complete = report.complete && other.report.complete;
  if (report.stopped_by.empty()) report.stopped_by = other.report.stopped_by;
  report.seconds_total += other.report.seconds_total;
  report.seconds_verifying += other.report.seconds_verifying;
  report.statistics += other.report.statistics;
  add_model(report.model, std::move(other.report.model));
  for (FunctionLines& mine : checked.changed_functions)
    for (const FunctionLines& theirs : other.changed_functions)
      if (mine.file == theirs.file && mine.function == theirs.function && mine.first == theirs.first)
        mine.followed = mine.followed || theirs.followed;
}

}  // namespace hotproof::cli
