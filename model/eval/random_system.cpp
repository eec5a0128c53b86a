#include "model/eval/random_system.hpp"

#include <algorithm>
#include <string>

namespace hotproof::eval {

using namespace ir;

namespace {

// splitmix64 (Steele, Lea, Flood 2014): the standard library's distributions differ between machines.
class Random {
 public:
  explicit Random(std::uint64_t& state) : state_(state) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  int between(int low, int high) { return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1)); }
  bool one_in(int n) { return between(1, n) == 1; }
  template <class T>
  const T& pick(const std::vector<T>& list) {
    return list[next() % list.size()];
  }

 private:
  std::uint64_t& state_;
};

ExprId leaf(TransitionSystem& system, Random& random, int width, const std::vector<VarId>& variables) {
  if (variables.empty() || random.one_in(4)) return system.pool.constant(random.next(), width);
  const VarId var = random.pick(variables);
  return system.pool.resize(system.read(var), width, random.one_in(2));
}

// Who holds which locks in which mode, at a location.
enum class Holding : std::uint8_t { none, read, write };

struct RandomLock {
  VarId owner{};                       // mutex: 0 or 1 + actor
  std::vector<VarId> writer, readers;  // otherwise: a bit for each actor
  bool shared = false;
};

struct RandomVariable {
  VarId var{};
  int lock = -1;        // accessed only while this lock is held
  int actor = -1;       // accessed only by this actor
  bool sloppy = false;  // written by those too who hold the lock only for reading
};

class Builder {
 public:
  Builder(std::uint64_t seed, const RandomShape& shape)
      : state_(seed * 0x2545f4914f6cdd1dU + 17), random_(state_), shape_(shape) {}

  TransitionSystem build() {
    system_.name = "random";
    system_.files = {"random.c"};
    system_.functions = {"f", "g"};
    system_.marks = {"m0", "m1", "m2", "m3"};
    actors_ = random_.between(shape_.least_actors, shape_.most_actors);
    make_locks();
    make_variables();
    make_properties();
    for (int a = 0; a < actors_; ++a) make_actor(a);
    constrain_start();
    name_things();
    return std::move(system_);
  }

 private:
  ExprId expression(int width, const std::vector<VarId>& variables) {
    return random_expression(system_, state_, width, variables, random_.between(0, shape_.deepest_expression));
  }
  ExprId condition(const std::vector<VarId>& variables) { return expression(1, variables); }

  VarId variable(const std::string& name, int width, Role role) {
    Variable v;
    v.name = name;
    v.width = width;
    v.role = role;
    return system_.add_variable(std::move(v));
  }

  void make_locks() {
    const int count = random_.between(0, shape_.most_locks);
    for (int i = 0; i < count; ++i) {
      const std::string name = "lock" + std::to_string(i);
      RandomLock lock;
      lock.shared = random_.one_in(2);
      Lock declared{name, lock.shared ? Lock::Kind::rwsem : Lock::Kind::mutex, false, {}, {}};
      if (!lock.shared) lock.owner = variable(name + ".owner", 2, Role::lock);
      for (int a = 0; a < actors_; ++a) {
        if (lock.shared) {
          lock.writer.push_back(variable(name + ".w" + std::to_string(a), 1, Role::lock));
          lock.readers.push_back(variable(name + ".r" + std::to_string(a), 1, Role::lock));
        }
        declared.held_write.push_back(holds(lock, a, Holding::write));
        declared.held_read.push_back(holds(lock, a, Holding::read));
      }
      locks_.push_back(std::move(lock));
      system_.locks.push_back(std::move(declared));
    }
  }

  ExprId holds(const RandomLock& lock, int actor, Holding how) {
    ExprPool& pool = system_.pool;
    if (lock.shared)
      return system_.read((how == Holding::write ? lock.writer : lock.readers)[static_cast<std::size_t>(actor)]);
    if (how == Holding::read) return pool.truth(false);
    return pool.eq(system_.read(lock.owner), pool.constant(static_cast<std::uint64_t>(actor) + 1, 2));
  }

