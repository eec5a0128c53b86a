// Edits of real functions for what must be true while nobody does anything, and on the way there. Used by tests only.
#pragma once

#include "cli/breaking_edits.hpp"

namespace hotproof::cli::breaking {

inline std::span<const Row> rest_table() {
  static constexpr Words plain = {};
  static constexpr Words life = {"--life"};
  static constexpr Words liveness = {"--liveness"};
  static constexpr Words outside = {"--altmap", "no"};
  static constexpr const char* x86 = "x86_64";
  static constexpr const char* create = "create_altmaps_and_memory_blocks";
  static constexpr const char* to_online = "memory_block_online";
  static constexpr const char* to_offline = "memory_block_offline";
  static constexpr Row rows[] = {
      {"block-whole-or-gone", "6.12", x86, life, kHotplug, create, "delete call arch_remove_memory",
       "a failed add leaves the memmap"},
      {"block-whole-or-gone", "6.12", x86, life, kHotplug, "try_remove_memory",
       "delete call release_mem_region_adjustable", "a removal leaves the resource"},
      {"block-whole-or-gone", "6.1", x86, life, kHotplug, "try_remove_memory", "delete call arch_remove_memory",
       "a removal leaves the memmap"},
      {"request-answered-truly", "6.12", x86, plain, kMemory, "memory_subsys_online",
       "replace call memory_block_change_state by { ret = 0; }", "success without doing anything"},
      {"request-answered-truly", "6.12", x86, plain, kMemory, "memory_subsys_offline",
       "replace return #last by { return 0; }", "success without doing anything"},
      {"request-answered-truly", "6.1", x86, plain, kMemory, "state_store",
       "insert { ret = device_offline(&mem->dev); } after call device_offline", "success is followed by a failure"},
      {"pages-handed-over-once", "6.12", x86, plain, kHotplug, "online_pages", "delete call online_pages_range",
       "the allocator never gets the pages"},
      {"pages-handed-over-once", "6.12", "s390x", plain, kHotplug, "online_pages",
       "insert { online_pages_range(pfn, nr_pages); } after call online_pages_range", "it gets them twice"},
      {"pages-handed-over-once", "6.1", x86, plain, kHotplug, "online_pages", "delete call undo_isolate_page_range",
       "they stay isolated"},
      {"offline-found-isolated", "6.12", x86, plain, kHotplug, "offline_pages",
       "replace call test_pages_isolated by { ret = 0; }", "nobody looks whether pages came back"},
      {"offline-found-isolated", "6.1", x86, plain, kHotplug, "offline_pages",
       "replace call start_isolate_page_range by { ret = 0; }", "nobody isolates them"},
      {"offline-found-isolated", "6.12", "s390x", plain, kHotplug, "offline_pages",
       "insert { undo_isolate_page_range(start_pfn, end_pfn, MIGRATE_MOVABLE); } before call __offline_isolated_pages",
       "they are let go just before they are taken"},
      {"node-follows-memory", "6.12", x86, plain, kHotplug, "online_pages", "delete call node_states_set_node",
       "a node with memory is not marked"},
      {"node-follows-memory", "6.1", x86, plain, kHotplug, "offline_pages", "delete call node_states_clear_node",
       "a node without memory stays marked"},
      {"node-follows-memory", "6.12", x86, plain, kHotplug, "offline_pages", "delete call kswapd_stop",
       "kswapd runs for no memory"},
      {"zone-follows-memory", "6.12", x86, plain, kHotplug, "online_pages", "delete call build_all_zonelists",
       "nobody falls back on the zone"},
      {"zone-follows-memory", "6.1", x86, plain, kHotplug, "online_pages", "delete call setup_zone_pageset",
       "the zone has no lists of CPUs"},
      {"zone-follows-memory", "6.12", x86, plain, kHotplug, "online_pages", "delete call remove_pfn_range_from_zone",
       "after a veto the zone spans the block"},
      {"limits-renewed", "6.12", x86, plain, kHotplug, "online_pages", "delete call init_per_zone_wmark_min",
       "watermarks without the new pages"},
      {"limits-renewed", "6.12", "s390x", plain, kHotplug, "offline_pages", "delete call init_per_zone_wmark_min",
       "watermarks with the pages that are gone"},
      {"limits-renewed", "6.1", x86, plain, kHotplug, "offline_pages", "delete call writeback_set_ratelimit",
       "the limit of dirty pages with the pages that are gone"},
      {"nothing-lost", "6.12", x86, life, kHotplug, "remove_memory_blocks_and_altmaps", "delete call kfree",
       "the altmap of a block that goes is lost"},
      {"nothing-lost", "6.12", x86, life, kHotplug, create, "delete call kfree #1",
       "the altmap is lost where there is no memory for more"},
      {"nothing-lost", "6.1", x86, life, "mm/sparse.c", "section_deactivate", "delete call kfree_rcu",
       "the map of a section that goes is lost"},
      {"ranges-fit", "6.12", x86, plain, kHotplug, "offline_pages",
       R"(replace argument 2 of call start_isolate_page_range by "nr_pages")", "a size where an end belongs"},
      {"ranges-fit", "6.12", x86, plain, kMemory, to_online,
       R"(replace argument 2 of call zone_for_pfn_range by "nr_pages")", "a size where a node belongs"},
      {"ranges-fit", "6.1", x86, plain, kHotplug, "online_pages",
       R"(replace argument 2 of call undo_isolate_page_range by "nr_pages")", "a size where an end belongs"},
      {"memmap-initialised", "6.12", x86, outside, kHotplug, "online_pages", "delete call move_pfn_range_to_zone",
       "nobody initialises the struct pages"},
      {"memmap-initialised", "6.1", x86, outside, kHotplug, "online_pages", "delete call move_pfn_range_to_zone",
       "nobody initialises the struct pages"},
      {"memmap-initialised", "6.12", x86, outside, kHotplug, "offline_pages",
       "move call remove_pfn_range_from_zone before call __offline_isolated_pages", "struct pages go too early"},
      {"memmap-follows-state", "6.12", x86, plain, kMemory, to_online,
       "replace call mhp_init_memmap_on_memory by { ret = 0; }", "the memmap's own struct pages are not initialised"},
      {"memmap-follows-state", "6.12", "s390x", plain, kMemory, to_offline, "delete call mhp_deinit_memmap_on_memory",
       "they are not torn down"},
      {"memmap-follows-state", "6.1", x86, outside, kHotplug, "offline_pages", "delete call remove_pfn_range_from_zone",
       "struct pages of a block that is offline stay"},
      {"veto-heeded", "6.12", x86, plain, kHotplug, "online_pages", R"(delete if "ret")", "a veto is passed over"},
      {"veto-heeded", "6.1", x86, plain, kHotplug, "offline_pages", "delete if around goto failed_removal_isolated #1",
       "a veto is passed over"},
      {"veto-heeded", "6.12", x86, plain, kHotplug, "offline_pages",
       "insert { ret = 0; } before if around goto failed_removal_isolated #1", "the answer is forgotten"},
      {"notified-under-hotplug-lock", "6.12", x86, plain, kMemory, to_online,
       "move call mem_hotplug_begin after call memory_notify #1", "the lock is taken behind MEM_PREPARE_ONLINE"},
      {"notified-under-hotplug-lock", "6.12", "s390x", plain, kMemory, to_offline,
       "insert { mem_hotplug_done(); } before call memory_notify\ninsert { mem_hotplug_begin(); } after call "
       "memory_notify",
       "the lock is let go for MEM_FINISH_OFFLINE"},
      {"notified-under-hotplug-lock", "6.1", x86, plain, kMemory, to_offline,
       "move call mem_hotplug_begin after call offline_pages", "the lock is taken too late"},
      {"notified-with-memmap", "6.12", x86, plain, kHotplug, "online_pages",
       "move call memory_notify with MEM_CANCEL_ONLINE after call remove_pfn_range_from_zone",
       "MEM_CANCEL_ONLINE comes when the struct pages are gone"},
      {"notified-with-memmap", "6.1", x86, plain, kHotplug, "online_pages",
       "move call move_pfn_range_to_zone after call memory_notify with MEM_GOING_ONLINE",
       "MEM_GOING_ONLINE comes before they are there"},
      {"notified-with-memmap", "6.12", "s390x", plain, kHotplug, "offline_pages",
       "move call memory_notify with MEM_OFFLINE after call remove_pfn_range_from_zone",
       "MEM_OFFLINE comes when they are gone"},
      {"request-answered", "6.1", x86, liveness, kMemory, to_online,
       "insert { mem_hotplug_begin(); } after call mem_hotplug_begin", "it waits for itself"},
      {"request-answered", "6.12", x86, liveness, kMemory, to_offline, "delete call mem_hotplug_done",
       "the next request waits for a lock that nobody gives back"},
      {"going-answered-in-time", "6.12", x86, liveness, kHotplug, "online_pages",
       "insert { mem_hotplug_begin(); } before call online_pages_range", "it waits for itself, and listeners for the answer"},
      {"going-answered-in-time", "6.12", x86, liveness, kHotplug, "offline_pages",
       "insert { mem_hotplug_begin(); } before call scan_movable_pages", "the same on the way offline"},
  };
  return rows;
}

}  // namespace hotproof::cli::breaking
