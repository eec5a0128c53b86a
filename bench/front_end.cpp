// How much of real kernel files the front end understands: reads every function of the files that memory hotplug lives
// in, and of the files that they include, and lowers the former to the middle form.
//
//   front_end TREES [VERSION…]      TREES has 6.1/ and so on; 6.1 and 6.12 are measured if none is named
//
// For each tree and architecture: functions read without a fallback and with as many calls as a count that shares
// nothing with the parser; and of these, functions lowered without a fallback. Then each function that fails, and why.
// Exit status: 0; 1 if fewer than 97 of 100 functions of a tree are lowered; 2 without trees.

#include <deque>
#include <iostream>
#include <optional>
#include <set>

#include "model/c/preprocess.hpp"
#include "model/c/program.hpp"
#include "model/env/files.hpp"
#include "model/lower/mir.hpp"

namespace hotproof {
namespace {

// Where memory hotplug lives, and its listeners. Files that a tree does not have are passed over.
constexpr const char* sources[] = {"drivers/base/memory.c",
                                   "drivers/base/node.c",
                                   "drivers/base/core.c",
                                   "drivers/acpi/acpi_memhotplug.c",
                                   "kernel/notifier.c",
                                   "kernel/resource.c",
                                   "kernel/cpu.c",
                                   "kernel/cgroup/cpuset.c",
                                   "mm/memory_hotplug.c",
                                   "mm/sparse.c",
                                   "mm/sparse-vmemmap.c",
                                   "mm/page_alloc.c",
                                   "mm/mm_init.c",
                                   "mm/page_isolation.c",
                                   "mm/memory-failure.c",
                                   "mm/memory-tiers.c",
                                   "mm/slub.c",
                                   "mm/ksm.c",
                                   "mm/page_ext.c",
                                   "mm/kasan/shadow.c",
                                   "mm/memblock.c",
                                   "mm/mmzone.c",
                                   "mm/vmscan.c",
                                   "mm/compaction.c"};
constexpr const char* x86_sources[] = {"arch/x86/mm/init_64.c", "drivers/acpi/numa/hmat.c"};
constexpr const char* s390_sources[] = {"arch/s390/mm/init.c", "arch/s390/mm/vmem.c", "drivers/s390/char/sclp_cmd.c",
                                        "drivers/s390/char/sclp_mem.c"};

std::vector<std::string> sources_of(const SourceTree& tree, const std::string& architecture) {
  std::vector<std::string> out;
  const auto add = [&](const char* path) {
    if (tree.exists(path)) out.emplace_back(path);
  };
  for (const char* path : sources) add(path);
  if (architecture == "s390x") {
    for (const char* path : s390_sources) add(path);
  } else {
    for (const char* path : x86_sources) add(path);
  }
  return out;
}

// The file that an #include means, as the kernel's build looks for it; empty if the tree does not have it.
std::string resolve(const SourceTree& tree, const std::string& from, std::string path,
                    const std::string& architecture) {
  const std::string arch = architecture == "s390x" ? "arch/s390/include/" : "arch/x86/include/";
  std::vector<std::string> places = {from.substr(0, from.rfind('/') + 1), arch, arch + "uapi/", "include/",
                                     "include/uapi/"};
  if (path.starts_with("asm/")) {
    path.erase(0, 4);
    places = {arch + "asm/", arch + "uapi/asm/", "include/asm-generic/", "include/uapi/asm-generic/"};
  }
  for (const std::string& place : places)
    if (tree.exists(place + path)) return place + path;
  return {};
}

// What a kernel with all listeners has on, and what its build makes from enumerators (MAX_NR_ZONES and its kin).
c::Configuration configuration(const std::string& architecture) {
  c::Configuration out = env::default_configuration(architecture);
  for (const char* name : {"CONFIG_CGROUPS", "CONFIG_CPUSETS", "CONFIG_AMD_MEM_ENCRYPT", "CONFIG_ARCH_HAS_MEM_ENCRYPT",
                           "CONFIG_KSM", "CONFIG_PAGE_EXTENSION", "CONFIG_MEMCG", "CONFIG_KASAN", "CONFIG_SLUB",
                           "CONFIG_JUMP_LABEL", "CONFIG_KASAN_GENERIC", "CONFIG_SWAP", "CONFIG_VM_EVENT_COUNTERS",
                           "CONFIG_PRINTK", "CONFIG_BLOCK", "CONFIG_MEMORY_FAILURE", "CONFIG_SLUB_DEBUG"})
    out.defined[name] = "1";
  for (const auto& [name, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"CONFIG_NR_CPUS", "64"},
                                                                  {"CONFIG_HZ", "250"},
                                                                  {"CONFIG_PCP_BATCH_SCALE_MAX", "5"},
                                                                  {"CONFIG_X86_L1_CACHE_SHIFT", "6"},
                                                                  {"CONFIG_X86_INTERNODE_CACHE_SHIFT", "6"},
                                                                  {"CONFIG_PGTABLE_LEVELS", "5"},
                                                                  {"NR_PAGEFLAGS", "__NR_PAGEFLAGS"},
                                                                  {"NR_CPUS_BITS", "6"},
                                                                  {"LRU_GEN_WIDTH", "0"},
                                                                  {"__LRU_REFS_WIDTH", "0"}})
    out.defined[name] = value;
  return out;
}

// The files and all that they include where the configuration lets them, in the order in which they are met.
std::vector<std::string> with_included(const SourceTree& tree, const std::vector<std::string>& files,
                                       const std::string& architecture) {
  std::vector<std::string> out;
  std::set<std::string> known(files.begin(), files.end());
  std::deque<std::string> todo(files.begin(), files.end());
  c::Definitions definitions(configuration(architecture).defined);
  for (; !todo.empty(); todo.pop_front()) {
    const std::string path = todo.front();
    out.push_back(path);
    const auto file = tree.read(path);
    if (file == nullptr) continue;
    c::preprocess(file->text, definitions, path.ends_with(".c"), [&](std::string_view name) {
      const std::string found = resolve(tree, path, std::string(name), architecture);
      if (!found.empty() && known.insert(found).second) todo.push_back(found);
    });
    definitions.forget_local();
  }
  return out;
}

struct Tally {
  std::size_t functions = 0;
  std::size_t read = 0;
  std::size_t lowered = 0;
};

class Survey {
 public:
  Survey(const SourceTree& tree, const std::string& architecture)
      : sources_(sources_of(tree, architecture)),
        program_(tree, with_included(tree, sources_, architecture), configuration(architecture)),
        mir_(program_) {}

