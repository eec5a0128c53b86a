// The entry points beyond state_store, add_memory and remove_memory, on real trees: each is asked for, and what it does
// is understood and judged. And memory that fails meanwhile.
#include <doctest/doctest.h>

#include "cli/known_answers.hpp"

namespace hotproof::cli {
namespace {

struct Row {
  const char* tree;
  const char* arch;
  const char* requests;
  std::vector<std::string> broken;  // everything else is proved, reached, or not here
};

void holds(const Row& row) {
  const auto tree = kernel_tree(row.tree);
  if (!tree) return;
  const Answer answer = check({"--tree", *tree, "--arch", row.arch, "--requests", row.requests});
  INFO(row.tree << " " << row.arch << " " << row.requests);
  CHECK(answer.result.at("model").at("not_understood").empty());
  std::vector<std::string> broken;
  for (const auto& property : answer.result.at("properties")) {
    const std::string verdict = property.at("verdict");
    if (verdict == "violated") broken.push_back(property.at("id"));
    else CHECK_MESSAGE((verdict == "proved" || verdict == "reached"), property.at("id") << ": " << verdict);
  }
  CHECK(broken == row.broken);
}

}  // namespace

TEST_CASE("requests: probe, the device's own file, what becomes of added memory") {
  holds({"6.12", "x86_64", "probe,device-online,device-offline,auto-online,remove", {}});
}

TEST_CASE("requests: offline and remove at once") {
  holds({"6.1", "x86_64", "online,add,offline-and-remove", {"node-state-before-zonelists"}});
}

TEST_CASE("requests: ACPI plugs in and ejects") { holds({"6.12", "x86_64", "online,acpi-add,acpi-remove", {}}); }
}  // namespace hotproof::cli
