// The tables of docs/expected-clean.md, and its words for the tool's answers.
#pragma once

#include "cli/known_answers.hpp"

namespace hotproof::cli::known {

// What the table says of one property, by "6.1 x86_64" and the like.
using Cells = std::map<std::string, std::string>;

inline std::vector<std::string> columns(const std::string& row) {
  std::vector<std::string> out;
  std::istringstream in(row.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    const std::size_t from = cell.find_first_not_of(' ');
    out.push_back(from == std::string::npos ? "" : cell.substr(from, cell.find_last_not_of(' ') - from + 1));
  }
  return out;
}

// The rows of all tables whose first column has that head.
inline std::map<std::string, Cells> table(const std::string& title) {
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
    } else if (head[0] == title && !cells[0].starts_with("-")) {
      REQUIRE(cells.size() == head.size());
      for (std::size_t i = 1; i < cells.size(); ++i) out[cells[0]][head[i]] = cells[i];
    }
  }
  return out;
}

// The table's word for an answer. A scenario in which a rule has nothing to say may be told from the model alone (not
// here) or by the search (vacuous): the table makes no difference. What the tree lacks is named.
inline std::string in_words(const Json& property) {
  const std::string verdict = property["verdict"];
  if (verdict == "violated") return property["latent"] == true ? "latent" : "finding";
  if (verdict == "proved") return "holds";
  if (verdict != "vacuous") return verdict;
  const std::string reason = property.value("reason", std::string());
  const bool lacks = property["applicable"] == false && (reason.find("this tree has no ") != std::string::npos ||
                                                         reason.find("this model has no ") != std::string::npos);
  return lacks ? "not-applicable" : "vacuous";
}

}  // namespace hotproof::cli::known
