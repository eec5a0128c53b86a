// A transition system as the verifier reads it, from the text form (model/ir/text.hpp is its grammar). Nothing here
// comes from hotproof's own reader, interpreter or engines: a mistake there must not repeat itself here.
//
// What the system means: a state gives every variable a value. An actor stands at the location that its control
// variable names. A transition is enabled if its actor stands at `from` and its guard is true; firing it evaluates all
// updates, assertions and hits on the old state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "verify/cursor.hpp"
#include "verify/error.hpp"

namespace hotproof::verify {

using Expr = std::uint32_t;  // index into System::nodes; operands come before their users

enum class Op : std::uint8_t {
  constant,
  variable,
  not_,
  neg,
  add,
  sub,
  mul,
  udiv,
  sdiv,
  urem,
  srem,
  and_,
  or_,
  xor_,
  shl,
  lshr,
  ashr,
  eq,
  ult,
  ule,
  slt,
  sle,
  ite,
  zext,
  sext,
  trunc
};
int arity(Op op);

struct Node {
  Op op = Op::constant;
  std::uint8_t width = 1;
  Expr args[3] = {0, 0, 0};
  std::uint64_t value = 0;  // constant: the value; variable: its number
};

// The meaning of one operation, SMT-LIB's. `operand_width` is that of the first operand.
std::uint64_t apply(Op op, int width, int operand_width, std::uint64_t a, std::uint64_t b, std::uint64_t c);

constexpr std::uint64_t low_bits(std::uint64_t value, int width) {
  return width >= 64 ? value : value & ((std::uint64_t{1} << width) - 1);
}

struct Variable {
  std::string name;
  int width = 1;
  bool control = false;
  bool is_free = false;  // initially any value of the range
  std::uint64_t initial = 0;
  // The range, as numbers (value - low) modulo 2^width from 0 to span. Of a control variable: its actor's locations.
  std::uint64_t low = 0;
  std::uint64_t span = 0;
  std::uint64_t number(std::uint64_t value) const { return low_bits(value - low, width); }
  bool contains(std::uint64_t value) const { return number(value) <= span; }
};

struct Actor {
  std::string name;
  std::uint32_t control = 0;  // variable
  std::uint32_t initial = 0;
  std::uint32_t locations = 0;
  std::vector<std::uint32_t> resting;  // sorted
  std::vector<std::uint32_t> halted;   // sorted
};

struct Lock {
  std::vector<Expr> write;  // by actor
  std::vector<Expr> read;
};

enum class PropertyKind : std::uint8_t { invariant, assertion, cover, deadlock };
struct Property {
  std::string id;
  PropertyKind kind = PropertyKind::invariant;
  Expr expr = 0;           // invariant
  std::uint32_t mark = 0;  // cover
  bool without_faults = false;
  std::vector<std::uint32_t> triggers;
};

struct Transition {
  std::uint32_t actor = 0;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  Expr guard = 0;
  std::vector<std::pair<std::uint32_t, Expr>> updates;     // variable, value
  std::vector<std::pair<std::uint32_t, Expr>> assertions;  // property, what must hold
  std::vector<std::pair<std::uint32_t, Expr>> hits;        // mark, when
  bool faulty = false;
  bool acquires = false;
  std::uint32_t lock = 0;  // what it acquires,
  bool write = false;      // and how
  std::string text;
};

struct System {
  std::vector<Node> nodes;  // node 0 is "true"
  std::vector<Variable> variables;
  std::vector<Expr> variable_nodes;
  std::vector<Actor> actors;
  std::vector<Lock> locks;
  std::vector<Property> properties;
  std::vector<std::string> marks;
  std::vector<Transition> transitions;
  Expr initially = 0;
};

// `first_line` is the line of the file on which the text begins. Errors: what the grammar does not allow, and what
// makes no sense: widths that do not fit, names of nothing, a range that is empty, a variable written twice.
Outcome<System> read_system(std::string_view text, std::uint64_t first_line = 1);

// Expressions in the text form: "let" lines and operands, over the system's variables. Each user numbers its own lets.
class Expressions {
 public:
  explicit Expressions(System& system) : system_(system) {}
  // The rest of a line "let eN = OPERATION".
  void let(Cursor& at);
  // eN, vN or VALUE:WIDTH; of any width, or of the one that is wanted (0: any).
  Expr operand(Cursor& at, int width);

 private:
  Expr constant(Cursor& at, std::string_view word);
  Node operation(Cursor& at, Op op);
  System& system_;
  std::vector<Expr> lets_;
};

}  // namespace hotproof::verify
