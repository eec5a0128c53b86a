#include "cli/series_orders.hpp"

#include <algorithm>
#include <numeric>

#include "checker/orders/constraints.hpp"
#include "cli/console.hpp"

namespace hotproof::cli {

namespace {

using namespace counterexamples;
using orders::Constraint;
using orders::Family;
using orders::has;
using orders::Set;
using orders::with;

// Models that are checked without being asked for. Those of the reference model are small.
constexpr std::size_t most_models = 32;
constexpr std::size_t most_reference_models = 1U << 16U;

// One line on a terminal while the sets are gone through.
class SetsLine {
 public:
  void show(std::size_t sets, std::size_t models) {
    line_.show("sets of patches (" + std::to_string(models) + " models checked)", {0, sets, 0, 0});
  }

 private:
  ProgressLine line_;
};

class Search {
 public:
  Search(std::vector<SetJudge>& judges, const patch::Series& series, const Settings& settings)
      : judges_(judges), series_(series), settings_(settings) {
    for (const patch::Part& part : series.parts) labels_.push_back(part.label);
  }

  Result<OrdersReport> run() {
    const std::size_t patches = series_.parts.size();
    if (patches > orders::most_things) {
      out_.not_whole = "more than " + std::to_string(orders::most_things) + " patches";
    } else if (settings_.orders == Orders::neighbours) {
      out_.not_whole = "not asked for";
    } else {
      const Family family = Family::explore(static_cast<unsigned>(patches),
                                            [this](Set before, unsigned thing) { return may_follow(before, thing); });
      if (failure_) return tl::unexpected(*failure_);
      if (out_.not_whole.empty()) describe(family);
    }
    if (!out_.whole) look_at_neighbours();
    if (failure_) return tl::unexpected(*failure_);
    out_.sets = judged_.size();
    return std::move(out_);
  }

 private:
  bool may_follow(Set before, unsigned thing) {
    if (failure_ || !out_.not_whole.empty()) return false;
    const Obstacle obstacle = obstacle_to(before, thing);
    if (obstacle.kind == Obstacle::Kind::none) return true;
    obstacles_.emplace(with(before, thing), obstacle);
    return false;
  }

  Obstacle obstacle_to(Set before, unsigned thing) {
    for (SetJudge& judge : judges_) {
      const Obstacle text = judge.trees.text(before, thing);
      if (text.kind != Obstacle::Kind::none) return text;
    }
    return of(with(before, thing));
  }

  // Names and verdict of a set.
  const Obstacle& of(Set set) {
    const auto [known, fresh] = judged_.try_emplace(set);
    if (!fresh) return known->second;
    Obstacle& worst = known->second;
    for (SetJudge& judge : judges_) {
      worst = judge.trees.names(set);
      if (worst.kind != Obstacle::Kind::none) return worst;
    }
    for (SetJudge& judge : judges_) {
      if (!may_check(judge, set)) return worst;
      const auto found = judge.verdict(set, settings_.strict);
      if (!found) {
        failure_ = found.error();
        return worst;
      }
      if (found->kind == Obstacle::Kind::verdict || worst.kind == Obstacle::Kind::none) worst = *found;
      if (worst.kind == Obstacle::Kind::verdict) break;
    }
    if (worst.kind == Obstacle::Kind::undecided) ++out_.undecided;
    line_.show(judged_.size(), out_.models);
    return worst;
  }

  // Counts the models; what was checked for the prefixes costs nothing.
  bool may_check(SetJudge& judge, Set set) {
    const Result<Patch>& built = judge.trees.of(set);
    if (!built || judge.judge.knows(built->subject)) return true;
    const std::size_t most = settings_.tree.empty() ? most_reference_models : most_models;
    if (settings_.orders != Orders::all && !neighbours_ && out_.models >= most) {
      out_.not_whole = "more than " + std::to_string(most) + " models had to be checked; --orders all does";
      return false;
    }
    ++out_.models;
    return true;
  }

  std::vector<std::string> labels_of(Set set) const {
    std::vector<std::string> out;
    for (unsigned thing = 0; thing < labels_.size(); ++thing) {
      if (has(set, thing)) out.push_back(labels_[thing]);
    }
    return out;
  }

  void describe(const Family& family) {
    out_.whole = true;
    out_.orders = family.orders();
    out_.possible = 1;
    for (unsigned i = 2; i <= family.things(); ++i) out_.possible *= i;
    std::vector<unsigned> posted(family.things());
    std::iota(posted.begin(), posted.end(), 0U);
    out_.posted_is_safe = family.is_safe(posted);
    if (!out_.posted_is_safe) {
      const std::vector<unsigned> nearest = family.nearest();
      for (const unsigned thing : nearest) out_.nearest.push_back(labels_[thing]);
      out_.moves = orders::moves(nearest);
    }
    for (const Set set : family.live_sets()) out_.family.push_back(labels_of(set));
    const orders::Constraints constraints = orders::constraints_of(family);
    out_.constraints_are_all = constraints.complete;
    for (const Constraint& constraint : constraints.needed) {
      out_.constraints.push_back({orders::in_words(constraint, labels_), why(constraint, constraints.needed),
                                  labels_of(constraint.once), labels_of(constraint.some)});
    }
    for (const auto& [before, after] : constraints.precedences) {
      out_.precedences.emplace_back(labels_[before], labels_[after]);
    }
    out_.dot = orders::dot(constraints, labels_);
  }

  // The obstacle of the smallest set that this constraint forbids, if it can be, alone.
  std::string why(const Constraint& constraint, const std::vector<Constraint>& all) const {
    const Obstacle* best = nullptr;
    std::pair<bool, int> least{true, 99};
    for (const auto& [set, obstacle] : obstacles_) {
      if (!constraint.forbids(set)) continue;
      const auto also = [&, at = set](const Constraint& other) { return other != constraint && other.forbids(at); };
      const std::pair<bool, int> cost{std::any_of(all.begin(), all.end(), also), __builtin_popcount(set)};
      if (best != nullptr && least <= cost) continue;
      best = &obstacle;
      least = cost;
    }
    return best == nullptr ? "" : best->why;
  }

  // The posted order with two patches that follow each other exchanged.
  void look_at_neighbours() {
    neighbours_ = true;
    for (unsigned first = 0; first + 1 < labels_.size() && !failure_; ++first) {
      const Set before = (Set{1} << first) - 1;
      Obstacle obstacle = obstacle_to(before, first + 1);
      if (obstacle.kind == Obstacle::Kind::none) obstacle = obstacle_to(with(before, first + 1), first);
      const bool safe = obstacle.kind == Obstacle::Kind::none;
      out_.neighbours.push_back({labels_[first + 1], labels_[first], safe, obstacle.why});
    }
  }

  std::vector<SetJudge>& judges_;
  const patch::Series& series_;
  const Settings& settings_;
  std::vector<std::string> labels_;
  OrdersReport out_;
  std::map<Set, Obstacle> judged_;     // names and verdict
  std::map<Set, Obstacle> obstacles_;  // of steps that cannot be taken, by where they would lead
  std::optional<Failure> failure_;
  bool neighbours_ = false;
  SetsLine line_;
};

}  // namespace

Result<OrdersReport> find_orders(std::vector<SetJudge>& judges, const patch::Series& series, const Settings& settings) {
  return Search(judges, series, settings).run();
}

}  // namespace hotproof::cli
