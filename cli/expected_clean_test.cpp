// The tables of docs/expected-clean.md for trees as they are, argued from their sources: the tool is held to them.

#include "cli/expected_clean.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

TEST_CASE("the trees as they are answer what reading their sources says") {
  const std::map<std::string, Cells> expected = table("property");
  REQUIRE(expected.size() >= 20);
  for (const auto& [version, architecture] : std::vector<std::pair<std::string, std::string>>{{"6.1", "x86_64"},
                                                                                              {"6.1", "s390x"},
                                                                                              {"6.12", "x86_64"},
                                                                                              {"6.12", "s390x"},
                                                                                              {"5.10", "x86_64"},
                                                                                              {"5.10", "s390x"},
                                                                                              {"7.2", "x86_64"},
                                                                                              {"7.2", "s390x"}}) {
    const auto folder = kernel(version);
    if (!folder) continue;
    const std::string column = version + " " + architecture;
    CAPTURE(column);
    const Ran ran = run_program({"check", "--life", "--tree", *folder, "--arch", architecture, "--format", "json"});
    const Json answer = Json::parse(ran.out, nullptr, false);
    REQUIRE(answer.is_object());
    CHECK(answer["complete"] == true);
    CHECK(answer["model"]["not_understood"].empty());
    for (const Json& followed : answer["model"]["followed"]) {
      CAPTURE(followed["function"]);
      CHECK(followed["calls"] == followed["calls_counted"]);
    }
    std::map<std::string, std::string> got;
    for (const Json& property : answer["properties"]) got[property["id"]] = in_words(property);
    for (const auto& [id, cells] : expected) {
      if (id == "request-answered") {
        MESSAGE("skipped: the library has no ", id);
        continue;
      }
      CAPTURE(id);
      REQUIRE(cells.contains(column));
      CHECK(got[id] == cells.at(column));
    }
    for (const auto& [id, what] : got) {
      CAPTURE(id);
      CHECK(expected.contains(id));
    }
  }
}
