#include "model/source/source_tree.hpp"

#include <doctest/doctest.h>

using namespace hotproof;

TEST_CASE("a path must stay inside the tree") {
  CHECK(stays_inside("mm/memory_hotplug.c"));
  for (const char* path : {"", "/etc/passwd", "..", "../x", "a/../../x", "a//b", "./a", "a/.", "a\nb", "a\\b"})
    CHECK_MESSAGE(!stays_inside(path), path);
}

TEST_CASE("an overlay is seen first, and only by the copy that has it") {
  const SourceTree tree = SourceTree::in_memory("t", {{"a/x.c", "old"}});
  const SourceTree patched = tree.with({"a/x.c", "new", {1}, {}}).with({"a/y.c", "y", {}, {}});
  CHECK(tree.read("a/x.c")->text == "old");
  CHECK(patched.read("a/x.c")->text == "new");
  CHECK(patched.list("a") == std::vector<std::string>{"a/x.c", "a/y.c"});
  CHECK_FALSE(patched.without("a/x.c").exists("a/x.c"));
}

TEST_CASE("a folder that is none is an error with its name") {
  const auto tree = SourceTree::open("/nonexistent/tree");
  REQUIRE_FALSE(tree);
  CHECK(to_string(tree.error()) == "/nonexistent/tree: not a folder (--tree names a source tree)");
}
