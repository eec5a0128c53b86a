#include "model/env/files.hpp"

#include <algorithm>

namespace hotproof::env {

namespace {

// The order is the order of look-up: an architecture's header stands before the generic one that it replaces.
constexpr const char* sources[] = {
    "drivers/base/memory.c", "mm/memory_hotplug.c", "drivers/base/core.c", "kernel/notifier.c", "mm/sparse.c", "mm/sparse-vmemmap.c", "drivers/base/node.c",
    "drivers/base/base.h",   "mm/internal.h",       "mm/shuffle.h",
};

constexpr const char* headers[] = {
    "include/linux/memory.h",        "include/linux/memory_hotplug.h", "include/linux/mmzone.h",
    "include/linux/notifier.h",      "include/linux/node.h",           "include/linux/nodemask.h",
    "include/linux/nodemask_types.h", "include/linux/numa.h",          "include/linux/device.h",
    "include/linux/device/bus.h",    "include/linux/kobject.h",        "include/linux/mutex.h",
    "include/linux/mutex_types.h",   "include/linux/rwsem.h",          "include/linux/percpu-rwsem.h",
    "include/linux/spinlock_types.h", "include/linux/list.h",          "include/linux/poison.h",          "include/linux/types.h",
    "include/linux/kernel.h",        "include/linux/container_of.h",   "include/linux/array_size.h",
    "include/linux/minmax.h",        "include/linux/align.h",          "include/linux/math.h",
    "include/linux/pfn.h",           "include/linux/err.h",            "include/linux/errno.h",
    "include/linux/bitops.h",        "include/linux/bits.h",           "include/linux/find.h",
    "include/linux/bitmap.h",        "include/linux/bitfield.h",       "include/linux/pageblock-flags.h",
    "include/linux/page-isolation.h", "include/linux/page-flags-layout.h", "include/linux/page-flags.h",
    "include/linux/mm.h",            "include/linux/mm_types.h",       "include/linux/memremap.h",
    "include/linux/gfp_types.h",     "include/linux/gfp.h",            "include/linux/kasan.h",
    "include/linux/huge_mm.h",       "include/linux/hugetlb.h",        "include/linux/kconfig.h",
    "include/linux/const.h",         "include/linux/sizes.h",          "include/linux/log2.h",
    "include/linux/stddef.h",        "include/linux/compiler_types.h", "include/linux/rwonce.h",
    "include/vdso/bits.h",           "include/vdso/const.h",           "include/vdso/page.h",
    "include/uapi/linux/const.h",    "include/uapi/linux/errno.h",     "include/uapi/asm-generic/errno-base.h",
    "include/uapi/asm-generic/errno.h", "include/asm-generic/errno-base.h", "include/asm-generic/memory_model.h",
    "include/asm-generic/bitops/const_hweight.h", "include/asm-generic/rwonce.h", "include/asm-generic/int-ll64.h",
    "include/uapi/asm-generic/int-ll64.h", "include/uapi/asm-generic/posix_types.h", "include/asm-generic/bitsperlong.h",
    "include/linux/mod_devicetable.h", "include/linux/init.h",         "include/linux/export.h",
    "include/linux/spinlock_types_raw.h", "include/linux/rwlock_types.h", "include/asm-generic/qspinlock_types.h",
    "include/asm-generic/qrwlock_types.h", "include/linux/sysfs.h", "include/linux/ioport.h", "include/linux/xarray.h", "include/linux/slab.h", "include/linux/memblock.h", "include/linux/limits.h", "include/vdso/limits.h",         "include/linux/atomic/atomic-long.h", "include/linux/cleanup.h",
};

constexpr const char* x86_files[] = {
    "arch/x86/include/asm/sparsemem.h",  "arch/x86/include/asm/page_types.h", "arch/x86/include/asm/page_64_types.h",
    "arch/x86/include/asm/pgtable_64_types.h", "arch/x86/include/asm/page.h", "arch/x86/include/asm/page_64.h",
    "arch/x86/include/asm/pgtable_types.h", "arch/x86/mm/init_64.c",
    "drivers/acpi/acpi_memhotplug.c", "mm/memory-failure.c",
    "include/acpi/acpi_bus.h", "include/acpi/actypes.h", "include/acpi/acrestyp.h", "include/acpi/acexcep.h",
    "include/acpi/acnames.h", "arch/x86/include/asm/atomic64_64.h",
};

constexpr const char* s390_files[] = {
    "arch/s390/include/asm/spinlock_types.h", "drivers/s390/char/sclp_cmd.c", "drivers/s390/char/sclp_mem.c",     "drivers/s390/char/sclp.h",      "arch/s390/include/asm/sclp.h",
    "arch/s390/include/asm/sparsemem.h",  "arch/s390/include/asm/page.h",  "arch/s390/include/asm/pgtable.h",
    "arch/s390/include/asm/page-states.h", "arch/s390/mm/init.c",
};

// Who listens in core mm, in the order in which the kernel links them, and what has to be on for it.
struct CoreFile {
  const char* path;
  const char* needs;  // empty: always built
};

constexpr CoreFile core_files[] = {
    {"kernel/cgroup/cpuset.c", "CONFIG_CPUSETS"},
    {"kernel/crash_core.c", "CONFIG_CRASH_HOTPLUG"},
    {"mm/mmap.c", ""},
    {"mm/mm_init.c", ""},
    {"mm/slab.c", "CONFIG_SLAB"},
    {"mm/slub.c", "CONFIG_SLUB"},
    {"mm/ksm.c", "CONFIG_KSM"},
    {"mm/mempolicy.c", "CONFIG_NUMA"},
    {"mm/kasan/common.c", "CONFIG_KASAN"},
    {"mm/kasan/shadow.c", "CONFIG_KASAN"},
    {"mm/memory-tiers.c", "CONFIG_NUMA"},
    {"mm/page_ext.c", "CONFIG_PAGE_EXTENSION"},
    {"fs/proc/kcore.c", "CONFIG_PROC_KCORE"},
    {"drivers/base/node.c", ""},
    {"drivers/acpi/numa/hmat.c", "CONFIG_ACPI_HMAT"},
};

constexpr const char* core_headers[] = {"mm/slab.h", "include/linux/slub_def.h", "include/linux/page_ext.h",
                                        "include/linux/memory-tiers.h"};

bool is_on(const c::Configuration& configuration, const char* name) {
  const auto at = configuration.defined.find(name);
  return at != configuration.defined.end() && at->second != "0";
}

}  // namespace

std::vector<ListenerFile> listener_files(const SourceTree& tree, std::string_view arch, bool core,
                                         const c::Configuration& configuration) {
  std::vector<ListenerFile> out;
  const auto add = [&](const std::string& path, bool platform, bool built, bool only_added = false) {
    const auto is_it = [&](const ListenerFile& file) { return file.path == path; };
    if (tree.exists(path) && std::none_of(out.begin(), out.end(), is_it)) out.push_back({path, platform, built, only_added});
  };
  if (core)
    for (const CoreFile& file : core_files) add(file.path, false, !*file.needs || is_on(configuration, file.needs));
  if (arch == "s390x")
    for (const char* path : s390_files)
      if (std::string_view(path).ends_with(".c")) add(path, true, true);
  if (core)
    for (const std::string& path : tree.changed())
      if (path.ends_with(".c") && !path.starts_with("arch/")) add(path, false, true, true);
  return out;
}

std::vector<std::string> listener_headers(const SourceTree& tree) {
  std::vector<std::string> out;
  for (const char* path : core_headers)
    if (tree.exists(path)) out.emplace_back(path);
  return out;
}

void configure_listeners(std::string_view arch, c::Configuration& configuration) {
  for (const char* name : {"CONFIG_CPUSETS", "CONFIG_SLUB", "CONFIG_KSM", "CONFIG_PAGE_EXTENSION", "CONFIG_PROC_KCORE"})
    configuration.defined.emplace(name, "1");
  if (arch != "s390x") configuration.defined.emplace("CONFIG_ACPI_HMAT", "1");
}

std::vector<std::string> model_files(const SourceTree& tree, std::string_view arch) {
  std::vector<std::string> out;
  const auto add = [&](const char* path) {
    if (tree.exists(path)) out.emplace_back(path);
  };
  for (const char* path : sources) add(path);
  if (arch == "s390x") {
    for (const char* path : s390_files) add(path);
  } else {
    for (const char* path : x86_files) add(path);
  }
  for (const char* path : headers) add(path);
  return out;
}

c::Configuration default_configuration(std::string_view arch) {
  c::Configuration out;
  const auto on = [&](const char* name) { out.defined[name] = "1"; };
  for (const char* name :
       {"CONFIG_64BIT", "CONFIG_SMP", "CONFIG_NUMA", "CONFIG_NEED_MULTIPLE_NODES", "CONFIG_MMU", "CONFIG_SPARSEMEM", "CONFIG_SPARSEMEM_EXTREME",
        "CONFIG_SPARSEMEM_VMEMMAP", "CONFIG_MEMORY_HOTPLUG", "CONFIG_MEMORY_HOTPLUG_SPARSE", "CONFIG_MEMORY_HOTREMOVE", "CONFIG_MIGRATION",
        "CONFIG_COMPACTION", "CONFIG_HUGETLB_PAGE", "CONFIG_HUGETLBFS", "CONFIG_TRANSPARENT_HUGEPAGE", "CONFIG_ZONE_DMA",
        "CONFIG_MEMORY_ISOLATION", "CONFIG_HOTPLUG_CPU", "CONFIG_SYSFS", "CONFIG_MODULES", "CONFIG_SHUFFLE_PAGE_ALLOCATOR"})
    on(name);
  out.defined["CONFIG_NODES_SHIFT"] = "10";
  out.defined["MAX_NR_ZONES"] = "__MAX_NR_ZONES";  // the build makes it from the enumerator
  out.defined["CONFIG_PAGE_SHIFT"] = "12";
  out.defined["MAX_NR_ZONES"] = "__MAX_NR_ZONES";  // from a header that the kernel's build makes
  if (arch == "s390x") {
    on("CONFIG_S390");
    on("CONFIG_ARCH_MHP_MEMMAP_ON_MEMORY_ENABLE");
    on("CONFIG_MHP_MEMMAP_ON_MEMORY");
    out.defined["CONFIG_NODES_SHIFT"] = "1";
    out.defined["CONFIG_MAX_PHYSMEM_BITS"] = "46";
    out.defined["CONFIG_ARCH_FORCE_MAX_ORDER"] = "9";
    out.defined["CONFIG_MAX_PHYSMEM_BITS"] = "46";
  } else {
    for (const char* name : {"CONFIG_X86", "CONFIG_X86_64", "CONFIG_ZONE_DMA32", "CONFIG_ZONE_DEVICE", "CONFIG_MEMORY_FAILURE",
                             "CONFIG_ACPI", "CONFIG_ACPI_HOTPLUG_MEMORY", "CONFIG_ARCH_MEMORY_PROBE", "CONFIG_ARCH_MHP_MEMMAP_ON_MEMORY_ENABLE", "CONFIG_MHP_MEMMAP_ON_MEMORY"})
      on(name);
  }
  return out;
}

}  // namespace hotproof::env
