// Mistakes that a developer could make, put into a function one at a time: a fixed list of operators (docs/mutate.md).
#pragma once

#include <set>
#include <span>

#include "model/c/program.hpp"
#include "model/patch/edit.hpp"

namespace hotproof::patch {

// A statement "with a call" is a simple one: `f(x);` or `y = f(x);`. It is deleted by one operator only: as a lock, as
// an undo, or as any other call.
enum class Mutation : std::uint8_t {
  delete_call,        // the statement with a call goes
  drop_lock,          // the same, of a call that only takes or only gives back locks
  drop_undo,          // the same, behind a label that a goto above it names, or in an error branch
  drop_error_branch,  // an `if` without else that ends in a goto or in a return of more than 0
  move,               // a statement with a call changes places with the one behind it, or before it
  duplicate,          // a statement with a call is there twice
  retarget_goto,      // a goto goes to another label of the function, each in turn
  swap_arguments      // of a call, where C takes it silently: both are numbers, or pointers to the same type
};
std::span<const Mutation> all_mutations();
std::string_view name(Mutation mutation);  // "delete-call", …

struct Mutant {
  Mutation mutation = Mutation::delete_call;
  std::string file;
  std::string function;
  std::uint32_t line = 0;            // of the statement or call, in the file
  // Of all that takes part: if none of them is executed, nothing changes. Of an error branch whose condition only asks,
  // those inside.
  std::vector<std::uint32_t> lines;
  std::string words;                 // its actions: "delete call f #2"
  std::string id;                    // "delete-call:mm/x.c:f:17"; of several on one line the later ones have ".2", ".3"
  std::string edit;                  // in the language of docs/edits.md
};

// All mutants of one function that stands in `file` of the program, in the order of its text; none if it does not stand
// there. What an edit cannot name makes none.
std::vector<Mutant> mutants(c::Program& program, const std::string& file, const std::string& function,
                            const std::set<Mutation>& mutations);

}  // namespace hotproof::patch
