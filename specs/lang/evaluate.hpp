// Expressions of properties as expressions of a system.
#pragma once

#include <map>
#include <string>

#include "model/ir/system.hpp"
#include "specs/lang/ast.hpp"

namespace hotproof::spec {

// Arithmetic is that of 64-bit signed integers. A value keeps its own width as long as it can, so that comparisons
// with constants stay as narrow as the model's cells.
struct Value {
  ir::ExprId id{};
  bool is_signed = false;  // how it is read when it gets wider
};

// Evaluates for one instance at one transition, or at none (an invariant).
class Evaluator {
 public:
  Evaluator(ir::TransitionSystem& system, const std::map<std::string, Definition>& definitions,
            std::map<std::string, Value> names, const ir::Transition* transition)
      : system_(system), definitions_(definitions), names_(std::move(names)), transition_(transition) {}

  void bind(const std::string& name, Value value) { names_[name] = value; }
  const std::map<std::string, Value>& names() const { return names_; }
  // A value of the system as properties read it.
  Value read(ir::ExprId id) const;
  Value number(std::int64_t value) const;

  Value value(const Expr& expr);
  ir::ExprId truth(const Expr& expr);  // 1 bit: the value is not 0
  ir::ExprId equal(Value a, Value b);  // 1 bit
  Value lock_number(const Expr& expr);

  // What the first expression met that the system does not have ("no lock 'x'"); empty if nothing. Values of what is
  // missing are 0 and must not be used.
  const std::string& missing() const { return missing_; }

 private:
  ir::ExprId wide(Value value);
  ir::ExprId as_truth(Value value);
  Value from_truth(ir::ExprId id) const { return {id, false}; }
  bool fits(std::int64_t constant, Value other) const;
  ir::ExprId compare(ir::Op narrow_signed, ir::Op narrow_unsigned, Value a, Value b);
  Value unary(const Expr& expr);
  Value binary(const Expr& expr);
  Value apply(const Expr& expr);
  Value cell(const Expr& expr);
  Value cell_at(const Expr& expr, std::size_t step, const std::string& name);
  Value builtin(const Expr& expr);
  Value is_spinlock(const Expr& lock);
  Value miss(std::string what);
  // A lock's number; -1 if the system has no such lock.
  std::int64_t lock(const Expr& expr);
  ir::ExprId held(std::size_t lock, std::size_t actor, bool write_only) const;
  ir::ExprId held_by(const Expr& lock, bool self, bool write_only);
  ir::ExprId holds_any(bool spin_only);
  Value after(const Expr& expr);

  ir::TransitionSystem& system_;
  const std::map<std::string, Definition>& definitions_;
  std::map<std::string, Value> names_;
  const ir::Transition* transition_;
  std::string missing_;
};

}  // namespace hotproof::spec
