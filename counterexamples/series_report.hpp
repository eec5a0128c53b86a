// What a check of a series of patches found out: every prefix of it, on each architecture.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "counterexamples/report.hpp"

namespace hotproof::counterexamples {

// What a property does at one patch, seen from the patch before. absent: the rule says nothing about this tree, nor about
// the one before. silenced: it did before. undecided: inconclusive or not understood, or newly a rule of this tree that no
// run gives anything to judge.
enum class SeriesStep : std::uint8_t { holds, broken, fixed, kept, absent, silenced, undecided };
std::string_view name(SeriesStep step);  // "holds", "broken", …

SeriesStep step_of(const PropertyReport* before, const PropertyReport* after);

// The tree with all patches up to one.
struct PrefixReport {
  CheckReport report;
  std::map<std::string, SeriesStep> steps;  // by property id
  std::array<std::size_t, 3> lines{};       // that this patch changes, by LineClass
  bool executed = true;  // the model executes something of this patch, here or after the patches that follow it
  // Why no compiler takes this tree: a name that only a later patch defines. It was looked at as if that were defined.
  std::string unbuilt;
  std::string shadowed;     // why nothing is known of what this patch changes; empty: it is
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

// Why a patch may not come next, or what all safe orders share.
struct ConstraintReport {
  std::string says;               // "4 before the later of 6 and 7"
  std::string why;                // what would be wrong: from the text, from names, or a property
  std::vector<std::string> once;  // labels: when all of these are applied, …
  std::vector<std::string> some;  // … one of these must be
};

// Two patches that follow each other, the other way round.
struct NeighbourReport {
  std::string first;
  std::string second;
  bool safe = false;
  std::string why;
};

// Which orders of the patches are safe: after each patch no property is broken that holds without the series.
struct OrdersReport {
  bool whole = false;      // every order was looked at; else only the neighbours of the posted one
  std::string not_whole;   // why not
  std::size_t sets = 0;    // of patches that were looked at
  std::size_t models = 0;  // that had to be checked for that, beyond the prefixes
  std::uint64_t orders = 0;
  std::uint64_t possible = 0;  // all orders there are
  std::size_t undecided = 0;   // sets about which nothing definite is known; orders through them do not count as safe
  bool posted_is_safe = false;
  std::vector<std::string> nearest;  // labels; a safe order with the fewest moves, if the posted one is not safe
  unsigned moves = 0;
  std::vector<std::vector<std::string>> family;  // the sets that safe orders pass, as labels
  std::vector<ConstraintReport> constraints;
  std::vector<std::pair<std::string, std::string>> precedences;  // all of them, also those that follow from others
  bool constraints_are_all = false;  // orders that respect the constraints are exactly the safe ones
  std::vector<NeighbourReport> neighbours;
  std::string dot;
};

struct SeriesReport {
  std::string title;
  std::string tree;
  std::vector<SeriesPatch> patches;
  std::vector<SeriesOnArchitecture> architectures;
  std::optional<OrdersReport> orders;
  std::vector<ClaimReport> claims;  // of the cover letter, and --claim: of the whole series
};

// As `patch` gives it for the worst prefix, each against the base; 1 too if a prefix cannot be compiled, 4 too if the
// model executes nothing of a patch.
int exit_code(const CheckReport& base, const PrefixReport& prefix, bool strict);
int exit_code(const SeriesOnArchitecture& on, bool strict);
int exit_code(const SeriesReport& report, bool strict);

}  // namespace hotproof::counterexamples
