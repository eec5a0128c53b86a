// What C lets overlap: members of a union, and accesses of other widths. Cells do not overlap, so such accesses are not
// understood, never answered with the wrong cell's value.
#include <algorithm>

#include "model/lower/specialiser.hpp"

namespace hotproof::lower {

void Specialiser::note_union(ObjectId object, PathId record, const Type* type, const std::string& member) {
  if (!type || type->kind != Type::Kind::record) return;
  int overlap = type->is_union ? -1 : 0;
  if (const Mir::Field* field = overlap == 0 ? mir_.field(type, member) : nullptr) overlap = field->overlap;
  if (overlap != 0) through_unions_.push_back({{object, record, overlap}, member});
}

void Specialiser::note_written(const std::vector<UnionAccess>& accesses) {
  for (const UnionAccess& access : accesses) {
    UnionFacts& facts = unions_[access.place];
    if (facts.written.insert(access.member).second) queue_users(facts.users);
  }
}

bool Specialiser::may_read(const std::vector<UnionAccess>& accesses) {
  return std::all_of(accesses.begin(), accesses.end(), [&](const UnionAccess& access) {
    UnionFacts& facts = unions_[access.place];
    if (current_ && actor_ < actors_.size()) facts.users.insert(user());
    return std::all_of(facts.written.begin(), facts.written.end(),
                       [&](const std::string& member) { return member == access.member; });
  });
}

// The type that the object's declaration gives the cell; null if the object has none, or is seen through container_of()
// or past its end. `fits` is false if the declaration has nothing at this path.
const Type* Specialiser::declared_type(CellId cell, bool& fits) {
  const auto [object, path] = memory_.of_cell(cell);
  std::vector<PathStep> steps;
  for (PathId at = path; at != 0;) {
    const auto split = memory_.split(at);
    if (!split) break;
    steps.push_back(split->second);
    at = split->first;
  }
  const Type* type = memory_.object(object).type;
  for (std::size_t i = steps.size(); i-- > 0 && type;) {
    if (steps[i].kind == PathStep::Kind::up) return nullptr;
    if (steps[i].kind == PathStep::Kind::element && !steps[i].field.empty()) fits = false;  // past a single object
    if (type->kind == Type::Kind::unknown || (type->kind == Type::Kind::record && !mir_.fields(type))) return nullptr;
    const bool is_field = steps[i].kind == PathStep::Kind::field;
    const Type* const inner = is_field ? mir_.field_type(type, steps[i].field)
                              : type->kind == Type::Kind::array ? type->inner
                                                                : nullptr;
    const bool outside = !is_field && type->kind == Type::Kind::array && type->count > 0 &&
                         static_cast<std::uint64_t>(steps[i].element) >= type->count;
    if (!inner || outside) fits = false;
    type = inner;
  }
  return type;
}

bool Specialiser::has_shape(CellId cell, const Type* type) {
  if (cell_types_.size() <= cell) cell_types_.resize(cell + 1);
  if (!cell_types_[cell]) {
    bool fits = true;
    cell_types_[cell] = declared_type(cell, fits);
    if (!fits) return false;
  }
  if (cell_types_[cell] && cell_types_[cell]->kind == Type::Kind::record) return false;
  const auto bits = [](const Type* t) {
    return t->kind == Type::Kind::integer ? t->bits : t->kind == Type::Kind::pointer ? 64 : 0;
  };
  const Type*& known = cell_types_[cell];
  if (!known) known = type;
  return known == type || bits(known) == 0 || bits(type) == 0 || bits(known) == bits(type);
}

}  // namespace hotproof::lower