  // The lock can be had in this mode by anybody who does not hold it.
  ExprId is_free(const RandomLock& lock, Holding wanted) {
    ExprPool& pool = system_.pool;
    ExprId out = pool.truth(true);
    if (!lock.shared) return pool.eq(system_.read(lock.owner), pool.constant(0, 2));
    for (int a = 0; a < actors_; ++a) {
      out = pool.and_(out, pool.not_(holds(lock, a, Holding::write)));
      if (wanted == Holding::write) out = pool.and_(out, pool.not_(holds(lock, a, Holding::read)));
    }
    return out;
  }

  Update set_held(const RandomLock& lock, int actor, Holding how, bool held) {
    if (!lock.shared) return {lock.owner, system_.pool.constant(held ? static_cast<std::uint64_t>(actor) + 1 : 0, 2)};
    return {(how == Holding::write ? lock.writer : lock.readers)[static_cast<std::size_t>(actor)],
            system_.pool.truth(held)};
  }

  void make_variables() {
    const int count = random_.between(shape_.least_variables, shape_.most_variables);
    int bits = shape_.most_bits;
    for (int i = 0; i < count && bits > 0; ++i) {
      const int width = std::min(bits, random_.between(1, shape_.most_width));
      bits -= width;
      RandomVariable v;
      v.var = variable("x" + std::to_string(i), width, Role::shared);
      if (random_.one_in(4) || (shape_.disciplined && locks_.empty()))
        v.actor = random_.between(0, actors_ - 1);
      else if (!locks_.empty() && (shape_.disciplined || random_.one_in(2)))
        v.lock = random_.between(0, static_cast<int>(locks_.size()) - 1);
      v.sloppy = random_.one_in(4);
      Variable& declared = system_.variables.back();
      if (v.actor >= 0) declared.role = Role::local;
      declared.is_signed = random_.one_in(3);
      declared.initial = truncate(random_.next(), width);
      declared.free_initially = random_.one_in(5);
      if (random_.one_in(4)) declare_range(declared);
      data_.push_back(v);
      all_.push_back(v.var);
    }
  }

  void declare_range(Variable& v) {
    std::uint64_t a = truncate(random_.next(), v.width);
    std::uint64_t b = truncate(random_.next(), v.width);
    const bool swapped = v.is_signed ? as_signed(a, v.width) > as_signed(b, v.width) : a > b;
    if (swapped) std::swap(a, b);
    v.low = a;
    v.high = b;
    if (a != 0 || b != 0) v.initial = random_.one_in(2) ? a : b;
  }

  // The value, or the old one where it would leave the declared range.
  ExprId kept_in_range(VarId var, ExprId value) {
    const Variable& v = system_[var];
    if (v.low == 0 && v.high == 0) return value;
    ExprPool& pool = system_.pool;
    const Op at_most = v.is_signed ? Op::sle : Op::ule;
    const ExprId above = pool.binary(at_most, pool.constant(v.low, v.width), value);
    const ExprId below = pool.binary(at_most, value, pool.constant(v.high, v.width));
    return pool.ite(pool.and_(above, below), value, system_.read(var));
  }

  void make_properties() {
    const auto add = [&](const std::string& id, PropertyKind kind) -> Property& {
      Property p;
      p.id = id;
      p.says = "random " + id;
      p.kind = kind;
      system_.properties.push_back(std::move(p));
      return system_.properties.back();
    };
    const std::vector<VarId> seen = shape_.disciplined && !all_.empty() ? std::vector<VarId>{random_.pick(all_)} : all_;
    for (int i = 0; i < 2; ++i) {
      // A weak disjunction is broken seldom and late, a plain condition often and early: both are wanted.
      const std::vector<ExprId> terms{condition(seen), condition(seen), condition(seen)};
      add("invariant" + std::to_string(i), PropertyKind::invariant).expr = i == 0 ? system_.pool.any(terms) : terms[0];
    }
    for (int i = 0; i < 2; ++i) add("assertion" + std::to_string(i), PropertyKind::assertion).triggers = {MarkId{3}};
    for (int i = 0; i < 3; ++i) {
      Property& p = add("cover" + std::to_string(i), PropertyKind::cover);
      p.mark = static_cast<MarkId>(i);
      p.cover_without_faults = i == 1;
    }
    add("deadlock", PropertyKind::deadlock);
  }

