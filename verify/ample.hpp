// Where it is enough that one actor goes on: a set of states may then be closed although other actors' steps lead out
// of it. Nothing here relies on who chose the locations. docs/reductions.md has the argument (partial order).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "verify/evidence.hpp"
#include "verify/system.hpp"

namespace hotproof::verify {

// Of a state the first actor counts, by number, that stands at one of the locations, is in nobody's way, and can move.
// That his transitions are enough is shown here for
// - a location, if each transition from there leads to one with a greater number, and writes nothing that an invariant
//   reads or that says who holds which lock;
// - a state, if nobody else, from where he stands and by himself, can get to a transition that depends on one of these:
//   one of them writes what the other reads or writes. What cannot be enabled while the first actor holds a lock does
//   not count, if he holds it (facts()), and all that does count leaves him holding it.
class AmpleSteps {
 public:
  // Null, with a reason, if one of the locations is none.
  static std::optional<AmpleSteps> made(const System& system, const std::vector<AmpleLocation>& locations,
                                        std::string& why);

  bool empty() const { return rows_.empty(); }
  struct Row {
    std::vector<std::vector<bool>> in_the_way;  // by actor, by location
    std::vector<std::uint32_t> facts;           // what must be true in the state, in facts()
  };
  // The row of an actor that stands there; null if he must not go alone.
  const Row* row(std::size_t actor, std::uint64_t location) const {
    const auto& of_actor = row_of_[actor];
    return location < of_actor.size() && of_actor[location] != none ? &rows_[of_actor[location]] : nullptr;
  }
  // That an actor holds a lock: one of these conditions is true.
  struct Fact {
    std::vector<Expr> any;
    friend auto operator<=>(const Fact&, const Fact&) = default;
  };
  const std::vector<Fact>& facts() const { return facts_; }

 private:
  friend class AmpleProof;
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  std::vector<Row> rows_;
  std::vector<std::vector<std::uint32_t>> row_of_;  // by actor, by location
  std::vector<Fact> facts_;
};

}  // namespace hotproof::verify
