// From one state that leads on to many that do: which of its bits can be left open.
//
// Eén, Mishchenko, Brayton: Efficient Implementation of Property Directed Reachability (FMCAD 2011), section III.B, do
// it by ternary simulation of circuits; here a value is a word of which some bits are known.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "checker/smt/cube.hpp"
#include "checker/smt/program.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::smt {

// A value of which the bits in `mask` are known; the others of `value` are 0.
struct KnownBits {
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
  friend bool operator==(const KnownBits&, const KnownBits&) = default;
};

// What is known of an operation's result if this is known of its operands. Sound, not always all that could be known.
KnownBits apply_known(ir::Op op, int width, int operand_width, const KnownBits& a, const KnownBits& b,
                      const KnownBits& c);

class Lifter {
 public:
  // `system` must outlive it; its pool may grow.
  explicit Lifter(const ir::TransitionSystem& system) : system_(system) {}

  // States in which the transition is enabled and leads into `target`, `state` among them, which must be one.
  Cube leading_to(const ir::State& state, ir::TransitionId transition, const Cube& target);
  // States in which `condition` (1 bit) is true, `state` among them, which must be one.
  Cube in_which(const ir::State& state, ir::ExprId condition);

 private:
  struct Demand {
    const Program* program = nullptr;
    std::uint64_t mask = 0;  // bits of the value that must stay known
  };

  const Program& program(ir::ExprId expr);
  bool is_met(const Demand& demand);
  void lift(const ir::State& state, const std::vector<Demand>& demands);
  Cube result() const;

  const ir::TransitionSystem& system_;
  std::unordered_map<ir::ExprId, std::unique_ptr<Program>> programs_;
  std::vector<KnownBits> known_;   // by VarId
  std::vector<KnownBits> values_;  // while evaluating
};

}  // namespace hotproof::checker::smt
