#include "model/patch/unified.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "model/patch/test_support.hpp"

using namespace hotproof;
using namespace hotproof::patch;

namespace {

std::string numbered(int from, int to) {
  std::string out;
  for (int i = from; i <= to; ++i) out += "line " + std::to_string(i) + "\n";
  return out;
}

}  // namespace

TEST_CASE("a changed line with its context") {
  CHECK(
      unified_diff("a.c", numbered(1, 10), numbered(1, 4) + "other\n" + numbered(6, 10)) ==
      "--- a/a.c\n+++ b/a.c\n@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+other\n line 6\n line 7\n line 8\n");
  CHECK(unified_diff("a.c", "x\n", "x\n").empty());
}

TEST_CASE("changes far from each other are hunks of their own, near ones are one") {
  const std::string two = unified_diff("a.c", numbered(1, 30), "new\n" + numbered(1, 29));
  CHECK(two.find("@@ -1,3 +1,4 @@") != std::string::npos);
  CHECK(two.find("@@ -27,4 +28,3 @@") != std::string::npos);
  const std::string one = unified_diff("a.c", numbered(1, 7), "new\n" + numbered(1, 6));
  CHECK(one.find("@@ -1,7 +1,7 @@") != std::string::npos);
}

TEST_CASE("edges: nothing before, nothing after, no newline at the end") {
  CHECK(unified_diff("a", "", "x\n") == "--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+x\n");
  CHECK(unified_diff("a", "x\n", "") == "--- a/a\n+++ b/a\n@@ -1 +0,0 @@\n-x\n");
  CHECK(unified_diff("a", "x", "x\n") == "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
}

TEST_CASE("a diff of random texts, laid over the old one, gives the new one") {
  rc::check("diff and apply", [] {
    const auto pick = [](const std::vector<int>& lines) {
      std::string out;
      for (const int line : lines) out += "value_" + std::to_string(line) + ";\n";
      return out;
    };
    // Lines of their own at both ends and many different ones, so that each hunk has one place.
    std::vector<int> lines(40);
    for (int i = 0; i < 40; ++i) lines[static_cast<std::size_t>(i)] = i;
    std::vector<int> changed = lines;
    for (auto edits = *rc::gen::inRange(1, 5); edits > 0; --edits) {
      const auto at = *rc::gen::inRange<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(changed.size()) - 1);
      if (*rc::gen::arbitrary<bool>())
        changed.insert(changed.begin() + at, 100 + edits);
      else
        changed.erase(changed.begin() + at);
    }
    const std::string before = pick(lines);
    const std::string after = pick(changed);
    RC_PRE(before != after);
    const auto tree = SourceTree::in_memory("t", {{"f.c", before}});
    const auto applied = apply_text(tree, "Subject: x\n\nx\n---\n" + unified_diff("f.c", before, after));
    if (!applied) RC_FAIL(to_string(applied.error()));
    RC_ASSERT(applied->tree.read("f.c")->text == after);
  });
}
