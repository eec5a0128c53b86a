// Bodies of real kernels, where there are any.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "model/env/files.hpp"
#include "model/lower/mir.hpp"
#include "model/source/embedded.hpp"

namespace hotproof::lower {
namespace {

// The environment's bodies stand before the tree's, and calls stop at the names of its table.
void add_environment(c::Program& program, Mir& mir) {
  std::set<std::string> leaves;
  for (const embedded::File& file : embedded::env()) {
    if (file.path.rfind("model/env/", 0) != 0) continue;
    if (file.path.ends_with(".c") || file.path.ends_with(".h")) {
      program.add_first(std::string(file.path), std::string(file.text));
    }
    if (!file.path.ends_with(".tbl")) continue;
    std::istringstream lines{std::string(file.text)};
    for (std::string line; std::getline(lines, line);) {
      const std::string name = line.substr(0, line.find_first_of(" |"));
      if (!name.empty() && name[0] != '#') leaves.insert(name);
    }
  }
  mir.set_leaves(std::move(leaves));
}

std::filesystem::path kernels() {
  const char* given = std::getenv("HOTPROOF_KERNELS");
  return given ? std::filesystem::path(given) : std::filesystem::path(HOTPROOF_SOURCE_DIR) / ".cache" / "kernels";
}

struct Found {
  std::size_t bodies = 0;
  std::size_t problems = 0;
};

// All functions of the folders that are modelled that calls reach from `roots`.
Found reached_from(Mir& mir, const std::vector<std::string>& roots) {
  Found found;
  std::set<std::string> seen(roots.begin(), roots.end());
  std::vector<std::string> todo = roots;
  while (!todo.empty()) {
    const std::string name = todo.back();
    todo.pop_back();
    const Body* body = mir.body(name);
    if (!body) continue;
    ++found.bodies;
    for (const Diagnostic& problem : body->not_understood) {
      if (problem.message.find("cmma_flag") != std::string::npos) continue;  // boot code sets it, in no file read
      ++found.problems;
      MESSAGE(name << ": " << to_string(problem));
    }
    if (body->file.rfind("include/", 0) == 0 || body->file.rfind("arch/", 0) == 0) continue;
    for (const Block& block : body->blocks) {
      for (const Instr& instr : block.instrs) {
        const auto* callee = std::get_if<FunctionName>(&instr.callee.value);
        if (instr.kind == Instr::Kind::call && callee && seen.insert(callee->name).second) todo.push_back(callee->name);
      }
    }
  }
  return found;
}

const std::vector<std::string> roots = {"memory_block_online", "memory_block_offline", "online_pages",
                                        "offline_pages",       "device_online",        "device_offline",
                                        "state_store",         "online_store",         "blocking_notifier_call_chain",
                                        "notifier_call_chain"};

}  // namespace

TEST_CASE("what onlining and offlining reach in real trees") {
  for (const std::string tree_name : {"6.1", "6.12"}) {
    const auto root = kernels() / tree_name;
    if (!std::filesystem::exists(root / "mm" / "memory_hotplug.c")) {
      MESSAGE("skipped: no kernel tree " << tree_name);
      continue;
    }
    for (const std::string arch : {"x86_64", "s390x"}) {
      CAPTURE(tree_name);
      CAPTURE(arch);
      const SourceTree tree = *SourceTree::open(root);
      c::Configuration configuration = env::default_configuration(arch);
      for (const char* scenario : {"HP_BOOT", "HP_VMEMMAP", "HP_BLOCKS", "HP_NODE", "HP_DIRECT_MAP", "HP_INCREMENTS",
                                   "HP_FIRST_BLOCK", "HP_BLOCK_PAGES", "HP_ALTMAP", "HP_KNOWS_shuffle_zone",
                                   "HP_SETS_NEW_PAGES_ASIDE"}) {
        configuration.defined.emplace(scenario, "1");  // what a scenario decides
      }
      c::Program program(tree, env::model_files(tree, arch), configuration);
      Mir mir(program);
      add_environment(program, mir);
      CHECK(mir.constant("PAGES_PER_SECTION") == (arch == "s390x" ? 65536 : 32768));
      CHECK(mir.constant("MEM_ONLINE").has_value());
      CHECK(mir.constant("NOTIFY_BAD") == 0x8002);
      std::vector<std::string> all = roots;
      if (arch == "s390x") all.push_back("sclp_mem_notifier");
      const Found found = reached_from(mir, all);
      CHECK(found.bodies > 60);
      for (const char* type : {"struct page", "struct mem_section"}) {
        CHECK_MESSAGE(mir.size_of(mir.parse_type(type)).has_value(), std::string(type));
      }
      CHECK(found.problems == 0);
      MESSAGE(tree_name << " " << arch << ": " << found.bodies << " bodies, " << found.problems << " not understood");
    }
  }
}

}  // namespace hotproof::lower
