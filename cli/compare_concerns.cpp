#include "cli/compare_concerns.hpp"

namespace hotproof::cli {

namespace {

using checker::compare::Concern;
using checker::compare::Things;

// What locks guard needs them: then it is not moved into a critical section, nor out of one. The count that switches off
// the caches of the LRU is the one thing that needs none: lru_cache_disable() is an atomic operation and a wait, allowed
// wherever one may sleep, lru_cache_enable() an atomic operation.
const Things present = {{"present pages"}, {"locks"}};  // counts of a zone, a node, a group
const Things managed = {{"managed pages"}, {"locks"}};  // of a zone: what its allocator gives out
// Computed from the managed pages of all zones on the fallback lists.
const Things watermarks = {{"watermarks"}, {"managed pages", "fallback lists", "locks"}};
const Things masks = {{"masks of nodes"}, {"locks"}};
const Things cpu_lists = {{"switch 0"}, {"locks"}};
const Things lru_caches = {{"switch 1"}};
const Things resources = {{"resources"}, {"locks"}};
const Things firmware_map = {{"map of the firmware"}, {"locks"}};
// The scanner of page blocks believes the mark of a zone without holes, and looks at what its span says.
const Things zone_spans = {{"spans of zones"}, {"locks"}};
const Things node_span = {{"span of the node"}, {"locks"}};
// A page that the buddy gets or loses is in no list of a CPU and in no cache while these are off, and is managed.
const Things pages = {{"pages", "memmap"}, {"managed pages", "switch 0", "switch 1", "spans of zones", "locks"}};
// Whoever initialises it goes by the spans.
const Things memmap = {{"memmap"}, {"spans of zones", "span of the node", "locks"}};
const Things arithmetic = {{"nothing but arguments"}};

std::vector<Concern> table() {
  std::vector<Concern> out = {
      {"request", {{"requests"}, {"locks"}}, {}, true},
      {"returned", {{"requests"}, {"locks"}}, {}, true},
      {"fault *", {{"failures"}}, {}, true},
      {"lock", {{"locks"}}, {}, true},
      {"unlock", {{"locks"}}, {}, true},
      {"disable", {{"switch"}}, 1},
      {"enable", {{"switch"}}, 1},
      {"present", present},
      {"node-state", masks},
      {"span", zone_spans},
      {"node-span", node_span},
      {"memmap", memmap},
      {"pages", pages},
      {"hp_node.node_present_pages", present},
      {"hp_node.node_zones[*].present_pages", present},
      {"hp_node.node_spanned_pages", node_span},
      {"hp_node.node_start_pfn", node_span},
      {"hp_node.node_zones[*].spanned_pages", zone_spans},
      {"hp_node.node_zones[*].zone_start_pfn", zone_spans},
      {"hp_contiguous", zone_spans},
      {"hp_node_has[*]", masks},
      {"hp_managed[*]", managed},
      {"hp_watermarks_are_old", watermarks},
      {"hp_pcp_is_off", cpu_lists},
      {"hp_in_firmware_map[*]", firmware_map},
      {"block[*].in_resource", resources},
  };
  const auto called = [&out](const Things& things, std::initializer_list<const char*> functions) {
    for (const char* function : functions) out.push_back({std::string("* called last: ") + function, things});
  };
  called(managed, {"adjust_managed_page_count"});
  called(watermarks, {"init_per_zone_wmark_min"});
  called(masks, {"node_state", "node_set_state", "node_clear_state"});
  called(cpu_lists, {"zone_pcp_disable", "zone_pcp_enable"});
  called(lru_caches, {"lru_cache_disable", "lru_cache_enable"});
  called(zone_spans, {"shrink_zone_span", "clear_zone_contiguous", "set_zone_contiguous"});
  called(resources, {"release_mem_region_adjustable"});
  called(firmware_map, {"firmware_map_remove"});
  called(memmap, {"page_zone"});
  called(arithmetic, {"pfn_to_page", "page_to_pfn", "__nr_to_section", "__section_nr", "NODE_DATA", "__pa", "__va"});
  return out;
}

}  // namespace

const std::vector<Concern>& concerns() {
  static const std::vector<Concern> all = table();
  return all;
}

}  // namespace hotproof::cli
