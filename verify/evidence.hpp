// What a certificate claims of a system, and what it offers as the reason. All of it is to be checked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "verify/system.hpp"

namespace hotproof::verify {

// Where a variable lies in a packed state: its number in its range, from bit `shift` of word `word` on. Where `values` is
// not empty: the number of one of these, in `bits` bits.
struct Place {
  std::uint32_t word = 0;
  std::uint32_t shift = 0;
  int bits = 0;
  std::vector<std::uint64_t> values{};
};

// Actors that may change places, and all that makes them different.
struct Exchangeable {
  std::vector<std::uint32_t> members;           // two or more
  std::vector<std::vector<std::uint32_t>> own;  // variables of which each has its own, by member
  struct Names {                                // a variable that names one of them
    std::uint32_t variable = 0;
    std::vector<std::uint64_t> values;  // by member
  };
  struct Marks {  // a variable with a bit for each of them
    std::uint32_t variable = 0;
    std::vector<std::uint32_t> bits;  // by member
  };
  std::vector<Names> names;
  std::vector<Marks> marks;
};

// A location at which an actor may go alone, and locks that it holds there.
struct AmpleLocation {
  struct Held {
    std::uint32_t lock = 0;
    bool write = false;  // else: for reading or for writing
  };
  std::uint32_t actor = 0;
  std::uint32_t location = 0;
  std::vector<Held> held;
};

// States in fewer words: parts that many have in common stand in a table, and a state has their numbers. A folded state
// begins with the words of parts that are not shared; then come the numbers of those that are, 32 bits each, from the
// low end of each word on. What it unfolds to is what counts; that no two are equal, and all are whole, is found out
// from that.
struct Folded {
  struct Part {
    std::uint32_t first = 0, words = 0;  // of a whole state
    bool shared = false;
  };
  // What `number` stands for begins at number * words of the part.
  using Table = std::span<const std::uint64_t>;
  std::uint32_t words = 0;  // of a folded state; 0: states are whole
  std::vector<Part> parts;
  std::vector<std::vector<Table>> tables;  // by shard, by shared part
  std::vector<std::uint32_t> shard;        // by piece
};

// Packed states, each once, of `words` words each. What lies in no variable's bits is 0. The words belong to somebody
// else, who must outlive this.
struct StateSet {
  std::uint32_t words = 1;
  std::vector<Place> places;                           // by variable
  std::vector<std::span<const std::uint64_t>> pieces;  // whole states each, or folded ones
  Folded folded{};
  std::vector<Exchangeable> exchangeable{};  // what exchanges of these actors make of the states belongs to the set, too
  // Not empty: of a state in which one goes alone the set need only have what that leads to (verify/ample.hpp).
  std::vector<AmpleLocation> ample{};
  bool in_order_only = false;  // they lie where reading them one behind the other is quick, and jumping about is not
  std::uint64_t count() const {
    std::uint64_t all = 0;
    for (const auto& piece : pieces) all += piece.size() / words_kept();
    return all;
  }
  std::uint32_t words_kept() const { return folded.words == 0 ? words : folded.words; }  // of a state in a piece
};

struct Run {
  std::vector<std::uint64_t> initial;  // by variable
  std::vector<std::uint32_t> steps;    // transitions
};

// The conjunction of `clauses`, inductive over k steps, by itself or together with the ranges of all variables.
struct Invariant {
  std::vector<Expr> clauses;
  std::uint32_t k = 1;
};

enum class Says : std::uint8_t {
  holds,      // invariant, assertion, deadlock: never broken, and a trigger is reached if there are some
  reached,    // cover: a run reaches it
  violated,   // a run breaks it
  unreached,  // cover: no run reaches it
  vacuous,    // never broken, but no run reaches a trigger
  open        // nothing is claimed
};
enum class Basis : std::uint8_t {
  none,
  all_states,        // the closed set of all runs
  faultless_states,  // the closed set of runs without faults; covers without faults only
  invariant,         // `number`
  runs_end,          // no run has more than `number` steps
  run                // `number`
};
struct Claim {
  std::uint32_t property = 0;
  Says says = Says::open;
  Basis basis = Basis::none;
  std::uint32_t number = 0;
  std::optional<std::uint32_t> trigger_run;
};

struct Evidence {
  std::optional<StateSet> all_states;
  std::optional<StateSet> faultless_states;
  std::vector<Run> runs;
  std::vector<Invariant> invariants;
  std::vector<Claim> claims;
};

}  // namespace hotproof::verify
