// The middle form: C with names and types resolved, macros expanded, expressions split into single loads, stores and
// operations, control flow as blocks. One Body a function; nothing is specialised yet.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "model/c/program.hpp"

namespace hotproof::lower {

// A resolved type, interned: equal types are the same pointer.
struct Type {
  enum class Kind : std::uint8_t { void_, integer, pointer, record, array, function, unknown } kind = Kind::void_;
  int bits = 0;             // integer: 1 (bool), 8, 16, 32, 64
  bool is_signed = false;   // integer
  bool is_bool = false;
  std::string name;         // record: its tag or a made-up one; unknown: what was written
  const Type* inner = nullptr;  // pointer, array: of what; function: the result
  std::vector<const Type*> parameters;  // function: as far as they are written
  std::uint64_t count = 0;  // array
  bool is_union = false;
};

// A value used inside one Body: assigned by exactly one instruction, before every use on every path, perhaps in another
// block than its uses. A temp of record type stands for a whole record; only a load, a call, a store, an argument, a
// returned value and a copy into a place (a store) meet it.
using Temp = std::uint32_t;
using Local = std::uint32_t;  // a parameter or local variable, in memory (its address may be taken)
using BlockId = std::uint32_t;

struct Constant {
  std::uint64_t value = 0;  // truncated to type->bits
};
struct FunctionName { std::string name; };
struct StringLiteral { std::string text; };

// What an instruction works on.
struct Operand {
  std::variant<Temp, Constant, FunctionName, StringLiteral> value;
  const Type* type = nullptr;
};

// A place in memory: a base, then steps into it.
struct PlaceStep {
  enum class Kind : std::uint8_t { field, element } kind = Kind::field;
  std::string field;  // members of anonymous records are named as if they were the outer record's own
  Operand index;      // element
};
struct MemoryPlace {
  struct LocalBase { Local local; };
  struct GlobalBase { std::string name; };  // a static local is a global called "function.name"
  struct PointerBase { Operand pointer; };  // *pointer
  std::variant<LocalBase, GlobalBase, PointerBase> base;
  std::vector<PlaceStep> steps;
  const Type* type = nullptr;  // of the place itself
};

enum class BinaryOp : std::uint8_t { add, sub, mul, div, rem, and_, or_, xor_, shl, shr, eq, ne, lt, le, gt, ge };
enum class UnaryOp : std::uint8_t { neg, bit_not, logical_not };

struct Instr {
  enum class Kind : std::uint8_t {
    load,        // dst = *place
    store,       // *place = a
    copy_record, // *place = *from (a struct assignment, field by field)
    address,     // dst = &place
    unary,       // dst = unary a
    binary,      // dst = a binary b, at the width and signedness of a (both are converted before); comparisons give int.
                 // A pointer operand: add/sub of an integer counts elements of the pointed-to type (of void: bytes); sub
                 // of two pointers gives the number of elements between them (a signed 64-bit number); eq … compare
    cast,        // dst = (type of dst) a, as C does it; a cast to bool meets only 0 and 1
    container,   // dst = container_of(a, record, steps): the record in which the object at `a` is that member
    call,        // dst (perhaps) = callee(args)
    drop_local,  // a local goes out of scope: its contents are gone
    not_understood  // text says why; reaching it in an exploration is an answer of its own
  };
  Kind kind = Kind::not_understood;
  bool has_dst = false;
  Temp dst = 0;
  const Type* type = nullptr;  // of dst
  MemoryPlace place;
  MemoryPlace from;
  Operand a, b;
  UnaryOp unary = UnaryOp::neg;
  BinaryOp binary = BinaryOp::add;
  Operand callee;             // FunctionName, or a temp (an indirect call)
  std::string through;        // indirect call: the field or variable that the callee was read from; or empty
  std::vector<Operand> args;
  std::vector<PlaceStep> steps;  // container
  std::string text;           // not_understood: why; call: the call as written, on one line
  c::Span span;               // in the file of the Body (a macro's expansion has the place of its use)
};

struct Terminator {
  enum class Kind : std::uint8_t { jump, branch, return_, unreachable } kind = Kind::unreachable;
  Operand condition;  // branch: an integer or pointer, true if not zero
  BlockId then = 0;   // jump: the target
  BlockId otherwise = 0;
  bool has_value = false;
  Operand value;  // return_
  c::Span span;
};

struct Block {
  std::vector<Instr> instrs;
  Terminator end;
};

struct LocalVariable {
  std::string name;
  const Type* type = nullptr;
  bool address_taken = false;  // or a record or array: then it lives until it is dropped
  c::Span span;
};

struct Body {
  std::string function;
  std::string file;
  std::vector<LocalVariable> locals;  // parameters first
  std::uint32_t parameters = 0;
  bool variadic = false;
  const Type* result = nullptr;
  std::vector<const Type*> temps;  // by Temp
  std::vector<Block> blocks;       // 0 is the entry
  std::vector<Diagnostic> not_understood;
  c::Span span;
};

// A global's type and initial contents: a list of stores to constant places, in order. What is not named is zero.
struct GlobalImage {
  const Type* type = nullptr;
  struct Item {
    std::vector<PlaceStep> steps;
    Operand value;                  // a Constant, FunctionName, StringLiteral, or
    std::string address_of;         // the global whose address it is (with address_steps into it)
    std::vector<PlaceStep> address_steps;
  };
  std::vector<Item> items;
  std::vector<Diagnostic> not_understood;
  bool once = false;  // a static of a function that runs once, while the machine starts (__init)
};

// Resolves names and types against a Program and builds bodies, each once, on demand.
class Mir {
 public:
  explicit Mir(c::Program& program);
  ~Mir();
  Mir(const Mir&) = delete;
  Mir& operator=(const Mir&) = delete;

