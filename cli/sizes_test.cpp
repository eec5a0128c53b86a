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

// The scenario with these numbers, given by an edit.
std::string numbers(std::uint64_t pages, std::uint64_t altmap, std::uint64_t first_block) {
  return "scenario HP_BLOCK_PAGES = " + std::to_string(pages) + "\nscenario HP_ALTMAP = " + std::to_string(altmap) +
         "\nscenario HP_FIRST_BLOCK = " + std::to_string(first_block) + "\n";
}

std::uint64_t size(const Json& found, const std::string& name) { return found["sizes"].value(name, 0ULL); }

}  // namespace

TEST_CASE("both headline properties hold for all sizes after the change; before it, one is broken for the least") {
  const Json answer = ask(reference("s390x", "1") + symbolic, 1);
  CHECK(verdict(answer["after"], "memmap-after-accessible") == "proved");
  CHECK(verdict(answer["after"], "prepare-has-finish") == "proved");
  CHECK(property(answer["after"], "prepare-has-finish")["engine"] == "parametric");
  for (const char* id : {"accounting-balanced", "block-range-exact", "prepare-covers", "no-wrap-around"}) {
    CAPTURE(id);
    CHECK(verdict(answer["after"], id) == "proved");
  }
  CHECK(answer["after"]["model"]["sizes"].size() == 4);
  CHECK(answer["after"]["model"]["size_requirements"].size() == 4);
  const Json before = property(answer["before"], "memmap-after-accessible");
  CHECK(before["verdict"] == "violated");
  CHECK(size(before, "pages per block") == 2);
  CHECK(size(before, "altmap pages") == 1);
  CHECK(before["trace"]["faults"] == 0);
  const Json x86 = ask(reference("x86_64", "1") + symbolic, 0);
  CHECK(verdict(x86["after"], "prepare-has-finish") == "proved");
  CHECK(verdict(x86["after"], "memmap-after-accessible") == "proved");
}

TEST_CASE("what is proved for all sizes is for numbers, too") {
  for (const char* arch : {"x86_64", "s390x"}) {
    const Json all = ask(reference(arch, "2") + symbolic, 1);
    const struct { std::uint64_t pages, altmap, first; } instances[] = {{1, 0, 0}, {2, 1, 8}, {4, 3, 1}, {64, 0, 3}};
    for (const auto& [pages, altmap, first] : instances) {
      const Scratch scratch;
      const Args with = {"--edit", scratch.with("numbers", numbers(pages, altmap, first))};
      const Json one = ask(reference(arch, "2") + with, 1);
      for (const Json& found : all["after"]["properties"]) {
        CAPTURE(found["id"]);
        CAPTURE(pages);
        const Json other = property(one, found["id"]);
        if (found["verdict"] == "proved") CHECK(other["verdict"] != "violated");
        if (found["verdict"] == "violated") CHECK(other["verdict"] == "violated");
        CHECK(other["verdict"] != "inconclusive");
      }
    }
  }
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
    for (const auto& [name, value] : entry.sizes) {
      CAPTURE(name);
      CHECK(size(found, name) == value);
    }
  }
}

TEST_CASE("a violation that needs certain sizes has them, and numbers that are not among them have none") {
  const struct {
    const char* property;
    const char* function;
    const char* action;
    std::uint64_t block, altmap;  // the least
    std::uint64_t pages, other_altmap;  // for which nothing is wrong
  } cases[] = {
      // One page only is counted in wrongly.
      {"accounting-balanced", "online_pages",
       "replace statement \"zone->present_pages += nr_pages\" by { zone->present_pages += nr_pages - (nr_pages == 1); }", 1, 0, 4, 1},
      // An altmap of one page is taken for none.
      {"memmap-follows-state", "memory_block_offline", "replace condition of if \"altmap\" by \"altmap > 1\"", 2, 1, 4, 2},
  };
  for (const auto& c : cases) {
    CAPTURE(c.property);
    const Scratch scratch;
    const std::string edit = std::string("file memory.c\nin ") + c.function + "\n" + c.action + "\n";
    const Args args = {"check", "--listeners", "1", "--property", c.property, "--edit", scratch.with("edit", edit)};
    const Json found = property(ask(args + symbolic, 1), c.property);
    CHECK(found["verdict"] == "violated");
    CHECK(size(found, "pages per block") == c.block);
    CHECK(size(found, "altmap pages") == c.altmap);
    const Args here = {"--edit", scratch.with("wrong", numbers(c.block, c.altmap, 0))};
    CHECK(verdict(ask(args + here, 1), c.property) == "violated");
    const Args there = {"--edit", scratch.with("right", numbers(c.pages, c.other_altmap, 8))};
    CHECK(verdict(ask(args + there, 0), c.property) == "proved");
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
