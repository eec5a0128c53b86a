// What the specialiser's abstract machine computes with: values, objects, access paths, cells. Everything is interned,
// so that equal things have equal numbers and a machine state can be compared and hashed as numbers.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/ir/system.hpp"
#include "model/lower/mir.hpp"

namespace hotproof::lower {

using ObjectId = std::uint32_t;
using PathId = std::uint32_t;  // 0: the object itself
using PointerId = std::uint32_t;
using CellId = std::uint32_t;

// A value as far as the machine knows it. Integers and encoded pointers (NULL, ERR_PTR, struct page) are `integer`.
struct Value {
  enum class Kind : std::uint8_t {
    unset,     // never written
    integer,   // bits
    pointer,   // bits: a PointerId
    function,  // bits: an interned name
    string,    // bits: an interned text
    symbolic,  // bits: an ExprId over the old state of the step
    unknown    // anything; bits: which unknown, and what was made of it (unknowns.hpp), or 0
  };
  Kind kind = Kind::unset;
  std::uint64_t bits = 0;

  static Value integer(std::uint64_t bits) { return {Kind::integer, bits}; }
  static Value pointer(PointerId id) { return {Kind::pointer, id}; }
  static Value symbolic(ir::ExprId id) { return {Kind::symbolic, static_cast<std::uint64_t>(id)}; }
  static Value unknown(std::uint32_t which = 0, std::uint32_t derivation = 0) {
    return {Kind::unknown, which == 0 ? 0 : (static_cast<std::uint64_t>(which) << 32U) | derivation};
  }
  std::uint32_t which() const { return static_cast<std::uint32_t>(bits >> 32U); }      // unknown
  std::uint32_t derivation() const { return static_cast<std::uint32_t>(bits); }  // unknown
  ir::ExprId expr() const { return static_cast<ir::ExprId>(bits); }
  bool is(Kind k) const { return kind == k; }
  // Known at lowering time: the machine can decide with it.
  bool is_known() const { return kind >= Kind::integer && kind <= Kind::string; }
  friend auto operator<=>(const Value&, const Value&) = default;
};

struct Object {
  enum class Kind : std::uint8_t { global, local, heap } kind = Kind::global;
  std::string name;            // "memory_chain", "worker0:memory_block_online.arg", "worker0:heap1"
  std::uint32_t actor = 0;     // local, heap: whose
  const Type* type = nullptr;  // null: not known yet (heap)
  // The zero-initialised rest of a global, or of zeroed heap, reads as 0; else as unset.
  bool zeroed = true;
};

// One step of an access path. `up` undoes a field: container_of() of something that is no such member, as at a list's
// head; taking that member again cancels it.
struct PathStep {
  enum class Kind : std::uint8_t { field, element, up } kind = Kind::field;
  std::string field;
  std::int64_t element = 0;
  friend auto operator<=>(const PathStep&, const PathStep&) = default;
};

class Memory {
 public:
  Memory();

  ObjectId global(const std::string& name, const Type* type);
  ObjectId local(std::uint32_t actor, const std::string& function, const std::string& name, std::uint32_t number,
                 const Type* type);
  ObjectId heap(std::uint32_t actor, std::uint32_t number, bool zeroed);
  const Object& object(ObjectId id) const { return objects_[id]; }
  Object& object(ObjectId id) { return objects_[id]; }

  PathId append(PathId path, const PathStep& step) { return append(path, step.kind, step.field, step.element); }
  PathId append(PathId path, PathStep::Kind kind, std::string_view field, std::int64_t element);
  // The path without its last step, and that step; null for the object itself.
  const std::pair<PathId, PathStep>* split(PathId path) const { return path == 0 ? nullptr : &paths_[path]; }

  PointerId pointer(ObjectId object, PathId path);
  ObjectId object_of(PointerId id) const { return pointers_[id].first; }
  PathId path_of(PointerId id) const { return pointers_[id].second; }

  // One of the two leads into what the other leads to.
  bool is_inside(PointerId a, PointerId b) const;

  CellId cell(ObjectId object, PathId path);
  std::pair<ObjectId, PathId> of_cell(CellId id) const { return cells_[id]; }
  std::size_t cell_count() const { return cells_.size(); }

  std::uint64_t text(const std::string& text);
  const std::string& text(std::uint64_t id) const { return texts_[id]; }

  // The number that stands for a known pointer, function or string in a variable: NULL and integers are themselves as
  // far as they are small, everything else gets a number from 1 on, in order of first use.
  std::uint64_t reference(const Value& value);
  const std::map<Value, std::uint64_t>& references() const { return references_; }

  // "mem[0].dev.mutex", without the actor that a local belongs to.
  std::string name(ObjectId object, PathId path) const;
  std::string name(CellId cell) const { return name(cells_[cell].first, cells_[cell].second); }
  std::string name(const Value& value, const ir::ExprPool& pool) const;

 private:
  struct Step {
    PathId path;
    PathStep::Kind kind;
    std::int64_t element;
    std::string_view field;  // of paths_
    friend bool operator==(const Step&, const Step&) = default;
  };
  struct StepHash {
    std::size_t operator()(const Step& step) const;
  };
  static std::uint64_t pair_of(ObjectId object, PathId path) { return (std::uint64_t{object} << 32U) | path; }

  std::vector<Object> objects_;
  std::unordered_map<std::string, ObjectId> objects_by_name_;
  std::deque<std::pair<PathId, PathStep>> paths_;
  std::unordered_map<Step, PathId, StepHash> known_paths_;
  std::vector<std::pair<ObjectId, PathId>> pointers_;
  std::unordered_map<std::uint64_t, PointerId> known_pointers_;  // by pair_of
  std::vector<std::pair<ObjectId, PathId>> cells_;
  std::unordered_map<std::uint64_t, CellId> known_cells_;  // by pair_of
  std::vector<std::string> texts_;
  std::unordered_map<std::string, std::uint64_t> known_texts_;
  std::map<Value, std::uint64_t> references_;
};

}  // namespace hotproof::lower
