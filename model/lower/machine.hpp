// The specialiser's abstract machine: a control point, a path of one step, and the facts about shared memory that are
// learned while all actors are specialised. See docs/architecture.md, "From C to a transition system".
#pragma once

#include <boost/container/flat_map.hpp>
#include <boost/container/flat_set.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/lower/liveness.hpp"
#include "model/lower/lower.hpp"
#include "model/lower/memory.hpp"
#include "model/lower/shared.hpp"
#include "model/lower/unknowns.hpp"

namespace hotproof::lower {

// Sorted by cell.
using CellValues = boost::container::flat_map<CellId, Value>;

// What is asked of many values at once.
struct ValuesSummary {
  explicit ValuesSummary(const CellValues& cells);
  explicit ValuesSummary(const std::vector<Value>& temps);
  std::uint64_t hash = 0;
  bool symbolic = false;  // one of them is
  bool unknown = false;   // one of them is, and something is remembered of it

 private:
  void add(const Value& value);
};

// Ways are copied far more often than they change.
using SharedCells = Shared<CellValues, ValuesSummary>;
using SharedTemps = Shared<std::vector<Value>, ValuesSummary>;

template <class Predicate>
void erase_cells(SharedCells& cells, Predicate gone) {
  if (std::none_of(cells->begin(), cells->end(), gone)) return;
  CellValues kept;
  kept.reserve(cells->size());
  for (const auto& entry : *cells)
    if (!gone(entry)) kept.emplace_hint(kept.end(), entry);
  cells = SharedCells(std::move(kept));
}

struct Frame {
  explicit Frame(const Body* the_body) : body(the_body), temps(std::vector<Value>(the_body->temps.size())) {}

  const Body* body = nullptr;
  BlockId block = 0;
  std::uint32_t instr = 0;  // the number of the block's instructions: at its terminator
  SharedTemps temps;
  // Below the top: what is dead behind its call has been dropped, and nothing has touched it since.
  bool settled = false;
  friend bool operator==(const Frame& a, const Frame& b) {
    return a.body == b.body && a.block == b.block && a.instr == b.instr && a.temps == b.temps;
  }
};

struct Held {
  ir::LockId lock{};
  ir::LockMode mode = ir::LockMode::write;
  std::uint32_t count = 1;
  friend bool operator==(const Held&, const Held&) = default;
};

// What a location of an actor stands for. Memory holds the actor's own objects (locals, private heap), by cell.
struct ControlPoint {
  std::vector<Frame> frames;
  SharedCells memory;
  boost::container::flat_set<ObjectId> heap;  // live private objects
  std::vector<Held> held;                     // by lock
  std::map<UnknownId, UnknownFacts> decided;  // of the unknown values that are still about
  std::uint8_t lock_stage = 0;  // 1: at a lock operation that has announced itself (a writer) or queued (a reader)
  bool stuck = false;           // met something not understood, or a fatal error: this actor goes no further
  friend bool operator==(const ControlPoint&, const ControlPoint&) = default;
};

struct ControlPointHash {
  std::size_t operator()(const ControlPoint& point) const;
};

// One way through one step, while it is being executed.
struct Path {
  ControlPoint point;
  ir::ExprId guard{};              // over the old state
  CellValues writes;  // to shared cells
  CellValues known;   // shared cells whose old value this way has decided on
  boost::container::flat_map<ir::VarId, ir::ExprId> lock_updates;
  std::vector<ir::Event> events;
  std::uint64_t tick = 0;              // instructions executed
  std::uint64_t visible_tick = ~0ULL;  // when the visible operation of this step happened
  int atomic = 0;
  bool initial = false;  // hp_init: everything is known, nothing is a step
  std::optional<bool> by_zero;  // of the division that comes next, once that is decided
  ir::Choice choice = ir::Choice::none;
  std::uint8_t faults = 0;
  ir::LockEffect lock_effect = ir::LockEffect::none;
  std::optional<ir::LockClaim> lock;
  ir::SourceSpan span;
  std::vector<ir::SourceSpan> callers;
  std::string text;
  std::uint32_t depth = 0;
  std::vector<std::size_t> gaps;  // what was not understood on this way
  ir::ExprId assumed{};           // of the parameters, in this step: true at first
};

// What is known of a shared cell. Facts only grow; who used one is specialised again when it does.
struct CellFacts {
  const Type* type = nullptr;
  bool written = false;   // after start-up
  bool symbolic = false;  // has been written with a computed value, or with too many known ones
  bool opaque = false;    // has been written with something unknown: reads give anything
  std::set<Value> domain;
  std::optional<ir::VarId> var;
  std::set<std::uint64_t> users;  // (actor, location) that read the facts
};

// The record that a union stands in, and which of its unions: Mir::Field::overlap, or -1 if the record is a union itself.
struct UnionPlace {
  ObjectId object = 0;
  PathId record = 0;
  int overlap = 0;
  friend auto operator<=>(const UnionPlace&, const UnionPlace&) = default;
};

// Members share memory, and each has cells of its own here: a member may be read only if no other is ever written.
struct UnionFacts {
  std::set<std::string> written;
  std::set<std::uint64_t> users;  // (actor, location) that read a member
};

struct LockFacts {
  ir::LockId id{};
  ir::Lock::Kind kind = ir::Lock::Kind::mutex;
  bool kind_known = false;  // only acquiring says it
  bool tried = false;
  bool read = false;   // somebody takes it for reading
  bool write = false;  // somebody takes it for writing
  ir::VarId owner{};                 // 0: nobody, else the actor's number + 1
  std::optional<ir::VarId> waiting;  // rw: a bit for each actor that announced itself as a writer
  std::vector<ir::VarId> readers;    // rw: by actor
  std::set<std::uint64_t> users;
};

}  // namespace hotproof::lower
