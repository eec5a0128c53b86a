// Types of C, interned, and how an LP64 machine lays them out.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/c/program.hpp"
#include "model/lower/mir.hpp"

namespace hotproof::lower {

// What resolving a written type needs to know about expressions: array sizes, enumerators, typeof.
class ExpressionTyper {
 public:
  virtual ~ExpressionTyper() = default;
  virtual std::optional<std::int64_t> constant_value(const c::Expr& expr) = 0;
  virtual const Type* type_of(const c::Expr& expr) = 0;
  // A typedef, or a struct's definition, inside the function at hand; null if there is none.
  virtual const Type* local_type(const std::string& name) = 0;
};

class Types {
 public:
  explicit Types(c::Program& program) : program_(program) {}

  const Type* void_type();
  const Type* integer(int bits, bool is_signed);
  const Type* bool_type();
  const Type* pointer_to(const Type* inner);
  const Type* array_of(const Type* inner, std::uint64_t count);
  const Type* function(const Type* result, std::vector<const Type*> parameters = {});
  const Type* unknown(const std::string& written);
  // The record with this tag; it need not have a definition.
  const Type* record(const std::string& tag, bool is_union);

  // A type as written. Never null: what is not known is of kind unknown.
  const Type* resolve(const c::TypeName& type, ExpressionTyper& typer);
  // A base type's name: "unsigned long", "struct zone", "u8", "spinlock_t".
  const Type* named(const std::string& name, ExpressionTyper& typer);

  // Parameters as they are passed: arrays and functions as pointers, (void) as none.
  std::vector<const Type*> parameters(const std::vector<c::Declaration>& declared, ExpressionTyper& typer);
  const Type* as_parameter(const Type* type);

  const std::vector<Mir::Field>* fields(const Type* record, ExpressionTyper& typer);
  const Mir::Field* field(const Type* record, const std::string& name, ExpressionTyper& typer);
  std::optional<std::uint64_t> size_of(const Type* type, ExpressionTyper& typer);
  // A number that stands for the size of a record whose layout is not known, as an allocation asks for it: one of its own
  // for each record, and no size that a real one has.
  std::uint64_t made_up_size(const Type* record);
  const std::map<const Type*, std::uint64_t>& made_up_sizes() const { return made_up_sizes_; }
  std::optional<std::uint64_t> align_of(const Type* type, ExpressionTyper& typer);
  // Bytes from the record's start to the field; nothing for bit-fields and what is not known.
  std::optional<std::uint64_t> offset_of(const Type* record, const std::string& field, ExpressionTyper& typer);

  // Values of an enum's enumerators: those without a value count on from the one before.
  const std::map<std::string, std::int64_t>& enumerators(const c::Record& record, ExpressionTyper& typer);

  // A record type for a definition in place; `name` is used if the definition has none.
  const Type* define(const c::Record& record, const std::string& name, ExpressionTyper& typer);

 private:
  struct Layout {
    std::uint64_t size = 0, align = 1;
    std::map<std::string, std::uint64_t> offsets;
  };
  struct Definition {
    const c::Record* ast = nullptr;
    bool collected = false;
    bool in_progress = false;
    std::vector<Mir::Field> fields;
    std::unordered_map<std::string_view, const Mir::Field*> by_name;  // the first of each name
    std::optional<Layout> layout;
    bool laid_out = false;
  };
  struct Slot;  // the next free bit of a record that is being laid out

  const Type* intern(Type type);
  Definition* definition(const Type* record);
  const Type* alias(const std::string& name, ExpressionTyper& typer);
  const Type* tagged(const std::string& name, ExpressionTyper& typer);
  const Type* enum_type(const c::Record& record, ExpressionTyper& typer);
  void collect(const c::Record& record, std::vector<Mir::Field>& into, int overlap, const std::string& made_up,
               ExpressionTyper& typer);
  const Type* declared(const c::Declaration& declaration, const std::string& made_up, ExpressionTyper& typer);
  std::optional<Layout> lay_out(const c::Record& record, const std::string& made_up, ExpressionTyper& typer);
  bool place_field(const c::Declaration& field, const std::string& made_up, Slot& slot, Layout& layout,
                   ExpressionTyper& typer);
  const Layout* layout(const Type* record, ExpressionTyper& typer);

  c::Program& program_;
  std::map<std::string, std::unique_ptr<Type>> interned_;
  std::map<std::string, Definition> definitions_;  // by the record type's name, with "union " before a union's
  std::unordered_map<const Type*, Definition*> with_definition_;  // records whose definition has been found
  std::map<std::pair<int, bool>, const Type*> integers_;          // by bits, signed
  std::map<const c::Record*, std::map<std::string, std::int64_t>> enumerators_;
  std::map<const c::Record*, const Type*> defined_;
  std::set<std::string> resolving_;  // typedefs, against a typedef of itself
  int overlaps_ = 0;
  std::map<const Type*, std::uint64_t> made_up_sizes_;
};

// C's integer promotion and usual arithmetic conversions.
const Type* promoted(Types& types, const Type* type);
const Type* common_arithmetic(Types& types, const Type* a, const Type* b);
inline bool is_integer(const Type* type) {
  return type->kind == Type::Kind::integer;
}
inline bool is_pointer(const Type* type) {
  return type->kind == Type::Kind::pointer;
}
inline bool is_record(const Type* type) {
  return type->kind == Type::Kind::record;
}
inline bool is_array(const Type* type) {
  return type->kind == Type::Kind::array;
}
inline bool is_void(const Type* type) {
  return type->kind == Type::Kind::void_;
}
inline bool is_unknown(const Type* type) {
  return type->kind == Type::Kind::unknown;
}

}  // namespace hotproof::lower
