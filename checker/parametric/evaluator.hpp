// Expressions of a system in a state whose values may depend on parameters.
#pragma once

#include <cstdint>
#include <vector>

#include "model/ir/canonical.hpp"
#include "model/ir/system.hpp"

namespace hotproof::checker::parametric {

// A number, or an expression over the parameters that is none.
struct Value {
  bool is_number = true;
  std::uint64_t number = 0;
  ir::ExprId expr{};

  static Value of(std::uint64_t number) { return {true, number, {}}; }
  friend bool operator==(const Value&, const Value&) = default;
};

using Valuation = std::vector<Value>;  // by VarId

class Evaluator {
 public:
  // Expressions are `from`'s, results are canonical expressions of `to`.
  Evaluator(const ir::ExprPool& from, ir::Canonical& to)
      : from_(from), to_(to), known_(from.size()), known_in_(from.size(), 0) {}

  // The state of which the next values are asked; it must stay as it is until the next call.
  void enter(const Valuation& state) {
    state_ = &state;
    ++round_;
  }
  Value value(ir::ExprId id);
  // The same as a truth of `to`.
  ir::ExprId truth(ir::ExprId id);
  ir::ExprId expression(const Value& value, int width) {
    return value.is_number ? to_.pool().constant(value.number, width) : value.expr;
  }
  Value value_of(ir::ExprId id_of_to) const {
    const ir::Node& node = to_.pool()[id_of_to];
    return node.op == ir::Op::constant ? Value::of(node.value) : Value{false, 0, id_of_to};
  }

 private:
  Value compute(const ir::Node& node);

  const ir::ExprPool& from_;
  ir::Canonical& to_;
  const Valuation* state_ = nullptr;
  std::uint32_t round_ = 0;
  std::vector<Value> known_;              // by ExprId
  std::vector<std::uint32_t> known_in_;  // the round in which it was computed
};

}  // namespace hotproof::checker::parametric
