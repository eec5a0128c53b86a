// Edits of the reference model that break what must be true of numbers of pages, for some sizes. Used by tests only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cli/breaking_edits.hpp"

namespace hotproof::cli::breaking {

// Sizes for which the edit breaks the property, the least first, as the program finds them: name and number.
struct SizesRow {
  Row row;
  std::map<std::string, std::uint64_t> sizes;
};

inline const std::vector<SizesRow>& sizes_table() {
  static constexpr Words all = {"--sizes", "symbolic", "--listeners", "1"};
  static constexpr const char* file = "memory.c";
  static constexpr const char* x86 = "x86_64";
  static constexpr const char* s390 = "s390x";
  static constexpr const char* to_online = "memory_block_online";
  static constexpr const char* to_offline = "memory_block_offline";
  static constexpr const char* section = "pages per section";
  static constexpr const char* pages = "pages per block";
  static constexpr const char* altmap = "altmap pages";
  static const std::vector<SizesRow> rows = {
      {{"block-range-exact", "", x86, all, file, to_online,
        R"(replace argument 1 of call online_pages by "mem->start_pfn")", "the altmap's pages go online, too"},
       {{pages, 2}, {altmap, 1}}},
      {{"block-range-exact", "", s390, all, file, to_online,
        R"(replace argument 2 of call online_pages by "HP_BLOCK_PAGES")", "pages behind the block go online"},
       {{pages, 2}, {altmap, 1}}},
      {{"block-range-exact", "", x86, all, file, to_offline,
        R"(replace argument 2 of call offline_pages by "HP_BLOCK_PAGES - altmap - 1")", "the last page stays"},
       {{pages, 1}, {altmap, 0}}},
      {{"sections-whole", "", x86, all, file, to_offline,
        R"(replace argument 2 of call offline_pages by "HP_BLOCK_PAGES - altmap - 1")", "the last page stays"},
       {{section, 2}, {pages, 2}, {altmap, 0}}},  // sections of one page each would stay whole
      {{"sections-whole", "", x86, all, file, to_online,
        R"(replace argument 1 of call online_pages by "mem->start_pfn")", "sections of the memmap go online, too"},
       {{section, 1}, {pages, 2}, {altmap, 1}}},
      {{"prepare-covers", "", s390, all, file, to_online,
        "replace assignment arg.nr_pages by { arg.nr_pages = HP_BLOCK_PAGES - altmap; }",
        "as many pages as go online are told, from the block's first on"},
       {{pages, 2}, {altmap, 1}}},
      {{"prepare-covers", "", x86, all, file, to_online,
        "replace assignment arg.start_pfn by { arg.start_pfn = mem->start_pfn + altmap; }", "the altmap is not told"},
       {{pages, 2}, {altmap, 1}}},
      {{"prepare-covers", "", x86, all, file, to_online,
        "replace assignment arg.nr_pages by { arg.nr_pages = HP_BLOCK_PAGES - 1; }", "off by one"},
       {{pages, 2}, {altmap, 1}}},  // the way with an altmap is met first
      {{"no-wrap-around", "", x86, all, file, to_online,
        R"(replace argument 2 of call online_pages by "altmap - HP_BLOCK_PAGES")", "a difference the wrong way round"},
       {{pages, 1}, {altmap, 0}}},
      {{"no-wrap-around", "", x86, all, file, "offline_pages",
        "insert { zone->present_pages -= nr_pages; } after call hp_set_section_online", "pages are counted out twice"},
       {{pages, 1}, {altmap, 0}}},
      {{"no-wrap-around", "", s390, all, file, "online_pages", "replace statement \"zone->spanned_pages += nr_pages\" by { ; }",
        "the span is not counted in, and counted out"},
       {{pages, 1}, {altmap, 0}}},
  };
  return rows;
}

}  // namespace hotproof::cli::breaking
