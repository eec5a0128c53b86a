// What the verifier accepts and what not, on a system small enough to be judged by eye.
#include "verify/check.hpp"

#include <doctest/doctest.h>

#include "verify/certificate.hpp"
#include "verify/small_certificate_test.hpp"

namespace hotproof::verify {

namespace {

Finding judged(const std::string& system, const std::string& evidence, const Options& options = {}) {
  const auto certificate = read_certificate(sealed(system, evidence));
  REQUIRE_MESSAGE(certificate.has_value(), certificate.error().line, ":", certificate.error().column, ": ",
                  certificate.error().message);
  return check(certificate->system, certificate->evidence, options).whole;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

void rejects(const std::string& system, const std::string& evidence, const std::string& why) {
  const Finding found = judged(system, evidence);
  CHECK(found.status == Status::rejected);
  CHECK_MESSAGE(found.why.find(why) != std::string::npos, found.why);
}

}  // namespace

TEST_CASE("a right certificate is accepted") {
  CHECK(judged(small_system, small_evidence).why == "");
  // A set may hold more than is reachable, as long as it is closed and nothing is broken in it: here pc 1 with x 0.
  const std::string more =
      replaced(small_evidence, small_states,
               "states all 3 words 1 bytes 5 at 0:0 at 0:4\n" + std::string("\x00\x01\x01\x01\x10", 5) + "\n");
  CHECK(judged(small_system, more).why == "");
}

TEST_CASE("what is wrong with a set of states is said") {
  const auto with = [](const std::string& states) { return replaced(small_evidence, small_states, states); };
  rejects(small_system, with("states all 1 words 1 bytes 1 at 0:0 at 0:4\n" + std::string(1, '\0') + "\n"),
          "transition 0 of a leads out of the set");
  rejects(small_system, with("states all 1 words 1 bytes 2 at 0:0 at 0:4\n\x01\x11\n"),
          "an initial state is not in the set");
  rejects(small_system,
          with("states all 3 words 1 bytes 5 at 0:0 at 0:4\n" + std::string("\x00\x01\x11\x01\x30", 5) + "\n"),
          "low is broken");
  rejects(small_system,
          with("states all 3 words 1 bytes 5 at 0:0 at 0:4\n" + std::string("\x00\x01\x11\x01\x91", 5) + "\n"),
          "bits that belong to no variable");
  rejects(small_system, with("states all 2 words 1 bytes 3 at 0:0 at 0:0\n" + std::string("\x00\x01\x11", 3) + "\n"),
          "variables overlap");
  rejects(small_system, with("states all 2 words 1 bytes 3 at 0:0 at 0:63\n" + std::string("\x00\x01\x11", 3) + "\n"),
          "have no room");
  rejects(small_system, with("states all 0 words 1 bytes 0 at 0:0 at 0:4\n\n"), "an initial state is not in the set");
  rejects(small_system, with(""), "the set of states is missing");
}

TEST_CASE("what is wrong with a claim that an actor may go alone is said") {
  const auto with = [](const std::string& line) {
    return replaced(small_evidence, small_states, small_states + line + "\n");
  };
  rejects(small_system, with("ample a0 0"), "a may not go alone at 0: a transition writes what others see");
  rejects(small_system, with("ample a0 1"), "a may not go alone at 1: there are no transitions");
  // Nobody sees what it writes; then it may.
  const std::string unseen = replaced(small_system, "expr e0\n", "expr 1:1\n");
  CHECK(judged(unseen, with("ample a0 0")).why == "");
  const auto unreadable = [&](const std::string& line, const std::string& why) {
    const auto read = read_certificate(sealed(unseen, with(line)));
    REQUIRE_FALSE(read.has_value());
    CHECK_MESSAGE(read.error().message.find(why) != std::string::npos, read.error().message);
    CHECK(read.error().line > 20);
  };
  unreadable("ample a1 0", "a1");
  unreadable("ample a0 2", "2");
  unreadable("ample a0 0 holds 0", "'read' or 'write' was expected");
  unreadable("ample a0 0 write 0", "there are no locks");
}

TEST_CASE("what is wrong with the system is said") {
  rejects(replaced(small_system, " resting 1", ""), small_evidence, "nobody can move");
}

TEST_CASE("claims need reasons that fit, and reasons need claims") {
  const auto with = [](const std::string& from, const std::string& to) { return replaced(small_evidence, from, to); };
  rejects(small_system, with(" trigger r0", ""), "no run shows that its trigger is reached");
  rejects(small_system, with("holds by states all\n", "holds by states all trigger r0\n"),
          "a trigger is shown that nobody asks for");
  rejects(small_system, with("steps 0", "steps"), "it has no step");
  rejects(small_system, with("steps 0", "steps 0 0"), "step 2");
  rejects(small_system, with("steps 0", "steps 7"), "step 1 is no transition");
  rejects(small_system, with("from 0 0", "from 0 1"), "is not initial");
  rejects(small_system, with("reached by run r0", "unreached by states all"), "which no run should");
  rejects(small_system, with("reached by run r0", "holds by states all"), "does not fit the kind");
  rejects(small_system, with("reached by run r0", "reached by states all"), "the reason does not fit");
  rejects(small_system, with("claim p1 holds by states all", "claim p1 holds by states faultless"),
          "runs with faults count");
  rejects(small_system, with("claim p1 holds by states all", "claim p1 violated by run r0"),
          "does not break the property");
  rejects(small_system, with("claim p1 holds by states all", "claim p1 vacuous by states all"), "it has no trigger");
  rejects(small_system, with("claim p0 holds by states all trigger r0", "claim p0 vacuous by states all"),
          "which no run should");
  rejects(small_system, with("claim p2 reached by run r0\n", ""), "one claim for each property");
  rejects(small_system, with("steps 0\n", "steps 0\nrun r1 from 0 0\nsteps 0\n"), "nothing rests on some run");
  CHECK(judged(small_system, with("claim p1 holds by states all", "claim p1 open")).status == Status::accepted);
}

TEST_CASE("without a solver an invariant is not checked, and no solver's answer is not taken for one") {
  const std::string evidence =
      "run r0 from 0 0\nsteps 0\ninvariant i0 k 1\nlet e0 = ule v1 1:8\nlet e1 = zext 8 v0\nlet e2 = eq v1 e1\n"
      "clause e0\nclause e2\n"
      "claim p0 holds by invariant i0 trigger r0\nclaim p1 open\nclaim p2 reached by run r0\n";
  CHECK(judged(small_system, evidence).status == Status::unchecked);
  Options silent;
  silent.solve = [](const Obligation&) { return Answer{Answer::unknown, "tired"}; };
  CHECK(judged(small_system, evidence, silent).status == Status::unchecked);
  Options refuting;
  refuting.solve = [](const Obligation&) { return Answer{Answer::sat, ""}; };
  CHECK(judged(small_system, evidence, refuting).status == Status::rejected);
  std::vector<std::string> asked;
  Options agreeing;
  agreeing.solve = [&asked](const Obligation& obligation) {
    asked.push_back(obligation.name);
    return Answer{Answer::unsat, ""};
  };
  CHECK(judged(small_system, evidence, agreeing).status == Status::accepted);
  CHECK(asked ==
        std::vector<std::string>{"invariant-0-initiation-0", "invariant-0-consecution", "invariant-0-safety-p0"});
}

}  // namespace hotproof::verify
