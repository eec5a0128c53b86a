// What the bodies that the leaf table leaves out as harmless do, on real trees: each exception is argued here.
#include "model/scenarios/modification_scan.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "model/scenarios/requests.hpp"
#include "model/scenarios/scenario.hpp"

namespace hotproof::scenarios {
namespace {

std::string kernel(const std::string& version) {
  const char* folder = std::getenv("HOTPROOF_KERNELS");
  return (folder ? std::string(folder) : std::string(HOTPROOF_SOURCE_DIR) + "/.cache/kernels") + "/" + version;
}

}  // namespace

TEST_CASE("modification scan: what is left out as harmless is harmless, but for these") {
  // function: what it does that looks like more, and why it is right all the same.
  const std::map<std::string, std::string> argued{
      {"flush_all_cpus_locked", "flush_lock, its own, given back before it returns"},
      {"__kmem_cache_shrink", "the cache's own locks, given back before it returns"},
      {"__kmem_cache_do_shrink", "the cache's own spinlock"},
      {"set_node_memory_tier", "the chain of memory tiers, which nobody here listens to"},
      {"kernel_physical_mapping_remove",
       "the spinlock of page tables; an altmap gets pages back only where a memmap is unmapped, not the direct map"},
      {"hmat_hotplug_target", "target_lock, its own"},
      {"hmat_register_target", "target_lock, its own"}};
  for (const char* version : {"6.1", "6.12"}) {
    if (!std::filesystem::exists(kernel(version) + "/mm/memory_hotplug.c")) {
      MESSAGE("skipped: no kernel tree " << version);
      continue;
    }
    const auto tree = SourceTree::open(kernel(version));
    REQUIRE(tree);
    for (const char* arch : {"x86_64", "s390x"}) {
      Request request;
      request.arch = arch;
      request.requests = usual_requests(true);
      request.real_listeners = true;
      const auto scenario = Scenario::create(*tree, false, request);
      REQUIRE(scenario);
      const auto& leaves = (*scenario)->options().leaves;
      std::size_t looked = 0;
      for (const auto& [name, leaf] : leaves) {
        if (leaf.kind == lower::Leaf::Kind::meaning || !(*scenario)->program().function(name)) continue;
        ++looked;
        if (argued.contains(name)) continue;
        for (const Modification& one : modifications((*scenario)->mir(), leaves, name))
          CHECK_MESSAGE(false, version << " " << arch << " " << name << ": " << one.function << " " << one.what << " at "
                                       << one.place.file << ":" << one.place.line);
      }
      CHECK(looked > 10);
    }
  }
}

TEST_CASE("modification scan: what it finds") {
  c::Program program(SourceTree::in_memory("a tree", {{"a.c",
                                                       "struct s { int state; int other; void (*f)(void); };\n"
                                                       "struct s g;\nvoid mutex_lock(void *m);\n"
                                                       "void deep(void) { g.state = 1; }\n"
                                                       "void hint(struct s *p) { p->other = 2; deep(); }\n"
                                                       "void locks(void) { mutex_lock(&g); g.f(); }\n"
                                                       "void quiet(struct s *p) { struct s l = { 1 }; p->other = l.state; }\n"}}),
                     {"a.c"}, {});
  lower::Mir mir(program);
  std::map<std::string, lower::Leaf> leaves;
  leaves["mutex_lock"] = {lower::Leaf::Kind::meaning, true, {}, "the lock primitive", {}};
  mir.set_leaves({"mutex_lock"});
  const auto said = [&](const std::string& function) {
    std::string out;
    for (const Modification& one : modifications(mir, leaves, function)) out += one.function + " " + one.what + "; ";
    return out;
  };
  CHECK(said("hint") == "deep writes state; ");
  CHECK(said("locks") == "locks calls mutex_lock; locks calls through f; ");
  CHECK(said("quiet").empty());
  CHECK(said("nothing_of_that_name").empty());
}

}  // namespace hotproof::scenarios
