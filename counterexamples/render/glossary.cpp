#include "counterexamples/render/glossary.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace hotproof::render {

namespace {

constexpr std::array<GlossaryEntry, 27> entries{{
    {"altmap", "a part of the block's own memory that holds the block's memmap"},
    {"block", "the unit in which user space sets memory online and offline: /sys/devices/system/memory/memoryN"},
    {"device_hotplug_lock", "the mutex that everybody holds who sets devices online or offline, or adds and removes them"},
    {"fault", "something that may fail and does: a call that gives an error, a listener that refuses"},
    {"isolated", "pages that the allocator does not give out while their block goes offline"},
    {"listener", "a function that has registered with the memory notifier chain and is told what happens to blocks"},
    {"mem_hotplug_lock", "held for writing while memory comes or goes, for reading by whoever walks over all of it"},
    {"MEM_CANCEL_OFFLINE", "the block stays online after all: who prepared for MEM_GOING_OFFLINE takes that back"},
    {"MEM_CANCEL_ONLINE", "the block stays offline after all: who prepared for MEM_GOING_ONLINE takes that back"},
    {"MEM_FINISH_OFFLINE", "the last word: the memmap is gone, the memory may be switched off"},
    {"MEM_GOING_OFFLINE", "asked before the pages of a block are taken back; a listener may refuse"},
    {"MEM_GOING_ONLINE", "asked before the pages of a block are given to the allocator; a listener may refuse"},
    {"MEM_OFFLINE", "said when the pages are gone from the allocator; and the state of such a block"},
    {"MEM_ONLINE", "said when the pages are with the allocator; and the state of such a block"},
    {"MEM_PREPARE_ONLINE", "asked before anything of the block is touched: who can make its memory accessible does so now"},
    {"memmap", "the array of struct page that describes the pages of a block"},
    {"memory_chain", "the list of listeners, walked in the order of their priorities"},
    {"NOTIFY_BAD", "a listener's refusal; the walk over the chain ends there"},
    {"NOTIFY_DONE", "a listener's answer: it has nothing to do with this"},
    {"NOTIFY_OK", "a listener's consent"},
    {"NOTIFY_STOP", "a listener's consent after which nobody else is asked"},
    {"online_type", "how user space wants the block online: where its pages are to go"},
    {"present_pages", "how many pages of a zone there are, given out or not"},
    {"reader", "somebody who walks over memory while it comes and goes, as a leak detector does"},
    {"worker", "somebody who writes to a block's files in sysfs, or adds and removes memory"},
    {"zone", "pages that the allocator treats alike; a block that is online belongs to one"},
    {"zonelists", "the order in which zones are tried when memory is wanted"},
}};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// As a word; of a name with a number behind it (worker0, listener 1), the name.
bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (at > 0 && is_word(text[at - 1])) continue;
    std::size_t end = at + word.size();
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
    if (end < text.size() && text[end] == 's' && word.back() != 's') ++end;
    if (end == text.size() || !is_word(text[end])) return true;
  }
  return false;
}

}  // namespace

std::vector<GlossaryEntry> glossary_for(std::string_view text) {
  std::vector<GlossaryEntry> out;
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(out),
               [text](const GlossaryEntry& entry) { return has_word(text, entry.word); });
  return out;
}

}  // namespace hotproof::render
