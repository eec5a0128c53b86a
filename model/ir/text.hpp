// The text form of a transition system: complete, readable, one thing a line. write() is deterministic, and reading
// what was written and writing it again gives the same text.
//
//   text        = "hotproof-system 1" line*          # a comment, like an empty line, may stand anywhere after it
//   line        = "name" STRING
//               | "file" STRING | "function" STRING  # by order: 0, 1, …
//               | "event" STRING | "mark" STRING     # by order: n0, n1, … and m0, m1, …
//               | "set" STRING NUMBER | "constant" STRING ["-"]NUMBER
//               | "variable" vN STRING "width" NUMBER ("unsigned" | "signed") ROLE "initial" NUMBER
//                     ["free"] ["range" NUMBER NUMBER]
//               | "label" NUMBER STRING              # of the variable before
//               | "actor" aN STRING "control" vN "initial" NUMBER "locations" NUMBER ["resting" NUMBER+] ["halted" NUMBER+]
//               | "let" eN "=" OPERATION
//               | "lock" lN STRING KIND ["tried"]
//               | "held-write" EXPR* | "held-read" EXPR*    # of the lock before, one an actor
//               | "property" pN STRING ("invariant" | "assertion" | "cover" | "deadlock") ("high" | "moderate")
//               | "says" STRING | "origin" STRING | "expr" EXPR | "reaches" mN | "without-faults" | "triggers" mN+
//                                                     # of the property before
//               | "initially" EXPR
//               | "symbol" STRING EXPR
//               | "transition" aN "from" NUMBER "to" NUMBER "guard" EXPR
//               | "text" STRING | "update" vN EXPR | "does" nN EXPR* | "assert" pN EXPR | "hit" mN EXPR
//               | "at" FILE LINE COLUMN FUNCTION | "called-from" FILE LINE COLUMN FUNCTION
//               | "choice" ("free" | "fault" | "listener") | "faults" NUMBER
//               | "holds" (lN MODE)+ | ("acquires" | "releases" | "tries") lN MODE | "depth" NUMBER
//                                                     # of the transition before
//   OPERATION   = OP EXPR EXPR? EXPR? | ("zext" | "sext" | "trunc") WIDTH EXPR      # OP as ir::name() gives it
//   EXPR        = eN | vN | NUMBER ":" WIDTH          # a let, a variable, a constant
//   ROLE        = "control" | "shared" | "local" | "lock" | "observer"
//   KIND        = "mutex" | "spin" | "rwsem" | "percpu-rwsem";  MODE = "read" | "write"
//   STRING      = '"' … '"' with \" \\ \n \t and \xHH
//
// The things with a letter and a number are numbered 0, 1, … in the order of their lines. A line may name only what
// lines before it made. Numbers are decimal.
#pragma once

#include <string>
#include <string_view>

#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::ir {

// Expressions of the pool that nothing uses are left out.
std::string write(const TransitionSystem& system);

// `file` is the name in error messages. What it returns has no fault_in(). An actor has a million locations at most.
Outcome<TransitionSystem> read(std::string_view text, const std::string& file = "");

}  // namespace hotproof::ir
