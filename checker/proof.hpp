// Why an engine says "proved", in a form that others can check.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "model/ir/ample/ample.hpp"
#include "model/ir/expr.hpp"
#include "model/ir/symmetry/symmetry.hpp"

namespace hotproof::checker {

// An invariant of a system, by induction over k steps; 1 is plain induction. I is the conjunction of `clauses`, over the
// variables of the system that the engine was given. It proves a property if
// - initiation: I holds in every state that a run of fewer than k steps ends in;
// - consecution: a state that follows k states in a row, each with I, has I again;
// - safety: in a state with I nothing of the property is broken, by the state or by a transition that fires in it, and
//   every variable is in its declared range.
struct Invariant {
  ir::ExprPool pool;
  std::vector<ir::ExprId> clauses;
  std::uint32_t k = 1;
};

// A closed set of states, packed: every initial state is in it, and whatever a transition leads to from one in it. The
// number of a variable, (value - low) modulo 2^width, lies from bit `shift` of word `word` on; all other bits are 0. Of a
// control variable, low is 0. Where `values` is not empty, the number is that of a value in there instead, and takes `bits`
// bits. Each state stands there once, in no order.
//
// Where actors are `interchangeable`, the set is that of all states that some exchange of theirs turns into one of these.
struct ReachedStates {
  struct Place {
    std::uint32_t word = 0;
    std::uint32_t shift = 0;
    int bits = 0;
    std::vector<std::uint64_t> values{};
  };
  std::vector<Place> places;  // by variable
  std::uint32_t words = 1;    // of a state
  std::vector<std::span<const std::uint64_t>> pieces;  // whole states each, or folded ones
  // States may be folded: the words of some parts of a state stand once, in a table, and a state has their numbers. A
  // folded state begins with the words of parts that are not shared; then come the numbers of those that are, 32 bits
  // each, the first one in the low bits of its word, with zeros to the end of the last word.
  struct Part {
    std::uint32_t first = 0, words = 0;  // of a whole state
    bool shared = false;
  };
  struct Folded {
    std::uint32_t words = 0;  // of a folded state; 0: states are whole
    std::vector<Part> parts;  // all words of a state, in their order
    // Shared parts by their numbers, one behind the other. By shard, by shared part.
    std::vector<std::vector<std::vector<std::uint64_t>>> tables;
    std::vector<std::uint32_t> shard;  // by piece
  };
  Folded folded;
  std::shared_ptr<const void> owner;  // keeps the words of the pieces alive
  // The pieces are mapped from a file, and the search went by hashes: it may have taken two states for one, once in 2^60
  // pairs. Then this is no closed set, and whoever checks it finds out.
  bool on_disk = false;
  std::vector<ir::Interchangeable> interchangeable;
  // Not empty: of a state where an actor stands that may go alone, and can (the first one, by number), the set need
  // hold no more than what his transitions lead to (ir::AmpleSets).
  std::vector<ir::AmpleLocation> ample;

  // All states, whole, one after the other.
  void each(const std::function<void(const std::uint64_t*)>& visit) const;
};

}  // namespace hotproof::checker
