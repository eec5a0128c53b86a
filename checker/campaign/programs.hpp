// The campaign of random C: small programs with locks, a chain of listeners, faults and choices, one or two actors.
// Three judges that share nothing look at each: the meaning of the generator's own tree of it (machine.hpp), brute
// force and all engines on what lowering makes of its text (panel.hpp), and in tests a C compiler.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/campaign/panel.hpp"
#include "model/ir/system.hpp"

namespace hotproof::campaign {

// Of a function's locals, t and r are used: t is 0 in an actor, the action in a listener; r is what a listener answers
// (1, or 2 to refuse), and in whoever calls the chain what that gave. All values are 0 … 3.
struct Statement {
  enum class Kind : std::uint8_t {
    load,     // t = global `where`
    store,    // global = t, or `value` if form is 1
    compute,  // t = value, (t + value) & 3, t ^ value, r; by form
    if_,      // on the condition
    loop,     // `body`, `value` times
    section,  // under lock `where`
    try_,     // under it if it can be had, else `otherwise`
    take,     // the lock is taken, and kept
    fault,    // `body` if a fault is injected
    choose,   // t = one of `value` ways
    assert_,  // the condition
    refuse,   // r = 2
    notify  // r = what the chain says to action `value`; form 1: who agreed before somebody refused hears of it, action
            // 3
  } kind{};
  std::size_t where = 0;
  std::uint64_t value = 0;
  std::size_t form = 0;  // of a condition: t == value, t != value, t < value, r == 2; of a section: 1 reads
  std::vector<Statement> body{}, otherwise{};
};

struct Listener {
  int priority = 0;  // the higher ones are called first, of equal ones the lower number
  std::vector<Statement> body;
};

struct Program {
  std::size_t globals = 2;  // g0, g1, …; 0 at the start
  std::vector<bool> locks;  // l0, l1, …; true: a read-write semaphore. The last one is used by listeners alone
  std::vector<Listener> listeners;
  std::vector<std::vector<Statement>> actors;  // a0, a1
};

// The same seed gives the same program.
Program random_program(std::uint64_t seed);
// The text, in what model/lower reads and, with a few functions, a C compiler.
std::string to_text(const Program& program);
// The programs with one thing less, or simpler; the smallest first.
std::vector<Program> smaller(const Program& program);

// What can come of a program.
struct Meaning {
  bool too_large = false;           // nothing else is said then
  std::string ends;                 // the globals where every actor has come to its end: "0 1; 2 0", ascending
  std::string outcomes;             // the same, with " failed" where an assertion has failed, and "stuck"
  bool fails = false;               // an assertion can
  bool stuck = false;               // nobody can go on, and not all are at their ends
  bool ends_without_fault = false;  // some actor may come to its end without a fault before
  friend bool operator==(const Meaning&, const Meaning&) = default;
};
Meaning meaning(const Program& program);

// The text lowered, with properties on it: assert (violated if an assertion fails), once (no lock is taken by who holds
// it), no-deadlock, ends and ends-without-fault (covers: some actor comes to its end), the same with certain values of
// the first two globals, and an invariant over a global.
struct LoweredText {
  std::string error;  // why there is none
  ir::TransitionSystem system;
};
LoweredText lowered_text(const std::string& text);
// What brute force over a lowered text says, in the same words; outcomes are left out.
Meaning meaning(const ir::TransitionSystem& lowered, std::size_t globals);

// The first thing wrong with a text that should mean this; nothing if all agree.
std::optional<std::string> difference(const std::string& text, const Meaning& expected, std::size_t globals,
                                      const Scope& scope, Tally* tally);

struct ProgramTally {
  std::size_t programs = 0, too_large = 0, failing = 0, stuck = 0, with_faults = 0, with_chain = 0;
};
struct ProgramFailure {
  std::string reason;  // what the shrunk program shows
  Program program;     // shrunk
};
std::optional<ProgramFailure> program_campaign(std::uint64_t seed, const Scope& scope, Tally& tally,
                                               ProgramTally& programs);

// A new .c file in the folder, with what it should mean in its first lines; its name, empty if it could not be written.
std::string write_program(const std::string& folder, const ProgramFailure& failure);
// What is said there. Nothing if it is not said.
struct Expected {
  Meaning meaning;
  std::size_t globals = 0;
};
std::optional<Expected> expected_of(const std::string& text);

}  // namespace hotproof::campaign
