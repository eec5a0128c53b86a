// What all scenarios together reach: asks `hotproof model --coverage` for several scenarios on each tree and
// architecture, and holds every statement that none of them reaches against the reasons in docs/coverage.md.
//
//   coverage_union TREES      TREES has 6.1/ and 6.12/
//
// Exit status: 0; 1 if a statement that nothing reaches has no reason there, if less than 90 of 100 statements are
// reached, or if a scenario gives no answer; 2 without trees or reasons.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/run_program.hpp"

namespace hotproof {
namespace {

using Json = nlohmann::json;

constexpr double least = 90;            // percent
constexpr unsigned most_seconds = 180;  // for one scenario

const std::vector<std::string> on_both = {
    "--life",
    "--life --listeners 2",
    "--life --altmap no",
    "--boot --life",
    "--listeners 1 --registrars 1",
    "--blocks 2",
    "--requests online,add,offline-and-remove,auto-online",
    "--requests online-movable,add,offline-and-remove",
};

const std::map<std::string, std::vector<std::string>> on_one = {
    {"x86_64",
     {"--requests probe,device-online,device-offline,remove", "--requests online,acpi-add,acpi-remove",
      "--requests online-movable,offline,add,remove", "--requests online-movable,acpi-add,acpi-remove"}},
    {"s390x",
     {"--altmap yes", "--altmap yes --life", "--requests online,offline,boot-add,remove",
      "--requests device-online,device-offline,online-movable,add,remove"}},
};

struct Target {
  std::string version;
  std::string architecture;
};

std::vector<std::string> scenarios_for(const Target& target) {
  std::vector<std::string> out = on_both;
  const auto& own = on_one.at(target.architecture);
  out.insert(out.end(), own.begin(), own.end());
  // Before 6.4 a block keeps no count of poisoned pages, and on s390x memory errors are not built in.
  if (target.version == "6.12" && target.architecture == "x86_64") out.emplace_back("--poisoners 1 --life");
  return out;
}

using Name = std::pair<std::string, std::string>;  // file, function

struct Function {
  int line = 0;
  std::size_t statements = 0;
  std::optional<std::set<int>> missing;  // lines that no scenario so far reaches; without: none was asked
};
using Union = std::map<Name, Function>;

void add(Union& all, const Json& answer) {
  for (const Json& f : answer["functions"]) {
    Function& function = all[{f["file"], f["function"]}];
    function.line = f["line"];
    function.statements = std::max(function.statements, f["statements"].get<std::size_t>());
    const std::set<int> missing = f["missing"];
    std::set<int> both;
    if (function.missing) {
      std::set_intersection(missing.begin(), missing.end(), function.missing->begin(), function.missing->end(),
                            std::inserter(both, both.end()));
    }
    function.missing = function.missing ? both : missing;
  }
}

// The exit status of `model` says what is not understood: no matter of coverage.
Json ask(const std::string& folder, const Target& target, const std::string& scenario) {
  std::vector<std::string> args = {"model",  "--coverage", "--format", "json",
                                   "--tree", folder,       "--arch",   target.architecture};
  std::istringstream words(scenario);
  for (std::string word; words >> word;) args.push_back(word);
  return Json::parse(cli::run_program(args, most_seconds).out, nullptr, false);
}

// Two scenarios at a time. Nothing if one gives no answer: it would be missed as a reason is.
std::optional<Union> union_of(const std::string& folder, const Target& target) {
  const std::vector<std::string> scenarios = scenarios_for(target);
  std::vector<Json> answers(scenarios.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < scenarios.size(); i = next++) answers[i] = ask(folder, target, scenarios[i]);
  };
  std::thread second(work);
  work();
  second.join();
  Union all;
  bool complete = true;
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    if (answers[i].is_object()) {
      add(all, answers[i]);
    } else {
      std::cout << "  no answer: " << scenarios[i] << "\n";
      complete = false;
    }
  }
  if (!complete) return std::nullopt;
  return all;
}

