// What any set of a series' patches makes of a base: a tree, its names, its verdict.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/orders/family.hpp"
#include "cli/series_check.hpp"
#include "model/patch/names.hpp"

namespace hotproof::cli {

// Why a patch cannot come next. none: it can. undecided: nobody knows.
struct Obstacle {
  enum class Kind : std::uint8_t { none, text, names, verdict, undecided } kind = Kind::none;
  std::string why;
};

// What a tree breaks that holds in the base, or what is not known any more; latent violations count only if `strict`.
Obstacle against(const counterexamples::CheckReport& base, const counterexamples::CheckReport& report, bool strict);

// The trees of sets of patches, each built in the order of the series, on one architecture.
class SetTrees {
 public:
  SetTrees(const Subject& base, const patch::Series& series, std::string architecture);

  // The subject with the patches of `set`, or why there is none.
  const Result<Patch>& of(orders::Set set);
  // Whether `thing` finds its places in the tree of `before`, as exactly as in the series, and gives the same tree as
  // in the order of the series.
  Obstacle text(orders::Set before, unsigned thing);
  // Definitions of the macros that names(set) misses, as the whole series has them: what it takes to look at such a
  // tree all the same. Without those that are no macros of a plain value.
  std::vector<std::pair<std::string, std::string>> borrowed(orders::Set set);
  // Whether every name that the patches' files use, and that some patch defines or takes away, is defined.
  Obstacle names(orders::Set set);

 private:
  using Contents = std::map<std::string, std::string>;  // of files, by path
  Contents contents(const SourceTree& tree) const;
  const patch::Names& names_of(const std::string& text);
  patch::Names names_in(const Contents& contents);
  void learn_names();
  bool is_as_exact(const Patch& patch, unsigned thing);
  std::vector<std::string> missing(orders::Set set);
  bool begins_to_use(std::size_t patch, const std::string& name);
  std::string who_uses(orders::Set set, const std::string& name);
  std::string who_defines(const std::string& name);

  const patch::Series& series_;
  std::string architecture_;
  std::map<orders::Set, Result<Patch>> trees_;
  std::vector<std::string> files_;              // that some patch changes
  std::vector<patch::Names> at_;                // of the base, and after each patch
  std::set<std::string, std::less<>> watched_;  // names that patches define or take away
  std::map<std::string, patch::Names> known_names_;
};

// Verdicts of sets on one architecture, against the base.
struct SetJudge {
  SeriesJudge judge;
  SetTrees trees;
  std::vector<std::string> shadowed;  // by patch: why nothing is known of it

  // Error: an internal one, or an interrupt.
  Result<Obstacle> verdict(orders::Set set, bool strict);
};

}  // namespace hotproof::cli
