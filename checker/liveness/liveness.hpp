// Decides formulas of linear temporal logic of all fair runs of a system. docs/liveness.md says what that means, and why
// an answer can be trusted.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/liveness/product.hpp"
#include "checker/result.hpp"
#include "model/ir/temporal.hpp"

namespace hotproof::checker::liveness {

struct Answer {
  Verdict verdict = Verdict::inconclusive;
  std::string reason;            // inconclusive, vacuous: why
  std::optional<Lasso> lasso;    // violated: a fair run of Answers::base of which an instance is false
  std::string instance;          // violated: which
  bool triggered = false;        // one of the triggers is reached, or there are none
  std::size_t nodes = 0;         // of all products
  double seconds = 0;
};

struct Answers {
  std::vector<Answer> properties;  // one a property of the question, in order
  // The question's system with equal transitions merged (ir::merge_equal): what runs are of.
  std::shared_ptr<const ir::TransitionSystem> base;
  Statistics statistics;  // of the system's states
  std::string stopped_by;
  double seconds_verifying = 0;
  std::string internal_error;  // a check refused an answer: never a verdict
};

// The system is sliced to what the question reads; no step is merged with another. What holds has been checked by the
// verifier (verify/liveness.hpp), what fails by the interpreter (check_lasso.hpp).
Answers decide(const ir::TemporalQuestion& question, const Options& options);

// Tests: an automaton that misses words, cells that are wrong.
enum class Mistake : std::uint8_t { none, automaton, cells };
void make_mistakes_for_tests(Mistake mistake);

}  // namespace hotproof::checker::liveness
