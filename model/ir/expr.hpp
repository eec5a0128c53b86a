// Expressions of a transition system: a hash-consed DAG of bit-vector operations. It knows nothing of C.
//
// Every expression has a width of 1 to 64 bits; width 1 is truth. A value is the low `width` bits of a uint64_t, the
// rest zero; operations say themselves whether they read it as signed. Semantics are SMT-LIB's, division by zero too
// (udiv: all ones, urem: the dividend, sdiv/srem as SMT-LIB defines them through those), and shifts by the width or
// more give 0 (ashr: the sign). So every engine means the same by every operation.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace hotproof::ir {

enum class VarId : std::uint32_t {};
enum class ExprId : std::uint32_t {};

enum class Op : std::uint8_t {
  constant,  // value
  variable,  // var
  not_, neg,                                  // 1 operand, same width
  add, sub, mul, udiv, sdiv, urem, srem,      // 2 operands of the same width
  and_, or_, xor_, shl, lshr, ashr,           // 2 operands of the same width
  eq, ult, ule, slt, sle,                     // 2 operands of the same width, result 1 bit
  ite,                                        // condition (1 bit), then, else of the same width
  zext, sext, trunc                           // 1 operand; the result's width is the node's
};

struct Node {
  Op op = Op::constant;
  std::uint8_t width = 1;
  ExprId args[3]{};         // as many as the operation takes; the others are 0
  std::uint64_t value = 0;  // constant: the value; variable: its id

  friend bool operator==(const Node&, const Node&) = default;
};

// Number of operands.
int arity(Op op);
// The name in the text form ("add", "not", …).
std::string_view name(Op op);

// Owns expressions. Ids are dense and operands have smaller ids than their users, so a loop over ids is a bottom-up
// walk. Builders fold constants and apply the cheap identities (x & x, ite on a constant, double negation, eq of the
// same, …), so equal ids mean equal expressions, and a constant result is a constant node.
class ExprPool {
 public:
  ExprPool();  // ExprId{} is the truth "true"

  ExprId constant(std::uint64_t value, int width);
  ExprId truth(bool value) { return constant(value ? 1 : 0, 1); }
  ExprId variable(VarId var, int width);
  ExprId unary(Op op, ExprId a);
  ExprId binary(Op op, ExprId a, ExprId b);
  ExprId ite(ExprId condition, ExprId then, ExprId otherwise);
  ExprId resize(ExprId a, int width, bool sign_extend);  // zext, sext, trunc or nothing

  ExprId not_(ExprId a) { return unary(Op::not_, a); }
  ExprId and_(ExprId a, ExprId b) { return binary(Op::and_, a, b); }
  ExprId or_(ExprId a, ExprId b) { return binary(Op::or_, a, b); }
  ExprId eq(ExprId a, ExprId b) { return binary(Op::eq, a, b); }
  ExprId all(std::span<const ExprId> terms);  // truth(true) if empty
  ExprId any(std::span<const ExprId> terms);  // truth(false) if empty

  const Node& operator[](ExprId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return nodes_.size(); }
  bool is_constant(ExprId id) const { return (*this)[id].op == Op::constant; }
  bool is_true(ExprId id) const { return is_constant(id) && (*this)[id].width == 1 && (*this)[id].value == 1; }
  bool is_false(ExprId id) const { return is_constant(id) && (*this)[id].width == 1 && (*this)[id].value == 0; }

  // The expression with variables replaced; `replacement` gives an expression of the same width, or the same
  // variable. Linear in the DAG below `id`.
  ExprId substitute(ExprId id, const std::function<ExprId(VarId, int width)>& replacement);
  // The same for a few variables. What holds none of them is not walked.
  ExprId substitute(ExprId id, std::span<const std::pair<VarId, ExprId>> replacements);
  // The nodes of which `id` is made, itself included, ascending: operands come before their users.
  std::vector<ExprId> below(ExprId id) const;
  // Variables that occur below `id`, ascending, each once.
  std::vector<VarId> variables(ExprId id) const;
  // Copies an expression of another pool, renaming variables.
  ExprId import(const ExprPool& from, ExprId id, const std::function<ExprId(VarId, int width)>& replacement);

 private:
  friend class Translation;
  ExprId intern(const Node& node);
  void grow();
  // The node `from`, with these operands, built anew.
  ExprId remade(const Node& from, const ExprId (&args)[3]);
  // A bit for each variable that occurs; variables share the 64 bits.
  static std::uint64_t bit_of(std::uint64_t variable) { return std::uint64_t{1} << (variable % 64); }

  std::vector<Node> nodes_;
  std::vector<std::uint64_t> variable_bits_;  // by id
  std::vector<std::uint32_t> table_;          // a hash table with open addressing: 0 or an id + 1
};

// Copies expressions from one pool into another, renaming variables: parts that several of them share are walked once.
// Both pools must outlive it; `from` may grow.
class Translation {
 public:
  using Replacement = std::function<ExprId(VarId, int width)>;
  Translation(ExprPool& to, const ExprPool& from, Replacement replacement);
  ExprId operator()(ExprId root);

 private:
  bool is_done(ExprId id) const { return static_cast<std::size_t>(id) < done_.size() && done_[static_cast<std::size_t>(id)] != 0; }

  ExprPool& to_;
  const ExprPool& from_;
  Replacement replacement_;
  std::vector<std::uint32_t> done_;  // by id in `from`: 0 or the id in `to` + 1
};

// The low `width` bits of `value`.
constexpr std::uint64_t truncate(std::uint64_t value, int width) {
  return width >= 64 ? value : value & ((std::uint64_t{1} << width) - 1);
}
// `value` of `width` bits read as signed.
constexpr std::int64_t as_signed(std::uint64_t value, int width) {
  if (width >= 64) return static_cast<std::int64_t>(value);
  const std::uint64_t sign = std::uint64_t{1} << (width - 1);
  return static_cast<std::int64_t>((value ^ sign)) - static_cast<std::int64_t>(sign);
}
// The meaning of one operation on values; the one place that defines it for builders and interpreter.
std::uint64_t apply(Op op, int width, int operand_width, std::uint64_t a, std::uint64_t b, std::uint64_t c);

}  // namespace hotproof::ir
