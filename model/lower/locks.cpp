// Lock operations on the abstract machine. A mutex or spin lock has an owner; a read-write lock has an owner, readers,
// and writers that wait. A writer announces itself, then acquires; a reader that meets a waiting writer may enter or
// queue (kernel rwsems do both), and a queued one waits until no writer holds or waits.
#include <algorithm>

#include "model/lower/specialiser.hpp"

namespace hotproof::lower {

namespace {

constexpr int owner_width = 5;
constexpr int reader_width = 2;
// Counted exactly below this; a lock that is never given back and taken again and again stays at "so often or more".
constexpr std::uint32_t most_readings = 3;

bool is_rw(ir::Lock::Kind kind) {
  return kind == ir::Lock::Kind::rwsem || kind == ir::Lock::Kind::percpu_rwsem;
}

Held* find(std::vector<Held>& held, ir::LockId lock, ir::LockMode mode) {
  for (Held& entry : held)
    if (entry.lock == lock && entry.mode == mode) return &entry;
  return nullptr;
}

}  // namespace

// kind: nothing where it is not said, at a release.
LockFacts& Specialiser::lock_facts(PointerId pointer, std::optional<ir::Lock::Kind> kind) {
  const auto [found, fresh] = locks_.try_emplace(pointer);
  LockFacts& facts = found->second;
  const std::string name = memory_.name(memory_.object_of(pointer), memory_.path_of(pointer));
  if (fresh) {
    facts.id = static_cast<ir::LockId>(lock_order_.size());
    lock_order_.push_back(pointer);
    facts.owner = system_.add_variable({name + ".owner", owner_width, false, ir::Role::lock, 0, false, 0, 0, {}});
  }
  if (kind && !facts.kind_known) {
    facts.kind = *kind;
    facts.kind_known = true;
    if (is_rw(*kind)) {
      facts.waiting = system_.add_variable(
          {name + ".waiting", static_cast<int>(actors_.size()), false, ir::Role::lock, 0, false, 0, 0, {}});
      for (const ActorSpec& actor : options_.actors)
        facts.readers.push_back(system_.add_variable(
            {name + ".readers." + actor.name, reader_width, false, ir::Role::lock, 0, false, 0, 0, {}}));
    }
    queue_users(facts.users);
  }
  facts.users.insert(user());
  return facts;
}

ir::ExprId Specialiser::no_readers(const LockFacts& facts, std::uint32_t except) {
  ir::ExprId out = system_.pool.truth(true);
  for (std::uint32_t i = 0; i < facts.readers.size(); ++i)
    if (i != except)
      out = system_.pool.and_(out,
                              system_.pool.eq(system_.read(facts.readers[i]), system_.pool.constant(0, reader_width)));
  return out;
}

void Specialiser::acquired(Path& path, LockFacts& facts, ir::LockMode mode) {
  auto& held = path.point.held;
  if (Held* entry = find(held, facts.id, mode)) {
    entry->count = std::min(entry->count + 1, most_readings);
  } else {
    auto at = held.begin();
    while (at != held.end() && std::pair(at->lock, at->mode) < std::pair(facts.id, mode)) ++at;
    held.insert(at, {facts.id, mode, 1});
  }
  path.point.lock_stage = 0;
}

Specialiser::Progress Specialiser::acquire(Path& path, const Instr& instr, bool trying) {
  if (path.initial) return finish_call(path, instr, Value::integer(1));
  const Value lock = argument(path, instr, 0);
  if (lock.is(Value::Kind::integer)) return fatal(path, "null-dereference");
  const Value kind = argument(path, instr, 1);
  const Value mode = argument(path, instr, 2);
  if (!lock.is(Value::Kind::pointer) || !kind.is(Value::Kind::integer) || kind.bits > 3 ||
      !mode.is(Value::Kind::integer))
    return not_understood(path, "a lock that is not known");
  LockFacts& facts = lock_facts(static_cast<PointerId>(lock.bits), static_cast<ir::Lock::Kind>(kind.bits));
  if (trying && !facts.tried) {
    facts.tried = true;
    queue_users(facts.users);
  }
  const bool read = mode.bits == 0 && is_rw(facts.kind);
  // Taking again what this actor holds in a conflicting mode: said first, then it blocks for ever.
  const bool mine_write = find(path.point.held, facts.id, ir::LockMode::write) != nullptr;
  const bool mine_read = find(path.point.held, facts.id, ir::LockMode::read) != nullptr;
  if (!trying && path.point.lock_stage == 0 && (mine_write || (mine_read && !read))) {
    const std::vector<Value> args{Value::integer(actor_), Value::integer(ir::index(facts.id)),
                                  Value::integer(read ? 0 : 1), Value::integer(1)};
    if (!add_event(path, "lock", args, "takes a lock that it holds")) return Progress::ended;
    path.point.lock_stage = 1;
    emit(std::move(path));
    return Progress::ended;
  }
  if (!trying && path.point.lock_stage == 1 && (mine_write || (mine_read && !read))) {
    // It waits for itself, for ever: a way that is never open, for the wait-for graph.
    if (!begin_visible(path, "waits for itself")) return Progress::ended;
    path.guard = system_.pool.truth(false);
    path.lock_effect = ir::LockEffect::acquires;
    path.lock = ir::LockClaim{facts.id, read ? ir::LockMode::read : ir::LockMode::write};
    emit(std::move(path));
    return Progress::ended;
  }
  if (path.atomic > 0) return not_understood(path, "a lock operation inside an atomic section");
  if (trying && (mine_write || (mine_read && !read))) {
    // What this actor holds itself it does not get.
    if (!begin_visible(path, "tries a lock that it holds")) return Progress::ended;
    path.lock_effect = ir::LockEffect::tries;
    path.lock = ir::LockClaim{facts.id, read ? ir::LockMode::read : ir::LockMode::write};
    path.text += ": busy";
    return finish_call(path, instr, Value::integer(0));
  }
  return read ? acquire_read(path, instr, facts, trying) : acquire_write(path, instr, facts, trying);
}

Specialiser::Progress Specialiser::acquire_write(Path& path, const Instr& instr, LockFacts& facts, bool trying) {
  auto& pool = system_.pool;
  if (!facts.write) {
    facts.write = true;
    queue_users(facts.users);
  }
  const ir::ExprId owner = system_.read(facts.owner);
  const ir::LockClaim claim{facts.id, ir::LockMode::write};
  const std::string& name = system_[facts.owner].name;
  if (!begin_visible(path, "acquires " + name.substr(0, name.rfind('.')))) return Progress::ended;
  const bool announces = is_rw(facts.kind) && facts.read && !trying;
  const ir::ExprId bit =
      facts.waiting ? pool.constant(std::uint64_t{1} << actor_, static_cast<int>(actors_.size())) : ir::ExprId{};
  if (announces && path.point.lock_stage == 0) {
    path.lock_updates[*facts.waiting] = pool.binary(ir::Op::or_, system_.read(*facts.waiting), bit);
    path.point.lock_stage = 1;
    path.text += " (waits)";
    emit(std::move(path));
    return Progress::ended;
  }
  ir::ExprId free = pool.eq(owner, pool.constant(0, owner_width));
  free = pool.and_(free, no_readers(facts, ~0U));
  if (trying) {
    Path way = path;
    way.guard = pool.and_(way.guard, pool.not_(free));
    way.lock_effect = ir::LockEffect::tries;
    way.lock = claim;
    way.text += ": busy";
    finish_call(way, instr, Value::integer(0));
    open_.push_back(std::move(way));
  }
  path.guard = pool.and_(path.guard, free);
  path.lock_updates[facts.owner] = pool.constant(actor_ + 1, owner_width);
  if (announces)
    path.lock_updates[*facts.waiting] =
        pool.binary(ir::Op::and_, system_.read(*facts.waiting), pool.unary(ir::Op::not_, bit));
  path.lock_effect = trying ? ir::LockEffect::tries : ir::LockEffect::acquires;
  path.lock = claim;
  path.events.push_back({system_.event_name("lock"),
                         {pool.constant(actor_, 64), pool.constant(ir::index(facts.id), 64), pool.constant(1, 64),
                          pool.constant(0, 64)}});
  acquired(path, facts, ir::LockMode::write);
  return finish_call(path, instr, Value::integer(1));
}

Specialiser::Progress Specialiser::acquire_read(Path& path, const Instr& instr, LockFacts& facts, bool trying) {
  auto& pool = system_.pool;
  if (!facts.read) {
    facts.read = true;
    queue_users(facts.users);
  }
  const std::string& name = system_[facts.owner].name;
  if (!begin_visible(path, "acquires " + name.substr(0, name.rfind('.')) + " for reading")) return Progress::ended;
  const ir::LockClaim claim{facts.id, ir::LockMode::read};
  const ir::ExprId nobody = pool.eq(system_.read(facts.owner), pool.constant(0, owner_width));
  const ir::ExprId none_waits =
      pool.eq(system_.read(*facts.waiting), pool.constant(0, static_cast<int>(actors_.size())));
  const Held* mine = find(path.point.held, facts.id, ir::LockMode::read);
  path.lock = claim;
  if (trying) {
    Path way = path;
    way.guard = pool.and_(way.guard, pool.not_(pool.and_(nobody, none_waits)));
    way.lock_effect = ir::LockEffect::tries;
    way.text += ": busy";
    finish_call(way, instr, Value::integer(0));
    open_.push_back(std::move(way));
  } else if (path.point.lock_stage == 0 && facts.write) {
    Path way = path;
    way.guard = pool.and_(way.guard, pool.not_(none_waits));
    way.lock_effect = ir::LockEffect::acquires;
    way.point.lock_stage = 1;
    way.text += " (queues behind a writer)";
    emit(std::move(way));
  }
  path.guard = pool.and_(path.guard, path.point.lock_stage == 1 ? pool.and_(nobody, none_waits) : nobody);
  const ir::ExprId count = system_.read(facts.readers[actor_]);
  if (!mine || mine->count < most_readings)
    path.lock_updates[facts.readers[actor_]] = pool.binary(ir::Op::add, count, pool.constant(1, reader_width));
  path.lock_effect = trying ? ir::LockEffect::tries : ir::LockEffect::acquires;
  path.events.push_back({system_.event_name("lock"),
                         {pool.constant(actor_, 64), pool.constant(ir::index(facts.id), 64), pool.constant(0, 64),
                          pool.constant(mine ? 1 : 0, 64)}});
  acquired(path, facts, ir::LockMode::read);
  return finish_call(path, instr, Value::integer(1));
}

Specialiser::Progress Specialiser::unlock(Path& path, const Instr& instr) {
  if (path.initial) return finish_call(path, instr, {});
  auto& pool = system_.pool;
  const Value lock = argument(path, instr, 0);
  if (lock.is(Value::Kind::integer)) return fatal(path, "null-dereference");
  const Value mode_value = argument(path, instr, 1);
  if (!lock.is(Value::Kind::pointer) || !mode_value.is(Value::Kind::integer))
    return not_understood(path, "a lock that is not known");
  const bool wants_read = mode_value.bits == 0;
  LockFacts& facts = lock_facts(static_cast<PointerId>(lock.bits), std::nullopt);
  const ir::LockMode mode = wants_read && is_rw(facts.kind) ? ir::LockMode::read : ir::LockMode::write;
  Held* mine = find(path.point.held, facts.id, mode);
  const std::string& name = system_[facts.owner].name;
  const std::string text = (mine ? "releases " : "releases, without holding it, ") + name.substr(0, name.rfind('.'));
  const std::vector<Value> args{Value::integer(actor_), Value::integer(ir::index(facts.id)),
                                Value::integer(mode == ir::LockMode::read ? 0 : 1), Value::integer(mine ? 1 : 0)};
  // Unlike other events this one stands in the step of the release itself.
  if (!add_event(path, "unlock", args, text)) return Progress::ended;
  if (!mine) return finish_call(path, instr, {});
  path.lock_effect = ir::LockEffect::releases;
  path.lock = ir::LockClaim{facts.id, mode};
  if (mode == ir::LockMode::read && mine->count == most_readings) {
    Path way = path;  // it was held more often than is counted
    finish_call(way, instr, {});
    open_.push_back(std::move(way));
  }
  if (mode == ir::LockMode::read) {
    const ir::ExprId count = system_.read(facts.readers[actor_]);
    path.lock_updates[facts.readers[actor_]] = pool.binary(ir::Op::sub, count, pool.constant(1, reader_width));
  } else {
    path.lock_updates[facts.owner] = pool.constant(0, owner_width);
  }
  if (--mine->count == 0) path.point.held.erase(path.point.held.begin() + (mine - path.point.held.data()));
  return finish_call(path, instr, {});
}

}  // namespace hotproof::lower
