// What a look at the steps of a function found out: in which orders they may stand.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "counterexamples/report.hpp"

namespace hotproof::counterexamples {

struct StepReport {
  std::string name;
  std::uint32_t line = 0;
  bool may_fail = false;
  std::string undo;  // what later failures do about it; empty: nothing
  std::uint32_t undo_line = 0;
  std::vector<std::uint32_t> forgotten_at;  // lines of ways out that do not undo it, although it is done
};

// Why `before` must come before `after`.
struct PrecedenceReport {
  std::size_t before = 0;  // indices into OrderingsReport::steps
  std::size_t after = 0;
  bool given = false;                      // a local value ties them: the other order is no program
  bool follows = false;                    // from other precedences
  std::string why;                         // what the other order breaks
  std::vector<std::size_t> order;          // a safe order with just these two exchanged, or the nearest to that
  std::optional<PropertyReport> violated;  // by that order, with its run
};

// One place at which the step of --step may stand.
struct PositionReport {
  std::size_t place = 0;  // steps that are before it
  bool as_written = false;
  bool possible = true;  // else a local value forbids it
  bool safe = false;
  bool unknown = false;
  std::string why;
  std::optional<PropertyReport> violated;
};

// How far one step can be moved, the others staying as they are, before an order is not safe or no program.
struct MoveReport {
  std::size_t step = 0;
  std::size_t earliest = 0;  // steps before it
  std::size_t latest = 0;
  bool unknown = false;  // it stops where nothing definite is known, or no more models may be checked
};

struct OrderingsReport {
  std::string function;
  std::string file;
  CheckReport as_written;
  std::vector<StepReport> steps;
  // All orders: not for --step.
  bool all = false;
  bool whole = false;  // every order is decided
  // Else they were too many, and `precedences` are what moving one step at a time has shown: another order that does
  // not respect them may be safe, where more than one step is moved.
  bool one_at_a_time = false;
  std::vector<std::size_t> moving;  // --steps: only these change places; empty: all
  std::vector<MoveReport> moves;    // of those that change places
  std::uint64_t possible = 0;       // the greatest number there is: too many to count
  std::uint64_t expected = 0;       // orders that respect what the moves have shown
  std::size_t most = 0;             // models that may be checked
  std::uint64_t safe = 0;
  std::uint64_t unknown = 0;
  std::size_t checked = 0;  // models
  std::vector<PrecedenceReport> precedences;
  std::vector<std::vector<std::size_t>> safe_orders;
  bool partial_order = false;  // the safe orders are all that respect the precedences
  std::string dot;
  // --step.
  std::optional<std::size_t> step;
  std::vector<PositionReport> positions;
};

// 0; 3 if something is not known or the search was stopped.
int exit_code(const OrderingsReport& report);

}  // namespace hotproof::counterexamples
