#include "model/lower/specialiser.hpp"

#include <algorithm>

namespace hotproof::lower {

namespace {

// Beyond this many known values a cell is kept as a number of its own instead of one way for each value.
constexpr std::size_t most_values = 12;
constexpr std::size_t most_pointers = 64;

constexpr CellId no_cell = ~CellId{0};

std::uint64_t mix(std::uint64_t h, std::uint64_t v) {
  h ^= v + 0x9e3779b97f4a7c15U + (h << 6U) + (h >> 2U);
  return h * 0xff51afd7ed558ccdU;
}

}  // namespace

void ValuesSummary::add(const Value& value) {
  hash = mix(mix(hash, static_cast<std::uint64_t>(value.kind)), value.bits);
  symbolic |= value.is(Value::Kind::symbolic);
  unknown |= value.is(Value::Kind::unknown) && value.which() != 0;
}

ValuesSummary::ValuesSummary(const CellValues& cells) {
  for (const auto& [cell, value] : cells) {
    hash = mix(hash, cell);
    add(value);
  }
}

ValuesSummary::ValuesSummary(const std::vector<Value>& temps) {
  for (const Value& value : temps) add(value);
}

std::size_t ControlPointHash::operator()(const ControlPoint& point) const {
  std::uint64_t h = point.lock_stage + (point.stuck ? 17U : 0U);
  for (const Frame& frame : point.frames) {
    h = mix(h, reinterpret_cast<std::uintptr_t>(frame.body));
    h = mix(h, (static_cast<std::uint64_t>(frame.block) << 32U) | frame.instr);
    h = mix(h, frame.temps.summary().hash);
  }
  h = mix(h, point.memory.summary().hash);
  for (const Held& held : point.held) h = mix(h, (ir::index(held.lock) << 8U) | held.count);
  for (const ObjectId object : point.heap) h = mix(h, object);
  for (const auto& [unknown, facts] : point.decided)
    for (const auto& [derivation, truth] : facts) h = mix(h, mix(unknown, (derivation << 1U) | (truth ? 1U : 0U)));
  return static_cast<std::size_t>(h);
}

Specialiser::Specialiser(Mir& mir, const Options& options)
    : mir_(mir),
      options_(options),
      watched_(options.watched_calls.begin(), options.watched_calls.end()),
      environment_(options.environment.begin(), options.environment.end()),
      bodies_(options.actors.size() + 1) {}

Outcome<Lowered> Specialiser::run() {
  for (std::size_t i = 0; i < options_.actors.size(); ++i) {
    const std::string& name = options_.actors[i].name;
    ActorState state;
    state.control = system_.add_variable({name + ".pc", 32, false, ir::Role::control, 0, false, 0, 0, {}});
    actors_.push_back(std::move(state));
  }
  if (auto error = initialise()) return tl::unexpected(*error);
  for (std::uint32_t actor = 0; actor < options_.actors.size(); ++actor)
    if (auto error = start_actor(actor)) return tl::unexpected(*error);
  while (!work_.empty() && stopped_by_.empty()) {
    const auto [actor, location] = work_.front();
    work_.pop_front();
    specialise(actor, location);
    if (actors_[actor].locations.size() > options_.most_locations)
      stopped_by_ = options_.actors[actor].name + " has too many control points";
  }
  report_.stopped_by = stopped_by_;
  return finish();
}

bool Specialiser::out_of_time() {
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start_;
  if (options_.interrupted && *options_.interrupted) stopped_by_ = "interrupted";
  if (options_.seconds > 0 && taken.count() > options_.seconds) stopped_by_ = "time limit";
  return !stopped_by_.empty();
}

std::optional<Diagnostic> Specialiser::initialise() {
  const Body* body = mir_.body(options_.init);
  if (!body) return Diagnostic{{options_.init}, "the environment has no start-up function of this name", {}};
  Path path;
  path.initial = true;
  path.point.frames.emplace_back(body);
  actor_ = static_cast<std::uint32_t>(options_.actors.size());
  current_ = &start_up_;
  explore(std::move(path));
  current_ = nullptr;
  return init_error_;
}

std::optional<Diagnostic> Specialiser::start_actor(std::uint32_t actor) {
  const ActorSpec& spec = options_.actors[actor];
  const Body* body = mir_.body(spec.function);
  if (!body) return Diagnostic{{spec.function}, "there is no function of this name for actor " + spec.name, {}};
  actor_ = actor;
  ControlPoint point;
  point.frames.emplace_back(body);
  if (body->parameters > 0)
    point.memory.change()[cell_of_local(body, 0)] =
        Value::integer(ir::truncate(static_cast<std::uint64_t>(spec.argument), body->locals[0].type->bits));
  actors_[actor].initial = location_of(actor, point);
  return std::nullopt;
}

ir::Location Specialiser::location_of(std::uint32_t actor, const ControlPoint& point) {
  ActorState& state = actors_[actor];
  const auto [found, fresh] = state.known.try_emplace(point, static_cast<ir::Location>(state.locations.size()));
  if (fresh) {
    state.locations.push_back(std::make_unique<Location>());
    state.locations.back()->point = point;
    state.locations.back()->resting = point.stuck;
    if (!point.stuck) queue(actor, found->second);
  }
  return found->second;
}

void Specialiser::queue(std::uint32_t actor, ir::Location location) {
  Location& entry = *actors_[actor].locations[location];
  if (entry.queued || entry.point.stuck) return;
  entry.queued = true;
  work_.emplace_back(actor, location);
}

void Specialiser::queue_users(std::set<std::uint64_t>& users) {
  for (const std::uint64_t user : users)
    queue(static_cast<std::uint32_t>(user >> 32U), static_cast<ir::Location>(user));
}

void Specialiser::specialise(std::uint32_t actor, ir::Location location) {
  actor_ = actor;
  location_ = location;
  current_ = actors_[actor].locations[location].get();
  current_->queued = false;
  current_->transitions.clear();
  current_->lines.clear();
  current_->ways.clear();
  current_->gaps.clear();
  Path path;
  path.point = current_->point;
  explore(std::move(path));
  std::sort(current_->lines.begin(), current_->lines.end());
  current_->lines.erase(std::unique(current_->lines.begin(), current_->lines.end()), current_->lines.end());
}

const std::vector<ObjectId>& Specialiser::locals(const Body* body) {
  auto& objects = of_actor(body).locals;
  if (objects.empty())
    for (std::uint32_t i = 0; i < body->locals.size(); ++i)
      objects.push_back(memory_.local(actor_, body->function, body->locals[i].name, i, body->locals[i].type));
  return objects;
}

Specialiser::BodyOfActor& Specialiser::of_actor(const Body* body) {
  return bodies_[actor_][body];
}

CellId Specialiser::cell_of_local(const Body* body, std::size_t local) {
  BodyOfActor& mine = of_actor(body);
  if (mine.cells.empty()) mine.cells.assign(body->locals.size(), no_cell);
  CellId& cell = mine.cells[local];
  if (cell == no_cell) cell = memory_.cell(locals(body)[local], 0);
  return cell;
}

const Liveness& Specialiser::liveness(const Body* body) const {
  auto& known = of_body(body).liveness;
  if (!known) known = std::make_unique<Liveness>(*body);
  return *known;
}

void Specialiser::drop_dead(ControlPoint& point) {
  for (std::size_t i = 0; i < point.frames.size(); ++i) {
    const bool top = i + 1 == point.frames.size();
    if (!top && point.frames[i].settled) continue;
    drop_dead(point.frames[i], top, point.memory);
    point.frames[i].settled = !top;
  }
  if (!point.decided.empty()) {
    const std::set<UnknownId> about = unknowns_in(point);
    std::erase_if(point.decided, [&](const auto& entry) { return !about.contains(entry.first); });
  }
}

// A caller stands at its call, whose arguments have been taken.
void Specialiser::drop_dead(Frame& frame, bool top, SharedCells& memory) {
  const Liveness::Dead& dead = liveness(frame.body).dead_before(frame.block, frame.instr + (top ? 0U : 1U));
  for (const Temp temp : dead.temps)
    if (!(*frame.temps)[temp].is(Value::Kind::unset)) frame.temps.change()[temp] = {};
  locals(frame.body);
  for (const Local local : dead.locals) {
    const CellId cell = cell_of_local(frame.body, local);
    if (memory->contains(cell)) memory.change().erase(cell);
  }
}

std::set<UnknownId> Specialiser::unknowns_in(const ControlPoint& point) {
  std::set<UnknownId> out;
  const auto look = [&out](const Value& value) {
    if (value.is(Value::Kind::unknown) && value.which() != 0) out.insert(value.which());
  };
  if (point.memory.summary().unknown)
    for (const auto& [cell, value] : *point.memory) look(value);
  for (const Frame& frame : point.frames)
    if (frame.temps.summary().unknown)
      for (const Value& value : *frame.temps) look(value);
  return out;
}

// An unknown value of its own, by the lowest number that is free.
Value Specialiser::fresh_unknown(Path& path) {
  const std::set<UnknownId> about = unknowns_in(path.point);
  UnknownId which = 1;
  while (about.contains(which)) ++which;
  path.point.decided.erase(which);
  return Value::unknown(which);
}

// The variable of the actor at hand for computed values of one place.
ir::VarId Specialiser::slot(const std::string& name, int width) {
  const std::string key = name + ":" + std::to_string(width);
  const auto [slot, fresh] = slots_.try_emplace({actor_, key});
  if (fresh) {
    slot->second = system_.add_variable(
        {options_.actors[actor_].name + "." + key, width, false, ir::Role::local, 0, false, 0, 0, {}});
    slot_vars_.insert(slot->second);
  }
  return slot->second;
}

// Gives every computed value that lives on a variable of its own, and clears the variables that nothing needs any more,
// so that states that differ only in dead values are one.
void Specialiser::spill(ControlPoint& point, const ControlPoint& before, std::vector<ir::Update>& updates) {
  boost::container::flat_set<ir::VarId> live;
  // The value that stands for the computed one from here on.
  const auto kept = [&](const Value& value, const std::string& name) {
    const ir::VarId var = slot(name, system_.pool[value.expr()].width);
    const ir::ExprId itself = system_.read(var);
    if (value.expr() != itself) updates.push_back({var, value.expr()});
    live.insert(var);
    return Value::symbolic(itself);
  };
  if (point.memory.summary().symbolic) {
    const SharedCells cells = point.memory;
    for (const auto& [cell, value] : *cells) {
      if (!value.is(Value::Kind::symbolic) || is_parametric(value.expr())) continue;
      // Two locals of one name, one hiding the other, are two cells.
      const Value now = kept(value, memory_.name(cell) + "#" + std::to_string(cell));
      if (now != value) point.memory.change()[cell] = now;
    }
  }
  for (Frame& frame : point.frames) {
    if (!frame.temps.summary().symbolic) continue;
    for (std::size_t t = 0; t < frame.temps->size(); ++t) {
      const Value value = (*frame.temps)[t];
      if (!value.is(Value::Kind::symbolic) || is_parametric(value.expr())) continue;
      const Value now = kept(value, frame.body->function + ".t" + std::to_string(t));
      if (now != value) frame.temps.change()[t] = now;
    }
  }
  const auto clear = [&](const Value& value) {
    if (!value.is(Value::Kind::symbolic) || is_parametric(value.expr())) return;
    const auto var = static_cast<ir::VarId>(system_.pool[value.expr()].value);
    if (live.insert(var).second) updates.push_back({var, system_.pool.constant(0, system_[var].width)});
  };
  if (before.memory.summary().symbolic)
    for (const auto& [cell, value] : *before.memory) clear(value);
  for (const Frame& frame : before.frames)
    if (frame.temps.summary().symbolic)
      for (const Value& value : *frame.temps) clear(value);
}

void Specialiser::emit(Path path) {
  if (path.initial) return;
  ir::Transition out;
  out.actor = static_cast<ir::ActorId>(actor_);
  out.from = location_;
  out.guard = path.guard;
  drop_dead(path.point);
  spill(path.point, current_->point, out.updates);
  for (const auto& [cell, value] : path.writes) {
    const CellFacts& facts = facts_[cell];
    if (facts.opaque) continue;
    if (const auto expr = expr_of_cell(facts, value)) out.updates.push_back({*facts.var, *expr});
  }
  for (const auto& [var, value] : path.lock_updates) out.updates.push_back({var, value});
  out.events = std::move(path.events);
  out.span = path.span;
  out.callers = std::move(path.callers);
  out.text = std::move(path.text);
  out.choice = path.choice;
  out.faults = path.faults;
  for (const Held& held : current_->point.held) out.held.push_back({held.lock, held.mode});
  out.lock_effect = path.lock_effect;
  out.lock = path.lock;
  out.depth = path.depth;
  current_->gaps.insert(path.gaps.begin(), path.gaps.end());
  Location* const current = current_;
  out.to = location_of(actor_, path.point);
  current->transitions.push_back(std::move(out));
}

// A cell that holds pointers keeps them, and what else stands for one, as reference numbers.
std::optional<ir::ExprId> Specialiser::expr_of_cell(const CellFacts& facts, const Value& value) {
  const int width = system_[*facts.var].width;
  if (facts.type->kind != Type::Kind::integer && value.is_known())
    return system_.pool.constant(memory_.reference(value), width);
  return expr_of_any(value, width);
}

bool Specialiser::changes(CellId cell) {
  if (facts_.size() <= cell) facts_.resize(cell + 1);
  if (current_ && actor_ < actors_.size()) facts_[cell].users.insert(user());
  return facts_[cell].written;
}

void Specialiser::write_cell(Path& path, CellId cell, const Type* type, const Value& value) {
  if (path.initial) {
    initial_[cell] = value;
    return;
  }
  if (facts_.size() <= cell) facts_.resize(cell + 1);
  CellFacts& facts = facts_[cell];
  bool news = false;
  if (!facts.type) facts.type = type;
  if (!facts.written) {
    facts.written = news = true;
    queue_users(zeroers_[memory_.of_cell(cell).first]);
    const auto found = initial_.find(cell);
    const Value first = found == initial_.end() ? Value::integer(0) : found->second;
    if (first.is_known())
      facts.domain.insert(first);
    else if (!first.is(Value::Kind::symbolic) || type->kind != Type::Kind::integer)
      facts.opaque = true;
    const bool pointer = type->kind != Type::Kind::integer;
    const int width = pointer ? 16 : type->bits;
    const std::uint64_t initial = !first.is_known()                            ? 0
                                  : first.is(Value::Kind::integer) && !pointer ? first.bits
                                                                               : memory_.reference(first);
    facts.var = system_.add_variable({memory_.name(cell),
                                      width,
                                      !pointer && type->is_signed,
                                      ir::Role::shared,
                                      ir::truncate(initial, width),
                                      false,
                                      0,
                                      0,
                                      {}});
    if (first.is(Value::Kind::symbolic) && !facts.opaque) start_with(facts, first);
  }
  // An address in an integer would be told from a number by nobody.
  const bool lost = value.is_known() && !value.is(Value::Kind::integer) && facts.type->kind == Type::Kind::integer;
  if (value.is_known() && !lost) {
    news |= facts.domain.insert(value).second;
    const bool pointer = facts.type->kind != Type::Kind::integer;
    if (!facts.symbolic && !pointer && facts.domain.size() > most_values) facts.symbolic = news = true;
    if (pointer && facts.domain.size() > most_pointers && !facts.opaque) facts.opaque = news = true;
    if (pointer) memory_.reference(value);
  } else if (value.is(Value::Kind::symbolic) && facts.type->kind == Type::Kind::integer) {
    if (!facts.symbolic) facts.symbolic = news = true;
  } else if (!facts.opaque) {
    facts.opaque = news = true;
  }
  path.writes[cell] = value;
  path.known.erase(cell);
  if (news) queue_users(facts.users);
}

std::optional<Value> Specialiser::read_cell(Path& path, CellId cell, const Type* type) {
  if (const auto found = path.writes.find(cell); found != path.writes.end()) return found->second;
  if (const auto found = path.known.find(cell); found != path.known.end()) return found->second;
  const auto initial = [&] {
    const auto found = initial_.find(cell);
    return found == initial_.end() ? Value::integer(0) : found->second;
  };
  if (path.initial || !changes(cell)) return initial();
  const CellFacts& facts = facts_[cell];
  if (facts.opaque) return Value::unknown();
  const ir::ExprId var = system_.read(*facts.var);
  if (facts.symbolic) return cast(Value::symbolic(var), facts.type, type);
  for (const Value& value : facts.domain) {
    const ir::ExprId is = system_.pool.eq(var, *expr_of_cell(facts, value));
    const ir::ExprId guard = system_.pool.and_(path.guard, is);
    if (system_.pool.is_false(guard)) continue;
    open_.push_back(path);
    open_.back().known[cell] = value;
    open_.back().guard = guard;
  }
  return std::nullopt;
}

}  // namespace hotproof::lower
