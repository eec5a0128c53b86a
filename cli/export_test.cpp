#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/known_answers.hpp"
#include "cli/run_program.hpp"

using namespace hotproof::cli;

namespace {

using Arguments = std::vector<std::string>;

Ran exported(Arguments args) {
  args.insert(args.begin(), "export");
  return run_program(args, 300);
}

// Exit status 2, one line, and nothing written.
void check_refused(const Arguments& args, const std::string& part) {
  const Scratch scratch;
  const std::string path = scratch.with("result", "old");
  Arguments with_file = args;
  with_file.insert(with_file.end(), {"-o", path});
  const Ran ran = exported(with_file);
  INFO(ran.err);
  CHECK(ran.exit == 2);
  CHECK(ran.out.empty());
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  CHECK(ran.err.find(part) != std::string::npos);
  CHECK(text_of(path) == "old");
  CHECK(scratch.entries() == 1);
}

bool are_here(const std::string& programs) {
  if (std::system(("for p in " + programs + "; do command -v $p >/dev/null 2>&1 || exit 1; done").c_str()) == 0) return true;
  MESSAGE("skipped: this machine lacks one of " << programs);
  return false;
}

// The output of a command in the folder; its exit status must be 0.
std::string output_of(const Scratch& scratch, const std::string& command) {
  const std::string file = scratch.file("command.out");
  const std::string line = "cd '" + scratch.file("") + "' && (" + command + ") >'" + file + "' 2>&1";
  INFO(command);
  CHECK(std::system(line.c_str()) == 0);
  return text_of(file);
}

std::optional<std::uint64_t> number_before(const std::string& text, const std::string& words) {
  const std::size_t end = text.find(words);
  if (end == std::string::npos || end == 0) return std::nullopt;
  const std::size_t begin = text.find_last_not_of("0123456789", end - 1) + 1;
  if (begin == end) return std::nullopt;
  return std::stoull(text.substr(begin, end - begin));
}

// Our own count of the same system: one search that nothing is reduced in, but what no property sees is sliced away.
struct Counts {
  std::uint64_t states = 0, transitions = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};
doctest::String toString(const Counts& counts) {
  return (std::to_string(counts.states) + " states, " + std::to_string(counts.transitions) + " transitions").c_str();
}

Counts counted_by_check(const Arguments& model) {
  Arguments args = {"check", "--no-merge", "--no-reset", "--no-symmetry", "--engine", "explicit", "--format", "json"};
  args.insert(args.end(), model.begin(), model.end());
  const auto answer = nlohmann::json::parse(run_program(args, 300).out);
  REQUIRE(answer["complete"] == true);
  return {answer["statistics"]["states"], answer["statistics"]["transitions"]};
}

Arguments unreduced(const char* format, const Arguments& model, const std::string& path) {
  Arguments args = {"--format", format, "--count", "--reduced", "--no-merge", "--no-reset", "-o", path};
  args.insert(args.end(), model.begin(), model.end());
  return args;
}

void check_peers_agree(const Arguments& model) {
  const Counts ours = counted_by_check(model);
  const Scratch scratch;
  if (are_here("spin gcc")) {
    REQUIRE(exported(unreduced("promela", model, scratch.file("model.pml"))).exit == 0);
    output_of(scratch, "spin -o2 -a model.pml");
    for (const char* order : {"", "-DBFS"}) {
      output_of(scratch, std::string("gcc -w -O0 -DSAFETY -DNOREDUCE ") + order + " -o pan pan.c");
      const std::string said = output_of(scratch, "./pan -E -n -w20 -m1000000");
      CHECK(said.find("errors: 0") != std::string::npos);
      const Counts spins{number_before(said, " states, stored").value_or(0), number_before(said, " transitions (").value_or(1) - 1};
      CHECK(spins == ours);
    }
  }
  if (are_here("rumur gcc")) {
    REQUIRE(exported(unreduced("murphi", model, scratch.file("model.m"))).exit == 0);
    output_of(scratch, "rumur --deadlock-detection off --threads 1 --color off --output model.c model.m");
    output_of(scratch, "gcc -w -O0 -march=native -mcx16 -o model model.c -lpthread");
    std::string said = output_of(scratch, "./model");
    said.erase(0, std::min(said.size(), said.find("State Space Explored:")));
    CHECK(Counts{number_before(said, " states,").value_or(0), number_before(said, " rules fired").value_or(0)} == ours);
  }
}

}  // namespace

