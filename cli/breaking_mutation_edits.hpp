// Edits of real functions for what `hotproof mutate` found unnoticed once. Used by tests only.
#pragma once

#include <array>
#include <sstream>

#include "cli/breaking_edits.hpp"

namespace hotproof::cli::breaking {

// As Row, as plain texts: an initialiser of so many strings takes a compiler minutes.
struct TextRow {
  const char *property, *tree, *arch;
  const char* options;  // between blanks
  const char *file, *function, *actions;
  const char* does;
};

inline constexpr auto mutation_rows = [] {
  constexpr const char* hotplug = "mm/memory_hotplug.c";
  constexpr const char* memory = "drivers/base/memory.c";
  constexpr const char* core = "drivers/base/core.c";
  constexpr const char* sclp = "drivers/s390/char/sclp_cmd.c";
  return std::to_array<TextRow>({
      {"contiguous-cleared", "6.12", "x86_64", "", hotplug, "move_pfn_range_to_zone",
       "delete call clear_zone_contiguous", "the zone grows and counts as one without holes"},
      {"contiguous-cleared", "6.1", "x86_64", "", hotplug, "remove_pfn_range_from_zone",
       "delete call clear_zone_contiguous", "it shrinks and does so"},
      {"contiguous-cleared", "6.12", "s390x", "", hotplug, "remove_pfn_range_from_zone",
       "delete call set_zone_contiguous", "nobody looks for holes again"},
      {"memmap-in-block-told", "6.12", "x86_64", "", hotplug, "mhp_deinit_memmap_on_memory",
       "delete call kasan_remove_zero_shadow", "the shadow of a memmap that is gone stays"},
      {"memmap-in-block-told", "6.12", "s390x", "", hotplug, "mhp_init_memmap_on_memory",
       "delete call SetPageVmemmapSelfHosted", "its own pages do not say what they are"},
      {"memmap-in-block-told", "6.1", "x86_64", "", hotplug, "mhp_init_memmap_on_memory",
       "replace call kasan_add_zero_shadow by { ret = 0; }", "it has no shadow"},
      {"user-space-told", "6.12", "x86_64", "", core, "device_online", "delete call kobject_uevent",
       "user space does not know"},
      {"user-space-told", "6.1", "x86_64", "", core, "device_offline",
       "insert { kobject_uevent(&dev->kobj, KOBJ_OFFLINE); } after call kobject_uevent", "it is told twice"},
      {"user-space-told", "6.12", "s390x", "", core, "device_offline",
       R"(replace argument 2 of call kobject_uevent by "KOBJ_ONLINE")", "it is told the contrary"},
      {"movable-moved", "6.12", "x86_64", "", hotplug, "offline_pages", "delete call do_migrate_range",
       "nothing ever moves"},
      {"movable-moved", "6.1", "x86_64", "", hotplug, "offline_pages",
       "insert { ret = scan_movable_pages(pfn, end_pfn, &pfn); } after call scan_movable_pages",
       "the first page that is found is forgotten"},
      {"movable-moved", "6.12", "s390x", "", hotplug, "offline_pages",
       "insert { ret = scan_movable_pages(pfn, end_pfn, &pfn); } before call do_migrate_range",
       "another page is looked for before the first has moved"},
      {"changes-under-device-lock", "6.12", "x86_64", "", core, "device_offline",
       R"x(move call device_lock after if "device_supports_offline(dev)")x", "the lock is taken too late"},
      {"changes-under-device-lock", "6.1", "x86_64", "", core, "device_online",
       R"x(move call device_unlock before if "device_supports_offline(dev)")x", "it is let go too early"},
      {"changes-under-device-lock", "6.12", "s390x", "", core, "device_online", "delete call device_lock",
       "it is not taken"},
      {"isolation-counted-under-lock", "6.12", "x86_64", "", hotplug, "online_pages",
       R"(move call spin_lock_irqsave after assignment "zone->nr_isolate_pageblock")", "counted before the lock"},
      {"isolation-counted-under-lock", "6.1", "x86_64", "", hotplug, "offline_pages",
       R"(move call spin_unlock_irqrestore before assignment "zone->nr_isolate_pageblock")", "counted behind it"},
      {"isolation-counted-under-lock", "6.12", "s390x", "", hotplug, "online_pages",
       "delete call spin_lock_irqsave\ndelete call spin_unlock_irqrestore", "counted without it"},
      {"standby-given-back", "6.12", "s390x", "", sclp, "sclp_mem_notifier", "delete call sclp_mem_change_state #2",
       "what goes offline is not given back"},
      {"standby-given-back", "6.1", "s390x", "", sclp, "sclp_mem_notifier",
       R"(replace argument 3 of call sclp_mem_change_state #3 by "1")", "it is assigned once more"},
      {"standby-given-back", "6.12", "s390x", "--altmap no", sclp, "sclp_mem_change_state",
       "replace call sclp_unassign_storage by { rc = 0; }", "nothing is ever given back"},
      {"told-what-holds", "6.12", "x86_64", "", hotplug, "offline_pages",
       "move call undo_isolate_page_range after call memory_notify with MEM_CANCEL_OFFLINE",
       "nobody can allocate yet"},
      {"told-what-holds", "6.1", "x86_64", "", hotplug, "online_pages",
       "move call undo_isolate_page_range after call memory_notify with MEM_ONLINE", "nor here"},
      {"told-what-holds", "6.12", "s390x", "", hotplug, "online_pages",
       "move call online_pages_range before call memory_notify with MEM_GOING_ONLINE",
       "the allocator has the pages before listeners agree"},
      {"pages-handed-over-once", "6.12", "x86_64", "", hotplug, "offline_pages",
       "insert { undo_isolate_page_range(start_pfn, end_pfn, MIGRATE_MOVABLE); } after call undo_isolate_page_range",
       "pages are let go twice"},
      {"ranges-fit", "6.12", "x86_64", "", hotplug, "offline_pages",
       "insert { remove_pfn_range_from_zone(zone, start_pfn, nr_pages); } after call remove_pfn_range_from_zone",
       "the zone loses what it has lost already"},
      {"movable-moved", "6.12", "x86_64", "", hotplug, "offline_pages",
       "insert { do_migrate_range(pfn, end_pfn); } after call do_migrate_range", "what was moved is moved again"},
      {"zone-as-asked", "6.12", "x86_64", "--requests online-movable,offline", memory, "state_store",
       R"(move call device_online before assignment "mem->online_type")", "it goes online before anybody says how"},
      {"zone-as-asked", "6.12", "s390x", "--requests online-movable,offline", memory, "memory_block_online",
       R"(replace argument 1 of call zone_for_pfn_range by "MMOP_ONLINE")", "what was asked for is forgotten"},
      {"zone-as-asked", "6.1", "x86_64", "--requests online-movable,offline", memory, "memory_subsys_online",
       R"(insert { mem->online_type = MMOP_ONLINE_KERNEL; } before call memory_block_change_state)",
       "something else is asked for"},
      {"lock-balance", "6.12", "x86_64", "", hotplug, "online_pages",
       R"x(move call spin_unlock_irqrestore after if "!populated_zone(zone)")x",
       "lists are allocated under a spinlock"},
      {"limits-renewed", "6.12", "x86_64", "", hotplug, "online_pages", "delete call shuffle_zone",
       "new pages stay in order"},
      {"limits-renewed", "6.1", "x86_64", "", hotplug, "offline_pages",
       "move call writeback_set_ratelimit after call memory_notify with MEM_OFFLINE", "listeners are told too early"},
      {"going-answered", "6.12", "x86_64", "", hotplug, "offline_pages", "delete call memory_notify #1",
       "MEM_OFFLINE comes to those who were not asked"},
      {"memmap-initialised", "6.12", "x86_64", "", hotplug, "online_pages",
       "insert { move_pfn_range_to_zone(zone, pfn, nr_pages, NULL, MIGRATE_ISOLATE); } after call move_pfn_range_to_zone",
       "struct pages in use are initialised"},
      {"state-agrees", "6.12", "x86_64", "", memory, "memory_block_change_state",
       R"(move call memory_block_action before if "to_state == MEM_OFFLINE")", "nobody sees that it goes offline"},
      {"pages-handed-over-once", "6.12", "x86_64", "", hotplug, "move_pfn_range_to_zone",
       "delete call init_currently_empty_zone", "the zone has no free lists"},
      {"pages-handed-over-once", "6.12", "x86_64", "", hotplug, "offline_pages",
       "delete call adjust_managed_page_count", "pages that are gone stay counted"},
      {"pages-handed-over-once", "6.1", "x86_64", "", hotplug, "online_pages",
       R"(move call undo_isolate_page_range before if "need_zonelists_rebuild")",
       "pages are given out from a zone that nobody falls back on"},
      {"offline-found-isolated", "6.12", "x86_64", "", hotplug, "offline_pages", R"(delete if "ret != -ENOENT")",
       "a page that cannot move is taken"},
      {"offline-found-isolated", "6.12", "s390x", "", hotplug, "offline_pages",
       "move call zone_pcp_enable #1 before call test_pages_isolated", "lists of CPUs are on too early"},
      {"offline-found-isolated", "6.1", "x86_64", "", hotplug, "offline_pages",
       "insert { __offline_isolated_pages(start_pfn, end_pfn); } after call __offline_isolated_pages",
       "pages are taken twice"},
      {"zone-follows-memory", "6.12", "x86_64", "", hotplug, "move_pfn_range_to_zone",
       "delete call resize_pgdat_range", "the node does not span its block"},
      {"told-what-holds", "6.12", "x86_64", "", hotplug, "move_pfn_range_to_zone",
       R"(replace argument 8 of call memmap_init_range by "0")", "new pages are not isolated"},
      {"zone-follows-memory", "6.1", "x86_64", "", hotplug, "remove_pfn_range_from_zone",
       "delete call update_pgdat_span", "the node spans what is gone"},
      {"ranges-fit", "6.12", "x86_64", "", hotplug, "offline_pages",
       R"(replace argument 3 of call start_isolate_page_range by "MEMORY_OFFLINE | REPORT_FAILURE")",
       "flags where a type belongs"},
      {"ranges-fit", "6.12", "x86_64", "--requests device-online,device-offline", memory, "memory_subsys_online",
       R"(move call memory_block_change_state before if "mem->online_type == MMOP_OFFLINE")",
       "no zone is asked for yet"},
  });
}();

inline std::vector<Row> mutation_table() {
  std::vector<Row> out;
  for (const TextRow& row : mutation_rows) {
    std::vector<std::string> options;
    std::istringstream words(row.options);
    for (std::string word; words >> word;) options.push_back(word);
    out.push_back({row.property, row.tree, row.arch, options, row.file, row.function, row.actions, row.does});
  }
  return out;
}

}  // namespace hotproof::cli::breaking
