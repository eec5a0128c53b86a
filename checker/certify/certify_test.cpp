// Proofs of small random systems are accepted, in memory and as files, and what is no proof is not.
#include "checker/certify/certify.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "checker/explicit/explorer.hpp"
#include "checker/smt/bmc.hpp"
#include "model/eval/random_system.hpp"
#include "model/ir/text.hpp"
#include "verify/certificate.hpp"
#include "verify/check.hpp"
#include "verify/sha256.hpp"

namespace hotproof::checker::certify {

namespace {

Header a_header() {
  return {"a test", "a random system", {{"tree", "mm/a.c", verify::sha256("a")}}, {"what is said"}, {"lowering"}};
}

verify::Report check_file(const std::string& bytes) {
  const auto certificate = verify::read_certificate(bytes);
  REQUIRE_MESSAGE(certificate.has_value(), certificate.error().line, ":", certificate.error().column, ": ",
                  certificate.error().message);
  return verify::check(certificate->system, certificate->evidence, {});
}

}  // namespace

TEST_CASE("what the exhaustive search says of random systems is accepted, in memory and as a file") {
  std::size_t proofs = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const ir::TransitionSystem system = eval::random_system(seed);
    const Result result = explore(system, {});
    REQUIRE(result.complete);
    const Judged judged = judge(system, result, {});
    CHECK(judged.rejected == "");
    for (std::size_t i = 0; i < result.properties.size(); ++i) CHECK(judged.unchecked[i] == "");
    const std::string bytes = written(system, result, a_header());
    const verify::Report report = check_file(bytes);
    CHECK(report.whole.why == "");
    CHECK(report.whole.status == verify::Status::accepted);
    for (const PropertyResult& property : result.properties)
      if (property.verdict == Verdict::proved && !property.run) ++proofs;
  }
  CHECK(proofs > 400);
}

TEST_CASE("what bounded model checking says of random systems whose runs end is accepted") {
  std::size_t ended = 0;
  for (std::uint64_t seed = 0; seed < 300 && ended < 6; ++seed) {
    CAPTURE(seed);
    // Where nobody goes back, runs end.
    ir::TransitionSystem system = eval::random_system(seed, {.most_locations = 4, .deepest_expression = 1});
    std::erase_if(system.transitions, [](const ir::Transition& t) { return t.to <= t.from; });
    Options options;
    options.limits.depth = 10;
    const Result result = smt::bounded(system, options);
    if (!result.complete) continue;
    const Judged judged = judge(system, result, {});
    CHECK(judged.rejected == "");
    for (std::size_t i = 0; i < result.properties.size(); ++i) {
      CHECK(judged.unchecked[i] == "");
      if (result.properties[i].runs_end) ++ended;
    }
  }
  CHECK(ended >= 6);
}

TEST_CASE("a verdict turned round is rejected") {
  std::size_t turned = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const ir::TransitionSystem system = eval::random_system(seed);
    const Result right = explore(system, {});
    for (std::size_t i = 0; i < right.properties.size(); ++i) {
      const bool cover = system.properties[i].kind == ir::PropertyKind::cover;
      Result wrong = right;
      PropertyResult& property = wrong.properties[i];
      if (property.verdict != (cover ? Verdict::proved : Verdict::violated)) continue;
      CAPTURE(seed);
      CAPTURE(i);
      property.verdict = cover ? Verdict::violated : Verdict::proved;
      property.run.reset();
      // A cover that only runs with faults reach is no lie about runs without.
      const Judged judged = judge(system, wrong, {});
      const bool no_reason = !judged.unchecked.empty() && !judged.unchecked[i].empty();
      CHECK((no_reason || !judged.rejected.empty()));
      ++turned;
    }
  }
  CHECK(turned > 100);
}

TEST_CASE("a verdict without a reason is not called checked") {
  const ir::TransitionSystem system = eval::random_system(3);
  Result result = explore(system, {});
  result.states.reset();
  result.faultless_states.reset();
  const Judged judged = judge(system, result, {});
  CHECK(judged.rejected == "");
  std::size_t open = 0;
  for (std::size_t i = 0; i < result.properties.size(); ++i) {
    const bool proof = (result.properties[i].verdict == Verdict::proved && !result.properties[i].run) ||
                       result.properties[i].verdict == Verdict::vacuous;
    if (proof) CHECK(judged.unchecked[i] != "");
    if (proof) ++open;
  }
  CHECK(open > 0);
}

}  // namespace hotproof::checker::certify