TEST_CASE("what cannot be exported is refused, and nothing is written") {
  check_refused({}, "--format");
  check_refused({"--format", "pdf"}, "'pdf' is none of promela|murphi|smt2|dot|graphml|aut|system");
  check_refused({"--format", "dot", "--count"}, "--count is for promela and murphi");
  check_refused({"--format", "dot", "--no-merge"}, "--reduced");
  check_refused({"--format", "dot", "--most", "0"}, "--most");
  check_refused({"--format", "aut", "--most", "100"}, "there are more than 100 states (--most allows more)");
  check_refused({"--format", "promela", "--sizes", "symbolic"}, "numbers, not all sizes");
  check_refused({"--format", "promela", "--tree", "/no/such/tree"}, "/no/such/tree");
  check_refused({"--format", "promela", "--property", "no-such-property"}, "no-such-property");
  check_refused({"--format", "promela", "--edit", "/no/such.edit"}, "/no/such.edit");
  CHECK(exported({"--format", "dot", "-o", "/no/such/folder/out"}).exit == 2);
}

TEST_CASE("a graph has the states that a check explores") {
  const Arguments model = {"--listeners", "1", "--readers", "0"};
  Arguments args = {"--format", "aut", "--reduced", "--no-merge"};
  args.insert(args.end(), model.begin(), model.end());
  const Ran aut = exported(args);
  CHECK(aut.exit == 0);
  CHECK(aut.err.empty());
  CHECK(aut.out.starts_with("des (0, "));
  const auto lines = std::count(aut.out.begin(), aut.out.end(), '\n');
  CHECK(number_before(aut.out, ", ").has_value());
  const std::size_t comma = aut.out.find(", ");
  CHECK(std::stol(aut.out.substr(comma + 2)) == lines - 1);
}

TEST_CASE("SPIN and Rumur count the states and transitions of a kernel tree as a check does") {
  const auto folder = known::kernel("6.12");
  if (!folder) return;
  // A check looks at both layouts unless it is told which.
  check_peers_agree({"--tree", *folder, "--altmap", "no"});
}

TEST_CASE("a condition that is too long for a text is a function, by which SPIN finds the same deadlocks") {
  const auto folder = known::kernel("6.12");
  if (!folder || !are_here("spin gcc")) return;
  const Scratch scratch;
  const std::string twice = scratch.with("twice.edit", "file drivers/base/memory.c\nin memory_block_offline\n"
                                         "replace call mem_hotplug_begin by { mem_hotplug_begin(); mem_hotplug_begin(); }\n");
  for (const bool broken : {false, true}) {
    CAPTURE(broken);
    Arguments model = {"--tree", *folder, "--altmap", "no", "--workers", "2", "--property", "no-deadlock"};
    if (broken) model.insert(model.end(), {"--edit", twice});
    Arguments args = {"check", "--format", "json"};
    args.insert(args.end(), model.begin(), model.end());
    const auto answer = nlohmann::json::parse(run_program(args, 300).out);
    CHECK(known::verdict(answer, "no-deadlock") == (broken ? "violated" : "proved"));
    args = {"--format", "promela", "-o", scratch.file("model.pml")};
    args.insert(args.end(), model.begin(), model.end());
    REQUIRE(exported(args).exit == 0);
    CHECK(text_of(scratch.file("model.pml")).find("c_expr { (hp_f0()) }") != std::string::npos);
    output_of(scratch, "spin -o2 -a model.pml && gcc -w -O0 -DSAFETY -DNOREDUCE -o pan pan.c");
    const std::string said = output_of(scratch, "./pan -E -c0 -n -w20 -m1000000");
    CHECK((said.find("hotproof: violated no-deadlock\n") != std::string::npos) == broken);
    CHECK(number_before(said, " states, stored").has_value());
  }
}

TEST_CASE("SPIN and Rumur find on the reference model what a check finds") {
  const Scratch scratch;
  if (!are_here("spin gcc")) return;
  REQUIRE(exported({"--format", "promela", "-o", scratch.file("model.pml")}).exit == 0);
  output_of(scratch, "spin -o2 -a model.pml && gcc -w -O0 -DSAFETY -DNOREDUCE -o pan pan.c");
  const std::string said = output_of(scratch, "./pan -E -c0 -n -w20 -m1000000");
  const auto answer = nlohmann::json::parse(run_program({"check", "--no-merge", "--format", "json"}, 300).out);
  std::size_t violated = 0;
  for (const auto& property : answer["after"]["properties"]) {
    const std::string id = property["id"];
    CAPTURE(id);
    const bool cover = id.ends_with("-possible");
    if (cover) continue;
    violated += property["verdict"] == "violated" ? 1 : 0;
    CHECK((said.find("hotproof: violated " + id + "\n") != std::string::npos) == (property["verdict"] == "violated"));
  }
  CHECK(violated > 0);
  CHECK(number_before(said, " states, stored").has_value());
}
