#include "lessons/course/progress.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace hotproof;
using namespace hotproof::lessons;

namespace {

std::string damage(const std::string& text) {
  const auto progress = read_progress(text, "p");
  return progress ? "" : to_string(progress.error().place);
}

}  // namespace

TEST_CASE("progress is written and read back") {
  Progress progress;
  progress["lock-order"] = {2, true, std::array<std::uint32_t, 3>{0, 1, 14}};
  progress["vacuity"] = {1, false, {}};
  const std::string text = "hotproof lessons 1\nlock-order hints 2 done best 0 1 14\nvacuity hints 1\n";
  CHECK(write(progress) == text);
  CHECK(read_progress(text, "p").value() == progress);
  CHECK(read_progress("", "p").value().empty());
  CHECK(read_progress("hotproof lessons 1\n", "p").value().empty());
}

TEST_CASE("all progress is read back as it was") {
  rc::check([](const std::vector<std::tuple<std::uint8_t, bool, std::uint32_t>>& units) {
    Progress progress;
    for (const auto& [hints, done, steps] : units) {
      UnitProgress unit{hints % 4U, done, {}};
      if (done) unit.best = std::array<std::uint32_t, 3>{steps % 3, steps % 7, steps};
      progress["u" + std::to_string(progress.size())] = unit;
    }
    RC_ASSERT(read_progress(write(progress), "p").value() == progress);
  });
}

TEST_CASE("damage is found, with its place") {
  CHECK(damage("hotproof lessons 2\n") == "p:1:1");
  CHECK(damage("\n") == "p:1:1");
  CHECK(damage("hotproof lessons 1") == "p:1:19");
  CHECK(damage("hotproof lessons 1\nlock-order do") == "p:2:14");
  CHECK(damage("hotproof lessons 1\nlock-order don\n") == "p:2:12");
  CHECK(damage("hotproof lessons 1\nlock-order hints 4\n") == "p:2:18");
  CHECK(damage("hotproof lessons 1\nlock-order hints\n") == "p:2:17");
  CHECK(damage("hotproof lessons 1\nlock-order best 1 2\n") == "p:2:20");
  CHECK(damage("hotproof lessons 1\nLOCK done\n") == "p:2:1");
  CHECK(damage("hotproof lessons 1\n\n") == "p:2:1");
  CHECK(damage("hotproof lessons 1\na done\na done\n") == "p:3:1");
}

TEST_CASE("of two sources, the better is kept") {
  const UnitProgress one{1, true, std::array<std::uint32_t, 3>{0, 2, 9}};
  const UnitProgress other{2, false, std::array<std::uint32_t, 3>{0, 1, 20}};
  CHECK(joined(one, other) == UnitProgress{2, true, std::array<std::uint32_t, 3>{0, 1, 20}});
  CHECK(joined(one, {}) == one);
  CHECK(joined({}, one) == one);
}
