// Which values of variables have been seen in states; which pairs of them together; and which pairs together while an
// actor stood at a location.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::checker::smt {

// A variable and a value of it.
struct Atom {
  ir::VarId var{};
  std::uint64_t value = 0;
};

class SeenValues {
 public:
  // A variable with more than `most_values` values is not followed any more, unless it is a location; nor is any if
  // there would be more than `most_atoms` altogether.
  SeenValues(const ir::TransitionSystem& system, std::size_t most_values, std::size_t most_atoms);

  // True if the state shows something new.
  bool add(const ir::State& state);

  const std::vector<Atom>& atoms() const { return atoms_; }
  // The atoms of a variable; nothing where it is not followed.
  const std::vector<std::size_t>& of(ir::VarId id) const { return of_variable_[ir::index(id)]; }
  bool is_followed(ir::VarId id) const { return followed_[ir::index(id)]; }
  bool together(std::size_t a, std::size_t b) const { return together_[a][b]; }
  // Atoms of locations by number, and whether two atoms were seen together at one. Nothing is known of that any more
  // (`follows_places` is false) once there are too many atoms.
  const std::vector<std::size_t>& places() const { return places_; }
  bool follows_places() const { return follows_places_; }
  bool together_at(std::size_t place, std::size_t a, std::size_t b) const {
    const auto& rows = at_place_[place];
    return a < rows.size() && b < rows[a].size() && rows[a][b];
  }

 private:
  std::size_t new_atom(ir::VarId id, std::uint64_t value);
  void forget(ir::VarId id);
  bool add_pairs(const std::vector<std::size_t>& here);
  bool add_at(std::vector<std::vector<bool>>& rows, const std::vector<std::size_t>& here);

  std::vector<bool> is_location_;  // by VarId, as all below but what is by atom
  std::size_t most_values_;
  std::size_t most_atoms_;
  std::vector<bool> followed_;
  std::vector<std::unordered_map<std::uint64_t, std::size_t>> number_;
  std::vector<std::vector<std::size_t>> of_variable_;
  std::vector<Atom> atoms_;
  std::vector<std::vector<bool>> together_;  // by atoms; those of one variable never are
  bool follows_places_ = true;
  std::vector<std::size_t> places_;                        // atoms
  std::unordered_map<std::size_t, std::size_t> place_of_;  // by atom: index into places_
  std::vector<std::vector<std::vector<bool>>> at_place_;   // by index into places_, atom, atom
};

}  // namespace hotproof::checker::smt
