// The front end over real kernel files: almost every function must be understood, with every call accounted for.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "model/c/program.hpp"

using namespace hotproof;
using namespace hotproof::c;

namespace {

std::filesystem::path kernels() {
  if (const char* folder = std::getenv("HOTPROOF_KERNELS")) return folder;
  return HOTPROOF_SOURCE_DIR "/.cache/kernels";
}

Configuration configuration() {
  Configuration result;
  for (const char* name : {"CONFIG_MEMORY_HOTPLUG",
                           "CONFIG_MEMORY_HOTREMOVE",
                           "CONFIG_SPARSEMEM",
                           "CONFIG_SPARSEMEM_VMEMMAP",
                           "CONFIG_SPARSEMEM_EXTREME",
                           "CONFIG_NUMA",
                           "CONFIG_SMP",
                           "CONFIG_64BIT",
                           "CONFIG_MIGRATION",
                           "CONFIG_MMU",
                           "CONFIG_MHP_MEMMAP_ON_MEMORY",
                           "CONFIG_ZONE_DMA",
                           "CONFIG_PAGE_EXTENSION",
                           "CONFIG_KSM",
                           "CONFIG_SLUB_DEBUG",
                           "CONFIG_SYSFS",
                           "CONFIG_TRANSPARENT_HUGEPAGE",
                           "CONFIG_MEMORY_FAILURE",
                           "CONFIG_MEMCG",
                           "CONFIG_COMPACTION"})
    result.defined[name] = "1";
  return result;
}

const std::vector<std::string> sources = {"drivers/base/memory.c",
                                          "mm/memory_hotplug.c",
                                          "drivers/s390/char/sclp_cmd.c",
                                          "kernel/notifier.c",
                                          "drivers/base/core.c",
                                          "mm/sparse.c",
                                          "mm/sparse-vmemmap.c",
                                          "mm/memory-tiers.c",
                                          "mm/slub.c",
                                          "mm/ksm.c",
                                          "mm/page_ext.c",
                                          "arch/s390/mm/vmem.c",
                                          "arch/s390/mm/init.c",
                                          "arch/x86/mm/init_64.c",
                                          "mm/page_alloc.c",
                                          "mm/mm_init.c",
                                          "mm/page_isolation.c",
                                          "mm/memblock.c",
                                          "kernel/resource.c",
                                          "drivers/base/node.c",
                                          "mm/mmzone.c",
                                          "kernel/cpu.c",
                                          "mm/vmscan.c",
                                          "mm/compaction.c",
                                          "include/linux/mmzone.h",
                                          "include/linux/memory.h",
                                          "include/linux/memory_hotplug.h",
                                          "include/linux/notifier.h",
                                          "include/linux/device.h",
                                          "include/linux/mm.h",
                                          "include/linux/list.h",
                                          "include/linux/xarray.h",
                                          "include/linux/rwsem.h",
                                          "include/linux/mutex.h",
                                          "include/linux/percpu-rwsem.h",
                                          "include/linux/page-flags.h",
                                          "include/linux/mm_types.h",
                                          "include/linux/gfp.h",
                                          "include/linux/nodemask.h",
                                          "include/linux/device/bus.h",
                                          "include/linux/kobject.h",
                                          "include/linux/err.h",
                                          "include/linux/sysfs.h",
                                          "include/linux/memremap.h"};

struct Tally {
  std::size_t functions = 0;
  std::size_t understood = 0;
};

Tally survey(Program& program) {
  Tally tally;
  for (const std::string& file : program.files())
    for (const std::string& name : program.functions_in(file)) {
      const Function* function = program.function(name);
      REQUIRE_MESSAGE(function, name);
      if (program.file_of(*function) != file) continue;
      ++tally.functions;
      if (function->problems.empty() && function->calls == function->calls_counted) {
        ++tally.understood;
        continue;
      }
      MESSAGE(file << ": " << name << ": " << function->calls << " calls read, " << function->calls_counted
                   << " counted" << (function->problems.empty() ? "" : ", " + to_string(function->problems[0])));
    }
  return tally;
}

}  // namespace

TEST_CASE("kernel trees: 99 of 100 functions are understood, with every call") {
  bool any = false;
  for (const char* version : {"6.1", "6.12"}) {
    const auto root = kernels() / version;
    if (!std::filesystem::is_directory(root)) continue;
    any = true;
    auto tree = SourceTree::open(root);
    REQUIRE(tree);
    Program program(*tree, sources, configuration());
    const auto start = std::chrono::steady_clock::now();
    CHECK(program.function("memory_block_online"));
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    for (const char* tag : {"memory_block", "zone", "pglist_data", "mem_section", "notifier_block", "memory_notify",
                            "device", "vmem_altmap", "memory_group", "bus_type", "page", "device_attribute",
                            "zone_type", "vm_area_struct", "mm_struct", "kobject", "xarray", "rw_semaphore"}) {
      const Record* record = program.record(tag);
      CHECK_MESSAGE(record, std::string(tag));
      if (!record) continue;
      for (const Diagnostic& found : record->problems) FAIL_CHECK(to_string(found));
    }
    for (const char* name :
         {"memory_chain", "memory_blocks", "memory_subsys", "online_type_to_str", "sections_per_block",
          "dev_attr_state", "mem_hotplug_lock", "sclp_mem_nb", "mem_section"}) {
      const GlobalVariable* global = program.global(name);
      if (!global) MESSAGE("no global " << std::string(name));
      if (global)
        for (const Diagnostic& found : global->problems) FAIL_CHECK(to_string(found));
    }
    for (const char* name : {"MMOP_ONLINE", "MEM_ONLINE", "ZONE_MOVABLE", "NR_FREE_PAGES"})
      CHECK_MESSAGE((program.enumerator(name) || program.macro(name)), std::string(name));
    const Tally tally = survey(program);
    const std::chrono::duration<double, std::milli> all = std::chrono::steady_clock::now() - start;
    MESSAGE(std::string(version) << ": " << tally.understood << " of " << tally.functions << " functions; index "
                                 << taken.count() << " ms, all bodies " << all.count() << " ms");
    for (const Diagnostic& found : program.problems()) MESSAGE(to_string(found));
    CHECK(tally.functions > 1500);
    CHECK(tally.understood * 100 >= tally.functions * 99);
  }
  if (!any) MESSAGE("skipped: no kernel tree in " << kernels().string());
}
