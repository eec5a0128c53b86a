#include "specs/claims/claim.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace hotproof::claims {
namespace {

using Form = Claim::Form;
using Kind = Thing::Kind;

const Names& names() {
  static const std::set<std::string> functions = {"online_pages",
                                                  "offline_pages",
                                                  "memory_block_online",
                                                  "mem_hotplug_begin",
                                                  "mem_hotplug_done",
                                                  "mhp_init_memmap_on_memory",
                                                  "mhp_deinit_memmap_on_memory",
                                                  "memory_notify",
                                                  "lru_cache_disable",
                                                  "lru_cache_enable"};
  static const std::set<std::string> notifications = {"MEM_PREPARE_ONLINE", "MEM_FINISH_OFFLINE", "MEM_GOING_ONLINE",
                                                      "MEM_CANCEL_ONLINE",  "MEM_ONLINE",         "MEM_OFFLINE"};
  static const std::set<std::string> locks = {"device_hotplug_lock", "mem_hotplug_lock"};
  static const Names all{[](const std::string& name) { return functions.contains(name); },
                         [](const std::string& name) { return notifications.contains(name); },
                         [](const std::string& name) { return locks.contains(name); }};
  return all;
}

// "order MEM_PREPARE_ONLINE, online_pages() in memory_block_online"
std::string shown(const Claim& claim) {
  std::string out(name(claim.form));
  for (std::size_t i = 0; i < claim.things.size(); ++i) out += (i == 0 ? " " : ", ") + in_words(claim.things[i]);
  if (!claim.lock.empty()) out += ": " + claim.lock + (claim.for_write ? " for write" : "");
  if (!claim.within.empty()) out += " in " + claim.within;
  if (!claim.failing.empty()) out += " if " + claim.failing;
  if (claim.if_accessible) out += " if accessible";
  if (!claim.condition.empty()) out += " {" + claim.condition + "}";
  for (const std::string& architecture : claim.architectures) out += " on " + architecture;
  if (claim.every_architecture) out += " everywhere";
  if (claim.currently) out += " today";
  if (!claim.left_out.empty()) out += " without \"" + claim.left_out + "\"";
  return out;
}

std::string shown(const Read& read) {
  std::string out;
  for (const Claim& claim : read.claims) out += (out.empty() ? "" : "; ") + shown(claim);
  return out;
}

std::string read(const std::string& sentence) {
  return shown(read_claim(sentence, names()));
}

std::string why_not(const std::string& sentence) {
  const Read out = read_claim(sentence, names());
  return out.claims.empty() ? out.why_not : "a claim: " + shown(out);
}

}  // namespace

TEST_CASE("claims: no functional change") {
  CHECK(read("No functional change.") == "no functional change");
  CHECK(read("No functional changes intended.") == "no functional change");
  CHECK(read("This is a cleanup without functional changes.") == "no functional change");
  CHECK(read("There's no functional change in this patch.") == "no functional change");
  CHECK(read("It doesn't introduce any functional change") == "no functional change");
  CHECK(read("No functional change expected on x86.") == "no functional change on x86_64");
  CHECK(read("Listeners are many, so there is no functional change where memory is accessible from the start.") ==
        "no functional change if accessible");
  CHECK(read("No functional change for users of the bus.") == "no functional change {for users of the bus}");
}

TEST_CASE("claims: near misses of no functional change") {
  for (const char* sentence : {
           "This is a functional change.",
           "Is there no functional change?",
           "If memory is accessible, there is no functional change.",
           "There is not no functional change.",
           "This is not only a functional change.",
           "No functional change except for the lock.",
           "The reviewer said there is no functional change.",
           "Commit 0123 claimed \"no functional change\" in its message.",
           "There was no functional change so far.",
           "There would be no functional change.",
           "Functional tests show no change.",
       }) {
    CAPTURE(std::string(sentence));
    CHECK(read(sentence).empty());
  }
}

