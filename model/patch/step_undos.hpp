// What undoes the steps of a function: read off the statements that its ways out run.
#pragma once

#include <string>
#include <vector>

#include "model/patch/steps.hpp"

namespace hotproof::patch {

// A statement on a way out.
struct WayPart {
  std::string text;
  std::string name;
  std::uint32_t line = 0;
  LineEffects effects;  // none: a local computation
};

// A way out of a step, as the text has it.
struct Way {
  std::uint32_t line = 0;
  std::vector<WayPart> parts;  // in the order in which they run
  std::string leaves;
  bool succeeds = false;
};

// What is known of one step beside its own entry.
struct StepWays {
  std::vector<Way> ways;
  LineEffects effects;  // of the statement that the model sees
};

// Fills in Step::undo and its kin, Step::closes, and Step::exits with what each of them runs and forgets. What an
// earlier way out ran is known; each new statement undoes a step before the one that fails which nothing undoes yet:
// the one whose lock it releases, else the one that calls the same function or one with the most words of its name,
// else the last that may fail. A statement that has more of the failing step's name than of any of those is the failing
// step's own (a cancellation is told to those that were asked). One that the first ways out ran and that has nothing of
// the steps so far is of no step.
void assign_undos(std::vector<Step>& steps, const std::vector<StepWays>& read);

// Tokens with blanks between: texts that are equal but for white space have the same.
std::string normal(std::string_view text);

}  // namespace hotproof::patch