  // Names at which calls stop: a macro of such a name is not expanded, its use becomes a call of that name (arguments
  // that the macro writes are passed by address). To be given before the first body is asked for.
  void set_leaves(std::set<std::string> names);

  // Null if there is no body of that name in the files read.
  const Body* body(const std::string& function);
  // Null if there is no such global.
  const GlobalImage* global(const std::string& name);
  // The fields of a record in order, anonymous members flattened; null if its definition is not in the files read.
  // bit_width 0: not a bit-field (a store to a bit-field already has its value cut to the width). Fields with the same
  // `overlap` that is not 0 are members of one anonymous union: they share memory, or partly do.
  struct Field { std::string name; const Type* type; int bit_width = 0; int overlap = 0; };
  const std::vector<Field>* fields(const Type* record);
  // One of them; null if there is none of this name.
  const Field* field(const Type* record, const std::string& name);
  // The type of a field; null if unknown.
  const Type* field_type(const Type* record, const std::string& field);
  // The value of a constant expression of the tree ("MEM_ONLINE", "PAGES_PER_SECTION"); nothing if it is not one.
  std::optional<std::int64_t> constant(const std::string& expression);

  const Type* void_type();
  const Type* integer(int bits, bool is_signed);
  const Type* bool_type();
  const Type* pointer_to(const Type* inner);
  const Type* array_of(const Type* inner, std::uint64_t count);
  const Type* record(const std::string& tag, bool is_union = false);
  // A type as C text: "struct memory_block *".
  const Type* parse_type(const std::string& text);
  // Size in bytes as the architecture lays it out (LP64, natural alignment); nothing if it is not known.
  std::optional<std::uint64_t> size_of(const Type* type);

  // Records whose layout is not known, but whose size is asked for: a made-up number stands for it.
  std::vector<std::string> made_up_sizes() const;

  c::Program& program();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// "struct memory_block *", for people.
std::string to_string(const Type* type);
// The body as text, for tests and `hotproof model --mir`.
std::string to_string(const Body& body);

}  // namespace hotproof::lower
