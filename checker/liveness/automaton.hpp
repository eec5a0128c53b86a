// From a formula to an automaton that accepts the words of which it is true.
#pragma once

#include <cstdint>
#include <vector>

#include "model/ir/temporal.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::checker::liveness {

// A transition-based generalised Büchi automaton: an endless run is accepted if it takes, for each acceptance set,
// transitions of it again and again. State 0 is the initial one.
struct Automaton {
  struct Move {
    std::uint32_t to = 0;
    std::uint64_t yes = 0;      // atoms, by place in `atoms`, that must be true of the letter
    std::uint64_t no = 0;       // and false
    std::uint64_t accepts = 0;  // acceptance sets that it is in
  };
  std::vector<std::vector<Move>> moves;  // by state
  std::vector<std::uint32_t> atoms;      // at most 64
  std::uint32_t acceptance_sets = 0;     // one an until; at most 64

  // What the verifier needs to know to see that no word is missing. `obligations`, by state: temporal subformulas of
  // `formula` whose promise is open there (for X a: a; for a U b and a R b: the formula itself), by place in `promises`;
  // state 0 promises `formula` itself instead.
  ir::FormulaPool pool;
  ir::FormulaId formula{};
  std::vector<ir::FormulaId> promises;
  std::vector<std::uint64_t> obligations;
  std::vector<ir::FormulaId> untils;  // by acceptance set

  std::size_t states() const { return moves.size(); }
};

inline constexpr std::size_t most_automaton_states = 2000;

// `formula` in negation normal form. The tableau of Couvreur (On-the-fly verification of linear temporal logic, FM 1999,
// section 3), which is that of Gerth, Peled, Vardi and Wolper (PSTV 1995) with acceptance on transitions: a state is a
// set of promises; a move fulfils or passes on each; it is in the set of an until unless it puts that off. Error: more
// than most_automaton_states, 64 atoms or 64 promises.
Outcome<Automaton> translate(const ir::FormulaPool& pool, ir::FormulaId formula);

}  // namespace hotproof::checker::liveness
