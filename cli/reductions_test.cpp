// Reductions change no answer: with and without merging of steps, by both engines, and tested while exploring.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

// By property: the verdict; "not applicable" for what does not count.
std::map<std::string, std::string> verdicts(const Json& answer) {
  std::map<std::string, std::string> out;
  for (const Json& p : answer["properties"]) out[p["id"]] = verdict(answer, p["id"]);
  return out;
}

std::vector<Args> subjects() {
  std::vector<Args> out = {{"check", "--arch", "x86_64"},
                           {"check", "--arch", "s390x"},
                           {"check", "--arch", "x86_64", "--workers", "2", "--listeners", "1"}};
  for (const char* version : {"6.1", "6.12"}) {
    const auto folder = kernel(version);
    if (!folder) continue;
    for (const char* architecture : {"x86_64", "s390x"}) {
      out.push_back({"check", "--tree", *folder, "--arch", architecture});
    }
  }
  return out;
}

Json answer_to(const Args& args) {
  const Ran ran = run_program(args + Args{"--format", "json"}, 300);
  CAPTURE(ran.err);
  const Json answer = Json::parse(ran.out, nullptr, false);
  REQUIRE(answer.is_object());
  return answer;
}

// Of the properties that an engine was asked for, those that both decided.
std::pair<std::size_t, std::size_t> decided_by_both(const Json& answer) {
  std::size_t asked = 0, by_both = 0;
  for (const Json& p : answer["properties"]) {
    const auto engine = p["engine"].get<std::string>();
    if (engine.empty()) continue;
    ++asked;
    if (engine.find('+') != std::string::npos) ++by_both;
  }
  return {asked, by_both};
}

bool says_tested(const Json& answer) {
  for (const Json& line : answer["model"]["assumptions"]) {
    if (line.get<std::string>().starts_with("what reductions rely on was tested in all ")) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("merging changes no verdict, and makes fewer states") {
  for (const Args& subject : subjects()) {
    CAPTURE(subject.back());
    const Json merged = answer_to(subject);
    const Json plain = answer_to(subject + Args{"--no-merge"});
    CHECK(verdicts(merged) == verdicts(plain));
    CHECK(merged["statistics"]["states"] < plain["statistics"]["states"]);
  }
}

TEST_CASE("what reductions rely on holds in every state") {
  for (const Args& subject : subjects()) {
    CAPTURE(subject.back());
    const Json tested = answer_to(subject + Args{"--check-reductions"});
    CHECK(says_tested(tested));
    CHECK(verdicts(tested) == verdicts(answer_to(subject)));
  }
}

// bench/engines asks more, for longer.
TEST_CASE("both engines agree on all properties, and the solver's decide most of them") {
  std::vector<Args> asked_of_both = {{"check", "--arch", "x86_64"}, {"check", "--arch", "s390x"}};
  for (const auto& [version, architecture] : {std::pair("6.12", "x86_64"), {"6.12", "s390x"}, {"6.1", "s390x"}})
    if (const auto folder = kernel(version))
      asked_of_both.push_back({"check", "--tree", *folder, "--altmap", "yes", "--arch", architecture});
  for (const Args& subject : asked_of_both) {
    CAPTURE(subject.back());
    const Ran ran = run_program(subject + Args{"--engine", "both", "--time-limit", "60", "--format", "json"}, 300);
    CAPTURE(ran.err);
    CHECK(ran.exit != 70);
    const Json answer = Json::parse(ran.out, nullptr, false);
    REQUIRE(answer.is_object());
    CHECK(verdicts(answer) == verdicts(answer_to(subject)));
    const auto [asked, by_both] = decided_by_both(answer);
    CHECK(10 * by_both >= 6 * asked);
    if (subject == Args{"check", "--arch", "x86_64"}) CHECK(by_both == asked);
  }
}

TEST_CASE("the solver finds the same violations, at the same least depth") {
  struct Case {
    Args args;
    std::string property;
  };
  std::vector<Case> cases = {
      {{"check", "--arch", "x86_64", "--listeners", "2"}, "prepare-has-finish"},
      {Args{"check", "--arch", "x86_64", "--listeners", "1"} + edit("ref-a7.edit"), "prepare-has-finish"},
      {Args{"check", "--arch", "x86_64", "--listeners", "1"} + edit("ref-a8.edit"), "lock-balance"}};
  if (const auto folder = kernel("6.12")) {
    const Args tree = {"check", "--tree", *folder};
    cases.push_back({tree + Args{"--listeners", "2"}, "prepare-has-finish"});
    cases.push_back({tree + edit("a7.edit"), "prepare-has-finish"});
    cases.push_back({tree + edit("a8.edit"), "lock-balance"});
  }
  for (const Case& c : cases) {
    CAPTURE(c.property);
    const Args asked = c.args + Args{"--property", c.property};
    const Json explored = property(answer_to(asked + Args{"--engine", "explicit"}), c.property);
    const Json solved = property(answer_to(asked + Args{"--engine", "smt", "--time-limit", "120"}), c.property);
    CHECK(explored["verdict"] == "violated");
    CHECK(solved["verdict"] == "violated");
    CHECK(solved["engine"] == "bmc");
    CHECK(solved["depth"] == explored["depth"]);
    CHECK(solved["latent"] == explored["latent"]);
  }
}
