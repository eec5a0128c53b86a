// Builds expressions so that what is equal as a sum is the same node: x + n - n is x again.
//
// A bit-vector is read as a linear form: a constant and multiples of terms, modulo 2^width (the ring in which C's unsigned
// arithmetic lives; Müller-Olm, Seidl: Analysis of Modular Arithmetic, ESOP 2005). A term is whatever is no sum: an
// unknown, a product of unknowns, a quotient, a choice. Comparisons for equality are brought to one side. Every result is
// equal to what the operation gives in every valuation; that two nodes differ says nothing.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/ir/expr.hpp"

namespace hotproof::ir {

// constant + the sum of coefficient * term, modulo 2^width. Terms ascend, coefficients lie in 1 … 2^width - 1.
struct LinearForm {
  int width = 1;
  std::uint64_t constant = 0;
  std::vector<std::pair<ExprId, std::uint64_t>> terms;
};

class Canonical {
 public:
  // `pool` must outlive this. Operands given below should have been made here, or be constants and variables; others are
  // taken as terms.
  explicit Canonical(ExprPool& pool) : pool_(pool) {}

  ExprId unary(Op op, ExprId a);
  ExprId binary(Op op, ExprId a, ExprId b);
  ExprId ite(ExprId condition, ExprId then, ExprId otherwise);
  ExprId resize(ExprId a, int width, bool sign_extend);
  // Any operation but constants and variables, by its node; `args` are the operands, as many as it takes.
  ExprId apply(const Node& node, const ExprId* args);

  LinearForm form(ExprId id) const;
  ExprPool& pool() { return pool_; }

 private:
  ExprId build(const LinearForm& form);
  ExprId equal(ExprId a, ExprId b);

  ExprPool& pool_;
  std::unordered_map<ExprId, LinearForm> sums_;  // of nodes that are sums
};

}  // namespace hotproof::ir
