// The transition system and the report, from what specialisation has collected.
#include <algorithm>

#include "model/lower/specialiser.hpp"

namespace hotproof::lower {

namespace {

constexpr int symbol_width = 64;
constexpr std::uint64_t longest_shown_array = 16;
constexpr int deepest_shown_record = 3;

// The fewest bits that hold 0 … highest.
int bits_for(std::uint64_t highest) {
  int bits = 1;
  while (bits < 64 && (highest >> bits) != 0) ++bits;
  return bits;
}

}  // namespace

std::uint32_t Specialiser::file_number(const std::string& file) {
  const auto [found, fresh] = file_numbers_.try_emplace(file, static_cast<std::uint32_t>(system_.files.size()));
  if (fresh) system_.files.push_back(file);
  return found->second;
}

std::uint32_t Specialiser::function_number(const std::string& function) {
  const auto [found, fresh] =
      function_numbers_.try_emplace(function, static_cast<std::uint32_t>(system_.functions.size()));
  if (fresh) system_.functions.push_back(function);
  return found->second;
}

Specialiser::OfBody& Specialiser::of_body(const Body* body) const {
  const auto [found, fresh] = of_body_.try_emplace(body);
  OfBody& out = found->second;
  if (fresh) {
    const auto& wrappers = options_.wrappers;
    out.environment = environment_.contains(body->file);
    out.seen_through =
        out.environment || std::find(wrappers.begin(), wrappers.end(), body->function) != wrappers.end();
    out.watched = watched_.contains(body->function);
  }
  return out;
}

ir::SourceSpan Specialiser::span_in(const Body* body, const c::Span& span) {
  OfBody& known = of_body(body);
  if (!known.file) known.file = file_number(body->file);
  if (!known.function) known.function = function_number(body->function);
  return {*known.file, span.line, span.column, *known.function};
}

// The innermost frame that is not the environment's: the line a reader of the kernel would point at.
std::size_t Specialiser::shown_frame(const ControlPoint& point) const {
  std::size_t i = point.frames.size();
  while (i > 1 && of_body(point.frames[i - 1].body).seen_through) --i;
  return is_environment(point.frames[i - 1].body) ? point.frames.size() - 1 : i - 1;
}

const c::Span& Specialiser::span_of(const Frame& frame) {
  const Block& block = frame.body->blocks[frame.block];
  return frame.instr >= block.instrs.size() ? block.end.span : block.instrs[frame.instr].span;
}

ir::SourceSpan Specialiser::source_span(const ControlPoint& point, std::string* call_text, std::uint32_t* depth) {
  if (point.frames.empty()) return {};
  *depth = static_cast<std::uint32_t>(shown_frame(point));
  const Frame& frame = point.frames[*depth];
  const Block& block = frame.body->blocks[frame.block];
  if (!is_environment(frame.body) && frame.instr < block.instrs.size() &&
      (*depth + 1 < point.frames.size() || block.instrs[frame.instr].kind == Instr::Kind::call))
    *call_text = block.instrs[frame.instr].text;
  return span_in(frame.body, span_of(frame));
}

// The calls that stand in the source, of the frames above the one at `depth`.
std::vector<ir::SourceSpan> Specialiser::callers_of(const ControlPoint& point, std::size_t depth) {
  std::vector<ir::SourceSpan> out;
  for (std::size_t i = 0; i < depth && i < point.frames.size(); ++i) {
    const Frame& frame = point.frames[i];
    const Block& block = frame.body->blocks[frame.block];
    if (is_environment(frame.body) || frame.instr >= block.instrs.size()) continue;
    out.push_back(span_in(frame.body, block.instrs[frame.instr].span));
  }
  return out;
}

Place Specialiser::place_of(const ControlPoint& point) const {
  if (point.frames.empty()) return {};
  const Frame& frame = point.frames[shown_frame(point)];
  const c::Span& span = span_of(frame);
  return {frame.body->file, span.line, span.column};
}

std::optional<PointerId> Specialiser::image_place(ObjectId object, const Type* type,
                                                  const std::vector<lower::PlaceStep>& steps) {
  PathId path = 0;
  through_unions_.clear();
  for (const lower::PlaceStep& step : steps) {
    const Type* const record = type;
    if (type) type = step.kind == lower::PlaceStep::Kind::field ? mir_.field_type(type, step.field) : type->inner;
    if (step.kind == lower::PlaceStep::Kind::field) {
      note_union(object, path, record, step.field);
      path = memory_.append(path, {PathStep::Kind::field, step.field, 0});
    } else if (const Constant* index = std::get_if<Constant>(&step.index.value)) {
      path = memory_.append(path, {PathStep::Kind::element, {}, static_cast<std::int64_t>(index->value)});
    } else {
      return std::nullopt;
    }
  }
  return memory_.pointer(object, path);
}

void Specialiser::load_image(ObjectId object, const std::string& name) {
  if (!loaded_.insert(object).second) return;
  const GlobalImage* image = mir_.global(name);
  if (!image) return;
  if (!image->not_understood.empty()) doubtful_[object] = image->not_understood.front().message;
  for (const GlobalImage::Item& item : image->items) {
    const auto at = image_place(object, image->type, item.steps);
    if (!at) continue;
    note_written(through_unions_);
    Value value;
    if (!item.address_of.empty()) {
      const GlobalImage* target_image = mir_.global(item.address_of);
      const ObjectId target = memory_.global(item.address_of, target_image ? target_image->type : nullptr);
      load_image(target, item.address_of);
      if (const auto to = image_place(target, target_image ? target_image->type : nullptr, item.address_steps))
        value = Value::pointer(*to);
    } else if (!std::holds_alternative<Temp>(item.value.value)) {
      value = operand({}, item.value);
    }
    const CellId cell = memory_.cell(object, memory_.path_of(*at));
    initial_.try_emplace(cell, value);  // start-up may have written it already
  }
  through_unions_.clear();
}

void Specialiser::declare_range(CellId cell) {
  const CellFacts& facts = facts_[cell];
  ir::Variable& variable = system_.variables[ir::index(*facts.var)];
  if (facts.opaque) return;
  if (const auto declared = ranges_.find(cell); declared != ranges_.end() && facts.symbolic) {
    variable.is_signed = true;
    // As the variable holds them: a bound below zero is wider before.
    variable.low = ir::truncate(declared->second.first, variable.width);
    variable.high = ir::truncate(declared->second.second, variable.width);
  }
  if (facts.symbolic) return;
  const bool pointer = facts.type->kind != Type::Kind::integer;
  std::int64_t low = INT64_MAX;
  std::int64_t high = INT64_MIN;
  bool wide = false;
  for (const Value& value : facts.domain) {
    const std::uint64_t bits = value.is(Value::Kind::integer) && !pointer ? value.bits : memory_.reference(value);
    if (pointer) variable.labels[bits] = bits == 0 ? "NULL" : memory_.name(value, system_.pool);
    const auto number = variable.is_signed ? ir::as_signed(bits, variable.width) : static_cast<std::int64_t>(bits);
    wide |= !variable.is_signed && number < 0;
    low = std::min(low, number);
    high = std::max(high, number);
  }
  if (wide) return;
  variable.low = ir::truncate(static_cast<std::uint64_t>(low), variable.width);
  variable.high = ir::truncate(static_cast<std::uint64_t>(high), variable.width);
}

ir::ExprId Specialiser::symbol_of(CellId cell) {
  if (cell < facts_.size() && facts_[cell].written) {
    const ir::VarId var = *facts_[cell].var;
    return system_.pool.resize(system_.read(var), symbol_width, system_[var].is_signed);
  }
  const auto found = initial_.find(cell);
  const Value value = found == initial_.end() ? Value::integer(0) : found->second;
  const Type* type = cell < facts_.size() ? facts_[cell].type : nullptr;
  const Value wide = (value.is(Value::Kind::integer) || value.is(Value::Kind::symbolic)) && type && type->kind == Type::Kind::integer
                         ? cast(value, type, mir_.integer(64, true))
                         : value;
  return expr_of_any(wide, symbol_width).value_or(system_.pool.constant(0, symbol_width));
}

// Every scalar of the environment's own globals is a symbol, touched or not; of other globals, what was touched.
void Specialiser::finish_symbols() {
  const std::function<void(ObjectId, PathId, const Type*, int)> walk = [&](ObjectId object, PathId path,
                                                                           const Type* type, int depth) {
    if (!type) return;
    if (type->kind == Type::Kind::record && depth < deepest_shown_record) {
      if (const auto* fields = mir_.fields(type))
        for (const Mir::Field& field : *fields)
          walk(object, memory_.append(path, {PathStep::Kind::field, field.name, 0}), field.type, depth + 1);
    } else if (type->kind == Type::Kind::array && type->count <= longest_shown_array) {
      for (std::uint64_t i = 0; i < type->count; ++i)
        walk(object, memory_.append(path, {PathStep::Kind::element, {}, static_cast<std::int64_t>(i)}), type->inner,
             depth);
    } else if (type->kind == Type::Kind::integer || type->kind == Type::Kind::pointer) {
      const CellId cell = memory_.cell(object, path);
      if (facts_.size() <= cell) facts_.resize(cell + 1);
      if (!facts_[cell].type) facts_[cell].type = type;
    }
  };
  for (const ObjectId object : std::set<ObjectId>(loaded_)) {
    const std::string name = memory_.object(object).name;
    const c::GlobalVariable* global = mir_.program().global(name);
    if (global && environment_.contains(mir_.program().file_of(*global)))
      walk(object, 0, memory_.object(object).type, 0);
  }
  for (CellId cell = 0; cell < memory_.cell_count(); ++cell) {
    const ObjectId object = memory_.of_cell(cell).first;
    if (!shared(object)) continue;
    if (cell < facts_.size() && facts_[cell].opaque) {
      // What properties speak of must not vanish silently.
      const std::string& root = memory_.object(object).name;
      if (root == "mem" || root == "block")
        report_.not_understood.push_back({{}, memory_.name(cell) + " gets a value that is not known", {}});
      continue;
    }
    system_.symbols.emplace(memory_.name(cell), symbol_of(cell));
  }
  for (const std::string& name : options_.constants)
    if (const auto value = mir_.constant(name)) system_.constants[name] = *value;
  system_.sets = options_.sets;
  system_.sets["actor"] = static_cast<std::uint32_t>(actors_.size());
}

void Specialiser::finish_locks() {
  for (const PointerId pointer : lock_order_) {
    const LockFacts& facts = locks_.at(pointer);
    ir::Lock lock;
    lock.name = memory_.name(memory_.object_of(pointer), memory_.path_of(pointer));
    lock.kind = facts.kind;
    lock.tried = facts.tried;
    const int width = system_[facts.owner].width;
    for (std::uint32_t actor = 0; actor < actors_.size(); ++actor) {
      lock.held_write.push_back(system_.pool.eq(system_.read(facts.owner), system_.pool.constant(actor + 1, width)));
      const ir::ExprId readers = facts.readers.empty() ? ir::ExprId{} : system_.read(facts.readers[actor]);
      lock.held_read.push_back(
          facts.readers.empty()
              ? system_.pool.truth(false)
              : system_.pool.not_(system_.pool.eq(readers, system_.pool.constant(0, system_.pool[readers].width))));
    }
    system_.variables[ir::index(facts.owner)].high = actors_.size();
    system_.locks.push_back(std::move(lock));
  }
}

std::vector<std::uint32_t> statement_lines(const Body& body) {
  std::set<std::uint32_t> lines;
  for (const Block& block : body.blocks) {
    for (const Instr& instr : block.instrs)
      if (instr.kind != Instr::Kind::drop_local) lines.insert(instr.span.line);
    if (block.end.kind != Terminator::Kind::unreachable) lines.insert(block.end.span.line);
  }
  return {lines.begin(), lines.end()};
}

void Specialiser::finish_report(const std::set<std::pair<const Terminator*, bool>>& ways) {
  for (const Body* body : followed_) {
    const c::Function* function = mir_.program().function(body->function);
    Followed entry{body->function, body->file, body->span.line, 0, 0, is_environment(body), statement_lines(*body), 0, 0};
    if (function != nullptr) {
      entry.calls = function->calls;
      entry.calls_counted = function->calls_counted;
    }
    for (const Block& block : body->blocks) {
      if (block.end.kind != Terminator::Kind::branch) continue;
      ++entry.branches;
      if (ways.contains({&block.end, true}) && ways.contains({&block.end, false})) ++entry.branches_both_ways;
    }
    report_.followed.push_back(std::move(entry));
  }
  std::sort(report_.followed.begin(), report_.followed.end(),
            [](const Followed& a, const Followed& b) { return std::tie(a.file, a.line) < std::tie(b.file, b.line); });
  for (const std::string& record : mir_.made_up_sizes())
    report_.assumptions.push_back("sizeof(" + record + ") only says what is allocated: its layout is not in the files read");
  for (auto& [name, use] : leaf_uses_) report_.leaves.push_back(std::move(use));
  for (auto& [name, use] : harmless_) report_.harmless.push_back(std::move(use));
}

Lowered Specialiser::finish() {
  std::map<std::string, std::set<std::uint32_t>> executed;
  std::set<std::pair<const Terminator*, bool>> ways;
  std::set<std::size_t> gaps;
  for (const auto& [body, line] : start_up_.lines)
    if (!is_environment(body)) executed[body->file].insert(line);
  ways.insert(start_up_.ways.begin(), start_up_.ways.end());
  for (std::uint32_t actor = 0; actor < actors_.size(); ++actor) {
    ActorState& state = actors_[actor];
    // Locations that only a superseded version of a step led to are gone.
    std::map<ir::Location, ir::Location> number{{state.initial, 0}};
    std::vector<ir::Location> order{state.initial};
    for (std::size_t i = 0; i < order.size(); ++i)
      for (const ir::Transition& transition : state.locations[order[i]]->transitions)
        if (number.try_emplace(transition.to, static_cast<ir::Location>(order.size())).second)
          order.push_back(transition.to);
    ir::Actor out{options_.actors[actor].name, state.control, 0, static_cast<std::uint32_t>(order.size()), {}};
    for (const ir::Location location : order) {
      Location& from = *state.locations[location];
      if (from.resting) out.resting.push_back(number.at(location));
      if (from.point.stuck) out.halted.push_back(number.at(location));
      for (const auto& [body, line] : from.lines)
        if (!is_environment(body)) executed[body->file].insert(line);
      ways.insert(from.ways.begin(), from.ways.end());
      gaps.insert(from.gaps.begin(), from.gaps.end());
      for (ir::Transition& transition : from.transitions) {
        transition.from = number.at(transition.from);
        transition.to = number.at(transition.to);
        system_.transitions.push_back(std::move(transition));
      }
    }
    ir::Variable& control = system_.variables[ir::index(state.control)];
    control.width = bits_for(order.size() - 1);
    control.high = order.size() - 1;
    system_.actors.push_back(std::move(out));
  }
  for (const std::size_t gap : gaps) {
    report_.gaps.push_back(static_cast<std::uint32_t>(gap));
    report_.not_understood.push_back(gaps_[gap]);
    report_.gap_functions.push_back(gap_functions_[gap]);
  }
  for (CellId cell = 0; cell < facts_.size(); ++cell)
    if (facts_[cell].written) declare_range(cell);
  finish_locks();
  finish_symbols();
  finish_report(ways);
  for (const auto& [file, lines] : executed) report_.executed[file].assign(lines.begin(), lines.end());
  return {std::move(system_), std::move(report_)};
}

}  // namespace hotproof::lower
