// For tests only: random C programs for one actor, and what they compute, worked out from the generator's own tree of
// the program. Everything the C standard leaves open is avoided, but signed overflow, which wraps: the kernel is built
// so.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hotproof::lower {

__extension__ typedef __int128 Wide;  // holds every value of every type, and every intermediate result

struct CType {
  const char* name;
  int bits;  // 1: _Bool
  bool is_signed;
  int rank;
};

// Where a value is read or written: a variable, what a pointer points to, or an element chosen by a loop's counter.
struct CPlace {
  std::size_t variable = 0;  // with `counter`: the first element of an array of four
  bool through = false;      // the variable is a pointer
  int counter = -1;          // a variable, or -1
};

struct CExpr;
using CExprPtr = std::shared_ptr<const CExpr>;
struct CExpr {
  enum class Kind { constant, read, unary, binary, logic, ternary, comma, cast, assign, step, call, points } kind{};
  std::size_t type = 0;      // into c_types()
  std::string op;            // as in C; assign: "=" or the operation of "op="; step: "++", "--"; constant: its text
  Wide value = 0;            // constant; step: 1 if the value is the one before
  CPlace place;              // read, assign, step; points: the pointer
  std::size_t function = 0;  // call; points: the variable it is compared with
  std::vector<CExprPtr> operands;
};

struct CStmt {
  enum class Kind { expr, if_, for_, while_, do_, switch_, atomic, skip, break_, continue_, point } kind{};
  CExprPtr expr;             // expr; if, while, do: the condition; switch: what it decides on; skip: whether it does
  std::size_t variable = 0;  // for, while, do: the counter; point: the pointer
  int count = 0;             // for, while, do: how often at most; point: the target; skip: the label's number
  std::vector<std::vector<CStmt>> blocks;  // if: then, else; switch: the cases 0 …, the last one is the default
  std::vector<bool> falls;                 // switch: this case has no break at its end
};

struct CVariable {
  std::string name;
  std::size_t type = 0;  // of a pointer: what it points to
  Wide initial = 0;      // of a pointer: the number of its target
  bool global = false;
  bool pointer = false;
};

struct CFunction {
  std::string name;
  std::size_t result = 0;
  std::vector<std::size_t> parameters;  // variables
  std::vector<CStmt> body;
  CExprPtr returns;
};

struct CProgram {
  std::vector<CVariable> variables;  // s0.f and v[2] are variables of their own
  std::vector<CFunction> functions;
  std::vector<CStmt> body;
};

const std::vector<CType>& c_types();

// The same seed gives the same program.
CProgram random_program(std::uint64_t seed);
// The whole text; its actor is a0.
std::string to_text(const CProgram& program);
// The values of all variables at the end, by variable.
std::vector<Wide> run(const CProgram& program);

// The value as a type holds it.
Wide wrapped(Wide value, const CType& type);
std::size_t promoted(std::size_t type);
std::size_t common_type(std::size_t a, std::size_t b);

// The programs with one statement less, or with an if or an atomic section replaced by what stands in it.
std::vector<CProgram> smaller(const CProgram& program);

}  // namespace hotproof::lower
