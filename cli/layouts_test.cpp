// A block has its memmap in its own first pages or elsewhere: check and patch look at both, and the worse answer stays.

#include "cli/layouts.hpp"

#include <fstream>

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;
using hotproof::counterexamples::PropertyReport;
using hotproof::counterexamples::Verdict;

namespace {

PropertyReport answer(Verdict verdict) {
  PropertyReport out;
  out.id = "p";
  out.verdict = verdict;
  return out;
}

PropertyReport both(PropertyReport first, PropertyReport second) {
  Checked checked;
  checked.report.properties = {std::move(first)};
  Checked other;
  other.report.properties = {std::move(second)};
  add_other_layout(checked, std::move(other));
  return checked.report.properties.front();
}

}  // namespace

TEST_CASE("layouts: the worse answer stays, and says where it is from") {
  CHECK(both(answer(Verdict::proved), answer(Verdict::proved)).variant.empty());
  for (const Verdict worse : {Verdict::violated, Verdict::not_understood, Verdict::inconclusive}) {
    const PropertyReport found = both(answer(Verdict::proved), answer(worse));
    CHECK(found.verdict == worse);
    CHECK(found.variant.find("elsewhere") != std::string::npos);
    CHECK(both(answer(worse), answer(Verdict::proved)).variant.empty());
  }
  // What only the second has something to say of is judged there.
  CHECK(both(answer(Verdict::vacuous), answer(Verdict::proved)).verdict == Verdict::proved);
  CHECK(both(answer(Verdict::proved), answer(Verdict::vacuous)).verdict == Verdict::proved);
  PropertyReport latent = answer(Verdict::violated);
  latent.latent_needs = "two listeners";
  CHECK_FALSE(both(latent, answer(Verdict::violated)).latent());
  CHECK_FALSE(both(answer(Verdict::violated), latent).latent());
}

TEST_CASE("layouts: lines that one of them executes are executed") {
  Checked checked;
  Checked other;
  checked.report.model.followed = {{"f", "a.c", 1, 0, 0, false, {1, 2, 3}, {2, 3}, 0, 0}};
  checked.report.model.reached["a.c"] = {1};
  other.report.model.followed = {{"f", "a.c", 1, 0, 0, false, {1, 2, 3}, {3}, 0, 0}, {"g", "a.c", 9, 0, 0, false, {9}, {}, 0, 0}};
  other.report.model.reached["a.c"] = {1, 2, 9};
  other.report.model.not_understood = {{{"a.c", 9, 1}, "what is this", ""}};
  add_other_layout(checked, std::move(other));
  const auto& model = checked.report.model;
  REQUIRE(model.followed.size() == 2);
  CHECK(model.followed[0].missing == std::vector<std::uint32_t>{3});
  CHECK(model.reached.at("a.c") == std::vector<std::uint32_t>{1, 2, 9});
  CHECK(model.not_understood.size() == 1);
}

TEST_CASE("layouts: an altmap that is taken for granted") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const std::string path = (std::filesystem::temp_directory_path() / "hotproof-granted.edit").string();
  std::ofstream(path) << "file drivers/base/memory.c\nin memory_block_online\n"
                         "  replace if \"mem->altmap\" by { nr_vmemmap_pages = mem->altmap->free; }\n";
  const Args args{"check", "--tree", *tree, "--edit", path};
  const Json report = expect(args, {{"no-null-dereference", "violated"}});
  CHECK(property(report, "no-null-dereference")["variant"].get<std::string>().find("elsewhere") != std::string::npos);
  expect(args + Args{"--altmap", "yes"}, {{"no-null-dereference", "proved"}});
  std::filesystem::remove(path);
}

TEST_CASE("layouts: where a place is not understood, a cover that is reached does not make the whole understood") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const std::string path = (std::filesystem::temp_directory_path() / "hotproof-unknown.edit").string();
  std::ofstream(path) << "file drivers/base/memory.c\nin memory_block_offline\n"
                         "  insert { nobody_knows_this(mem); } before call mem_hotplug_begin\n";
  const Json report = ask({"check", "--tree", *tree, "--edit", path, "--property", "online-possible"}, 4);
  CHECK(report["verdict"] == "not-understood");
  std::filesystem::remove(path);
}
