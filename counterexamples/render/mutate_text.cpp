#include <algorithm>
#include <array>
#include <map>

#include "counterexamples/render/mutate.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;

using Counts = std::array<std::size_t, fates>;

constexpr std::size_t cell_width = 10;

std::size_t sum(const Counts& row) {
  std::size_t out = 0;
  for (const std::size_t n : row) out += n;
  return out;
}

// What has a column: what happened, and always these two.
std::vector<Fate> columns_of(const MutateReport& report) {
  std::vector<Fate> out;
  for (std::size_t i = 0; i < fates; ++i) {
    const auto fate = static_cast<Fate>(i);
    const bool always =
        fate == Fate::killed || fate == Fate::survived || (fate == Fate::equivalent && report.equivalence_asked);
    if (always || count(report, fate) > 0) out.push_back(fate);
  }
  return out;
}

std::string table(const MutateReport& report, const std::string& head, const Style& style,
                  std::string MutantReport::*first) {
  std::vector<std::string> names;
  std::map<std::string, Counts> rows;
  Counts all{};
  for (const MutantReport& mutant : report.mutants) {
    if (!rows.contains(mutant.*first)) names.push_back(mutant.*first);
    ++rows[mutant.*first][static_cast<std::size_t>(mutant.fate)];
    ++all[static_cast<std::size_t>(mutant.fate)];
  }
  std::size_t width = head.size();
  for (const std::string& n : names) width = std::max(width, columns(safe(n, style.utf8)));
  const std::vector<Fate> shown = columns_of(report);
  const auto width_of = [](Fate fate) { return std::max(cell_width, name(fate).size() + 2); };
  std::string out = "  " + padded(head, width + 2) + padded("mutants", cell_width);
  for (const Fate fate : shown) out += padded(std::string(name(fate)), width_of(fate));
  out = coloured(trimmed(out) + "\n", Colour::dim, style);
  const auto add = [&](const std::string& n, const Counts& row) {
    std::string line = "  " + padded(n, width + 2) + padded(std::to_string(sum(row)), cell_width);
    for (const Fate fate : shown) line += padded(std::to_string(row[static_cast<std::size_t>(fate)]), width_of(fate));
    out += trimmed(line) + "\n";
  };
  for (const std::string& n : names) add(safe(n, style.utf8), rows[n]);
  if (names.size() > 1) add("all", all);
  return out;
}

std::string killers(const MutateReport& report, const Style& style) {
  std::map<std::string, std::size_t> counts;
  for (const MutantReport& mutant : report.mutants) {
    if (mutant.fate != Fate::killed) continue;
    for (const std::string& id : mutant.by) ++counts[id];
  }
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string words;
  for (const auto& [id, n] : sorted) words += (words.empty() ? "" : ", ") + id + " " + std::to_string(n);
  if (words.empty()) return "";
  std::string out = "\nkilled by (often by more than one)\n";
  for (const std::string& line : filled(safe(words, style.utf8), std::max<std::size_t>(style.width, 60) - 2))
    out += "  " + line + "\n";
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// Those of one fate, each with its place and the edit that makes it. Equivalent ones only if more is to be said of them.
std::string listed(const MutateReport& report, Fate fate, const std::string& head, const Style& style) {
  std::string out;
  for (const MutantReport& mutant : report.mutants) {
    if (mutant.fate != fate || (fate == Fate::equivalent && mutant.why.empty())) continue;
    const std::string more = !mutant.why.empty() ? mutant.why : joined(mutant.by);
    out += "  " + safe(mutant.file + ":" + std::to_string(mutant.line) + ": in " + mutant.function, style.utf8) +
           "\n    " + safe(mutant.words + (more.empty() ? "" : "   (" + more + ")"), style.utf8) + "\n";
  }
  return out.empty() ? "" : "\n" + coloured(head, Colour::bold, style) + "\n" + out;
}

}  // namespace

std::string text(const MutateReport& report, const Style& style) {
  std::string where;
  for (const CheckReport& base : report.bases) where += (where.empty() ? "" : ", ") + base.architecture;
  std::string out = coloured(safe(report.tree, style.utf8), Colour::bold, style) + " on " + where + ": " +
                    std::to_string(report.mutants.size()) +
                    (report.mutants.size() == report.made ? "" : " of " + std::to_string(report.made)) + " mutants" +
                    (report.same == 0 ? "" : " (" + std::to_string(report.same) + " more have the text of another)") +
                    "\n";
  for (const CheckReport& base : report.bases)
    out += "  " + safe(base.architecture + ": " + base.scenario, style.utf8) + "\n";
  if (report.interrupted) out += "  interrupted: what follows is not all\n";
  if (report.mutants.empty()) return out;
  out += "\n" + table(report, "function", style, &MutantReport::function);
  out += "\n" + table(report, "operator", style, &MutantReport::mutation);
  out += killers(report, style);
  out += listed(report, Fate::survived, "survived: no property notices", style);
  out += listed(report, Fate::silenced, "silenced: a property has nothing to say any more", style);
  out += listed(report, Fate::equivalent, "equivalent, but not at each moment", style);
  out += listed(report, Fate::not_understood, "not understood", style);
  out += listed(report, Fate::no_answer, "no answer within the time limit", style);
  out += listed(report, Fate::refused, "refused", style);
  return out;
}

}  // namespace hotproof::render
