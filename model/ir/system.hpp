// The transition system: the waist of the hourglass. Lowering makes it, passes rewrite it, every engine takes it.
// It knows nothing of C, of engines or of output.
//
// A state gives every variable a value. Each actor has a control variable; a transition of an actor leaves one of its
// locations and enters another. In a state, a transition is enabled if its actor stands at `from` and its guard is true;
// firing it evaluates all updates on the old state and assigns them at once. Several enabled transitions of one actor
// are its choices (a fault, a branch on shared state that overlaps, a free choice); transitions are deterministic.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/ir/expr.hpp"

namespace hotproof::ir {

enum class ActorId : std::uint32_t {};
enum class TransitionId : std::uint32_t {};
enum class LockId : std::uint32_t {};
enum class PropertyId : std::uint32_t {};
enum class MarkId : std::uint32_t {};
using Location = std::uint32_t;

template <class Id>
constexpr std::size_t index(Id id) { return static_cast<std::size_t>(id); }

enum class Role : std::uint8_t {
  control,   // an actor's location; written only through Transition::from/to
  shared,    // state of the modelled program
  local,     // a local value of one actor
  lock,      // who holds what
  observer   // added by a property; no guard of the program reads it
};

struct Variable {
  std::string name;  // unique; "mem[0].state", "worker0.pc"
  int width = 1;
  bool is_signed = false;      // how to show it, and how `low`/`high` are meant
  Role role = Role::shared;
  std::uint64_t initial = 0;
  bool free_initially = false;  // any value in [low, high] that satisfies TransitionSystem::initial_condition
  // Declared range (as signed or unsigned by is_signed). A state outside ends a search in "inconclusive".
  std::uint64_t low = 0;
  std::uint64_t high = 0;       // low == high == 0: every value of the width
  std::map<std::uint64_t, std::string> labels{};  // names for values, for people: 1 → "MEM_GOING_OFFLINE"
};

// Where a step stands in the text that the user knows. line 0: nowhere (made by the environment or a pass).
struct SourceSpan {
  std::uint32_t file = 0;  // index into TransitionSystem::files
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t function = 0;  // index into TransitionSystem::functions
  friend bool operator==(const SourceSpan&, const SourceSpan&) = default;
};

struct Update {
  VarId var{};
  ExprId value{};  // of the variable's width, over the old state
};

// Something that happens while a transition fires, in the vocabulary of the properties: "notified", "call", "return".
// Arguments are evaluated on the old state, and so is every symbol that a property reads at it: an event comes before the
// updates of its transition.
struct Event {
  std::uint32_t name = 0;  // index into TransitionSystem::event_names
  std::vector<ExprId> args;
};

// A demand of a property on a transition: when it fires, `holds` must be true (on the old state).
struct Assertion {
  PropertyId property{};
  ExprId holds{};
};

// A cover or trigger point: it is reached when the transition fires with `when` true (on the old state).
struct Hit {
  MarkId mark{};
  ExprId when{};
};

enum class LockMode : std::uint8_t { read, write };
struct LockClaim {
  LockId lock{};
  LockMode mode = LockMode::write;
  friend bool operator==(const LockClaim&, const LockClaim&) = default;
  friend auto operator<=>(const LockClaim&, const LockClaim&) = default;
};

enum class Choice : std::uint8_t {
  none,      // the only way on, or decided by the state
  free,      // any of several ways, as the environment likes (which request, a pending signal, a retry)
  fault,     // something that may fail has failed
  listener,  // what a listener answers: a veto is also a fault, see Transition::fault
};

enum class LockEffect : std::uint8_t { none, acquires, releases, tries };

struct Transition {
  ActorId actor{};
  Location from = 0;
  Location to = 0;
  ExprId guard{};                     // 1 bit
  std::vector<Update> updates;        // each variable at most once, never a control variable
  std::vector<Event> events;          // in order
  std::vector<Assertion> assertions;  // filled by properties
  std::vector<Hit> hits;              // filled by properties
  SourceSpan span;
  std::string text;         // one short line for people: the call, the access, the choice
  Choice choice = Choice::none;
  std::uint8_t faults = 0;  // how many faults this step injects
  std::vector<LockClaim> held;     // what the actor is known to hold at `from` (a claim; a checking mode tests it)
  LockEffect lock_effect = LockEffect::none;
  std::optional<LockClaim> lock;   // the lock that lock_effect speaks of
  std::uint32_t depth = 0;         // call depth, for display
  std::vector<SourceSpan> callers{};  // the calls that led to `span`, outermost first; for display
};

struct Actor {
  std::string name;
  VarId control{};
  Location initial = 0;
  std::uint32_t locations = 0;  // locations are 0 … locations-1
  // Locations where the actor has nothing to do unless it chooses to: standing there for ever is no deadlock.
  std::vector<Location> resting;
  // Locations where the run is over for everybody (an oops, a place that is not understood): where an actor stands at
  // one, that nobody can move is no deadlock.
  std::vector<Location> halted{};
};

struct Lock {
  std::string name;  // "device_hotplug_lock", "mem[0].dev.mutex"
  enum class Kind : std::uint8_t { mutex, spin, rwsem, percpu_rwsem } kind = Kind::mutex;
  bool tried = false;               // somebody uses a trylock: a release is no mover then
  std::vector<ExprId> held_write;   // by actor: 1 bit, over the state
  std::vector<ExprId> held_read;
};

enum class Confidence : std::uint8_t { high, moderate };

enum class PropertyKind : std::uint8_t {
  invariant,   // `expr` is true in every reachable state
  assertion,   // no Assertion of it fails on a transition that fires in a reachable state
  cover,       // `mark` is reached
  deadlock     // no state in which actors wait for each other, or none can move (see checker)
};

struct Property {
  std::string id;    // "memmap-after-accessible"
  std::string says{};  // one sentence
  std::string origin{};
  Confidence confidence = Confidence::high;
  PropertyKind kind = PropertyKind::invariant;
  ExprId expr{};                   // invariant
  MarkId mark{};                   // cover
  bool cover_without_faults = false;  // cover: only runs with no fault count
  std::vector<MarkId> triggers{};   // if none of these is reached (and there are some), the verdict "proved" is "vacuous"
};

struct TransitionSystem {
  std::string name;
  ExprPool pool;
  std::vector<Variable> variables;
  std::vector<Actor> actors;
  std::vector<Transition> transitions;
  std::vector<Lock> locks;
  std::vector<Property> properties;
  std::vector<std::string> marks;  // names of cover and trigger points
  ExprId initial_condition{};      // 1 bit, over the initial state; constrains variables that are free initially

