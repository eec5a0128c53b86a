// The entry points beyond state_store, add_memory and remove_memory, on real trees: each is asked for, and what it does
// is understood and judged. And memory that fails meanwhile.

#include <fstream>

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

Args on(const std::string& tree, const std::string& arch, const std::string& requests) {
  return {"check", "--tree", tree, "--arch", arch, "--requests", requests};
}

// Everything is understood, and nothing else is violated.
void quiet_but_for(const Json& report, const std::set<std::string>& broken) {
  CHECK(report["model"]["not_understood"].empty());
  std::set<std::string> violated;
  for (const Json& p : report["properties"]) {
    if (p["applicable"] == false) continue;  // nothing here speaks to it
    CAPTURE(p["id"].get<std::string>());
    CHECK((p["verdict"] == "violated" || p["verdict"] == "proved" || p["verdict"] == "vacuous"));
    if (p["verdict"] == "violated") violated.insert(p["id"]);
  }
  CHECK(violated == broken);
}

}  // namespace

TEST_CASE("requests: probe, the device's own file, what becomes of added memory") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const Json report = ask(on(*tree, "x86_64", "probe,device-online,device-offline,auto-online,remove"), 0);
  quiet_but_for(report, {});
  CHECK(verdict(report, "add-possible") == "proved");
}

TEST_CASE("requests: offline and remove at once") {
  const auto tree = kernel("6.1");
  if (!tree) return;
  quiet_but_for(ask(on(*tree, "x86_64", "online,add,offline-and-remove"), 1), {"node-state-before-zonelists"});
}

TEST_CASE("requests: ACPI plugs in, binds and ejects") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const Json report = ask(
      on(*tree, "x86_64", "online,acpi-add,acpi-remove") + Args{"--property", "block-reference-balanced", "--property",
                                                                "remove-possible", "--property", "prepare-has-finish"},
      0);
  quiet_but_for(report, {});
}

TEST_CASE("requests: s390 adds standby memory while it starts") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const Json report = ask(on(*tree, "s390x", "offline,online,boot-add,remove"), 1);
  quiet_but_for(report, {"failed-prepare-leaves-nothing", "memmap-after-accessible"});
}

TEST_CASE("requests: memory that fails, and D6") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const Args poisoned{"check", "--tree", *tree, "--poisoners", "1"};
  quiet_but_for(ask(poisoned, 0), {});
  expect(poisoned + edit("d6-6.12.edit"), {{"block-reference-balanced", "violated"}});
}

TEST_CASE("requests: what cannot be asked for") {
  CHECK(run_program({"check", "--requests", "probe"}).err.find("the reference model knows no \"probe\"") !=
        std::string::npos);
  CHECK(run_program({"check", "--requests", "offline,dance"}).err.find("nobody can ask for \"dance\"") !=
        std::string::npos);
  const auto tree = kernel("6.1");
  if (!tree) return;
  const Ran ran = run_program({"check", "--tree", *tree, "--arch", "s390x", "--requests", "probe"});
  CHECK(ran.exit == 2);
  CHECK(ran.err.find("has no \"probe\" on s390x") != std::string::npos);
  CHECK(run_program({"check", "--tree", *tree, "--poisoners", "1"}).exit == 2);
}

TEST_CASE("requests: a change that only another entry point executes is judged there, without a flag") {
  const auto tree = kernel("6.12");
  if (!tree) return;
  const std::filesystem::path folder = std::filesystem::temp_directory_path();
  const struct {
    const char* file;
    const char* function;
    const char* call;
    const char* broken;
    const char* says;
  } rows[] = {
      {"drivers/base/memory.c", "probe_store", "unlock_device_hotplug", "lock-balance", "probe"},
      {"mm/memory_hotplug.c", "offline_and_remove_memory", "unlock_device_hotplug", "lock-balance",
       "offline-and-remove"},
  };
  for (const auto& row : rows) {
    const std::string path = (folder / (std::string("hotproof-") + row.function + ".edit")).string();
    std::ofstream(path) << "file " << row.file << "\nin " << row.function << "\n  delete call " << row.call << "\n";
    const Json report = expect({"check", "--tree", *tree, "--edit", path}, {{row.broken, "violated"}});
    CHECK(report["model"].dump().find(row.says) != std::string::npos);
    std::filesystem::remove(path);
  }
}
