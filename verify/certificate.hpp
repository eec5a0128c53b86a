// The certificate file. docs/certificates.md says what it is for; this is its form.
//
//   file        = certificate+                         # each a proof by itself: the same verdicts for other reasons
//   certificate = "hotproof-certificate 1" head* system states* run* invariant* claim* end
//   head        = "tool" STRING                        # who wrote it
//               | "about" STRING                       # what was asked, in words
//               | "input" KIND STRING SHA256           # a file that the system was made from: KIND is "tree" (a file
//               of
//                                                      # the kernel tree), "changed" (such a file after patches and
//                                                      # edits), "embedded" (a part of the program), "patch", "edit" or
//                                                      # "spec"
//               | "covers" STRING | "not-covered" STRING
//   system      = "system" BYTES SHA256, then so many bytes: the system's text form (model/ir/text.hpp)
//   states      = "states" SET COUNT "words" N "bytes" BYTES ("at" WORD ":" SHIFT)*, one place a variable,
//                 then so many bytes: the packed states, and exchange* ample*
//   exchange    = "exchange" aN aN+, then "own" vN+ | "names" vN VALUE+ | "marks" vN BIT+, a line each: actors that may
//                 change places; the set is that of all states that such exchanges make of those that stand here
//   ample       = "ample" aN LOCATION (("read" | "write") LOCK)*: where an actor may go alone, as it holds these locks;
//   of a
//                 state in which one does, the set has what his transitions lead to (verify/ample.hpp)
//   run         = "run" rN "from" NUMBER* , one value a variable, then "steps" NUMBER*: transitions
//   invariant   = "invariant" iN "k" NUMBER, then "let" lines as in a system's text, numbered anew, and "clause" EXPR
//   claim       = "claim" pN SAYS ["by" BASIS] ["trigger" rN], one a property, in order
//   SAYS        = "holds" | "reached" | "violated" | "unreached" | "vacuous" | "open"
//   BASIS       = "states" SET | "invariant" iN | "run" rN | "end-of-runs" NUMBER
//   SET         = "all" | "faultless"
//   end         = "end" SHA256                         # of every byte of it before this line; it is its last line
//
// Packed states: a variable's number, (value - low) modulo 2^width of its range, lies from bit SHIFT of word WORD on.
// States ascend, compared word by word. Each is written as its difference (exclusive or) to the one before it (the
// first: to zeros): for each word one byte that says which of its eight bytes, the lowest first, are not zero, and then
// these. Behind a block of bytes there is an end of line, which does not count. STRING is as in the system's text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "verify/evidence.hpp"

namespace hotproof::verify {

struct Input {
  std::string kind;
  std::string path;
  std::string hash;
};

struct Certificate {
  std::string tool;
  std::string about;
  std::vector<Input> inputs;
  std::vector<std::string> covers;
  std::vector<std::string> not_covered;
  std::string system_hash;
  std::string hash;  // of the file
  System system;
  Evidence evidence;
  std::vector<std::vector<std::uint64_t>> words;  // what the sets of states of `evidence` lie in
};

// Errors: what the form does not allow; a hash that is not that of its bytes.
Outcome<Certificate> read_certificate(std::string_view bytes);
// All certificates of a file, one at least.
Outcome<std::vector<Certificate>> read_certificates(std::string_view bytes);

// The clauses of one invariant: "let" and "clause" lines, as in the file. Adds expressions to the system.
Outcome<Invariant> read_invariant(System& system, std::string_view lines, std::uint32_t k);

// `count` packed states of `words` words. Error: bytes too few or too many, states that do not ascend.
Outcome<std::vector<std::uint64_t>> unpack_states(std::string_view bytes, std::uint64_t count, std::uint32_t words);

}  // namespace hotproof::verify
