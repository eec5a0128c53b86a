// The reasons of a Result, handed to the verifier (verify/), and the certificate file.
//
// What the verifier gets is the system's text form, which it reads for itself, and what the engine offers as reasons:
// the set of states, runs, invariants. Nothing is called proved before it has accepted them.
#pragma once

#include <string>
#include <vector>

#include "checker/result.hpp"
#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::checker::certify {

// What the verifier says of a Result.
struct Judged {
  std::string rejected;  // not empty: what is wrong; nothing of the result may be printed
  std::vector<std::string>
      unchecked;  // by property: why its proof could not be checked; empty: it was, or there is none
  double seconds = 0;
};

// Checks everything that the result claims of the system: proofs, covers that no run reaches, vacuity, runs. A limit of
// time bounds what a solver is asked; without one, some multiple of the time that the result took does. An interrupt
// leaves proofs unchecked.
Judged judge(const ir::TransitionSystem& system, const Result& result, const Options& options);

// A file that the system was made from, by its hash.
struct Input {
  std::string kind;  // "tree", "changed", "embedded", "patch", "edit", "spec"
  std::string path;
  std::string sha256;
};

// What a certificate says of its origin.
struct Header {
  std::string tool;
  std::string about;
  std::vector<Input> inputs;
  std::vector<std::string> covers;
  std::vector<std::string> not_covered;
};

// The certificate's bytes (verify/certificate.hpp has the form). What is not decided is left open in it.
std::string written(const ir::TransitionSystem& system, const Result& result, const Header& header);

// SHA-256 in hexadecimal digits.
std::string hash_of(std::string_view bytes);

}  // namespace hotproof::checker::certify
