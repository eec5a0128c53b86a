// What each engine decides, and in what time: tables for docs/engines.md.
//
//   engines [--time-limit S] [--mail FILE] [--only TEXT] [--properties] [--each] TREE...
//
// Subjects: the reference model on each architecture, with the listeners that it may have, and each TREE on each
// architecture; with a mail, the first TREE with it, too. Every subject is checked by exhaustive search and by the
// solver's engines, one after the other, S seconds at most (default 300); --only takes those with the text in their
// names. A row a subject; with --properties, a row a property after that: both verdicts, both lengths of what is shown,
// and who of the solver's engines said so. With --each, every property is asked for alone as well, for the time that it
// takes by itself. Processor time is that of the whole program: lowering and verifying are in it.
//
// Exit status: 0; 1 if the two contradict each other, by a verdict or by a length, or an engine found a defect in
// itself; 2 if nothing could be run.

#include <sys/resource.h>

#include <functional>
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

struct Wanted {
  std::string limit = "300", mail, only;
  bool properties = false, each = false;
};

// Of all programs that were run, in seconds.
double processor() {
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Answered {
  Json json;
  double processor = 0;
  double wall = 0;  // of the engine alone
};

std::optional<Answered> answer_of(const Subject& subject, const std::string& engine, const std::string& limit,
                                  const std::string& property = "") {
  Arguments arguments = subject.arguments;
  if (!property.empty()) arguments.insert(arguments.end(), {"--property", property});
  const double before = processor();
  for (const std::string& word : {std::string("--engine"), engine, std::string("--time-limit"), limit,
                                  std::string("--format"), std::string("json")})
    arguments.push_back(word);
  const Ran ran = run_program(arguments, 3600);
  Json answer = Json::parse(ran.out, nullptr, false);
  if (!answer.is_object()) {
    std::cerr << subject.name << ": exit status " << ran.exit << ": " << ran.err;
    return std::nullopt;
  }
  if (!subject.part.empty()) answer = Json(answer[subject.part]);
  const double wall = answer["statistics"]["seconds"].get<double>();
  return Answered{std::move(answer), processor() - before, wall};
}

bool is_decided(const Json& property) {
  return property["verdict"] != "inconclusive" && property["verdict"] != "not-understood";
}

// What the two say of one property, in a cell each; `differ` becomes true if both cannot be right.
std::string verdict_cell(const Json& property) {
  std::string out = property["verdict"];
  if (!property["trace"].is_null()) out += " in " + std::to_string(property["depth"].get<int>());
  return out;
}

bool contradict(const Json& mine, const Json& other) {
  if (!is_decided(mine) || !is_decided(other)) return false;
  if (mine["verdict"] != other["verdict"]) return true;
  return other["engine"] == "bmc" && !mine["trace"].is_null() && mine["depth"] != other["depth"];
}

struct Sum {
  int asked = 0, decided = 0, differ = 0;
};

void print_seconds(double value) {
  std::cout << std::fixed << std::setprecision(value < 10 ? 2 : 0) << value;
}

void print_row(const Subject& subject, const Answered& explored, const Answered& solved, Sum& sum) {
  std::map<std::string, int> by_engine;
  Sum here;
  for (std::size_t i = 0; i < explored.json["properties"].size(); ++i) {
    const Json& mine = explored.json["properties"][i];
    const Json& other = solved.json["properties"][i];
    if (mine["engine"] == "" && other["engine"] == "") continue;  // nothing to judge on this tree
    ++here.asked;
    if (is_decided(other)) ++here.decided, ++by_engine[other["engine"]];
    if (!contradict(mine, other)) continue;
    ++here.differ;
    std::cerr << subject.name << ": " << mine["id"] << ": " << verdict_cell(mine) << " and " << verdict_cell(other)
              << "\n";
  }
  std::cout << "| " << subject.name << " | " << here.asked << " | " << here.decided << " | " << here.differ << " |";
  for (const char* engine : {"k-induction", "pdr", "bmc"}) std::cout << " " << by_engine[engine] << " |";
  for (const Answered* answer : {&explored, &solved}) {
    std::cout << " ";
    print_seconds(answer->wall);
    std::cout << " | ";
    print_seconds(answer->processor);
    std::cout << " |";
  }
  std::cout << std::endl;
  sum.asked += here.asked;
  sum.decided += here.decided;
  sum.differ += here.differ;
}

void print_properties(const Subject& subject, const Answered& explored, const Answered& solved, const Wanted& wanted) {
  std::cout << "\n" << subject.name << "\n\n| property | exhaustive search | the solver | by |";
  if (wanted.each) std::cout << " explicit, processor s | SMT, processor s |";
  std::cout << "\n|---|---|---|---|" << (wanted.each ? "---|---|" : "") << "\n";
  for (std::size_t i = 0; i < explored.json["properties"].size(); ++i) {
    const Json& mine = explored.json["properties"][i];
    const Json& other = solved.json["properties"][i];
    if (mine["engine"] == "" && other["engine"] == "") continue;
    const std::string id = mine["id"];
    std::cout << "| " << id << " | " << verdict_cell(mine) << " | " << verdict_cell(other) << " | "
              << other["engine"].get<std::string>() << " |";
    for (const char* engine : {"explicit", "smt"}) {
      if (!wanted.each) break;
      const auto alone = answer_of(subject, engine, wanted.limit, id);
      std::cout << " ";
      if (alone) print_seconds(alone->processor);
      std::cout << " |";
    }
    std::cout << std::endl;
  }
}

std::vector<Subject> subjects(const std::string& mail, const Arguments& trees) {
  std::vector<Subject> out;
  const std::pair<std::string, Arguments> variants[] = {{"no listener", {"--listeners", "0"}},
                                                        {"1 listener", {"--listeners", "1"}},
                                                        {"2 listeners", {"--listeners", "2"}},
                                                        {"3 listeners", {"--listeners", "3"}},
                                                        {"2 listeners that may stop", {"--listeners", "2", "--stop"}},
                                                        {"2 listeners, there at boot", {"--listeners", "2", "--boot"}},
                                                        {"1 listener, a registrar", {"--registrars", "1"}}};
  for (const std::string arch : {"x86_64", "s390x"}) {
    for (const auto& [name, words] : variants) {
      out.push_back({"reference, " + arch + ", " + name, {"check", "--arch", arch}, ""});
      out.back().arguments.insert(out.back().arguments.end(), words.begin(), words.end());
    }
  }
  for (const std::string& tree : trees) {
    const std::string name = tree.substr(tree.find_last_of('/') + 1);
    for (const char* arch : {"x86_64", "s390x"})
      out.push_back({name + ", " + arch, {"check", "--tree", tree, "--arch", arch}, ""});
  }
  if (mail.empty() || trees.empty()) return out;
  for (const char* arch : {"x86_64", "s390x"})
    out.push_back({trees.front().substr(trees.front().find_last_of('/') + 1) + " with the mail, " + arch,
                   {"patch", mail, "--tree", trees.front(), "--arch", arch, "--no-claims"},
                   "after"});
  return out;
}

bool read(Arguments& words, Wanted& out) {
  while (!words.empty() && words[0].starts_with("--")) {
    const std::string word = words[0];
    words.erase(words.begin());
    if (word == "--properties" || word == "--each") {
      out.properties = true;
      out.each = out.each || word == "--each";
      continue;
    }
    if ((word != "--time-limit" && word != "--mail" && word != "--only") || words.empty()) return false;
    (word == "--mail" ? out.mail : word == "--only" ? out.only : out.limit) = words[0];
    words.erase(words.begin());
  }
  return true;
}

int run(Arguments words) {
  Wanted wanted;
  if (!read(words, wanted)) {
    std::cerr << "usage: engines [--time-limit S] [--mail FILE] [--only TEXT] [--properties] [--each] TREE...\n";
    return 2;
  }
  std::cout << "| subject | properties | the solver decides | disagreements | k-induction | PDR | BMC | explicit, s | "
               "processor, s | SMT, s | processor, s |\n|---|---|---|---|---|---|---|---|---|---|---|\n";
  Sum sum;
  std::vector<std::function<void()>> details;
  for (const Subject& subject : subjects(wanted.mail, words)) {
    if (subject.name.find(wanted.only) == std::string::npos) continue;
    const auto explored = answer_of(subject, "explicit", wanted.limit);
    const auto solved = answer_of(subject, "smt", wanted.limit);
    if (!explored || !solved) return 2;
    print_row(subject, *explored, *solved, sum);
    details.emplace_back([=] { print_properties(subject, *explored, *solved, wanted); });
  }
  std::cout << "\nThe solver's engines decide " << sum.decided << " of " << sum.asked << " ("
            << (sum.asked == 0 ? 0 : 100 * sum.decided / sum.asked) << " percent); disagreements: " << sum.differ
            << "\n";
  if (wanted.properties)
    for (const auto& detail : details) detail();
  return sum.differ == 0 ? 0 : 1;
}

}  // namespace
}  // namespace hotproof::cli

int main(int argc, char** argv) {
  return hotproof::cli::run({argv + 1, argv + argc});
}
