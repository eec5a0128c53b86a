// The system as flat code over packed states: for each actor and location, first everything that its guards need, then,
// for each transition, what the rest of it needs. Numbers live in registers; a common subexpression is computed once.
// Conditions are chains of tests, each of a field or of a register, that end as soon as the answer is known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "verify/evidence.hpp"
#include "verify/system.hpp"

namespace hotproof::verify {

struct Field {
  std::uint32_t word = 0;
  std::uint32_t shift = 0;
  int width = 1;
  std::uint64_t mask = 0;  // in place
  std::uint64_t low = 0;
  std::uint64_t span = 0;             // the largest number
  std::vector<std::uint64_t> values;  // not empty: the number is that of a value in here
  std::unordered_map<std::uint64_t, std::uint64_t> number_of;
  std::uint64_t number(const std::uint64_t* state) const { return (state[word] & mask) >> shift; }
  std::uint64_t value(const std::uint64_t* state) const {
    return values.empty() ? low_bits(number(state) + low, width) : values[number(state)];
  }
  // The packed number of a value; above `span` if it is out of range, or none of `values`.
  std::uint64_t packed(std::uint64_t value) const {
    if (values.empty()) return low_bits(value - low, width);
    const auto known = number_of.find(value);
    return known == number_of.end() ? span + 1 : known->second;
  }
};

struct Layout {
  std::uint32_t words = 1;
  std::vector<Field> fields;           // by variable
  std::vector<std::uint64_t> unused;   // by word: bits of no field
  std::vector<std::uint32_t> partial;  // fields whose bits allow more than their range
};
// The places that somebody chose; nothing if they overlap, do not fit, or have values twice or out of range.
std::optional<Layout> layout_of(const System& system, std::uint32_t words, const std::vector<Place>& places);
// Places of our own.
Layout layout_of(const System& system);

// What is to be looked at besides guards and updates. By property and by mark; deadlocks want who waits for whom.
struct Wanted {
  std::vector<bool> invariants;
  std::vector<bool> assertions;
  std::vector<bool> marks;
  bool deadlock = false;
  bool faults = true;  // false: transitions with faults are left out, as if they did not exist
  std::vector<std::vector<Expr>> facts{};  // each: one of these conditions is true
};

class Program {
 public:
  // Nothing if the code would get too large: expressions are shared in the text, but not between transitions here.
  static std::optional<Program> compile(const System& system, Layout layout, const Wanted& wanted);

  struct Code {
    std::uint32_t begin = 0, end = 0;
  };
  struct Demand {
    std::uint32_t what =
        0;  // update: variable; assertion: property; hit: mark; waiting: the lock's holder; fact: its number
    std::uint32_t value = 0;  // update, waiting: register; others: the first test of the condition
  };
  struct Way {
    std::uint32_t transition = 0;
    std::uint32_t guard = 0;  // first test
    Code code;
    Code updates, assertions, hits;  // in demands
  };
  struct Block {
    Code guards;
    Code ways;
    bool all_acquire = false;  // all ways, and there is one
    Code waiting_code;
    Code waiting;  // in demands: what keeps these locks, if true
  };

  const Layout& layout() const { return layout_; }
  std::size_t registers() const { return register_count_; }
  // By actor: where it stands, and what it can do there; null: nothing.
  std::uint64_t location(std::size_t actor, const std::uint64_t* state) const {
    return layout_.fields[controls_[actor]].number(state);
  }
  const Block* block(std::size_t actor, std::uint64_t location) const {
    const auto& of_actor = blocks_of_[actor];
    if (location >= of_actor.size() || of_actor[location] == none) return nullptr;
    return &blocks_[of_actor[location]];
  }
  const Way& way(std::uint32_t i) const { return ways_[i]; }
  const Demand& demand(std::uint32_t i) const { return demands_[i]; }
  Code invariant_code() const { return invariant_code_; }
  Code invariants() const { return invariants_; }
  // Demands as well: one for each of the wanted facts, in their order. Their code is that of the invariants.
  Code facts() const { return facts_; }

  // Registers to work with: constants are in place.
  std::vector<std::uint64_t> fresh_registers() const { return initial_registers_; }
  void run(Code code, const std::uint64_t* state, std::uint64_t* registers) const;
  // Is the condition true whose first test that is? The code before it must have been run.
  bool holds(std::uint32_t test, const std::uint64_t* state, const std::uint64_t* registers) const {
    while (test < no) {
      const Test& t = tests_[test];
      const bool is = t.mask == 0 ? registers[t.value] != 0 : (state[t.word] & t.mask) == t.value;
      test = is ? t.if_true : t.if_false;
    }
    return test == yes;
  }
  // The state after a way that is enabled; its code must have been run. The first variable that leaves its range, if
  // one does: the successor is meaningless then.
  std::optional<std::uint32_t> successor(const Way& way, const std::uint64_t* state, const std::uint64_t* registers,
                                         std::uint64_t* out) const;

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct Instruction {
    Op op;
    std::uint8_t width;
    std::uint8_t operand_width;
    std::uint32_t to;
    std::uint32_t args[3];  // registers; variable: the last is its number
  };
  // What follows is a test, or an answer.
  static constexpr std::uint32_t yes = none, no = none - 1;
  struct Test {
    std::uint64_t mask;   // in place; 0: a register is not 0
    std::uint64_t value;  // of the field, in place; or the register
    std::uint32_t word;
    std::uint32_t if_true, if_false;
  };
  friend class Compiler;

  Layout layout_;
  std::vector<std::uint32_t> controls_;                // by actor: its variable
  std::vector<std::uint32_t> target_;                  // by transition: the location entered
  std::vector<std::uint32_t> target_actor_;            // by transition
  std::vector<std::vector<std::uint32_t>> blocks_of_;  // by actor, by location
  std::vector<Block> blocks_;
  std::vector<Way> ways_;
  std::vector<Demand> demands_;
  std::vector<Instruction> code_;
  std::vector<Test> tests_;
  Code invariant_code_, invariants_, facts_;
  std::vector<std::uint64_t> initial_registers_;
  std::size_t register_count_ = 0;
};

}  // namespace hotproof::verify
