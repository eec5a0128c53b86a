// What a property says, with its names resolved.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "specs/lang/spec.hpp"

namespace hotproof::spec {

struct Spot {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// A step of a symbol's path: ".field" or "[args[index]]".
struct PathStep {
  std::string field;
  int index = -1;  // into Expr::args; -1: a field
};

struct Expr {
  enum class Kind : std::uint8_t {
    number,    // number
    word,      // text: a quantified variable or a name bound by an event pattern
    self,      // the actor of the event
    constant,  // text: a constant of the tree
    cell,      // text and path: a symbol of the system, or a lock's name
    unary,     // text: the operator
    binary,    // text: the operator; && and || included
    choice,    // args: condition ? then : otherwise
    member,    // args: the value, then the set's members
    apply      // text: a built-in function or a definition, args: its arguments
  };
  Kind kind = Kind::number;
  Spot spot;
  std::string text;
  std::int64_t number = 0;
  std::vector<Expr> args;
  std::vector<PathStep> path;
  std::uint32_t depth = 1;  // of the tree below
};

// define NAME(parameters) = body. The body reads its parameters as words.
struct Definition {
  std::vector<std::string> parameters;
  Expr body;
  std::size_t nodes = 0;  // with the definitions it uses put in
  bool needs_actor = false;
  std::vector<std::string> constants;
};

// What one argument of an event has to be.
struct Pattern {
  enum class Kind : std::uint8_t {
    any,    // _
    value,  // one of `values`
    bind,   // any value, known as `name` from here on
    lock    // the lock called `values[0]`
  };
  Kind kind = Kind::any;
  std::string name;
  std::vector<Expr> values;  // numbers, constants, quantified variables, self
};

struct EventPattern {
  Spot spot;
  std::string event;              // as in TransitionSystem::event_names
  std::vector<Pattern> patterns;  // empty: any arguments
};

// `for block b`, or `for what in 0 .. 7`.
struct Quantifier {
  std::string variable;
  std::string set;  // empty: the numbers low … high
  std::int64_t low = 0;
  std::int64_t high = -1;
};

struct Action {
  enum class Kind : std::uint8_t { go, require, error, speaks } kind = Kind::go;
  Spot spot;
  std::uint32_t state = 0;  // go
  Expr condition;           // require
  std::string sentence;     // require, error: what is wrong; may be empty for require
  std::string text;         // require: the condition as written
};

// One line of a rule, for one event pattern (a line with `or` is several edges).
struct Edge {
  EventPattern event;
  std::vector<std::uint32_t> in;  // states; empty: every state
  std::vector<Expr> when;         // none or one
  std::vector<Action> actions;
};

struct Invariant {
  std::vector<Quantifier> quantifiers;
  Expr expr;
};
struct Rule {
  std::vector<Quantifier> quantifiers;
  std::vector<std::string> states;  // the first is the initial one
  std::vector<Edge> edges;
};
struct WatchPoint {  // an event pattern that counts when `when` is true
  EventPattern event;
  std::vector<Expr> when;
};
struct Cover {
  std::vector<WatchPoint> points;  // any of them
  bool without_faults = false;
};
struct Deadlock {};

// A formula of linear temporal logic.
struct Formula {
  enum class Kind : std::uint8_t {
    constant,  // value
    state,     // condition[0]: a condition on states
    event,     // an event that fits, when condition[0] (if there is one) is true
    not_, and_, or_, implies, next, eventually, always, until, weak_until, release  // args
  };
  Kind kind = Kind::constant;
  bool value = false;
  std::vector<Expr> condition;
  EventPattern event;
  std::string text;  // an atom, as written
  std::vector<Formula> args;
};
struct Temporal {
  std::vector<Quantifier> quantifiers;
  bool assumes_locks = false;
  bool assumes_choices = false;
  Formula formula;
};

struct Form {
  std::variant<Invariant, Rule, Cover, Deadlock, Temporal> what;
  std::vector<std::vector<WatchPoint>> triggers;                         // each: any of its points
  std::shared_ptr<const std::map<std::string, Definition>> definitions;  // of the whole file
};

}  // namespace hotproof::spec
