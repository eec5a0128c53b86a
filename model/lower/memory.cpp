#include "model/lower/memory.hpp"

namespace hotproof::lower {

Memory::Memory() {
  objects_.emplace_back();  // 0 is no object
  paths_.emplace_back();    // 0 is the object itself
  pointers_.emplace_back();
}

ObjectId Memory::global(const std::string& name, const Type* type) {
  const auto [found, fresh] = objects_by_name_.try_emplace(name, static_cast<ObjectId>(objects_.size()));
  if (fresh) objects_.push_back({Object::Kind::global, name, 0, type, true});
  return found->second;
}

ObjectId Memory::local(std::uint32_t actor, const std::string& function, const std::string& name, std::uint32_t number,
                       const Type* type) {
  const std::string key = std::to_string(actor) + ":" + function + "." + name + "#" + std::to_string(number);
  const auto [found, fresh] = objects_by_name_.try_emplace(key, static_cast<ObjectId>(objects_.size()));
  if (fresh) objects_.push_back({Object::Kind::local, function + "." + name, actor, type, false});
  return found->second;
}

ObjectId Memory::heap(std::uint32_t actor, std::uint32_t number, bool zeroed) {
  const std::string key = std::to_string(actor) + (zeroed ? ":zeroed" : ":heap") + std::to_string(number);
  const auto [found, fresh] = objects_by_name_.try_emplace(key, static_cast<ObjectId>(objects_.size()));
  if (fresh) objects_.push_back({Object::Kind::heap, "heap" + std::to_string(number), actor, nullptr, zeroed});
  return found->second;
}

std::size_t Memory::StepHash::operator()(const Step& step) const {
  std::uint64_t h = std::hash<std::string_view>()(step.field) ^ static_cast<std::uint64_t>(step.kind);
  h = (h ^ static_cast<std::uint64_t>(step.element)) * 0xff51afd7ed558ccdU;
  return static_cast<std::size_t>((h ^ step.path) * 0xc4ceb9fe1a85ec53U >> 17U);
}

PathId Memory::append(PathId path, PathStep::Kind kind, std::string_view field, std::int64_t element) {
  if (path != 0 && kind != PathStep::Kind::element) {
    const auto& [parent, last] = paths_[path];
    const bool cancels = last.field == field && ((last.kind == PathStep::Kind::up && kind == PathStep::Kind::field) ||
                                                 (last.kind == PathStep::Kind::field && kind == PathStep::Kind::up));
    if (cancels) return parent;
  }
  if (const auto found = known_paths_.find({path, kind, element, field}); found != known_paths_.end())
    return found->second;
  const auto id = static_cast<PathId>(paths_.size());
  const auto& made = paths_.emplace_back(path, PathStep{kind, std::string(field), element});
  known_paths_.emplace(Step{path, kind, element, made.second.field}, id);
  return id;
}

PointerId Memory::pointer(ObjectId object, PathId path) {
  const auto [found, fresh] =
      known_pointers_.try_emplace(pair_of(object, path), static_cast<PointerId>(pointers_.size()));
  if (fresh) pointers_.emplace_back(object, path);
  return found->second;
}

bool Memory::is_inside(PointerId a, PointerId b) const {
  const auto leads_into = [this](PathId outer, PathId inner) {
    for (auto step = split(inner); inner != outer && step; step = split(inner)) inner = step->first;
    return inner == outer;
  };
  return object_of(a) == object_of(b) && (leads_into(path_of(a), path_of(b)) || leads_into(path_of(b), path_of(a)));
}

CellId Memory::cell(ObjectId object, PathId path) {
  const auto [found, fresh] = known_cells_.try_emplace(pair_of(object, path), static_cast<CellId>(cells_.size()));
  if (fresh) cells_.emplace_back(object, path);
  return found->second;
}

std::uint64_t Memory::text(const std::string& text) {
  const auto [found, fresh] = known_texts_.try_emplace(text, texts_.size());
  if (fresh) texts_.push_back(text);
  return found->second;
}

std::uint64_t Memory::reference(const Value& value) {
  if (value.is(Value::Kind::integer) && value.bits == 0) return 0;
  return references_.try_emplace(value, references_.size() + 1).first->second;
}

std::string Memory::name(ObjectId object, PathId path) const {
  std::string out;
  while (path != 0) {
    const auto& [parent, step] = paths_[path];
    std::string part = step.kind == PathStep::Kind::element ? "[" + std::to_string(step.element) + "]"
                       : step.kind == PathStep::Kind::up    ? "^" + step.field
                                                            : "." + step.field;
    out.insert(0, part);
    path = parent;
  }
  return objects_[object].name + out;
}

std::string Memory::name(const Value& value, const ir::ExprPool& pool) const {
  switch (value.kind) {
    case Value::Kind::unset:
      return "(unset)";
    case Value::Kind::integer: {
      const auto number = static_cast<std::int64_t>(value.bits);
      return number < 0 && number > -4096 ? std::to_string(number) : std::to_string(value.bits);
    }
    case Value::Kind::pointer:
      return "&" + name(object_of(static_cast<PointerId>(value.bits)), path_of(static_cast<PointerId>(value.bits)));
    case Value::Kind::function:
      return text(value.bits);
    case Value::Kind::string:
      return "\"" + text(value.bits) + "\"";
    case Value::Kind::symbolic:
      return pool[value.expr()].op == ir::Op::variable ? "(its value)" : "(computed)";
    case Value::Kind::unknown:
      return "(any)";
  }
  return {};
}

}  // namespace hotproof::lower
