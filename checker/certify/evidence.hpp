// A Result's reasons, numbered and gathered as the verifier wants them.
#pragma once

#include <string>
#include <vector>

#include "checker/result.hpp"
#include "verify/evidence.hpp"

namespace hotproof::checker::certify {

struct Gathered {
  // Everything but the invariants' clauses, which come as text.
  verify::Evidence evidence;
  struct InvariantText {
    std::uint32_t k = 1;
    std::string lines;
  };
  std::vector<InvariantText> invariants;
  // By property: not empty, if the result calls it decided and gives no reason that could be checked. Nothing is
  // claimed of it then.
  std::vector<std::string> without_reason;
};

// The sets of states refer to the result's words.
Gathered gather(const ir::TransitionSystem& system, const Result& result);

// "let" and "clause" lines of an invariant, in the text form of expressions.
std::string text_of(const Invariant& invariant);

}  // namespace hotproof::checker::certify
