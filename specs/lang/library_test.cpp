#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "model/source/embedded.hpp"
#include "specs/lang/spec.hpp"

using namespace hotproof;

TEST_CASE("the library reads, and has the properties that others count on") {
  const auto library = spec::library();
  if (!library) FAIL(to_string(library.error()));
  std::set<std::string> ids;
  for (const auto& property : *library) {
    ids.insert(property.id);
    CHECK_FALSE(property.says.empty());
    CHECK_FALSE(property.origin.empty());
    CHECK_FALSE(property.form_text.empty());
    CHECK(property.place.line > 0);
    CHECK(property.says.back() != '.');
  }
  for (const char* id :
       {"memmap-after-accessible", "prepare-has-finish", "finish-needs-prepare", "failed-prepare-leaves-nothing",
        "going-answered", "accessible-until-finish", "memmap-under-hotplug-lock", "online-under-device-lock",
        "lock-balance", "no-deadlock", "no-unset-read", "state-agrees", "online-possible", "offline-possible",
        "disable-enable-paired", "node-state-before-zonelists"})
    CHECK_MESSAGE(ids.contains(id), id);
}

TEST_CASE("what lowering has to watch for the library") {
  const auto library = spec::library();
  REQUIRE(library.has_value());
  CHECK(spec::watched_calls(*library) == std::vector<std::string>{"__try_online_node", "arch_add_memory", "create_memory_block_devices", "device_offline", "device_online", "offline_pages", "online_pages"});
  const auto constants = spec::constants(*library);
  CHECK(std::ranges::is_sorted(constants));
  CHECK(std::ranges::find(constants, "MEM_PREPARE_ONLINE") != constants.end());
  CHECK(std::ranges::find(constants, "MEM_CANCEL_OFFLINE") != constants.end());
}

TEST_CASE("selecting properties keeps the library's order and finds slips") {
  const auto library = spec::library();
  REQUIRE(library.has_value());
  const std::vector<std::string> ids{"prepare-has-finish", "lock-balance"};
  const auto two = spec::select(*library, ids);
  REQUIRE(two.has_value());
  REQUIRE(two->size() == 2);
  CHECK((*two)[0].id == "lock-balance");
  CHECK(spec::select(*library, {})->size() == library->size());
  const std::vector<std::string> slip{"lock-balanced"};
  const auto none = spec::select(*library, slip);
  REQUIRE_FALSE(none.has_value());
  CHECK(to_string(none.error()) == "no property is called 'lock-balanced' (did you mean 'lock-balance'?)");
}

TEST_CASE("the documentation names every file") {
  std::ifstream in(HOTPROOF_SOURCE_DIR "/docs/specs.md");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  for (const embedded::File& file : embedded::spec()) {
    if (file.path.ends_with(".spec")) CHECK_MESSAGE(text.find(file.path) != std::string::npos, file.path);
  }
}
