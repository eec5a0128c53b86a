#include "checker/smt/pdr.hpp"

#include <doctest/doctest.h>

#include <string>

#include "checker/smt/invariant.hpp"
#include "checker/smt/lift.hpp"
#include "checker/smt/question.hpp"
#include "model/eval/interpreter.hpp"
#include "model/eval/random_system.hpp"
#include "model/eval/reference.hpp"

using namespace hotproof;
using checker::smt::Answer;
using checker::smt::Question;
using checker::smt::SafetyAnswer;
using ir::ExprId;
using ir::TransitionSystem;

namespace {

// PDR alone on one question, its answer checked in every way there is; the first thing that is wrong, or nothing.
std::string verdict(const TransitionSystem& system, const Question& question, bool expected_reached,
                    const checker::smt::PdrOptions& options) {
  checker::smt::Cone cone = checker::smt::cone(system, question);
  const SafetyAnswer answer = checker::smt::pdr(cone.system, question.bad, {}, options);
  if (!answer.internal_error.empty()) return answer.internal_error;
  if (answer.kind == SafetyAnswer::Kind::unknown) return "gave up: " + answer.reason;
  if ((answer.kind == SafetyAnswer::Kind::unsafe) != expected_reached)
    return expected_reached ? "missed" : "false alarm";
  if (expected_reached) {
    const auto replayed = eval::replay(system, *answer.run);
    if (!replayed) return replayed.error().message;
    return eval::is_true(system.pool, question.bad, replayed->states.back()) ? "" : "the run ends elsewhere";
  }
  const auto invariant = checker::smt::make_invariant(cone.system, answer.clauses, 1);
  const TransitionSystem counted = checker::smt::restricted(system, question);
  for (const auto& check : {checker::smt::check_induction(counted, *invariant, {}),
                            checker::smt::check_excludes(counted, question.bad, *invariant, {})})
    if (check.answer != Answer::unsat) return "its invariant: " + check.why;
  return "";
}

}  // namespace

TEST_CASE("random systems: PDR alone agrees with brute force, its runs replay, its invariants are checked afresh") {
  std::size_t proofs = 0, runs = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    TransitionSystem system = eval::random_system(seed);
    const auto reference = eval::explore(system, 100000);
    REQUIRE(reference);
    checker::smt::PdrOptions options;
    options.bits = seed % 3 != 0;
    options.counterexamples = seed % 2 == 0 ? 3 : 0;
    options.rebuild_after = seed % 5 == 0 ? 5 : 400;
    for (std::size_t i = 0; i < system.properties.size(); ++i) {
      CAPTURE(seed);
      CAPTURE(system.properties[i].id);
      const Question question = checker::smt::about_property(system, i);
      const bool reached = reference->properties[i].has_value();
      CHECK(verdict(system, question, reached, options) == "");
      (reached ? runs : proofs) += 1;
    }
  }
  CHECK(proofs > 40);
  CHECK(runs > 40);
}
