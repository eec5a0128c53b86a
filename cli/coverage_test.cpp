// Which statements the model reaches: the numbers of every result, and the marks of `hotproof model --coverage`.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

const Json& row(const Json& answer, const std::string& function) {
  for (const Json& candidate : answer["functions"]) {
    if (candidate["function"] == function) return candidate;
  }
  FAIL("no such function: ", function);
  return answer;
}

// The rows make up the totals, and each row's numbers fit together.
void check_sums(const Json& answer) {
  std::map<std::string, std::size_t> sums;
  std::size_t before = ~std::size_t{0};
  for (const Json& f : answer["functions"]) {
    CAPTURE(f["function"].get<std::string>());
    for (const char* key : {"statements", "reached", "branches", "branches_both_ways"}) {
      sums[key] += f[key].get<std::size_t>();
    }
    CHECK(f["statements"].get<std::size_t>() == f["reached"].get<std::size_t>() + f["missing"].size());
    CHECK(f["branches_both_ways"] <= f["branches"]);
    CHECK(f["missing"].size() <= before);
    before = f["missing"].size();
  }
  for (const auto& [key, sum] : sums) CHECK(answer["coverage"][key] == sum);
}

// The numbers of the lines that have this mark.
std::vector<std::size_t> marked(const std::string& text, char mark) {
  std::vector<std::size_t> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.front() == mark) out.push_back(std::stoul(line.substr(1, 6)));
  }
  return out;
}

// Puts behind the declarations of memory_block_online() a statement that no run gets to.
std::string dead_code() {
  return "in memory_block_online\n  insert {\n    int never = 0;\n    if (never)\n"
         "      ret = 5;\n  } at start\n";
}

}  // namespace

TEST_CASE("the numbers fit together, and check says what model --coverage says") {
  const Json answer = ask({"model", "--coverage"}, 0);
  check_sums(answer);
  CHECK(answer["coverage"]["statements"] > 100);
  CHECK(answer["coverage"]["reached"].get<double>() >= 0.9 * answer["coverage"]["statements"].get<double>());
  CHECK(row(answer, "online_pages")["reached"] > 0);
  for (const Json& f : answer["functions"]) CHECK(!f["file"].get<std::string>().starts_with("model/env"));

  const Json checked = ask({"check", "--property", "lock-balance"}, 0);
  const Json& coverage = checked["model"]["coverage"];
  std::size_t statements = 0;
  std::size_t missing = 0;
  for (const Json& f : checked["model"]["followed"]) {
    if (f["environment"] == true) continue;
    statements += f["statements"].size();
    missing += f["missing"].size();
  }
  CHECK(coverage["statements"] == statements);
  CHECK(coverage["reached"] == statements - missing);
  const Ran text = run_program({"check", "--property", "lock-balance"});
  const auto at = text.out.find("  coverage  ");
  REQUIRE(at != std::string::npos);
  const std::string line = text.out.substr(at, text.out.find('\n', at) - at);
  CHECK(line.find(std::to_string(coverage["reached"].get<int>()) + " of ") != std::string::npos);
}

TEST_CASE("a statement that no run gets to is marked, and its branch goes one way") {
  const Scratch scratch;
  const std::string edit = scratch.with("dead.edit", dead_code());
  const Json before = row(ask({"model", "--coverage"}, 0), "memory_block_online");
  const Json after = row(ask({"model", "--coverage", "--edit", edit}, 0), "memory_block_online");
  CHECK(after["missing"].size() == before["missing"].size() + 1);
  CHECK(after["statements"].get<int>() == before["statements"].get<int>() + 3);
  CHECK(after["branches"].get<int>() == before["branches"].get<int>() + 1);
  CHECK(after["branches_both_ways"] == before["branches_both_ways"]);

  const Ran text = run_program({"model", "--coverage", "memory_block_online", "--edit", edit});
  CHECK(text.exit == 0);
  CHECK(marked(text.out, '-') == after["missing"].get<std::vector<std::size_t>>());
  CHECK(marked(text.out, '+').size() == after["reached"]);
  std::istringstream lines(text.out);
  bool shown = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("ret = 5;") == std::string::npos) continue;
    shown = true;
    CHECK(line.front() == '-');
  }
  CHECK(shown);
}

TEST_CASE("only the functions that are asked for are shown; others are an error") {
  const Json answer = ask({"model", "--coverage", "online_pages", "offline_pages"}, 0);
  CHECK(answer["functions"].size() == 2);
  check_sums(answer);
  const Ran unknown = run_program({"model", "--coverage", "no_such_function"});
  CHECK(unknown.exit == 2);
  CHECK(unknown.out.empty());
  CHECK(unknown.err.find("no_such_function") != std::string::npos);
}

TEST_CASE("colours are there if they are asked for, and not in a file") {
  const Ran plain = run_program({"model", "--coverage", "online_pages"});
  CHECK(plain.out.find('\x1b') == std::string::npos);
  const Ran coloured = run_program({"model", "--coverage", "--color", "always", "online_pages"});
  CHECK(coloured.out.find("\x1b[") != std::string::npos);
}

TEST_CASE("on kernel trees the model reaches no less than docs/findings.md says, life included") {
  const std::map<std::pair<std::string, std::string>, double> least = {
      {{"6.1", "x86_64"}, 0.89}, {{"6.1", "s390x"}, 0.84}, {{"6.12", "x86_64"}, 0.88}, {{"6.12", "s390x"}, 0.85}};
  for (const auto& [which, part] : least) {
    const auto folder = kernel(which.first);
    if (!folder) continue;
    CAPTURE(which.first);
    CAPTURE(which.second);
    // Its exit status says what is not understood: no matter of coverage.
    const Ran ran =
        run_program({"model", "--coverage", "--life", "--tree", *folder, "--arch", which.second, "--format", "json"});
    const Json answer = Json::parse(ran.out, nullptr, false);
    REQUIRE(answer.is_object());
    check_sums(answer);
    const double reached = answer["coverage"]["reached"].get<double>() / answer["coverage"]["statements"].get<double>();
    CHECK(reached >= part);
    // A part of a block's life that is lost leaves one of these.
    for (const char* function : {"online_pages", "offline_pages", "add_memory_resource", "try_remove_memory"}) {
      CHECK(row(answer, function)["reached"].get<double>() >= 0.6 * row(answer, function)["statements"].get<double>());
    }
  }
}
