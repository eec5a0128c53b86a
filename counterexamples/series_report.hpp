// What a check of a series of patches found out: every prefix of it, on each architecture.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "counterexamples/report.hpp"

namespace hotproof::counterexamples {

// What a property does at one patch, seen from the patch before. absent: the rule says nothing about this tree.
// silenced: it did before. undecided: inconclusive, vacuous or not understood.
enum class SeriesStep : std::uint8_t { holds, broken, fixed, kept, absent, silenced, undecided };
std::string_view name(SeriesStep step);  // "holds", "broken", …

SeriesStep step_of(const PropertyReport* before, const PropertyReport* after);

// The tree with all patches up to one.
struct PrefixReport {
  CheckReport report;
  std::map<std::string, SeriesStep> steps;  // by property id
  std::array<std::size_t, 3> lines{};       // that this patch changes, by LineClass
  bool executed = true;     // the model executes something of this patch, here or after the patches that follow it
  bool same_model = false;  // for the model this tree is one that was checked before
};

struct SeriesOnArchitecture {
  std::string architecture;
  CheckReport base;
  std::vector<PrefixReport> prefixes;  // one a patch
};

struct SeriesPatch {
  std::string label;  // "3"
  std::string title;
  std::vector<PlacementReport> placement;
};

struct SeriesReport {
  std::string title;
  std::string tree;
  std::vector<SeriesPatch> patches;
  std::vector<SeriesOnArchitecture> architectures;
};

// As `patch` gives it for the worst prefix, each against the base; 4 too if the model executes nothing of a patch.
int exit_code(const SeriesReport& report, bool strict);

}  // namespace hotproof::counterexamples