  using Holdings = std::vector<Holding>;  // by lock

  void make_actor(int a) {
    Actor actor;
    actor.name = "actor" + std::to_string(a);
    actor.locations = static_cast<Location>(random_.between(shape_.least_locations, shape_.most_locations));
    actor.control = variable(actor.name + ".pc", 4, Role::control);
    const std::vector<Holdings> at = choose_holdings(actor.locations);
    for (Location l = 0; l < actor.locations; ++l)
      if (random_.one_in(3)) actor.resting.push_back(l);
    if (random_.one_in(6)) actor.halted.push_back(actor.locations - 1);
    system_.actors.push_back(actor);
    for (Location from = 0; from + 1 < actor.locations; ++from) way(a, from, from + 1, at);
    const int more = random_.between(1, 2 + static_cast<int>(actor.locations) / 2);
    for (int i = 0; i < more; ++i) {
      const auto last = static_cast<int>(actor.locations) - 1;
      way(a, static_cast<Location>(random_.between(0, last)), static_cast<Location>(random_.between(0, last)), at);
    }
  }

  // What the actor holds at each location; from one to the next it takes or gives back at most one lock.
  std::vector<Holdings> choose_holdings(Location locations) {
    std::vector<Holdings> at(1, Holdings(locks_.size(), Holding::none));
    while (at.size() < locations) {
      Holdings next = at.back();
      if (!locks_.empty() && !random_.one_in(3)) {
        Holding& h = next[random_.next() % locks_.size()];
        if (h != Holding::none)
          h = Holding::none;
        else
          h = random_.one_in(2) && system_.locks[static_cast<std::size_t>(&h - next.data())].kind == Lock::Kind::rwsem
                  ? Holding::read
                  : Holding::write;
      }
      at.push_back(std::move(next));
    }
    return at;
  }

  std::vector<VarId> usable(int a, const Holdings& held, bool to_write) const {
    std::vector<VarId> out;
    for (const RandomVariable& v : data_) {
      if (v.actor >= 0 && v.actor != a) continue;
      const Holding h = v.lock < 0 ? Holding::write : held[static_cast<std::size_t>(v.lock)];
      if (h == Holding::write || ((v.sloppy || !to_write) && h == Holding::read)) out.push_back(v.var);
    }
    return out;
  }

  // One or two transitions from one location to another, if what is held there differs by at most one lock.
  void way(int a, Location from, Location to, const std::vector<Holdings>& at) {
    int differs = -1;
    for (std::size_t i = 0; i < locks_.size(); ++i) {
      if (at[from][i] == at[to][i]) continue;
      if (differs >= 0) return;
      differs = static_cast<int>(i);
    }
    Transition t = blank(a, from, to, at[from]);
    if (differs < 0) return plain(std::move(t), at[from]);
    const auto i = static_cast<std::size_t>(differs);
    if (at[from][i] == Holding::none)
      acquire(std::move(t), i, at[to][i]);
    else if (at[to][i] == Holding::none)
      release(std::move(t), i, at[from][i]);
  }

  Transition blank(int a, Location from, Location to, const Holdings& held) {
    Transition t;
    t.actor = static_cast<ActorId>(a);
    t.from = from;
    t.to = to;
    for (std::size_t i = 0; i < held.size(); ++i)
      if (held[i] != Holding::none)
        t.held.push_back({static_cast<LockId>(i), held[i] == Holding::read ? LockMode::read : LockMode::write});
    t.span = {0, 10 * static_cast<std::uint32_t>(a) + from + 1, to + 1, static_cast<std::uint32_t>(a % 2)};
    return t;
  }

