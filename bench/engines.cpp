// What each engine decides, and in what time: a table for docs/engines.md.
//
//   engines [--time-limit S] [--mail FILE] TREE...
//
// Subjects: the reference model on each architecture and with standby memory, and each TREE on each architecture; with
// a mail, the first TREE before and after it, too. Every subject is checked by exhaustive search and by the solver's
// engines, one after the other, S seconds at most (default 120).
//
// Exit status: 0; 1 if the two contradict each other or an engine found a defect in itself; 2 if nothing could be run.

#include <iomanip>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

namespace hotproof::cli {
namespace {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

struct Subject {
  std::string name;
  Arguments arguments;
  std::string part;  // of the answer of `patch`: "before", "after"; else empty
};

std::optional<Json> answer_of(const Subject& subject, const std::string& engine, const std::string& limit) {
  Arguments arguments = subject.arguments;
  for (const std::string& word : {std::string("--engine"), engine, std::string("--time-limit"), limit,
                                  std::string("--format"), std::string("json")})
    arguments.push_back(word);
  const Ran ran = run_program(arguments, 3600);
  Json answer = Json::parse(ran.out, nullptr, false);
  if (!answer.is_object()) {
    std::cerr << subject.name << ": exit status " << ran.exit << ": " << ran.err;
    return std::nullopt;
  }
  return subject.part.empty() ? answer : answer[subject.part];
}

bool is_decided(const Json& property) {
  return property["verdict"] != "inconclusive" && property["verdict"] != "not-understood";
}

// One row; false if the engines differ.
bool compare(const Subject& subject, const Json& explored, const Json& solved) {
  std::map<std::string, int> by_engine;
  int asked = 0, decided = 0, same = 0;
  bool differ = false;
  for (std::size_t i = 0; i < explored["properties"].size(); ++i) {
    const Json& mine = explored["properties"][i];
    const Json& other = solved["properties"][i];
    if (mine["engine"] == "" && other["engine"] == "") continue;  // nothing to judge on this tree
    ++asked;
    if (!is_decided(other)) continue;
    ++decided;
    ++by_engine[other["engine"]];
    if (!is_decided(mine)) continue;
    if (mine["verdict"] == other["verdict"]) {
      ++same;
    } else {
      differ = true;
      std::cerr << subject.name << ": " << mine["id"] << ": " << mine["verdict"] << " and " << other["verdict"] << "\n";
    }
  }
  std::cout << "| " << subject.name << " | " << asked << " | " << decided << " | " << same << " |";
  for (const char* engine : {"k-induction", "pdr", "bmc"}) std::cout << " " << by_engine[engine] << " |";
  std::cout << std::fixed << std::setprecision(2) << " " << explored["statistics"]["seconds"].get<double>() << " | "
            << solved["statistics"]["seconds"].get<double>() << " |" << std::endl;
  return !differ;
}

std::vector<Subject> subjects(const std::string& mail, const Arguments& trees) {
  std::vector<Subject> out{{"reference, x86_64", {"check", "--arch", "x86_64", "--listeners", "2"}, ""},
                           {"reference, s390x", {"check", "--arch", "s390x", "--listeners", "2"}, ""}};
  for (const std::string& tree : trees) {
    const std::string name = tree.substr(tree.find_last_of('/') + 1);
    for (const char* arch : {"x86_64", "s390x"})
      out.push_back({name + ", " + arch, {"check", "--tree", tree, "--arch", arch}, ""});
  }
  if (mail.empty() || trees.empty()) return out;
  for (const char* arch : {"x86_64", "s390x"})
    out.push_back({"first tree with the mail, " + std::string(arch),
                   {"patch", mail, "--tree", trees.front(), "--arch", arch, "--no-claims"},
                   "after"});
  return out;
}

int run(Arguments words) {
  std::string limit = "120", mail;
  while (words.size() > 1 && (words[0] == "--time-limit" || words[0] == "--mail")) {
    (words[0] == "--mail" ? mail : limit) = words[1];
    words.erase(words.begin(), words.begin() + 2);
  }
  std::cout
      << "| subject | properties | the solver decides | as exhaustive search | k-induction | PDR | BMC | explicit, s | "
         "SMT, s |\n|---|---|---|---|---|---|---|---|---|\n";
  int status = 0;
  for (const Subject& subject : subjects(mail, words)) {
    const auto explored = answer_of(subject, "explicit", limit);
    const auto solved = answer_of(subject, "smt", limit);
    if (!explored || !solved) return 2;
    if (!compare(subject, *explored, *solved)) status = 1;
  }
  return status;
}

}  // namespace
}  // namespace hotproof::cli

int main(int argc, char** argv) {
  return hotproof::cli::run({argv + 1, argv + argc});
}
