// Small edits that might mend a function: what a person would try first. Which of them do is for the checker to say.
#pragma once

#include <string>
#include <vector>

#include "model/c/program.hpp"
#include "model/patch/steps.hpp"

namespace hotproof::patch {

enum class RepairKind : std::uint8_t { retarget, robust, undo, move };

struct Repair {
  RepairKind kind = RepairKind::retarget;
  std::string says;  // "line 219: goto out instead of out_notifier"
  std::string edit;  // in the language of edits (docs/edits.md), one action
};

// Likely ones first, in the order of the text within each kind:
// 1. a goto leads to another label below it;
// 2. a call that tells a chain of listeners takes the chain's robust form, which takes back what it said: where the
// tree
//    has a function of the callee's name, or of the name of what that calls at once, with `_robust` behind it;
// 3. a way out undoes more: a statement that undoes something on another way out of the function, or that another
//    function of the file has with the same callee, is added before a goto or return of an error branch, or behind a
//    label;
// 4. a statement that the model sees something of moves before or behind another one of its block or of the body.
// `program` reads the function's file first.
std::vector<Repair> repairs(c::Program& program, const std::string& file, const std::string& function,
                            const EffectsOf& effects_of);

}  // namespace hotproof::patch