  void acquire(Transition t, std::size_t lock, Holding how) {
    const int a = static_cast<int>(t.actor);
    t.guard = is_free(locks_[lock], how);
    t.updates.push_back(set_held(locks_[lock], a, how, true));
    t.lock = LockClaim{static_cast<LockId>(lock), how == Holding::read ? LockMode::read : LockMode::write};
    t.lock_effect = LockEffect::acquires;
    t.text = "acquire " + system_.locks[lock].name;
    if (random_.one_in(6)) {
      t.lock_effect = LockEffect::tries;
      system_.locks[lock].tried = true;
      Transition failed = t;
      failed.to = failed.from;
      failed.guard = system_.pool.not_(t.guard);
      failed.updates.clear();
      failed.text = "try " + system_.locks[lock].name;
      emit(std::move(failed), {});
    }
    emit(std::move(t), {});
  }

  void release(Transition t, std::size_t lock, Holding how) {
    t.updates.push_back(set_held(locks_[lock], static_cast<int>(t.actor), how, false));
    t.lock = LockClaim{static_cast<LockId>(lock), how == Holding::read ? LockMode::read : LockMode::write};
    t.lock_effect = LockEffect::releases;
    t.text = "release " + system_.locks[lock].name;
    emit(std::move(t), {});
  }

  void plain(Transition t, const Holdings& held) {
    const int a = static_cast<int>(t.actor);
    const std::vector<VarId> readable = usable(a, held, false);
    const std::vector<VarId> writable = usable(a, held, true);
    t.text = "step";
    const bool branches = random_.one_in(3);
    if (branches || random_.one_in(3)) t.guard = condition(readable);
    if (branches) {
      Transition other = t;
      other.guard = system_.pool.not_(t.guard);
      other.text = "other step";
      write_some(other, readable, writable);
      emit(std::move(other), readable);
    }
    write_some(t, readable, writable);
    emit(std::move(t), readable);
  }

  void write_some(Transition& t, const std::vector<VarId>& readable, const std::vector<VarId>& writable) {
    for (const VarId var : writable)
      if (random_.one_in(2)) t.updates.push_back({var, kept_in_range(var, expression(system_[var].width, readable))});
  }

  // Adds what a transition may carry besides its updates.
  void emit(Transition t, const std::vector<VarId>& readable) {
    if (random_.one_in(4))
      t.events.push_back({system_.event_name("seen"), {expression(4, readable), expression(2, readable)}});
    if (random_.one_in(3))
      t.assertions.push_back(
          {static_cast<PropertyId>(random_.between(2, 3)), system_.pool.or_(condition(readable), condition(readable))});
    if (random_.one_in(3)) t.hits.push_back({static_cast<MarkId>(random_.between(0, 3)), condition(readable)});
    if (random_.one_in(6)) {
      t.faults = static_cast<std::uint8_t>(random_.between(1, 2));
      t.choice = Choice::fault;
    } else if (random_.one_in(6)) {
      t.choice = random_.one_in(2) ? Choice::free : Choice::listener;
    }
    t.depth = static_cast<std::uint32_t>(random_.between(0, 3));
    system_.transitions.push_back(std::move(t));
  }

  void constrain_start() {
    std::vector<VarId> free;
    for (const VarId var : all_)
      if (system_[var].free_initially) free.push_back(var);
    if (!free.empty() && random_.one_in(2)) system_.initial_condition = condition(free);
  }

  // Things that no transition needs, so that the text form and the passes meet them.
  void name_things() {
    for (const VarId var : all_)
      if (random_.one_in(3)) system_.symbols[system_[var].name + " + 1"] = expression(system_[var].width, {var});
    system_.constants["MOST"] = random_.between(-5, 5);
    system_.sets["actor"] = static_cast<std::uint32_t>(actors_);
    if (!all_.empty()) system_.variables[index(all_[0])].labels = {{0, "ZERO"}, {1, "a \"quoted\" label\n"}};
  }