TEST_CASE("claims: held locks") {
  CHECK(read("online_pages() is called with device_hotplug_lock held.") ==
        "held lock online_pages(): device_hotplug_lock");
  CHECK(read("online_pages() and offline_pages() run with the device hotplug lock held.") ==
        "held lock online_pages(), offline_pages(): device_hotplug_lock");
  CHECK(read("Both are called with the memory hotplug lock held for write.") ==
        "held lock: mem_hotplug_lock for write");
  CHECK(read("Callers of online_pages() must hold mem_hotplug_lock exclusively.") ==
        "held lock online_pages(): mem_hotplug_lock for write");
  CHECK(read("MEM_PREPARE_ONLINE is sent with device_hotplug_lock and mem_hotplug_lock held.") ==
        "held lock MEM_PREPARE_ONLINE: device_hotplug_lock; held lock MEM_PREPARE_ONLINE: mem_hotplug_lock");
  CHECK(read("The caller must hold device_hotplug_lock.") == "held lock: device_hotplug_lock");
  CHECK(read("The notifiers are called while holding mem_hotplug_lock.") == "held lock: mem_hotplug_lock");
}

TEST_CASE("claims: near misses of held locks") {
  CHECK(why_not("online_pages() is not called with device_hotplug_lock held.") == "a negation");
  CHECK(why_not("Is online_pages() called with device_hotplug_lock held?") == "a question");
  CHECK(why_not("If online_pages() is called with device_hotplug_lock held, all is well.") == "a condition");
  CHECK(why_not("Unlike before, online_pages() is called with device_hotplug_lock held.") ==
        "it compares with another time or case");
  CHECK(why_not("online_pages() was called with device_hotplug_lock held.") == "it compares with another time or case");
  CHECK(why_not("online_pages() isn't called with device_hotplug_lock held.") == "a negation");
  CHECK(why_not("He said online_pages() is called with device_hotplug_lock held.") ==
        "it tells what somebody says or thinks");
  CHECK(why_not("online_pages() is called with foo_lock held.") == "the model has no lock \"foo_lock\"");
  CHECK(why_not("online_pages() called by memory_block_online() runs with device_hotplug_lock held.") ==
        "it names more than what it speaks of");
  CHECK(why_not("\"online_pages() is called with device_hotplug_lock held\", says a comment.") == "it cites somebody");
  CHECK(why_not("This fixes online_pages() being called with device_hotplug_lock held.") == "it tells of a mistake");
  CHECK(read("online_pages() is called with device_hotplug_lock held on s390.") ==
        "held lock online_pages(): device_hotplug_lock on s390x");
  CHECK(why_not("The scheduler is called with device_hotplug_lock held.") == "it does not say of what the model knows");
  CHECK(why_not("online_pages() is called with device_hotplug_lock held by somebody.") ==
        "what follows the lock is not understood");
  CHECK(read("online_pages() is called with device_hotplug_lock.").empty());
  CHECK(read("online_pages() holds device_hotplug_lock up.").empty());
}

TEST_CASE("claims: orders") {
  CHECK(read("MEM_PREPARE_ONLINE is sent before online_pages().") == "order MEM_PREPARE_ONLINE, online_pages()");
  CHECK(read("mem_hotplug_done() is called after MEM_FINISH_OFFLINE") ==
        "order MEM_FINISH_OFFLINE, mem_hotplug_done()");
  CHECK(read("mem_hotplug_begin() precedes online_pages()") == "order mem_hotplug_begin(), online_pages()");
  CHECK(read("Take device_hotplug_lock prior to calling online_pages().").empty());  // "Take" is no form that is known
  CHECK(read("device_hotplug_lock is taken prior to calling online_pages().") ==
        "order taking device_hotplug_lock, online_pages()");
  CHECK(read("Before calling online_pages(), MEM_PREPARE_ONLINE is sent.") ==
        "order MEM_PREPARE_ONLINE, online_pages()");
  CHECK(read("After MEM_PREPARE_ONLINE, online_pages() is called.") == "order MEM_PREPARE_ONLINE, online_pages()");
  CHECK(read("In memory_block_online(), MEM_PREPARE_ONLINE comes before online_pages().") ==
        "order MEM_PREPARE_ONLINE, online_pages() in memory_block_online");
  CHECK(read("The memmap is initialised after MEM_PREPARE_ONLINE.") ==
        "order MEM_PREPARE_ONLINE, initialising the memmap");
  CHECK(read("mem_hotplug_begin() and MEM_PREPARE_ONLINE come before online_pages() and MEM_ONLINE.") ==
        "order mem_hotplug_begin(), online_pages(); order mem_hotplug_begin(), MEM_ONLINE; "
        "order MEM_PREPARE_ONLINE, online_pages(); order MEM_PREPARE_ONLINE, MEM_ONLINE");
  CHECK(read("Locking and MEM_PREPARE_ONLINE come before online_pages().") ==
        "order MEM_PREPARE_ONLINE, online_pages() without \"Locking\"");
  CHECK(read("On s390, MEM_PREPARE_ONLINE is sent before online_pages().") ==
        "order MEM_PREPARE_ONLINE, online_pages() on s390x");
  CHECK(read("On all architectures MEM_PREPARE_ONLINE is sent before online_pages().") ==
        "order MEM_PREPARE_ONLINE, online_pages() everywhere");
}

