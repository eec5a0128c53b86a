// Shared memory that is allocated and freed while the model runs. The environment keeps the books in C (which objects
// are in use, model/env/pool.c); here are the objects themselves, told apart by number, and what zeroing them means.
#include <algorithm>

#include "model/lower/specialiser.hpp"

namespace hotproof::lower {

namespace {

constexpr std::uint64_t most_objects = 256;
constexpr const char* object_name = "allocated.";

}  // namespace

// __hp_zero(pointer): every cell below it that anybody ever writes is 0 again.
Specialiser::Progress Specialiser::zero(Path& path, const Instr& instr) {
  const Value pointer = argument(path, instr, 0);
  if (!pointer.is(Value::Kind::pointer)) return not_understood(path, "zeroing something that is not known");
  const auto at = static_cast<PointerId>(pointer.bits);
  const ObjectId object = memory_.object_of(at);
  if (!shared(object)) return not_understood(path, "zeroing memory that is not shared");
  if (path.initial) return finish_call(path, instr, {});
  zeroers_[object].insert(user());
  if (!begin_visible(path, {})) return Progress::ended;
  for (CellId cell = 0; cell < facts_.size(); ++cell) {
    if (!facts_[cell].written || memory_.of_cell(cell).first != object) continue;
    PathId below = memory_.of_cell(cell).second;
    while (below != memory_.path_of(at)) {
      const auto step = memory_.split(below);
      if (!step) break;
      below = step->first;
    }
    if (below == memory_.path_of(at)) write_cell(path, cell, facts_[cell].type, Value::integer(0));
  }
  return finish_call(path, instr, {});
}

// __hp_object(n): the n-th object of the pool. It has no type: its cells are what is written to it.
Specialiser::Progress Specialiser::shared_object(Path& path, const Instr& instr) {
  const Value number = argument(path, instr, 0);
  if (!number.is(Value::Kind::integer) || number.bits >= most_objects)
    return not_understood(path, "an object of the pool that is not known");
  const ObjectId object = memory_.global(object_name + std::to_string(number.bits), nullptr);
  loaded_.insert(object);
  return finish_call(path, instr, Value::pointer(memory_.pointer(object, 0)));
}

// __hp_object_number(pointer): which object of the pool it points to the begin of, or -1.
Specialiser::Progress Specialiser::shared_object_number(Path& path, const Instr& instr) {
  const Value pointer = argument(path, instr, 0);
  std::uint64_t out = ~std::uint64_t{0};
  if (pointer.is(Value::Kind::pointer)) {
    const auto at = static_cast<PointerId>(pointer.bits);
    const std::string& name = memory_.object(memory_.object_of(at)).name;
    if (memory_.path_of(at) == 0 && name.starts_with(object_name))
      out = std::stoull(name.substr(std::string_view(object_name).size()));
  } else if (!pointer.is(Value::Kind::integer)) {
    return not_understood(path, "a pointer whose target is not known");
  }
  return finish_call(path, instr, Value::integer(ir::truncate(out, 32)));
}

// The calls of the tree's own text that ask the environment for something, numbered as they are met.
std::uint32_t Specialiser::site_of(const ControlPoint& point) {
  return sites_.try_emplace(place_of(point), static_cast<std::uint32_t>(sites_.size())).first->second;
}

}  // namespace hotproof::lower
