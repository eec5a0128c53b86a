// One packed state for all that differ only in who of several interchangeable actors is who: members of a class are sorted
// by what is their own (Clarke, Enders, Filkorn, Jha: Exploiting Symmetry in Temporal Logic Model Checking, FMSD 9, 1996).
// Since a state is its common part and what belongs to each member, that is exact: two states have the same form if and
// only if some exchange of members turns the one into the other.
//
// The order is that of values, not of their numbers in a dictionary: first by the variables that each member has for itself,
// in the order of the columns, each by (value - low) modulo 2^width; then by whether a variable names the member; then by
// the member's bit.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/explicit/layout.hpp"
#include "model/ir/symmetry/symmetry.hpp"

namespace hotproof::checker::explicit_state {

// By class, by member: the place of the member whose part it takes.
using Places = std::vector<std::vector<std::uint32_t>>;

class Orbits {
 public:
  static constexpr std::size_t most_members = 8;
  // By place: whose part goes there, among the members of a class.
  using Order = std::array<std::uint32_t, most_members>;

  // Both must outlive it, and the layout must have been made with shared_dictionaries(). Classes that the layout does not
  // allow are left alone.
  Orbits(const Layout& layout, std::span<const ir::Interchangeable> classes);

  bool empty() const { return classes_.empty(); }
  // The classes in use.
  const std::vector<const ir::Interchangeable*>& classes() const { return used_; }

  void make_canonical(std::uint64_t* state) const {
    for (const Class& one : classes_) {
      Order order;
      if (sort(one, state, order)) rearrange(one, order, state);
    }
  }
  // The same, and in `orders`, by class, who went where. False: all stayed.
  bool make_canonical(std::uint64_t* state, std::vector<Order>& orders) const {
    bool moved = false;
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      if (!sort(classes_[i], state, orders[i])) continue;
      rearrange(classes_[i], orders[i], state);
      moved = true;
    }
    return moved;
  }
  // The same, and where each member went.
  Places make_canonical_telling(std::uint64_t* state) const;

 private:
  struct Naming {
    Field field;
    std::vector<std::uint64_t> numbers;  // packed, by member
  };
  struct Marking {
    Field field;
    std::vector<unsigned> shifts;  // in the word, by member
  };
  struct Class {
    std::uint32_t members = 0;
    std::vector<Field> columns;  // member by member within a column
    std::vector<Naming> namings;
    std::vector<Marking> markings;
  };

  static bool fits(const Layout& layout, const ir::Interchangeable& actors);
  // Which member's part goes to each place; false if all stay.
  bool sort(const Class& one, const std::uint64_t* state, Order& order) const;
  static bool less(const Class& one, const std::uint64_t* state, std::uint32_t a, std::uint32_t b);
  static void rearrange(const Class& one, const Order& order, std::uint64_t* state);

  std::vector<Class> classes_;
  std::vector<const ir::Interchangeable*> used_;
};

// Along a run of canonical states: who stands where, so that each step can be told as one of the actors as they began.
class Whereabouts {
 public:
  explicit Whereabouts(const Orbits& orbits);
  // What is done in the canonical state, as it is in the state that the run has come to.
  ir::TransitionId original(ir::TransitionId transition) const;
  // The next state was made canonical so.
  void move(const Places& places);

 private:
  const Orbits& orbits_;
  Places at_;
};

// Variables whose numbers must mean the same.
std::vector<std::vector<ir::VarId>> shared_dictionaries(std::span<const ir::Interchangeable> classes);

}  // namespace hotproof::checker::explicit_state