TEST_CASE("claims: near misses of orders") {
  CHECK(why_not("MEM_PREPARE_ONLINE is not sent before online_pages().") == "a negation");
  CHECK(why_not("MEM_PREPARE_ONLINE is never sent before online_pages().") == "a negation");
  CHECK(why_not("Is MEM_PREPARE_ONLINE sent before online_pages()?") == "a question");
  CHECK(why_not("When MEM_PREPARE_ONLINE is sent before online_pages(), it works.") == "a condition");
  CHECK(why_not("MEM_PREPARE_ONLINE might be sent before online_pages().") == "a condition");
  CHECK(why_not("MEM_PREPARE_ONLINE was sent before online_pages().") == "it compares with another time or case");
  for (const char* sentence : {
           "Unlike before, online_pages() is called with the lock.",
           "Something is sent before anything touches the block.",
           "MEM_PREPARE_ONLINE is sent before online_pages() fails.",
           "MEM_PREPARE_ONLINE is sent before foo_bar().",
           "foo_bar() is called before online_pages().",
           "MEM_PREPARE_ONLINE is handled by a listener before online_pages().",
           "online_pages() is called before online_pages().",
           "After this, online_pages() works as before.",
           "The day before, online_pages() was written.",
           "In foo(), MEM_PREPARE_ONLINE is sent before online_pages().",
           "The comment \"MEM_PREPARE_ONLINE is sent before online_pages()\" helps.",
           "This fixes a bug where MEM_PREPARE_ONLINE is sent before online_pages().",
           "There is no guarantee that MEM_PREPARE_ONLINE is sent before online_pages().",
           "It fails to send MEM_PREPARE_ONLINE before online_pages().",
           "memory_block_online() that sends MEM_PREPARE_ONLINE comes before online_pages().",
           "MEM_PREPARE_ONLINE is sent only before online_pages().",
       }) {
    CAPTURE(std::string(sentence));
    CHECK(read(sentence).empty());
  }
}

TEST_CASE("claims: undoing") {
  CHECK(read("MEM_PREPARE_ONLINE is undone on failure.") == "undo MEM_PREPARE_ONLINE, MEM_FINISH_OFFLINE");
  CHECK(read("MEM_FINISH_OFFLINE undoes MEM_PREPARE_ONLINE on error.") ==
        "undo MEM_PREPARE_ONLINE, MEM_FINISH_OFFLINE");
  CHECK(read("Roll mhp_init_memmap_on_memory() back if online_pages() fails.") ==
        "undo mhp_init_memmap_on_memory(), mhp_deinit_memmap_on_memory() if online_pages");
  CHECK(read("lru_cache_disable() is reverted on the error paths.") == "undo lru_cache_disable(), lru_cache_enable()");
  CHECK(read("MEM_GOING_ONLINE is cancelled by MEM_CANCEL_ONLINE in case of an error in memory_block_online().") ==
        "undo MEM_GOING_ONLINE, MEM_CANCEL_ONLINE in memory_block_online");
  CHECK(why_not("MEM_PREPARE_ONLINE is not undone on failure.") == "a negation");
  CHECK(why_not("Is MEM_PREPARE_ONLINE undone on failure?") == "a question");
  CHECK(why_not("MEM_PREPARE_ONLINE would be undone on failure.") == "a condition");
  CHECK(why_not("online_pages() is undone on failure.") == "nobody knows what undoes online_pages()");
  CHECK(read("Undo everything on failure.").empty());
  CHECK(read("MEM_PREPARE_ONLINE is undone.").empty());
  CHECK(read("Cancel the work.").empty());
}

