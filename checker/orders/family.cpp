#include "checker/orders/family.hpp"

#include <algorithm>

namespace hotproof::orders {

namespace {

// Searches the lattice backwards for the most things that can stay. A thing stays if it comes after all that stay and
// have smaller numbers: the longest increasing subsequence, over all paths at once.
class Nearest {
 public:
  explicit Nearest(const Family& family)
      : family_(family), width_(family.things() + 1), most_(std::size_t{family.all()} * width_ + width_, unknown) {}

  std::vector<unsigned> order() {
    std::vector<unsigned> out;
    unsigned last = 0;  // one more than the last thing that stayed
    for (Set set = 0; set != family_.all();) {
      const Choice choice = best(set, last);
      out.push_back(choice.thing);
      if (choice.stays) last = choice.thing + 1;
      set = with(set, choice.thing);
    }
    return out;
  }

 private:
  static constexpr int unknown = -1;
  struct Choice {
    int stay = unknown;
    unsigned thing = 0;
    bool stays = false;
  };

  // How many things can stay from here on.
  int most(Set set, unsigned last) {
    int& known = most_[std::size_t{set} * width_ + last];
    if (known == unknown) known = set == family_.all() ? 0 : best(set, last).stay;
    return known;
  }

  Choice best(Set set, unsigned last) {
    Choice out;
    for (unsigned thing = 0; thing < family_.things(); ++thing) {
      const Set next = with(set, thing);
      if (has(set, thing) || !family_.may_follow(set, thing) || !family_.live(next)) continue;
      if (thing >= last) consider(out, {1 + most(next, thing + 1), thing, true});
      consider(out, {most(next, last), thing, false});
    }
    return out;
  }

  static void consider(Choice& best, const Choice& candidate) {
    if (candidate.stay > best.stay) best = candidate;
  }

  const Family& family_;
  std::size_t width_;
  std::vector<int> most_;
};

}  // namespace

Family Family::explore(unsigned things, const Step& may_follow) {
  Family out;
  out.things_ = things;
  const std::size_t sets = std::size_t{1} << things;
  out.steps_.assign(sets, 0);
  out.count_to_.assign(sets, 0);
  out.count_from_.assign(sets, 0);
  std::vector<Set> by_size(sets);
  for (Set set = 0; set < sets; ++set) by_size[set] = set;
  std::stable_sort(by_size.begin(), by_size.end(),
                   [](Set a, Set b) { return __builtin_popcount(a) < __builtin_popcount(b); });
  out.count_to_[0] = 1;
  for (const Set set : by_size) {
    if (out.count_to_[set] == 0) continue;
    for (unsigned thing = 0; thing < things; ++thing) {
      if (has(set, thing) || !may_follow(set, thing)) continue;
      out.steps_[set] = with(out.steps_[set], thing);
      out.count_to_[with(set, thing)] += out.count_to_[set];
    }
  }
  out.count_from_[sets - 1] = 1;
  for (auto at = by_size.rbegin(); at != by_size.rend(); ++at) {
    for (unsigned thing = 0; thing < things; ++thing) {
      if (has(out.steps_[*at], thing)) out.count_from_[*at] += out.count_from_[with(*at, thing)];
    }
  }
  return out;
}

std::vector<Set> Family::live_sets() const {
  std::vector<Set> out;
  for (Set set = 0; set <= all(); ++set) {
    if (live(set)) out.push_back(set);
  }
  return out;
}

bool Family::is_safe(const std::vector<unsigned>& order) const {
  Set set = 0;
  for (const unsigned thing : order) {
    if (thing >= things_ || has(set, thing) || !may_follow(set, thing)) return false;
    set = with(set, thing);
  }
  return set == all();
}

std::vector<unsigned> Family::nearest() const {
  if (orders() == 0) return {};
  return Nearest(*this).order();
}

unsigned moves(const std::vector<unsigned>& order) {
  std::vector<unsigned> longest;  // at k: the least last thing of an increasing run of k + 1 things
  for (const unsigned thing : order) {
    const auto at = std::lower_bound(longest.begin(), longest.end(), thing);
    if (at == longest.end()) {
      longest.push_back(thing);
    } else {
      *at = thing;
    }
  }
  return static_cast<unsigned>(order.size() - longest.size());
}

}  // namespace hotproof::orders