// The statements of a function that have a reason, by their distance from its first line.
using Reasons = std::map<std::pair<std::string, Name>, std::set<int>>;  // "6.12 s390x", function

std::string key_of(const Target& target) {
  return target.version + " " + target.architecture;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" `");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" `") - first + 1);
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '|');) out.push_back(trimmed(cell));
  return out;
}

std::set<int> distances(const std::string& cell) {
  std::set<int> out;
  std::istringstream in(cell);
  for (std::string word; in >> word;) {
    if (word.size() > 1 && word.front() == '+') out.insert(std::stoi(word.substr(1)));
  }
  return out;
}

// The rows of docs/coverage.md: | file | function | architecture or "both" | statements on 6.1 | on 6.12 | reason |
Reasons reasons_in(const std::string& path) {
  Reasons out;
  std::istringstream in(cli::text_of(path));
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != 7 || cells[1].find('/') == std::string::npos || cells[6].empty()) continue;
    for (const std::string architecture : {"x86_64", "s390x"}) {
      if (cells[3] != "both" && cells[3] != architecture) continue;
      const Name name{cells[1], cells[2]};
      out[{key_of({"6.1", architecture}), name}].merge(distances(cells[4]));
      out[{key_of({"6.12", architecture}), name}].merge(distances(cells[5]));
    }
  }
  return out;
}

// Tells the statements that nothing reaches and nothing explains; the answer is how many. With them, what a reason
// explains although it is reached, which is no mistake but should go.
std::size_t compare(const Union& all, const Target& target, const Reasons& reasons) {
  std::size_t unexplained = 0;
  for (const auto& [name, function] : all) {
    const auto found = reasons.find({key_of(target), name});
    std::set<int> known = found == reasons.end() ? std::set<int>{} : found->second;
    for (const int line : *function.missing) {
      const bool explained = known.erase(line - function.line) > 0;
      if (!explained) ++unexplained;
      std::cout << (explained ? "  " : "  NO REASON: ") << name.first << ":" << line << " " << name.second << " +"
                << line - function.line << "\n";
    }
    for (const int distance : known)
      std::cout << "  reached by now: " << name.first << " " << name.second << " +" << distance << "\n";
  }
  return unexplained;
}

bool holds(const std::string& trees, const Target& target, const Reasons& reasons) {
  std::cout << key_of(target) << std::endl;
  const auto all = union_of(trees + "/" + target.version, target);
  if (!all) return false;
  std::size_t statements = 0;
  std::size_t missing = 0;
  for (const auto& [name, function] : *all) {
    statements += function.statements;
    missing += function.missing->size();
  }
  const std::size_t unexplained = compare(*all, target, reasons);
  const double percent =
      100.0 * static_cast<double>(statements - missing) / static_cast<double>(std::max<std::size_t>(statements, 1));
  std::array<char, 16> shown{};
  std::snprintf(shown.data(), shown.size(), "%.1f", percent);
  std::cout << "  " << statements - missing << " of " << statements << " statements, " << shown.data() << " percent; "
            << unexplained << " without a reason" << std::endl;
  return unexplained == 0 && percent >= least;
}

int run(const std::string& trees) {
  const Reasons reasons = reasons_in(HOTPROOF_SOURCE_DIR "/docs/coverage.md");
  if (reasons.empty()) {
    std::cerr << "coverage_union: no table in docs/coverage.md\n";
    return 2;
  }
  bool good = true;
  for (const char* version : {"6.1", "6.12"}) {
    if (!std::filesystem::is_directory(trees + "/" + version)) {
      std::cerr << "coverage_union: no kernel tree " << trees << "/" << version << "\n";
      return 2;
    }
    for (const char* architecture : {"x86_64", "s390x"}) good = holds(trees, {version, architecture}, reasons) && good;
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace hotproof

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "coverage_union: TREES\n";
    return 2;
  }
  return hotproof::run(arguments[1]);
}
