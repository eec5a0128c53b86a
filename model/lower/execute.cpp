// Instructions of the middle form on the abstract machine.
#include <algorithm>

#include "model/lower/specialiser.hpp"

namespace hotproof::lower {

namespace {

// A step that runs this long without touching anything that others see does not end, or is not worth following.
constexpr std::uint64_t longest_step = 4'000'000;

bool is_known_pointer(const Type* type) {
  return type && is_pointer(type);
}

}  // namespace

void Specialiser::explore(Path path) {
  open_.clear();
  open_.push_back(std::move(path));
  constexpr std::uint32_t ways_between_looks = 64;
  while (!open_.empty()) {
    if (++ways_ % ways_between_looks == 0 && out_of_time()) return open_.clear();
    Path next = std::move(open_.back());
    open_.pop_back();
    if (system_.pool.is_false(next.guard)) continue;
    while (execute(next) == Progress::on) {
    }
  }
}

Specialiser::Progress Specialiser::execute(Path& path) {
  if (path.tick > longest_step) return not_understood(path, "a loop that does not end without touching shared state");
  Frame& frame = path.point.frames.back();
  const Block& block = frame.body->blocks[frame.block];
  const bool ends = frame.instr >= block.instrs.size();
  const std::uint32_t line = ends ? block.end.span.line : block.instrs[frame.instr].span.line;
  if (current_->lines.empty() || current_->lines.back() != std::pair(frame.body, line))
    current_->lines.emplace_back(frame.body, line);
  return ends ? execute_end(path, block.end) : execute_instr(path, block.instrs[frame.instr]);
}

void Specialiser::advance(Path& path) const {
  ++path.point.frames.back().instr;
  ++path.tick;
}

void Specialiser::set_temp(Path& path, Temp temp, const Value& value) const {
  path.point.frames.back().temps.change()[temp] = value;
}

Value Specialiser::operand(const Path& path, const Operand& operand) {
  if (const Temp* temp = std::get_if<Temp>(&operand.value)) return (*path.point.frames.back().temps)[*temp];
  if (const Constant* constant = std::get_if<Constant>(&operand.value)) return Value::integer(constant->value);
  if (const FunctionName* function = std::get_if<FunctionName>(&operand.value))
    return {Value::Kind::function, memory_.text(function->name)};
  return {Value::Kind::string, memory_.text(std::get<StringLiteral>(operand.value).text)};
}

Specialiser::Progress Specialiser::execute_instr(Path& path, const Instr& instr) {
  switch (instr.kind) {
    case Instr::Kind::load:
      return load(path, instr);
    case Instr::Kind::store:
      return store(path, instr);
    case Instr::Kind::copy_record:
      return copy_record(path, instr);
    case Instr::Kind::call:
      return call(path, instr);
    case Instr::Kind::not_understood:
      return not_understood(path, instr.text);
    case Instr::Kind::address: {
      Progress progress = Progress::on;
      const auto pointer = place(path, instr.place, progress);
      if (!pointer) return progress;
      // Whoever has the address may write there.
      note_written(through_unions_);
      set_temp(path, instr.dst, Value::pointer(*pointer));
      break;
    }
    case Instr::Kind::unary:
      set_temp(path, instr.dst, unary(instr, operand(path, instr.a)));
      break;
    case Instr::Kind::binary: {
      if (const auto progress = divides_by_zero(path, instr)) return *progress;
      set_temp(path, instr.dst, binary(instr, operand(path, instr.a), operand(path, instr.b)));
      break;
    }
    case Instr::Kind::cast:
      set_temp(path, instr.dst, cast(operand(path, instr.a), instr.a.type, instr.type));
      break;
    case Instr::Kind::container:
      set_temp(path, instr.dst, container(instr, operand(path, instr.a)));
      break;
    case Instr::Kind::drop_local: {
      const auto& base = std::get<MemoryPlace::LocalBase>(instr.place.base);
      const ObjectId object = locals(path.point.frames.back().body)[base.local];
      erase_cells(path.point.memory, [&](const auto& entry) { return memory_.of_cell(entry.first).first == object; });
      break;
    }
  }
  advance(path);
  return Progress::on;
}

Specialiser::Progress Specialiser::execute_end(Path& path, const Terminator& end) {
  const auto jump = [](Path& way, BlockId target) {
    way.point.frames.back().block = target;
    way.point.frames.back().instr = 0;
    ++way.tick;
  };
  switch (end.kind) {
    case Terminator::Kind::jump:
      jump(path, end.then);
      return Progress::on;
    case Terminator::Kind::return_:
      return return_from(path, end);
    case Terminator::Kind::unreachable:
      return not_understood(path, "control reaches what should be unreachable");
    case Terminator::Kind::branch:
      return decide(path, operand(path, end.condition), [&](Path& way, bool truth) {
        current_->ways.emplace(&end, truth);
        jump(way, truth ? end.then : end.otherwise);
      });
  }
  return Progress::on;
}

Specialiser::Progress Specialiser::decide(Path& path, const Value& condition,
                                          const std::function<void(Path&, bool)>& go) {
  if (condition.is_known()) {
    go(path, !condition.is(Value::Kind::integer) || condition.bits != 0);
    return Progress::on;
  }
  if (condition.is(Value::Kind::symbolic) && is_parametric(condition.expr())) {
    const ir::ExprId zero = system_.pool.constant(0, system_.pool[condition.expr()].width);
    const ir::ExprId truth = system_.pool.not_(canonical_.binary(ir::Op::eq, condition.expr(), zero));
    if (const auto known = known_truth(path, truth)) {
      go(path, *known);
      return Progress::on;
    }
  }
  if (path.initial) return not_understood(path, "start-up depends on something that is not known");
  ir::ExprId yes = system_.pool.truth(true);
  ir::ExprId no = yes;
  if (condition.is(Value::Kind::symbolic)) {
    const int width = system_.pool[condition.expr()].width;
    no = combined(ir::Op::eq, condition.expr(), system_.pool.constant(0, width));
    yes = system_.pool.not_(no);
  } else if (condition.is(Value::Kind::unset)) {
    const Value self = Value::integer(actor_);
    if (!add_event(path, "unset-read", {self, Value::integer(1)}, "decides on a value that nobody has set"))
      return Progress::ended;
  }
  const UnknownId unknown = condition.is(Value::Kind::unknown) ? condition.which() : 0;
  const DerivationId derivation = unknown != 0 ? condition.derivation() : 0;
  if (unknown != 0) {
    const UnknownFacts& facts = path.point.decided[unknown];
    for (const bool truth : {true, false})
      if (!derivations_.is_possible(facts, derivation, !truth)) {
        go(path, truth);
        return Progress::on;
      }
  }
  for (const bool truth : {true, false}) {
    const ir::ExprId guard = system_.pool.and_(path.guard, truth ? yes : no);
    if (system_.pool.is_false(guard)) continue;
    Path way = truth ? path : std::move(path);
    way.guard = guard;
    if (condition.is(Value::Kind::symbolic) && is_parametric(condition.expr()))
      way.assumed = system_.pool.and_(way.assumed, truth ? yes : no);
    if (unknown != 0) {
      UnknownFacts& facts = way.point.decided[unknown];
      facts.insert(std::upper_bound(facts.begin(), facts.end(), std::pair(derivation, truth)), {derivation, truth});
    }
    if (!condition.is(Value::Kind::symbolic) && way.choice == ir::Choice::none) way.choice = ir::Choice::free;
    go(way, truth);
    open_.push_back(std::move(way));
  }
  return Progress::ended;
}

// A static of a function that runs once, while the machine starts and nobody else can call it: the caller's own, so that
// what it holds is known. It lives until the actor rests; what it holds then is of no use to anybody.
ObjectId Specialiser::static_of_start_up(const std::string& name, const Type* type) {
  const ObjectId object = memory_.local(actor_, "", name, 0, type);
  memory_.object(object).zeroed = true;
  statics_of_start_up_.insert(object);
  return object;
}

std::optional<PointerId> Specialiser::place(Path& path, const MemoryPlace& place, Progress& progress) {
  ObjectId object = 0;
  PathId at = 0;
  std::size_t first = 0;
  const Type* type = nullptr;  // of what `at` leads to
  through_unions_.clear();
  if (const auto* local = std::get_if<MemoryPlace::LocalBase>(&place.base)) {
    object = locals(path.point.frames.back().body)[local->local];
    type = path.point.frames.back().body->locals[local->local].type;
  } else if (const auto* global = std::get_if<MemoryPlace::GlobalBase>(&place.base)) {
    const GlobalImage* image = mir_.global(global->name);
    type = image ? image->type : nullptr;
    if (image && image->once && image->items.empty() && image->not_understood.empty() && !path.initial) {
      object = static_of_start_up(global->name, type);
    } else {
      object = memory_.global(global->name, type);
      load_image(object, global->name);
    }
  } else {
    const Operand& base = std::get<MemoryPlace::PointerBase>(place.base).pointer;
    const Value pointer = operand(path, base);
    if (pointer.is(Value::Kind::integer)) {
      progress = fatal(path, "null-dereference");
      return std::nullopt;
    }
    if (!pointer.is(Value::Kind::pointer)) {
      progress = not_understood(path, "a pointer whose target is not known");
      return std::nullopt;
    }
    object = memory_.object_of(static_cast<PointerId>(pointer.bits));
    at = memory_.path_of(static_cast<PointerId>(pointer.bits));
    type = is_known_pointer(base.type) ? base.type->inner : nullptr;
    const Object& target = memory_.object(object);
    if (target.kind != Object::Kind::global && target.actor != actor_) {
      progress = not_understood(path, "memory that belongs to another actor");
      return std::nullopt;
    }
    if (target.kind == Object::Kind::heap && !path.point.heap.contains(object)) {
      progress = fatal(path, "use-after-free");
      return std::nullopt;
    }
    // p[i] on a pointer into an array moves within that array.
    if (!place.steps.empty() && place.steps[0].kind == lower::PlaceStep::Kind::element &&
        !(is_known_pointer(base.type) && base.type->inner->kind == Type::Kind::array)) {
      const Value index = operand(path, place.steps[0].index);
      if (!index.is(Value::Kind::integer)) {
        progress = not_understood(path, "an index that is not known");
        return std::nullopt;
      }
      const std::int64_t by = ir::as_signed(index.bits, place.steps[0].index.type->bits);
      const auto last = memory_.split(at);
      if (last && last->second.kind == PathStep::Kind::element)
        at = memory_.append(last->first, PathStep::Kind::element, {}, last->second.element + by);
      else if (by != 0)
        at = memory_.append(at, PathStep::Kind::element, {}, by);
      first = 1;
    }
  }
  for (std::size_t i = first; i < place.steps.size(); ++i) {
    const lower::PlaceStep& step = place.steps[i];
    if (step.kind == lower::PlaceStep::Kind::field) {
      note_union(object, at, type, step.field);
      type = type ? mir_.field_type(type, step.field) : nullptr;
      at = memory_.append(at, PathStep::Kind::field, step.field, 0);
      continue;
    }
    type = type ? type->inner : nullptr;
    const Value index = operand(path, step.index);
    if (!index.is(Value::Kind::integer)) {
      progress = not_understood(path, "an index that is not known");
      return std::nullopt;
    }
    at = memory_.append(at, PathStep::Kind::element, {}, ir::as_signed(index.bits, step.index.type->bits));
  }
  return memory_.pointer(object, at);
}

Value Specialiser::read_private(const Path& path, ObjectId object, CellId cell) const {
  const auto found = path.point.memory->find(cell);
  if (found != path.point.memory->end()) return found->second;
  return memory_.object(object).zeroed ? Value::integer(0) : Value{};
}

Specialiser::Progress Specialiser::load(Path& path, const Instr& instr) {
  Progress progress = Progress::on;
  const auto pointer = place(path, instr.place, progress);
  if (!pointer) return progress;
  if (!may_read(through_unions_)) return not_understood(path, "a member of a union of which another member is written");
  if (instr.type->kind == Type::Kind::record) {
    // A whole record: the temp says where it is; the store that follows copies it.
    set_temp(path, instr.dst, Value::pointer(*pointer));
    advance(path);
    return Progress::on;
  }
  const ObjectId object = memory_.object_of(*pointer);
  const CellId cell = memory_.cell(object, memory_.path_of(*pointer));
  if (!has_shape(cell, instr.type)) return not_understood(path, memory_.name(cell) + " is read at another width");
  Value value;
  if (!shared(object)) {
    value = read_private(path, object, cell);
    if (value.is(Value::Kind::unset) && !path.initial &&
        !add_event(path, "unset-read", {Value::integer(actor_), Value::integer(0)},
                   "reads " + memory_.name(cell) + ", which nobody has set"))
      return Progress::ended;
  } else {
    if (const auto doubt = doubtful_.find(object); doubt != doubtful_.end() && !initial_.contains(cell))
      return not_understood(path, "the value of " + memory_.name(cell) + ": " + doubt->second);
    if (!path.initial && changes(cell) && !begin_visible(path, "read " + memory_.name(cell))) return Progress::ended;
    const auto read = read_cell(path, cell, instr.type);
    if (!read) return Progress::ended;
    value = *read;
  }
  set_temp(path, instr.dst, value);
  advance(path);
  return Progress::on;
}

Specialiser::Progress Specialiser::store(Path& path, const Instr& instr) {
  Progress progress = Progress::on;
  const auto pointer = place(path, instr.place, progress);
  if (!pointer) return progress;
  const ObjectId object = memory_.object_of(*pointer);
  const CellId cell = memory_.cell(object, memory_.path_of(*pointer));
  const Value value = operand(path, instr.a);
  note_written(through_unions_);
  if (instr.place.type->kind == Type::Kind::record) {
    if (!value.is(Value::Kind::pointer)) return not_understood(path, "a record whose contents are not known");
    if (!begin_visible(path, memory_.name(cell) + " = a record")) return Progress::ended;
    progress = copy_fields(path, instr.place.type, static_cast<PointerId>(value.bits), *pointer);
    if (progress == Progress::on) advance(path);
    return progress;
  }
  if (!has_shape(cell, instr.place.type))
    return not_understood(path, memory_.name(cell) + " is written at another width");
  if (shared(object)) {
    if (!tell_watched(path, cell, value)) return Progress::ended;
    if (!begin_visible(path, memory_.name(cell) + " = " + memory_.name(value, system_.pool))) return Progress::ended;
    write_cell(path, cell, instr.place.type, value);
  } else {
    path.point.memory.change()[cell] = value;
  }
  advance(path);
  return Progress::on;
}

// Some fields' every change is an event. False if the path was emitted before this point.
bool Specialiser::tell_watched(Path& path, CellId cell, const Value& value) {
  const auto last = memory_.split(memory_.of_cell(cell).second);
  const auto watched = last ? options_.watched_fields.find(last->second.field) : options_.watched_fields.end();
  return watched == options_.watched_fields.end() ||
         add_event(path, watched->second, {Value::integer(actor_), Value::integer(~0ULL)},
                   memory_.name(cell) + " = " + memory_.name(value, system_.pool));
}

Specialiser::Progress Specialiser::copy_record(Path& path, const Instr& instr) {
  Progress progress = Progress::on;
  const auto to = place(path, instr.place, progress);
  if (!to) return progress;
  note_written(through_unions_);
  const auto from = place(path, instr.from, progress);
  if (!from) return progress;
  if (!may_read(through_unions_)) return not_understood(path, "a member of a union of which another member is written");
  const bool visible = shared(memory_.object_of(*to)) || shared(memory_.object_of(*from));
  if (visible && !begin_visible(path, memory_.name(memory_.object_of(*to), memory_.path_of(*to)) + " = a record"))
    return Progress::ended;
  progress = copy_fields(path, instr.place.type, *from, *to);
  if (progress == Progress::on) advance(path);
  return progress;
}

Specialiser::Progress Specialiser::copy_fields(Path& path, const Type* type, PointerId from, PointerId to) {
  const auto part = [&](PointerId of, const PathStep& step) {
    return memory_.pointer(memory_.object_of(of), memory_.append(memory_.path_of(of), step));
  };
  if (type->kind == Type::Kind::record) {
    const auto* fields = mir_.fields(type);
    if (!fields) return not_understood(path, "a copy of a record whose definition is not in the files read");
    for (const Mir::Field& field : *fields) {
      const PathStep step{PathStep::Kind::field, field.name, 0};
      if (const int overlap = type->is_union ? -1 : field.overlap; overlap != 0) {
        // Of a union, what may have been written goes along.
        UnionFacts& source = unions_[{memory_.object_of(from), memory_.path_of(from), overlap}];
        if (current_ && actor_ < actors_.size()) source.users.insert(user());
        if (!source.written.contains(field.name)) continue;
        note_written({{{memory_.object_of(to), memory_.path_of(to), overlap}, field.name}});
      }
      if (copy_fields(path, field.type, part(from, step), part(to, step)) == Progress::ended) return Progress::ended;
    }
    return Progress::on;
  }
  if (type->kind == Type::Kind::array) {
    for (std::uint64_t i = 0; i < type->count; ++i) {
      const PathStep step{PathStep::Kind::element, {}, static_cast<std::int64_t>(i)};
      if (copy_fields(path, type->inner, part(from, step), part(to, step)) == Progress::ended) return Progress::ended;
    }
    return Progress::on;
  }
  const CellId source = memory_.cell(memory_.object_of(from), memory_.path_of(from));
  const CellId target = memory_.cell(memory_.object_of(to), memory_.path_of(to));
  std::optional<Value> value;
  if (shared(memory_.object_of(from)))
    value = read_cell(path, source, type);
  else
    value = read_private(path, memory_.object_of(from), source);
  if (!value) return Progress::ended;
  if (!has_shape(source, type) || !has_shape(target, type))
    return not_understood(path, memory_.name(target) + " is copied at another width");
  if (shared(memory_.object_of(to))) {
    if (!tell_watched(path, target, *value)) return Progress::ended;
    write_cell(path, target, type, *value);
  } else
  {
    path.point.memory.change()[target] = *value;
  }
  return Progress::on;
}

bool Specialiser::begin_visible(Path& path, const std::string& text) {
  if (path.initial || path.visible_tick == path.tick || path.atomic > 0) return true;
  if (path.visible_tick != ~0ULL) {
    emit(std::move(path));
    return false;
  }
  path.visible_tick = path.tick;
  std::string call;
  path.span = source_span(path.point, &call, &path.depth);
  path.callers = callers_of(path.point, path.depth);
  path.text = call.empty() ? text : text.empty() ? call : call + ": " + text;
  return true;
}

Specialiser::Progress Specialiser::not_understood(Path& path, const std::string& why) {
  const Diagnostic problem{place_of(path.point), why, {}};
  if (path.initial) {
    if (!init_error_) init_error_ = problem;
    return Progress::ended;
  }
  const auto gap = static_cast<std::size_t>(std::find(gaps_.begin(), gaps_.end(), problem) - gaps_.begin());
  if (gap == gaps_.size()) {
    gaps_.push_back(problem);
    gap_functions_.emplace_back();
  }
  for (const Frame& frame : path.point.frames) gap_functions_[gap].insert(frame.body->function);
  if (!add_event(path, "not-understood", {Value::integer(actor_), Value::integer(gap)}, why)) return Progress::ended;
  path.gaps.push_back(gap);
  path.point = {};
  path.point.stuck = true;
  emit(std::move(path));
  return Progress::ended;
}

// Nothing: it does not, or nobody knows. Where that hangs on the state, there are two ways from here, which both come
// back.
std::optional<Specialiser::Progress> Specialiser::divides_by_zero(Path& path, const Instr& instr) {
  if (instr.binary != BinaryOp::div && instr.binary != BinaryOp::rem) return std::nullopt;
  const Value divisor = operand(path, instr.b);
  const bool can_say = divisor.is_known() || (divisor.is(Value::Kind::symbolic) && !path.initial);
  if (can_say && !path.by_zero) return decide(path, divisor, [](Path& way, bool truth) { way.by_zero = !truth; });
  const bool by_zero = path.by_zero.value_or(false);
  path.by_zero.reset();
  if (by_zero) return fatal(path, "division-by-zero");
  return std::nullopt;
}

// The actor would oops here: an event, and it goes no further.
Specialiser::Progress Specialiser::fatal(Path& path, const char* event) {
  if (path.initial) return not_understood(path, event);
  if (!add_event(path, event, {Value::integer(actor_)}, event)) return Progress::ended;
  path.point = {};
  path.point.stuck = true;
  emit(std::move(path));
  return Progress::ended;
}

}  // namespace hotproof::lower
