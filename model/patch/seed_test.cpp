// The mail that the project was made for, on the two kernel trees at hand: what is known about it beforehand.
#include <doctest/doctest.h>

#include "model/patch/test_support.hpp"

using namespace hotproof;
using namespace hotproof::patch;

namespace {

using Kind = Placement::Kind;

// The text of a function's body, without white space, from its name's definition to the brace in column one.
std::string body(const SourceTree& tree, const char* path, const std::string& heading) {
  const auto file = tree.read(path);
  if (!file) return {};
  const std::size_t begin = file->text.find(heading);
  if (begin == std::string::npos) return {};
  const std::size_t end = file->text.find("\n}", begin);
  std::string out;
  for (const Line& line : split_lines(std::string_view(file->text).substr(begin, end - begin)))
    out += squeeze(line.text);
  return out;
}

// True if the parts stand in `text` in this order.
bool in_order(const std::string& text, const std::vector<const char*>& parts) {
  std::size_t at = 0;
  for (const char* part : parts) {
    at = text.find(part, at);
    if (at == std::string::npos) {
      MESSAGE("missing or out of order: ", part);
      return false;
    }
    at += std::string_view(part).size();
  }
  return true;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t out = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
  return out;
}

constexpr const char* memory_c = "drivers/base/memory.c";

}  // namespace

TEST_CASE("the seed mail is read as its archive shows it") {
  const auto text = seed_mail();
  if (!text) {
    MESSAGE("skipped: no seed mail (HOTPROOF_SEED)");
    return;
  }
  const auto mails = read_mails(*text, "seed");
  REQUIRE(mails);
  REQUIRE(mails->size() == 1);
  const Mail& mail = mails->front();
  CHECK(mail.subject == "mm/memory_hotplug: introduce MEM_PREPARE_ONLINE/MEM_FINISH_OFFLINE notifiers");
  CHECK(mail.version == 2);
  CHECK(mail.number == 3);
  CHECK(mail.total == 7);
  CHECK(mail.author == "Sumanth Korikkar");
  CHECK(mail.date == "Thu Nov 23 2023 - 04:24:19 EST");
  CHECK(mail.message.find("All architectures ignore") != std::string::npos);
  CHECK(mail.message.find("18 +++") == std::string::npos);
  REQUIRE(mail.stat);
  CHECK(mail.stat->insertions == 19);
  const auto diff = read_diff(mail);
  REQUIRE(diff);
  REQUIRE(diff->files.size() == 2);
  CHECK(diff->files[0].hunks.size() == 6);
  CHECK(diff->files[0].hunks[2].damaged);
  CHECK(diff->files[1].new_path == "include/linux/memory.h");
}