  std::vector<std::string> files;
  std::vector<std::string> functions;
  std::vector<std::string> event_names;

  // What the text of a property may refer to: named expressions ("block[0].accessible"), constants of the tree
  // ("MEM_PREPARE_ONLINE"), and sizes of sets ("block", "listener", "actor").
  std::map<std::string, ExprId> symbols;
  std::map<std::string, std::int64_t> constants;
  std::map<std::string, std::uint32_t> sets;

  const Variable& operator[](VarId id) const { return variables[index(id)]; }
  const Transition& operator[](TransitionId id) const { return transitions[index(id)]; }
  VarId add_variable(Variable variable);
  ExprId read(VarId id) { return pool.variable(id, variables[index(id)].width); }
  std::uint32_t event_name(const std::string& name);  // index, added if new
};

// A copy without the transitions.
TransitionSystem without_transitions(const TransitionSystem& system);

// A state: one value a variable, by VarId.
using State = std::vector<std::uint64_t>;

// Variables a transition reads (guard, updates, events, assertions, hits) and writes, ascending; control excluded.
struct Access {
  std::vector<VarId> reads;
  std::vector<VarId> writes;
};
Access access(const TransitionSystem& system, const Transition& transition);
// All on which it depends whether it fires, what it does and what is found by it, and all that it changes; ascending.
// Control variables among them: whoever moves writes its own.
Access footprint(const TransitionSystem& system, const Transition& transition);

// Checks widths, ids, that locations are in range and that each variable is updated at most once. Returns the first
// fault as a sentence, or nothing. Engines may rely on a system for which this returns nothing.
std::optional<std::string> fault_in(const TransitionSystem& system);

// A run, as choices: the initial state and the transition taken at each step. States are recomputed by whoever needs them.
struct Run {
  State initial;
  std::vector<TransitionId> steps;
};

// What a pass gives: the new system, and for each of its transitions the transitions of the old one that it stands for,
// in order. lift() turns a run of the new system into a run of the old one.
struct Rewritten {
  TransitionSystem system;
  std::vector<std::vector<TransitionId>> parts;
  std::vector<VarId> old_variable;  // by new VarId
};
Run lift(const TransitionSystem& old_system, const Rewritten& rewritten, const Run& run);

}  // namespace hotproof::ir
