// Which temps and plain locals of a body are still needed at a point: what is dead is dropped from a control point, so
// that two ways of getting there are one location. Backward data flow (Aho, Lam, Sethi, Ullman: Compilers, 9.2.5).
#pragma once

#include <memory>
#include <vector>

#include "model/lower/mir.hpp"

namespace hotproof::lower {

class Liveness {
 public:
  explicit Liveness(const Body& body);

  struct Set {
    std::vector<bool> temps;
    std::vector<bool> locals;  // true for every local whose address is taken: those live until they are dropped
  };
  // Before instruction `instr` of `block` (the number of instructions: before the terminator).
  Set before(BlockId block, std::uint32_t instr) const;

  // The others, ascending.
  struct Dead {
    std::vector<Temp> temps;
    std::vector<Local> locals;
  };
  const Dead& dead_before(BlockId block, std::uint32_t instr) const;

 private:
  Set at_end(BlockId block) const;
  void step_back(const Instr& instr, Set& set) const;
  void use(const Operand& operand, Set& set) const;
  void use(const MemoryPlace& place, bool read, Set& set) const;

  const Body& body_;
  std::vector<Set> at_start_;  // by block
  mutable std::vector<std::vector<std::unique_ptr<Dead>>> dead_;  // by block and instruction, as far as asked for
};

}  // namespace hotproof::lower
