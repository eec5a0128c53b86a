// The tables of docs/expected-clean.md for trees as they are, argued from their sources: the tool is held to them.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

// What the table says of one property, by "6.1 x86_64" and the like.
using Cells = std::map<std::string, std::string>;

std::vector<std::string> columns(const std::string& row) {
  std::vector<std::string> out;
  std::istringstream in(row.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    const std::size_t from = cell.find_first_not_of(' ');
    out.push_back(from == std::string::npos ? "" : cell.substr(from, cell.find_last_not_of(' ') - from + 1));
  }
  return out;
}

std::map<std::string, Cells> table() {
  std::ifstream in(HOTPROOF_SOURCE_DIR "/docs/expected-clean.md");
  REQUIRE(in.good());
  std::vector<std::string> head;
  std::map<std::string, Cells> out;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("|")) {
      head.clear();
      continue;
    }
    const std::vector<std::string> cells = columns(line);
    if (head.empty()) {
      head = cells;
    } else if (head[0] == "property" && !cells[0].starts_with("-")) {
      REQUIRE(cells.size() == head.size());
      for (std::size_t i = 1; i < cells.size(); ++i) out[cells[0]][head[i]] = cells[i];
    }
  }
  return out;
}

// The table's word for an answer. A scenario in which a rule has nothing to say may be told from the model alone (not
// here) or by the search (vacuous): the table makes no difference. What the tree lacks is named.
std::string in_words(const Json& property) {
  const std::string verdict = property["verdict"];
  if (verdict == "violated") return property["latent"] == true ? "latent" : "finding";
  if (verdict == "proved") return "holds";
  if (verdict != "vacuous") return verdict;
  const std::string reason = property.value("reason", std::string());
  const bool lacks = property["applicable"] == false && (reason.find("this tree has no ") != std::string::npos ||
                                                         reason.find("this model has no ") != std::string::npos);
  return lacks ? "not-applicable" : "vacuous";
}

}  // namespace

TEST_CASE("the trees as they are answer what reading their sources says") {
  const std::map<std::string, Cells> expected = table();
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