TEST_CASE("claims: ignoring what is unknown") {
  CHECK(read("All architectures ignore unknown memory notifiers, so all is well.") == "ignored everywhere");
  CHECK(read("Listeners ignore notifications that they do not know.") == "ignored");
  CHECK(read("Unknown events are ignored by all listeners.") == "ignored");
  CHECK(read("All architectures ignore unknown memory notifiers, so this patch should not introduce any functional "
             "changes.") == "no functional change; ignored everywhere");
  CHECK(why_not("Not all architectures ignore unknown memory notifiers.") == "a negation");
  CHECK(why_not("Most architectures ignore unknown memory notifiers.") == "it speaks of some only");
  CHECK(why_not("Do all architectures ignore unknown memory notifiers?") == "a question");
  CHECK(why_not("If all architectures ignore unknown notifiers, nothing changes.") == "a condition");
  CHECK(why_not("All architectures don't ignore unknown notifiers.") == "a negation");
  CHECK(read("All architectures ignore the user.").empty());
}

TEST_CASE("claims: a paragraph says of which architecture") {
  const std::vector<Read> all = read_claims(
      "Platforms such as x86 hotplug through ACPI. The memory is accessible before the memmap is initialised.\n\n"
      "On s390 it is otherwise. \"Memmap on memory\" initialisation is performed\nbefore calling MEM_GOING_ONLINE "
      "notifier.\n\n"
      "MEM_PREPARE_ONLINE is sent before online_pages().\n\n"
      "On s390, memory is switched on late, currently in MEM_GOING_ONLINE.\n\n"
      "After this, MEM_ONLINE is sent after online_pages().\n\n"
      "MEM_ONLINE is sent after online_pages().\n",
      names());
  REQUIRE(all.size() == 8);
  CHECK(shown(all[6]) == "order online_pages(), MEM_ONLINE on s390x today");
  CHECK(shown(all[7]) == "order online_pages(), MEM_ONLINE");
  CHECK(shown(all[1]) == "order that the memory is accessible, initialising the memmap on x86_64");
  CHECK(shown(all[3]) == "order initialising the memmap that lies in its block, MEM_GOING_ONLINE on s390x");
  CHECK(shown(all[4]) == "order MEM_PREPARE_ONLINE, online_pages()");
}

TEST_CASE("claims: what is left out of a sentence is said") {
  CHECK(read("After this, the hotplugged memory is physically accessible, and altmap support prepared, before the "
             "\"memmap on memory\" initialization in memory_block_online() is called.") ==
        "order that the memory is accessible, initialising the memmap that lies in its block in memory_block_online "
        "without \"altmap support prepared\"");
}

TEST_CASE("claims: hostile sentences") {
  CHECK(why_not(std::string(10'000, 'a') + " before online_pages()") == "too long for a sentence");
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "before after with ";
  CHECK(read_claims(many, names()).size() == 1);
  CHECK(read("\x1b[31mMEM_PREPARE_ONLINE\x1b[0m before\x07 online_pages()").empty());
  CHECK(read("").empty());
  CHECK(read("\"\"\"((()))").empty());
  CHECK(read_claims("with\nhold\nbefore\n\n()\n>\n->\n", names()).size() <= 1);
  std::string nested;
  for (int i = 0; i < 400; ++i) nested += "MEM_ONLINE and ";
  CHECK(read_claims(nested + "before online_pages()", names()).size() == 1);
}

}  // namespace hotproof::claims
