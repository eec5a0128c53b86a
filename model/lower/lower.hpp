// From bodies to a transition system: the specialiser. See docs/architecture.md, "From C to a transition system".
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/ir/system.hpp"
#include "model/lower/mir.hpp"

namespace hotproof::lower {

struct ActorSpec {
  std::string name;      // "worker0"
  std::string function;  // called with `argument`, for ever
  std::int64_t argument = 0;
};

// How calls of one name are treated when the tree's body is not to be followed.
struct Leaf {
  enum class Kind : std::uint8_t {
    meaning,   // the environment's C body of that name (or of `text`, if given) is followed
    nothing,   // no effect on anything modelled; gives 0
    value,     // no effect; gives the constant `text`
    unknown    // no effect; gives any value of its type (each use in a branch splits)
  };
  Kind kind = Kind::nothing;
  bool cut = false;    // on the stop-list: this row wins over a body in the tree
  std::string text;
  std::string reason;  // why this is right
  std::string errors{};  // what a failing meaning may return; empty: it cannot fail
  bool quiet = false;    // messages, scheduling, annotations; or locks, of which events tell: see Options::tell_leaves
};

struct Options {
  std::vector<ActorSpec> actors;
  std::string init = "hp_init";
  std::map<std::string, Leaf> leaves;
  std::vector<std::string> watched_calls;    // functions whose calls and returns are events
  // What the model itself may leave out is told as events: each call of a leaf that is not quiet, "leaf F(ARGUMENTS)" if it
  // has no meaning, "arguments F(ARGUMENTS)" if it has one. Arguments that are not known while lowering stand as "(its
  // value)" or "(computed)" and are arguments of the event.
  bool tell_leaves = false;
  // Fields whose every store to shared memory is an event: "present_pages" → "present" (actor, -1).
  std::map<std::string, std::string> watched_fields;
  std::vector<std::string> environment;      // files whose bodies are ours
  std::vector<std::string> wrappers;         // functions whose steps are shown at the call of them, as more telling
  std::vector<std::string> constants;        // names whose values go into TransitionSystem::constants
  std::map<std::string, std::uint32_t> sets;  // sizes, for TransitionSystem::sets
  // Whether a truth over parameters (expressions of `pool`) is the same for all that satisfy `required`; nothing if it is
  // not, or not known. Without it, every such truth goes both ways. Asked only while lower() runs.
  std::function<std::optional<bool>(const ir::ExprPool& pool, ir::ExprId required, ir::ExprId truth)> decide;
  // Limits; the report says which one ended the work.
  std::size_t most_locations = 200'000;      // control points of one actor
  double seconds = 0;                        // 0: none
  const volatile bool* interrupted = nullptr;  // set from outside to stop early; may be null
};

// What `hotproof model` prints.
struct Followed {
  std::string function, file;
  std::uint32_t line = 0;
  std::uint32_t calls = 0, calls_counted = 0;
  bool environment = false;               // its body is ours
  std::vector<std::uint32_t> statements;  // lines with a statement: see statement_lines
  std::uint32_t branches = 0;             // of the middle form; a && b are two
  std::uint32_t branches_both_ways = 0;   // of these: some path goes on one way, some the other
};
struct LeafUse { std::string function; Leaf leaf; std::vector<Place> places; };
// An unknown constant of the model: __hp_parameter().
struct Parameter { std::string name; std::uint64_t low = 0, high = 0; };
struct Harmless { std::string function; std::string why; std::vector<Place> places; };
struct Report {
  std::vector<Followed> followed;
  std::vector<LeafUse> leaves;
  std::vector<Harmless> harmless;
  // Where a way of an actor ends because something is not understood. It matters if a run gets there: the transition that
  // does has the event "not-understood" with the number that `gaps` has at the same index as its second argument. What
  // lies behind the last of `gaps` matters in any case.
  std::vector<Diagnostic> not_understood;
  std::vector<std::uint32_t> gaps;
  std::vector<std::set<std::string>> gap_functions;  // at the same index: the functions that are being called there
  std::map<std::string, std::vector<std::uint32_t>> executed;  // by file: lines with a statement that some path reaches
  std::vector<std::string> assumptions;
  std::vector<Parameter> parameters;
  std::vector<std::string> requirements;  // on the parameters, in words
  // "time limit", "interrupted", "worker0 has too many control points"; empty if the work came to its end. If not empty
  // the system is not whole: nothing may be concluded from it.
  std::string stopped_by;
};

struct Lowered {
  ir::TransitionSystem system;
  Report report;
};

// The lines on which an instruction or a jump, branch or return of the body begins: what a compiler would make code of
// in this configuration. Branches on constants have no other way, and what only they would lead to is no part of the
// body. Declarations without a value, labels and closing braces are no statements; a statement over several lines counts
// each line on which one of its operations begins.
std::vector<std::uint32_t> statement_lines(const Body& body);

// Never fails on what it does not understand: that is in the report, and the paths that meet it end there. Fails only
// if an actor's function or `init` does not exist.
Outcome<Lowered> lower(Mir& mir, const Options& options);

}  // namespace hotproof::lower