TEST_CASE("the seed mail on 6.1: four hunks stand there, three are guessed, the text is what a person would make") {
  const auto text = seed_mail();
  const auto tree = kernel("6.1");
  if (!text || !tree) {
    MESSAGE("skipped: no seed mail or no kernel tree 6.1");
    return;
  }
  std::vector<Placement> tried;
  const auto applied = apply_text(*tree, *text, &tried);
  for (const Placement& p : tried)
    INFO(p.file << " hunk " << p.hunk << " line " << p.line << " " << name(p.kind) << " " << p.matched << "/" << p.total
                << ": " << p.why);
  REQUIRE_MESSAGE(applied, to_string(applied ? Diagnostic{} : applied.error()));
  REQUIRE(applied->placements.size() == 7);
  const auto check = [&](std::size_t hunk, Kind kind, std::uint32_t line, std::uint32_t matched) {
    const Placement& p = applied->placements[hunk - 1];
    CAPTURE(hunk);
    CAPTURE(p.why);
    CHECK(name(p.kind) == name(kind));
    if (line != 0) CHECK(p.line == line);
    CHECK(p.matched == matched);
  };
  check(1, Kind::guessed, 0, 5);
  check(2, Kind::exact, 189, 6);
  check(3, Kind::guessed, 0, 2);
  check(4, Kind::exact, 220, 7);
  check(5, Kind::guessed, 0, 5);
  check(6, Kind::exact, 261, 6);
  check(7, Kind::exact, 98, 6);
  CHECK(applied->placements[2].total == 7);

  const std::string online = body(applied->tree, memory_c, "static int memory_block_online(");
  CHECK(
      in_order(online, {"nr_vmemmap_pages;", "structmemory_notifyarg;", "structzone*zone;", "zone_for_pfn_range(",
                        "arg.start_pfn=", "arg.nr_pages=", "mem_hotplug_begin();", "memory_notify(MEM_PREPARE_ONLINE,",
                        "notifier_to_errno(", "if(ret)gotoout_notifier;", "/*", "*/if(nr_vmemmap_pages){",
                        "mhp_init_memmap_on_memory(", "online_pages(", "adjust_present_page_count(", "mem->zone=zone;",
                        "mem_hotplug_done();returnret;out:memory_notify(MEM_FINISH_OFFLINE,",
                        "out_notifier:", "mem_hotplug_done();returnret;"}));
  CHECK(count(online, "mem_hotplug_begin();") == 1);
  const std::string offline = body(applied->tree, memory_c, "static int memory_block_offline(");
  CHECK(in_order(offline, {"nr_vmemmap_pages;", "structmemory_notifyarg;intret;", "mem_hotplug_begin();",
                           "offline_pages(", "mhp_deinit_memmap_on_memory(", "mem->zone=NULL;", "arg.start_pfn=",
                           "arg.nr_pages=", "memory_notify(MEM_FINISH_OFFLINE,", "out:mem_hotplug_done();returnret;"}));
  CHECK(count(offline, "mem_hotplug_begin();") == 1);
  const auto file = applied->tree.read(memory_c);
  CHECK(file->added_lines.size() == 17);
  CHECK(file->removed_at.size() == 1);
  CHECK(applied->tree.read("include/linux/memory.h")->added_lines.size() == 2);
}

TEST_CASE("without the names of functions behind @@ too little of hunk 3 is there to place it") {
  auto text = seed_mail();
  const auto tree = kernel("6.1");
  if (!text || !tree) {
    MESSAGE("skipped: no seed mail or no kernel tree 6.1");
    return;
  }
  for (std::size_t at = text->find(" @@ static"); at != std::string::npos; at = text->find(" @@ static"))
    text->erase(at + 3, text->find('\n', at) - at - 3);
  std::vector<Placement> tried;
  const auto applied = apply_text(*tree, *text, &tried);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message.find("hunk 3 has no place") != std::string::npos);
  CHECK(tried[2].kind == Kind::refused);
}

TEST_CASE("the seed mail on 6.12 is said to be applied already, in a later form") {
  const auto text = seed_mail();
  const auto tree = kernel("6.12");
  if (!text || !tree) {
    MESSAGE("skipped: no seed mail or no kernel tree 6.12");
    return;
  }
  const auto applied = apply_text(*tree, *text);
  REQUIRE_FALSE(applied);
  CAPTURE(to_string(applied.error()));
  CHECK(applied.error().message.rfind("already applied: hunks 1, 2, 4, 5, 6", 0) == 0);
  CHECK(applied.error().message.find("drivers/base/memory.c:") != std::string::npos);
}

TEST_CASE("the seed mail a second time is said to be applied already") {
  const auto text = seed_mail();
  const auto tree = kernel("6.1");
  if (!text || !tree) {
    MESSAGE("skipped: no seed mail or no kernel tree 6.1");
    return;
  }
  const auto once = apply_text(*tree, *text);
  REQUIRE(once);
  const auto twice = apply_text(once->tree, *text);
  REQUIRE_FALSE(twice);
  CAPTURE(to_string(twice.error()));
  CHECK(twice.error().message.rfind("already applied", 0) == 0);
}