  Tally run() {
    for (const std::string& file : sources_)
      for (const std::string& name : program_.functions_in(file)) look_at(file, name);
    return tally_;
  }

 private:
  void look_at(const std::string& file, const std::string& name) {
    const c::Function* function = program_.function(name);
    if (function == nullptr || program_.file_of(*function) != file) return;
    ++tally_.functions;
    const std::string where = "  " + file + ": " + name + ": ";
    if (!function->problems.empty()) {
      std::cout << where << "not read: " << to_string(function->problems[0]) << "\n";
      return;
    }
    if (function->calls != function->calls_counted) {
      std::cout << where << function->calls << " calls read, " << function->calls_counted << " counted\n";
      return;
    }
    ++tally_.read;
    const lower::Body* body = mir_.body(name);
    if (body != nullptr && body->not_understood.empty()) {
      ++tally_.lowered;
      return;
    }
    std::cout << where << "not lowered: " << (body == nullptr ? "no body" : to_string(body->not_understood[0])) << "\n";
  }

  std::vector<std::string> sources_;
  c::Program program_;
  lower::Mir mir_;
  Tally tally_;
};

std::string percent(std::size_t part, std::size_t all) {
  return std::to_string(part) + " of " + std::to_string(all) + " (" + std::to_string(part * 1000 / all / 10) + "." +
         std::to_string(part * 1000 / all % 10) + " %)";
}

// Prints what both architectures' files of a tree come to; nothing if there is no such tree.
std::optional<Tally> measure(const std::string& folder) {
  const auto tree = SourceTree::open(folder);
  if (!tree) {
    std::cerr << "front_end: " << to_string(tree.error()) << "\n";
    return std::nullopt;
  }
  Tally all;
  for (const char* architecture : {"x86_64", "s390x"}) {
    const Tally tally = Survey(*tree, architecture).run();
    if (tally.functions == 0) return std::nullopt;
    std::cout << folder << ", " << architecture << ": read " << percent(tally.read, tally.functions) << ", lowered "
              << percent(tally.lowered, tally.functions) << "\n"
              << std::flush;
    all.functions += tally.functions;
    all.read += tally.read;
    all.lowered += tally.lowered;
  }
  std::cout << folder << ": read " << percent(all.read, all.functions) << ", lowered "
            << percent(all.lowered, all.functions) << "\n";
  return all;
}

}  // namespace
}  // namespace hotproof

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "front_end: TREES [VERSION…]\n";
    return 2;
  }
  std::vector<std::string> versions(arguments + 2, arguments + count);
  if (versions.empty()) versions = {"6.1", "6.12"};
  int exit = 0;
  for (const std::string& version : versions) {
    const auto tally = hotproof::measure(std::string(arguments[1]) + "/" + version);
    if (!tally) return 2;
    if (tally->lowered * 100 < tally->functions * 97) exit = 1;
  }
  return exit;
}
