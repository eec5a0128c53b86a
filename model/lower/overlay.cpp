// What C lets overlap: members of a union, and accesses of other widths. Cells do not overlap, so such accesses are not
// understood, never answered with the wrong cell's value.
#include <algorithm>

#include "model/lower/specialiser.hpp"

namespace hotproof::lower {

void Specialiser::note_union(ObjectId object, PathId record, const Type* type, const std::string& member) {
  if (!type || type->kind != Type::Kind::record) return;
  int overlap = type->is_union ? -1 : 0;
  if (const auto* fields = overlap == 0 ? mir_.fields(type) : nullptr) {
    const auto field = std::find_if(fields->begin(), fields->end(), [&](const auto& f) { return f.name == member; });
    if (field != fields->end()) overlap = field->overlap;
  }
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

bool Specialiser::has_shape(CellId cell, const Type* type) {
  if (cell_types_.size() <= cell) cell_types_.resize(cell + 1);
  const auto bits = [](const Type* t) {
    return t->kind == Type::Kind::integer ? t->bits : t->kind == Type::Kind::pointer ? 64 : 0;
  };
  const Type*& known = cell_types_[cell];
  if (!known) known = type;
  return known == type || bits(known) == 0 || bits(type) == 0 || bits(known) == bits(type);
}

}  // namespace hotproof::lower
