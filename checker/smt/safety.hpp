// What a proving engine answers to a question (question.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ir/system.hpp"

namespace hotproof::checker::smt {

struct SafetyAnswer {
  enum class Kind : std::uint8_t {
    safe,    // no run comes to a bad state; `clauses` say why
    unsafe,  // `run` does
    unknown  // given up: `reason`
  };
  Kind kind = Kind::unknown;
  // Over the variables of the system. With the lemmas that were given, they are an invariant by induction over k steps.
  std::vector<ir::ExprId> clauses;
  std::uint32_t k = 1;
  bool simple_paths = false;  // the induction is over runs that meet no state twice: no certificate can be made of it
  std::optional<ir::Run> run;
  std::string reason;          // "time limit", "memory limit", "interrupted", "depth", or the solver's words
  std::string internal_error;  // solver and interpreter differ: then the answer is unknown
  std::uint32_t depth = 0;     // frames, or steps, that were needed or covered
  std::uint64_t queries = 0;   // of the solver
};

}  // namespace hotproof::checker::smt
