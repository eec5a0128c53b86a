// What of a system's runs counts when two systems are compared, and how it reads. Names, not numbers: two systems may
// number their variables, locks and constants differently.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::checker::compare {

// How an argument of an event reads. What an event does not declare reads as a number.
struct Argument {
  enum class Meaning : std::uint8_t {
    number,
    left_out,  // does not count
    lock,      // the lock's name
    word,      // words[value], where there is one
    constant   // the first of `words` that is a constant of the system with this value
  };
  Meaning meaning = Meaning::number;
  std::vector<std::string> words{};
  std::string called{};                  // stands before the value, for people: "block"
  std::optional<std::int64_t> unsaid{};  // a value that is not worth a word
  friend bool operator==(const Argument&, const Argument&) = default;
};

// Events that count.
struct ObservedEvent {
  std::string name;  // with '*' at its end: all that begin so
  std::vector<Argument> arguments{};
  bool if_shared = false;  // counts only where the other system has an event of that name, too
  struct Only {
    std::size_t argument = 0;
    std::int64_t value = 0;
    friend bool operator==(const Only&, const Only&) = default;
  };
  std::optional<Only> only{};    // counts only with this argument
  std::optional<Only> except{};  // does not count with this one
  friend bool operator==(const ObservedEvent&, const ObservedEvent&) = default;
};

// A value of the state that counts: a step that changes it does "NAME = VALUE".
struct ObservedSymbol {
  std::string name;  // a symbol of the system; '*' stands for any text
  Argument value{};
  friend bool operator==(const ObservedSymbol&, const ObservedSymbol&) = default;
};

// What an event, or a part of the state, has to do with, in whatever world: things by names of their own.
struct Things {
  std::vector<std::string> about;  // what it changes, or is a value of; none: anything
  std::vector<std::string> needs{};  // what else it hangs on
  friend bool operator==(const Things&, const Things&) = default;
};
// Both are about something, and neither is about what the other is about or needs.
bool are_apart(const Things& a, const Things& b);

struct Concern {
  std::string name;  // of events, or of parts of the state; '*' stands for any text
  Things things;
  std::optional<std::size_t> argument{};  // its value goes behind what it is about
  bool own = false;  // of its own actor: whatever state others stand in, it is the same event (a request, a lock taken)
  friend bool operator==(const Concern&, const Concern&) = default;
};

// Lines of a file. What an actor does there, calls inside them included, is looked at as one step.
struct Region {
  std::string file;
  std::uint32_t first_line = 0, last_line = 0;  // both are of it
  friend bool operator==(const Region&, const Region&) = default;
};

struct Observables {
  std::vector<ObservedEvent> events;  // the first that fits an event says how it reads
  std::vector<ObservedSymbol> symbols;
  // What does not count although the lists above name it, in the same way.
  std::vector<std::string> hidden_events, hidden_symbols;
  // An event with an argument that reads as one of these constants does not count, whatever its name.
  std::vector<std::string> hidden_constants;
  // Counts, too: all of the state, at every event that counts. It is told before the event ("state NAME = VALUE; …", of
  // what differs from the start), as the event's step finds it. An event "arguments F(…)" of which all arguments are
  // known is then no event, but says what F was called with last: a part of the state, until its actor does `forgets`.
  bool state = false;
  std::string forgets;
  // Counts, too: that actors wait for each other in a circle, or that nobody can move.
  bool deadlock = true;
  // Behind this event nothing is known; its second argument says why. Empty: there is none.
  std::string unknown_event;
  // See at_once.hpp.
  std::optional<Region> at_once{};
  std::vector<Concern> concerns{};  // the first that fits
  friend bool operator==(const Observables&, const Observables&) = default;
};

// One thing that happens and counts.
struct Label {
  std::string actor;  // empty: a deadlock
  std::string event;
  std::vector<std::string> arguments;
  friend bool operator==(const Label&, const Label&) = default;
  friend auto operator<=>(const Label&, const Label&) = default;
};
// "worker0: notified 0 MEM_ONLINE 0 NOTIFY_OK"
std::string to_string(const Label& label);

struct HeldLock {
  std::string lock;
  bool write = true;
  friend auto operator<=>(const HeldLock&, const HeldLock&) = default;
};
using HeldLocks = std::set<HeldLock>;

// Where a region lies in a system, by transition.
struct Inside {
  std::vector<bool> of_region;   // it begins there
  std::vector<bool> from_inner;  // and so do all others into and out of the location where it begins
};
Inside inside(const ir::TransitionSystem& system, const Region& region);

// A system whose events are those that count, and no others.
struct ObservedSystem {
  // The given one: the same transitions in their order. It has no properties but those that keep reductions from hiding
  // what counts: each event that counts writes its arguments to variables of their own, which an invariant reads.
  ir::TransitionSystem system;
  std::size_t variables = 0;  // of the given one; the others are behind them
  std::size_t marks = 0;      // from here on they only make events visible to reductions
  struct Kind {
    std::string name;
    std::vector<Argument> arguments;
    bool if_shared = false;
    bool is_symbol = false;  // arguments: the value before and the one behind; it counts if they differ
    bool is_unknown = false;
    std::optional<ObservedEvent::Only> only{}, except{};
    bool is_state = false;  // arguments: the values of `state`
    std::optional<Concern> concern{};
  };
  struct Part {
    std::string name;
    std::int64_t initial = 0;
    std::optional<ir::VarId> variable{};  // whose labels name its values
    ir::ExprId value{};
    Things things{};
  };
  std::vector<Part> state;
  std::vector<Kind> kinds;  // by Event::name
  std::vector<std::string> hidden_constants;
  Inside inside;
  // What happens and does not count because of a hidden constant, with the locks that are held whenever it does.
  std::map<Label, HeldLocks> hidden;
};
ObservedSystem observed(const ir::TransitionSystem& system, const Observables& observables);

// A symbol of both that has another value at the start; nothing: there is none. Where values have names, names are
// compared.
std::optional<std::string> differs_at_start(const ir::TransitionSystem& a, const ir::TransitionSystem& b);

// What happens with these arguments; nothing if it does not count: a hidden constant, a symbol that keeps its value.
std::optional<Label> label_of(const ObservedSystem& system, ir::ActorId actor, std::uint32_t kind,
                              const std::vector<std::int64_t>& arguments);

// The same, whether it counts or not.
Label whole_label(const ObservedSystem& system, ir::ActorId actor, std::uint32_t kind,
                  const std::vector<std::int64_t>& arguments);

// "NAME = VALUE; …" of what differs from the start; with things given, only of parts that may have to do with them.
std::string text_of_state(const ObservedSystem& system, const std::vector<std::int64_t>& values,
                          const Things& things);

// What an event with these arguments has to do with.
Things things_of(const ObservedSystem& system, std::uint32_t kind, const std::vector<std::int64_t>& arguments);

// The value of an argument as a number: of one bit a truth, else signed.
std::int64_t number_of(std::uint64_t value, int width);

}  // namespace hotproof::checker::compare
