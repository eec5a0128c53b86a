// All sizes at once: the reference model, before and after MEM_PREPARE_ONLINE, and edits whose violation needs certain
// numbers.
#include <doctest/doctest.h>

#include "cli/breaking_sizes_edits.hpp"
#include "cli/known_answers.hpp"

namespace hotproof::cli {
namespace {

using known::ask;
using known::Args;
using known::Json;
using known::property;
using known::verdict;
using known::operator+;

Args reference(const std::string& arch, const std::string& listeners) {
  return {"check", "--arch", arch, "--listeners", listeners, "--strict"};
}

const Args symbolic = {"--sizes", "symbolic"};

// What is proved for all sizes is not violated for some; what is violated for some numbers, is for these.
void agrees_with_numbers(const Json& all, const Args& args) {
  const struct {
    int pages, altmap;
  } instances[] = {{1, 0}, {2, 1}, {64, 0}, {64, 5}};
  for (const auto& [pages, altmap] : instances) {
    const Scratch scratch;
    const std::string edit = scratch.with("numbers", "scenario HP_BLOCK_PAGES = " + std::to_string(pages) +
                                                         "\nscenario HP_ALTMAP = " + std::to_string(altmap) + "\n");
    const Ran ran = run_program(args + Args{"--edit", edit, "--format", "json"});
    const Json one = Json::parse(ran.out, nullptr, false);
    REQUIRE(one.is_object());
    for (const Json& found : all["after"]["properties"]) {
      const Json number = property(one["after"], found["id"]);
      CAPTURE(found["id"].get<std::string>());
      CAPTURE(pages);
      CAPTURE(altmap);
      CHECK(number["verdict"] != "inconclusive");
      if (found["verdict"] == "proved") CHECK(number["verdict"] != "violated");
      const bool are_its_own = found["sizes"].value("pages per block", 0) == pages &&
                               found["sizes"].value("altmap pages", 0) == altmap;
      if (found["verdict"] == "violated" && are_its_own) CHECK(number["verdict"] == "violated");
    }
  }
}

std::uint64_t size(const Json& found, const std::string& name) { return found["sizes"].value(name, 0ULL); }

}  // namespace

TEST_CASE("both headline properties hold for all sizes after the change; before it, one is broken for the least") {
  const Json answer = ask(reference("s390x", "1") + symbolic, 1);
  CHECK(verdict(answer["after"], "memmap-after-accessible") == "proved");
  CHECK(verdict(answer["after"], "prepare-has-finish") == "proved");
  CHECK(property(answer["after"], "prepare-has-finish")["engine"] == "parametric");
  for (const char* id : {"accounting-balanced", "block-range-exact", "sections-whole", "prepare-covers", "no-wrap-around"}) {
    CAPTURE(id);
    CHECK(verdict(answer["after"], id) == "proved");
  }
  CHECK(answer["after"]["model"]["sizes"].size() == 5);
  CHECK(answer["after"]["model"]["size_requirements"].size() == 6);
  const Json before = property(answer["before"], "memmap-after-accessible");
  CHECK(before["verdict"] == "violated");
  CHECK(size(before, "pages per block") == 2);
  CHECK(size(before, "altmap pages") == 1);
  CHECK(before["trace"]["faults"] == 0);
  agrees_with_numbers(answer, reference("s390x", "1"));
  const Json x86 = ask(reference("x86_64", "1") + symbolic, 0);
  CHECK(verdict(x86["after"], "prepare-has-finish") == "proved");
  CHECK(verdict(x86["after"], "memmap-after-accessible") == "proved");
  agrees_with_numbers(x86, reference("x86_64", "1"));
}

TEST_CASE("edits that are wrong for some sizes are found, with the least that show it") {
  for (const breaking::SizesRow& entry : breaking::sizes_table()) {
    const breaking::Row& row = entry.row;
    CAPTURE(std::string(row.property));
    CAPTURE(std::string(row.does));
    const Scratch scratch;
    const std::string edit = std::string("file ") + row.file + "\nin " + row.function + "\n" + row.actions + "\n";
    Args args = {"check", "--arch", row.arch};
    for (const char* word : row.options.at)
      if (word != nullptr) args.emplace_back(word);
    args = args + Args{"--property", row.property, "--edit", scratch.with("edit", edit), "--time-limit", "60"};
    const Json found = property(ask(args, 1), row.property);
    CHECK(found["verdict"] == "violated");
    // The run is one for these numbers: the reference interpreter has replayed it with them, or it would not be here.
    CHECK(found["trace"]["steps"].size() > 0);
    CHECK(found["sizes"].size() >= 4);
    for (const auto& [name, value] : entry.sizes) {
      CAPTURE(name);
      CHECK(size(found, name) == value);
    }
  }
}

// docs/symbolic-sizes.md, "Increments": why two stand for any larger number.
TEST_CASE("three and four increments a block do what two do") {
  for (const std::string number : {"3", "4"}) {
    CAPTURE(number);
    const Scratch scratch;
    const std::string edit = scratch.with("more.edit", "scenario HP_INCREMENTS = " + number + "\n");
    // All events but those that say again what is so already, and each change of what is accessible.
    const Args same = {edit, "--arch", "s390x", "--listeners", "1", "--hide", "accessible,partly-accessible",
                       "--observe", "block[0].accessible", "--observe", "block[0].some", "--bisimulation"};
    const Ran compared = run_program(Args{"compare"} + same, 120);
    CHECK(compared.exit == 0);
    CHECK(compared.out.find("weakly bisimilar") != std::string::npos);
    // Rules hear what is said again, too.
    for (const char* listeners : {"1", "2"}) {
      const Json two = ask(reference("s390x", listeners), 1);
      const Json more = ask(reference("s390x", listeners) + Args{"--edit", edit}, 1);
      for (const char* version : {"before", "after"}) {
        for (const Json& found : two[version]["properties"]) {
          CAPTURE(found["id"].get<std::string>());
          CHECK(verdict(more[version], found["id"]) == verdict(two[version], found["id"]));
        }
      }
    }
  }
}

TEST_CASE("sizes are for the reference model, and for engines that do not try them one by one") {
  const Scratch scratch;
  const Ran tree = run_program({"check", "--sizes", "symbolic", "--tree", scratch.file("")});
  CHECK(tree.exit == 2);
  const Ran engine = run_program({"check", "--sizes", "symbolic", "--engine", "explicit"});
  CHECK(engine.exit == 2);
  CHECK(engine.err.find("one by one") != std::string::npos);
  CHECK(run_program({"check", "--sizes", "many"}).exit == 2);
}

}  // namespace hotproof::cli
