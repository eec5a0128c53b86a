// Any SMT-LIB solver, run as a program of its own.
#pragma once

#include <string>

#include "verify/check.hpp"

namespace hotproof::verify {

// The first of cvc5, z3, bitwuzla, yices-smt2 and boolector that is found on PATH; empty: none is.
std::string solver_on_path();

// Runs `program FILE` on the obligation and reads "sat" or "unsat" from what it prints. Unknown: it says neither within
// `seconds` (0: no limit), fails, or says that something is wrong before it answers.
Answer solve_with(const std::string& program, const Obligation& obligation, double seconds);

}  // namespace hotproof::verify
