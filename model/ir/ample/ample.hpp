// Which actors may go alone: partial-order reduction by ample sets that are all the transitions of one actor (Peled:
// All from One, One for All, CAV 1993; Clarke, Grumberg, Peled: Model Checking, 1999, chapter 10), with a cycle proviso
// that looks at locations only (Kurshan, Levin, Minea, Peled, Yenigün: Static Partial Order Reduction, TACAS 1998).
// docs/reductions.md has the argument.
#pragma once

#include <cstdint>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::ir {

// An actor that stands at a location where it may go alone, if nobody else stands where he could come in its way. That
// may rest on what it holds there.
struct AmpleLocation {
  ActorId actor{};
  Location location = 0;
  std::vector<LockClaim> held;
};

class AmpleSets {
 public:
  // Takes the claims `held` of transitions for true. What would take too long to work out, or too much memory, is
  // empty.
  explicit AmpleSets(const TransitionSystem& system);

  bool empty() const { return locations_.empty(); }
  const std::vector<AmpleLocation>& locations() const { return locations_; }

  // Where the actors stand at `at`, by actor: is it enough to fire all transitions of this one, if one is enabled? Then
  // whatever is broken, or hit, in some run from here is in one that begins so.
  bool may_go_alone(std::size_t actor, const std::vector<Location>& at) const {
    const std::uint32_t row = row_of_[first_[actor] + at[actor]];
    if (row == none) return false;
    const std::uint64_t* const in_the_way = &in_the_way_[std::size_t{row} * row_words_];
    for (std::size_t other = 0; other < at.size(); ++other) {
      const std::size_t bit = first_[other] + at[other];
      if (other != actor && (in_the_way[bit / 64] >> (bit % 64) & 1U) != 0) return false;
    }
    return true;
  }

 private:
  friend class AmpleBuilder;
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  std::vector<AmpleLocation> locations_;
  std::vector<std::size_t> first_;     // by actor: the number of its first location among those of all
  std::vector<std::uint32_t> row_of_;  // by location of all
  std::size_t row_words_ = 0;
  std::vector<std::uint64_t> in_the_way_;  // a row for each of locations_: a bit for each location of all
};

}  // namespace hotproof::ir
