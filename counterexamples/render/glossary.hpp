// Words of memory hotplug, explained to those who meet them for the first time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hotproof::render {

struct GlossaryEntry {
  std::string_view word;
  std::string_view meaning;
};

// The entries for the words that stand in the text as words of their own, in the order of the alphabet.
std::vector<GlossaryEntry> glossary_for(std::string_view text);

}  // namespace hotproof::render
