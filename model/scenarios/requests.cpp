#include "model/scenarios/requests.hpp"

#include <algorithm>
#include <array>

namespace hotproof::scenarios {

namespace {

constexpr std::string_view core = "mm/memory_hotplug.c";
constexpr std::string_view block = "drivers/base/memory.c";
constexpr std::string_view acpi = "drivers/acpi/acpi_memhotplug.c";

constexpr std::array<RequestKind, 13> table{{
    {0, "offline", false, "", block, "state_store", "a user writes \"offline\" to the block's state"},
    {1, "online", false, "", block, "state_store", "a user writes \"online\" to the block's state"},
    {2, "add", true, "", core, "add_memory", "a driver adds the block (add_memory)"},
    {3, "remove", true, "", core, "remove_memory", "a driver takes the block away (remove_memory)"},
    {4, "online-movable", false, "", block, "state_store", "a user writes \"online_movable\" to the block's state"},
    {5, "device-offline", false, "", "drivers/base/core.c", "online_store", "a user writes \"0\" to the device's online"},
    {6, "device-online", false, "", "drivers/base/core.c", "online_store", "a user writes \"1\" to the device's online"},
    {7, "offline-and-remove", true, "", core, "offline_and_remove_memory", "a driver sets offline and takes away at once"},
    {8, "probe", true, "x86_64", block, "probe_store", "a user writes an address to probe"},
    {9, "acpi-add", true, "x86_64", acpi, "acpi_memory_device_add", "firmware plugs a memory device in"},
    {10, "acpi-remove", true, "x86_64", acpi, "acpi_memory_device_remove", "firmware asks to eject it"},
    {11, "auto-online", false, "", block, "auto_online_blocks_store", "a user says what becomes of added memory"},
    {12, "boot-add", true, "s390x", "drivers/s390/char/sclp_cmd.c", "sclp_add_standby_memory",
     "standby memory is added while the machine starts, before anything else"},
}};

bool is_there(const RequestKind& kind, const SourceTree& tree, std::string_view arch) {
  if (!kind.arch.empty() && kind.arch != arch) return false;
  const auto file = tree.read(std::string(kind.file));
  return file && file->text.find(kind.word) != std::string::npos;
}

std::string names_of(std::span<const RequestKind> kinds) {
  std::string out;
  for (const RequestKind& kind : kinds) out += (out.empty() ? "" : ", ") + std::string(kind.name);
  return out;
}

}  // namespace

std::span<const RequestKind> request_kinds() { return table; }

std::vector<std::string> usual_requests(bool life) {
  if (life) return {"offline", "online", "add", "remove"};
  return {"offline", "online"};
}

bool add_or_remove(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return name == "all" || std::any_of(table.begin(), table.end(), [&](const RequestKind& kind) {
             return kind.name == name && kind.adds_or_removes;
           });
  });
}

std::vector<std::string> all_requests(const SourceTree& tree, std::string_view arch) {
  std::vector<std::string> out;
  for (const RequestKind& kind : table)
    if (is_there(kind, tree, arch)) out.emplace_back(kind.name);
  return out;
}

std::vector<std::string> further_requests(const SourceTree& tree, std::string_view arch,
                                          const std::set<std::string>& files) {
  static constexpr std::array<std::array<std::string_view, 2>, 6> sets{{
      {"probe", "probe,online,remove"},
      {"auto-online", "auto-online,online-movable,offline,add,remove"},
      {"device-online", "device-offline,device-online,add,remove"},
      {"offline-and-remove", "online,add,offline-and-remove"},
      {"acpi-add", "online,acpi-add,acpi-remove"},
      {"boot-add", "boot-add,offline,online,remove"},
  }};
  std::vector<std::string> out;
  for (const auto& [key, requests] : sets) {
    const auto kind = std::find_if(table.begin(), table.end(), [&](const RequestKind& row) { return row.name == key; });
    if (is_there(*kind, tree, arch) && files.contains(std::string(kind->file))) out.emplace_back(requests);
  }
  return out;
}

Outcome<std::vector<RequestKind>> find_requests(const std::vector<std::string>& names, const SourceTree& tree,
                                                bool is_reference, std::string_view arch) {
  std::set<int> wanted;
  for (const std::string& name : names) {
    const auto kind = std::find_if(table.begin(), table.end(), [&](const RequestKind& row) { return row.name == name; });
    if (kind == table.end())
      return failure({}, "nobody can ask for \"" + name + "\"", "one of " + names_of(table) + ", or all");
    if (is_reference && kind->number > 3)
      return failure({}, "the reference model knows no \"" + name + "\"", "offline, online, add and remove");
    if (!is_reference && !is_there(*kind, tree, arch))
      return failure({tree.name()}, "this tree has no \"" + name + "\" on " + std::string(arch) + ": there is no " +
                                        std::string(kind->word) + " in " + std::string(kind->file));
    wanted.insert(kind->number);
  }
  std::vector<RequestKind> out;
  for (const RequestKind& kind : table)
    if (wanted.contains(kind.number)) out.push_back(kind);
  return out;
}

}  // namespace hotproof::scenarios
