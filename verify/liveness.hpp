// Is a formula of linear temporal logic true of all fair runs? Everything that is offered as the reason is checked here
// against the system's text, by the verifier's own evaluator.
#pragma once

#include <cstdint>
#include <vector>

#include "verify/closed_set.hpp"
#include "verify/evidence.hpp"
#include "verify/system.hpp"

namespace hotproof::verify {

// The negation of what is claimed, `not` at atoms only. Operands stand before their users; the last one is the whole.
struct TemporalNode {
  enum class Op : std::uint8_t { truth, falsity, atom, not_, and_, or_, next, until, release } op = Op::truth;
  std::uint32_t left = 0, right = 0;  // not, next: left
  std::uint32_t atom = 0;             // index into LivenessClaim::atoms
};

// True where an invariant of the system holds, or of steps that hit a mark.
struct TemporalAtom {
  bool is_event = false;
  std::uint32_t number = 0;  // property or mark
};

// A transition-based generalised Büchi automaton, offered as one that accepts all words of which the formula is true.
// State 0 is the initial one. The others say what is promised there: temporal nodes, a bit each by their place in the
// order of the nodes; promised is the operand of a `next`, and an `until` or `release` itself. Acceptance sets belong to the
// untils, in their order.
struct TemporalMove {
  std::uint32_t to = 0;
  std::uint64_t yes = 0, no = 0;  // atoms that must be true, false
  std::uint64_t accepts = 0;      // acceptance sets
};
struct TemporalAutomaton {
  std::vector<std::vector<TemporalMove>> moves;
  std::vector<std::uint64_t> promises;
};

// Why nothing fair and accepted stays in a part of system beside automaton for ever: checker/liveness/product.hpp has the
// words, and docs/liveness.md why that is a proof.
struct LivenessCell {
  enum class Why : std::uint8_t { no_step, not_accepted, unfair, starved } why = Why::no_step;
  static constexpr std::uint32_t root = ~std::uint32_t{0};
  std::uint32_t parent = root;  // a cell before this one
  std::uint32_t what = 0;       // not_accepted: the set; unfair: the actor
  std::vector<std::uint32_t> groups;  // starved
};

struct LivenessClaim {
  std::vector<TemporalAtom> atoms;  // at most 64
  std::vector<TemporalNode> formula;
  TemporalAutomaton automaton;
  // Assumed of runs besides weak fairness: of each group of transitions that can be taken again and again, one is taken
  // again and again. By transition; all ones: in none.
  std::vector<std::uint32_t> groups;
  std::vector<LivenessCell> cells;
  // By state of the set and then, from as many on as there are states, by state in which a run ends; then by the
  // automaton's state. All ones: not reached.
  std::vector<std::uint32_t> cell_of;
};

// Accepted, if no fair run from an initial state makes the formula true. A run is fair if each actor that from some time on
// must move (can without a fault, and does not rest) does, and if it keeps the groups' assumptions; runs in which somebody
// halts do not count.
// - The automaton misses no word: wherever its promises are true of what comes, some move keeps them, and is in each
//   acceptance set whose until is fulfilled or not promised. Tried for each letter that occurs and each truth of what is
//   promised; so the formula has at most `most_temporal` temporal nodes.
// - What is reached is closed under steps beside moves, and begins where runs begin.
// - The cells are what they say they are.
inline constexpr std::size_t most_temporal = 14;
Finding check_liveness(const System& system, const StateSet& states, const LivenessClaim& claim, const Effort& effort);

}  // namespace hotproof::verify
