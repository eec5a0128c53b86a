// Edits of real functions for what `hotproof mutate` found unnoticed once. Used by tests only.
#pragma once

#include "cli/breaking_edits.hpp"

namespace hotproof::cli::breaking {

inline const std::vector<Row>& mutation_table() {
  static const std::vector<std::string> plain;
  static const std::vector<std::string> files = {"--requests", "device-online,device-offline"};
  static const std::string x86 = "x86_64";
  static const std::string s390 = "s390x";
  static const std::string core = "drivers/base/core.c";
  static const std::string to_zone = "move_pfn_range_to_zone";
  static const std::string from_zone = "remove_pfn_range_from_zone";
  static const std::string own_memmap = "mhp_init_memmap_on_memory";
  static const std::vector<Row> rows = {
      {"contiguous-cleared", "6.12", x86, plain, kHotplug, to_zone, "delete call clear_zone_contiguous",
       "the zone grows and counts as one without holes"},
      {"contiguous-cleared", "6.1", x86, plain, kHotplug, from_zone, "delete call clear_zone_contiguous",
       "it shrinks and does so"},
      {"contiguous-cleared", "6.12", s390, plain, kHotplug, from_zone, "delete call set_zone_contiguous",
       "nobody looks for holes again"},
      {"memmap-in-block-told", "6.12", x86, plain, kHotplug, "mhp_deinit_memmap_on_memory",
       "delete call kasan_remove_zero_shadow", "the shadow of a memmap that is gone stays"},
      {"memmap-in-block-told", "6.12", s390, plain, kHotplug, own_memmap, "delete call SetPageVmemmapSelfHosted",
       "its own pages do not say what they are"},
      {"memmap-in-block-told", "6.1", x86, plain, kHotplug, own_memmap,
       "replace call kasan_add_zero_shadow by { ret = 0; }", "it has no shadow"},
      {"user-space-told", "6.12", x86, plain, core, "device_online", "delete call kobject_uevent",
       "user space does not know"},
      {"user-space-told", "6.1", x86, plain, core, "device_offline",
       "insert { kobject_uevent(&dev->kobj, KOBJ_OFFLINE); } after call kobject_uevent", "it is told twice"},
      {"user-space-told", "6.12", s390, plain, core, "device_offline",
       R"(replace argument 2 of call kobject_uevent by "KOBJ_ONLINE")", "it is told the contrary"},
      {"movable-moved", "6.12", x86, plain, kHotplug, "offline_pages", "delete call do_migrate_range",
       "nothing ever moves"},
      {"movable-moved", "6.1", x86, plain, kHotplug, "offline_pages",
       "insert { ret = scan_movable_pages(pfn, end_pfn, &pfn); } after call scan_movable_pages",
       "the first page that is found is forgotten"},
      {"movable-moved", "6.12", s390, plain, kHotplug, "offline_pages",
       "insert { ret = scan_movable_pages(pfn, end_pfn, &pfn); } before call do_migrate_range",
       "another page is looked for before the first has moved"},
      {"changes-under-device-lock", "6.12", x86, plain, core, "device_offline",
       R"(move call device_lock after if "device_supports_offline(dev)")", "the lock is taken too late"},
      {"changes-under-device-lock", "6.1", x86, plain, core, "device_online",
       R"(move call device_unlock before if "device_supports_offline(dev)")", "it is let go too early"},
      {"changes-under-device-lock", "6.12", s390, plain, core, "device_online", "delete call device_lock",
       "it is not taken"},
      {"isolation-counted-under-lock", "6.12", x86, plain, kHotplug, "online_pages",
       R"(move call spin_lock_irqsave after assignment "zone->nr_isolate_pageblock")", "counted before the lock"},
      {"isolation-counted-under-lock", "6.1", x86, plain, kHotplug, "offline_pages",
       R"(move call spin_unlock_irqrestore before assignment "zone->nr_isolate_pageblock")", "counted behind it"},
      {"isolation-counted-under-lock", "6.12", s390, plain, kHotplug, "online_pages",
       "delete call spin_lock_irqsave\ndelete call spin_unlock_irqrestore", "counted without it"},
      {"lock-balance", "6.12", x86, plain, kHotplug, "online_pages",
       R"(move call spin_unlock_irqrestore after if "!populated_zone(zone)")", "lists are allocated under a spinlock"},
      {"limits-renewed", "6.12", x86, plain, kHotplug, "online_pages", "delete call shuffle_zone",
       "new pages stay in order"},
      {"limits-renewed", "6.1", x86, plain, kHotplug, "offline_pages",
       "move call writeback_set_ratelimit after call memory_notify with MEM_OFFLINE", "listeners are told too early"},
      {"going-answered", "6.12", x86, plain, kHotplug, "offline_pages", "delete call memory_notify #1",
       "MEM_OFFLINE comes to those who were not asked"},
      {"memmap-initialised", "6.12", x86, plain, kHotplug, "online_pages",
       "insert { move_pfn_range_to_zone(zone, pfn, nr_pages, NULL, MIGRATE_ISOLATE); } after call "
       "move_pfn_range_to_zone",
       "struct pages in use are initialised"},
      {"state-agrees", "6.12", x86, plain, kMemory, "memory_block_change_state",
       R"(move call memory_block_action before if "to_state == MEM_OFFLINE")", "nobody sees that it goes offline"},
      {"pages-handed-over-once", "6.12", x86, plain, kHotplug, to_zone, "delete call init_currently_empty_zone",
       "the zone has no free lists"},
      {"pages-handed-over-once", "6.12", x86, plain, kHotplug, "offline_pages", "delete call adjust_managed_page_count",
       "pages that are gone stay counted"},
      {"pages-handed-over-once", "6.1", x86, plain, kHotplug, "online_pages",
       R"(move call undo_isolate_page_range before if "need_zonelists_rebuild")",
       "pages are given out from a zone that nobody falls back on"},
      {"offline-found-isolated", "6.12", x86, plain, kHotplug, "offline_pages", R"(delete if "ret != -ENOENT")",
       "a page that cannot move is taken"},
      {"offline-found-isolated", "6.12", s390, plain, kHotplug, "offline_pages",
       "move call zone_pcp_enable #1 before call test_pages_isolated", "lists of CPUs are on too early"},
      {"offline-found-isolated", "6.1", x86, plain, kHotplug, "offline_pages",
       "insert { __offline_isolated_pages(start_pfn, end_pfn); } after call __offline_isolated_pages",
       "pages are taken twice"},
      {"zone-follows-memory", "6.12", x86, plain, kHotplug, to_zone, "delete call resize_pgdat_range",
       "the node does not span its block"},
      {"zone-follows-memory", "6.1", x86, plain, kHotplug, from_zone, "delete call update_pgdat_span",
       "the node spans what is gone"},
      {"ranges-fit", "6.12", x86, plain, kHotplug, "offline_pages",
       R"(replace argument 3 of call start_isolate_page_range by "MEMORY_OFFLINE | REPORT_FAILURE")", "flags where a type belongs"},
      {"ranges-fit", "6.12", x86, files, kMemory, "memory_subsys_online",
       R"(move call memory_block_change_state before if "mem->online_type == MMOP_OFFLINE")",
       "no zone is asked for yet"},
  };
  return rows;
}

}  // namespace hotproof::cli::breaking
