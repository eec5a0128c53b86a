// The steps of a function as its text has them, each with what undoes it on the ways that fail, and the function
// written again with its steps in another order: the error paths then follow the new order, as a ladder of labels
// would.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/c/ast.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::patch {

// What the model does while the function stands on some of its lines.
struct LineEffects {
  bool any = false;                // an event, a lock operation, something that may fail, a write that others may see
  std::set<std::string> acquires;  // names of locks
  std::set<std::string> releases;
  std::set<std::string> calls;  // functions that are entered from these lines
};
using EffectsOf = std::function<LineEffects(std::uint32_t first_line, std::uint32_t last_line)>;

constexpr std::size_t no_step = static_cast<std::size_t>(-1);

// A statement that a way out runs.
struct ExitPart {
  std::string text;
  std::size_t undoes = no_step;  // none: it belongs to the failing step itself
};

// A way out of a step: it failed, or there was nothing to do.
struct StepExit {
  std::uint32_t line = 0;
  std::vector<ExitPart> parts;    // in the order in which the text runs them
  std::string leaves;             // "return ret;"
  std::set<std::size_t> forgets;  // steps that are done, have an undo, and are not undone on this way
  bool succeeds = false;          // only locks are given back
};

// A statement that the model sees something of, with the local computations that belong to it.
struct Step {
  std::string name;  // "memory_notify(MEM_PREPARE_ONLINE)", "mem->zone = zone"
  std::uint32_t line = 0;
  std::vector<std::string> code;  // its text, cut where its exits stand: one more than exits
  std::vector<StepExit> exits;
  std::string undo;  // statements that failing later runs; empty: there is nothing to undo, or nobody does
  std::string undo_name;
  std::uint32_t undo_line = 0;
  bool locks = false;            // it takes a lock
  std::size_t closes = no_step;  // the step whose undo this one already does on the way that succeeds
};

// Order: indices into Steps::steps, each once.
using StepOrder = std::vector<unsigned>;

struct Steps {
  std::string function;
  std::string file;
  std::uint32_t line = 0;  // of the body's opening brace
  std::string before;      // the body's text before the first step: declarations, local computations, early returns
  std::string after;       // what ends the way that succeeds: "return ret;"
  std::vector<Step> steps;
  // (a, b): b uses a local value that a computes, or a one that b changes; no order can have b before a.
  std::vector<std::pair<unsigned, unsigned>> data;

  StepOrder posted() const;
  // Whether the order has each pair of `data` the right way round.
  bool is_possible(const StepOrder& order) const;
  // The body's statements, without its braces. With fewer than all steps the run stops behind the last of them and
  // nothing is concluded from its end. A failing step undoes the steps before it, last first, but for those that a
  // step has closed since. Statements of a way out that the text has the other way round (a cancellation is told before
  // what led to it is undone; two undos first come first) keep the order that they have there, so that the function in
  // its own order runs exactly the statements that it runs as written.
  std::string body(const StepOrder& order) const;
  // Where in the file each step of the order begins once its body is this one, each on a line of its own, and at last
  // what stands behind them.
  std::vector<std::uint32_t> lines(const StepOrder& order) const;

 private:
  struct Written {
    std::string text;
    std::vector<std::size_t> begins;  // of the steps, and of what stands behind them
  };
  Written written(const StepOrder& order) const;
  std::string way_out(const StepOrder& order, std::size_t at, const StepExit& exit) const;
};

constexpr std::size_t most_steps = 64;

// Reads the steps of `function`, whose spans mean `text`. A loop is one step, with its ways out, be it written with a
// goto back. Of a function that is one loop, the steps are those of the loop's body. Errors: fewer than two or more
// than `most_steps` steps, and shapes that have no steps to order: a goto into a loop or a block, effects behind ways
// out on an error path.
Outcome<Steps> read_steps(const c::Function& function, std::string_view text, const std::string& file,
                          const EffectsOf& effects_of);

}  // namespace hotproof::patch
