// Checks trees that a series makes, each only once.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/claims.hpp"
#include "cli/pipeline.hpp"
#include "cli/series_trees.hpp"
#include "counterexamples/series_report.hpp"

namespace hotproof::cli {

// Trees of one architecture and one scenario. What the model does not read makes no difference to it: trees that agree
// in all that it reads are checked once.
class SeriesJudge {
 public:
  // `settings` names the architecture and all that is left open. Checks the base.
  static Result<SeriesJudge> create(const Subject& base, const Settings& settings,
                                    const std::vector<spec::SpecProperty>& properties);

  const counterexamples::CheckReport& base() const { return base_checked_->report; }
  const Settings& settings() const { return settings_; }
  const std::vector<spec::SpecProperty>& properties() const { return *properties_; }
  struct Judged {
    std::shared_ptr<const Checked> checked;
    bool known = false;  // it was checked before
  };
  Result<Judged> judge(const Subject& subject);
  // Whether the tree was checked already.
  bool knows(const Subject& subject);

 private:
  SeriesJudge(const Subject& base, Settings settings, const std::vector<spec::SpecProperty>& properties)
      : base_(base), settings_(std::move(settings)), properties_(&properties) {}

  using Key = std::vector<std::pair<std::string, std::string>>;
  Key key_of(const Subject& subject);
  bool may_be_read(const Subject& subject, const std::string& path) const;

  Subject base_;
  Settings settings_;
  const std::vector<spec::SpecProperty>* properties_;
  std::shared_ptr<const Checked> base_checked_;
  std::map<std::string, std::size_t> numbers_;
  std::map<Key, std::shared_ptr<const Checked>> known_;
};

class SetTrees;

// Every prefix of the series on one architecture. `patches`, if it is empty, gets where each patch was placed. `trees`
// knows names: null for more patches than a set can have.
// Errors: a patch that finds no place behind those before it.
Result<counterexamples::SeriesOnArchitecture> check_prefixes(SeriesJudge& judge, const Subject& base,
                                                             const patch::Series& series, SetTrees* trees,
                                                             std::vector<counterexamples::SeriesPatch>& patches);

// What is claimed, judged on the whole series.
Result<std::vector<counterexamples::ClaimReport>> judge_series_claims(SeriesJudge& judge, const Subject& base,
                                                                      const Subject& whole, const ClaimsRead& claims);

// The settings, with --life where more of the lines that the whole series changes are then executed.
Result<Settings> settings_for_series(const Subject& base, const patch::Series& series, const Settings& settings);

}  // namespace hotproof::cli