  std::uint64_t state_;
  Random random_;
  RandomShape shape_;
  TransitionSystem system_;
  int actors_ = 0;
  std::vector<RandomLock> locks_;
  std::vector<RandomVariable> data_;
  std::vector<VarId> all_;
};

}  // namespace

ExprId random_expression(TransitionSystem& system, std::uint64_t& random_state, int width,
                         const std::vector<VarId>& variables, int depth) {
  Random random(random_state);
  if (depth <= 0) return leaf(system, random, width, variables);
  const auto operand = [&](int w) { return random_expression(system, random_state, w, variables, depth - 1); };
  if (random.one_in(6)) {
    const ExprId condition = operand(1);
    const ExprId then = operand(width);
    return system.pool.ite(condition, then, operand(width));
  }
  if (width == 1 && random.one_in(2)) {
    const int compared = random.between(1, 5);
    const auto op = static_cast<Op>(static_cast<int>(Op::eq) + random.between(0, 4));
    const ExprId a = operand(compared);
    return system.pool.binary(op, a, operand(compared));
  }
  if (random.one_in(6)) return system.pool.resize(operand(random.between(1, 6)), width, random.one_in(2));
  if (random.one_in(4)) return system.pool.unary(random.one_in(2) ? Op::not_ : Op::neg, operand(width));
  const auto op = static_cast<Op>(static_cast<int>(Op::add) +
                                  random.between(0, static_cast<int>(Op::ashr) - static_cast<int>(Op::add)));
  const ExprId a = operand(width);
  return system.pool.binary(op, a, operand(width));
}

TransitionSystem random_system(std::uint64_t seed, const RandomShape& shape) {
  return Builder(seed, shape).build();
}

TransitionSystem without(const TransitionSystem& system, const std::set<std::uint32_t>& dropped) {
  TransitionSystem out = system;
  out.transitions.clear();
  for (std::uint32_t i = 0; i < system.transitions.size(); ++i)
    if (!dropped.contains(i)) out.transitions.push_back(system.transitions[i]);
  return out;
}

TransitionSystem widened(TransitionSystem system) {
  constexpr int width = 5;  // twelve in a word
  constexpr std::size_t count = std::size_t{4} * 12, changed = 5;
  std::vector<VarId> added;
  for (std::size_t i = 0; i < count; ++i)
    added.push_back(
        system.add_variable({.name = "wide" + std::to_string(i), .width = width, .high = (1U << width) - 1}));
  for (std::size_t i = 0; i < system.transitions.size(); ++i)
    for (std::size_t k = 0; k < changed; ++k)
      system.transitions[i].updates.push_back(
          {added[(7 * i + 11 * k) % count], system.pool.constant((i + k) % 4, width)});
  return system;
}

TransitionSystem build(const RandomCase& test_case, const RandomShape& shape) {
  return without(random_system(test_case.seed, shape), test_case.dropped);
}

std::vector<RandomCase> smaller(const RandomCase& test_case, const RandomShape& shape) {
  const auto count = static_cast<std::uint32_t>(random_system(test_case.seed, shape).transitions.size());
  std::vector<std::uint32_t> kept;
  for (std::uint32_t i = 0; i < count; ++i)
    if (!test_case.dropped.contains(i)) kept.push_back(i);
  std::vector<RandomCase> out;
  if (kept.size() > 3) {
    const auto middle = kept.begin() + static_cast<std::ptrdiff_t>(kept.size() / 2);
    out.assign(2, test_case);
    out[0].dropped.insert(kept.begin(), middle);
    out[1].dropped.insert(middle, kept.end());
  }
  for (const std::uint32_t i : kept) {
    out.push_back(test_case);
    out.back().dropped.insert(i);
  }
  return out;
}

}  // namespace hotproof::eval
