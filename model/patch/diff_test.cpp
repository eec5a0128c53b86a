#include "model/patch/diff.hpp"

#include <doctest/doctest.h>

#include "model/patch/test_support.hpp"

using namespace hotproof;
using namespace hotproof::patch;

namespace {

Outcome<Diff> read(const std::string& text) {
  const auto mails = read_mails(text, "d");
  if (!mails) return tl::unexpected(mails.error());
  return read_diff(mails->front());
}

std::string signs(const HunkLines& lines) {
  std::string out;
  for (const HunkLine& line : lines) out += static_cast<char>(line.kind);
  return out;
}

const std::string head = "--- a/x.c\n+++ b/x.c\n";

}  // namespace

TEST_CASE("git's headers: new, deleted, renamed, mode, empty") {
  const auto diff = read(
      "diff --git a/new.c b/new.c\nnew file mode 100644\nindex 0000000..1111111\n--- /dev/null\n+++ b/new.c\n@@ -0,0 "
      "+1 @@\n+int a;\n"
      "diff --git a/gone.c b/gone.c\ndeleted file mode 100644\n--- a/gone.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int a;\n"
      "diff --git a/from.c b/to.c\nsimilarity index 100%\nrename from from.c\nrename to to.c\n"
      "diff --git a/run b/run\nold mode 100644\nnew mode 100755\n"
      "diff --git a/empty b/empty\nnew file mode 100644\nindex 0000000..e69de29\n");
  REQUIRE_MESSAGE(diff, to_string(diff ? Diagnostic{} : diff.error()));
  REQUIRE(diff->files.size() == 5);
  CHECK(diff->files[0].old_path.empty());
  CHECK(diff->files[0].new_path == "new.c");
  CHECK(diff->files[1].old_path == "gone.c");
  CHECK(diff->files[1].new_path.empty());
  CHECK(diff->files[2].old_path == "from.c");
  CHECK(diff->files[2].new_path == "to.c");
  CHECK(diff->files[3].hunks.empty());
  CHECK(diff->files[4].old_path.empty());
}

TEST_CASE("paths without prefixes, with time stamps, with a folder for each side") {
  const std::string hunk = "@@ -1 +1 @@\n-int a;\n+int b;\n";
  CHECK(read("--- mm/x.c\t2023-01-01 10:00:00\n+++ mm/x.c\t2023-01-02\n" + hunk)->files[0].new_path == "mm/x.c");
  CHECK(read("--- linux.orig/mm/x.c 2023-01-01\n+++ linux/mm/x.c 2023-01-01\n" + hunk)->files[0].old_path ==
        "linux.orig/mm/x.c");
  CHECK(read("--- i/x.c\n+++ w/x.c\n" + hunk)->files[0].old_path == "x.c");
}

TEST_CASE("lost blanks: empty lines, missing signs, white space gone") {
  const auto diff = read(head + "@@ -1,4 +1,5 @@ int f(void)\nint a;\n\n+ int b;\n\tint c;\n int d;\n--\n2.39.2\n");
  REQUIRE_MESSAGE(diff, to_string(diff ? Diagnostic{} : diff.error()));
  const Hunk& hunk = diff->files[0].hunks[0];
  CHECK(hunk.damaged);
  CHECK(hunk.heading == "int f(void)");
  CHECK(signs(hunk.lines) == "  +  ");
  CHECK(hunk.others.empty());
}

TEST_CASE(
    "a damaged context line that begins with a sign: the counts say that there is one, and which readings are left") {
  // Four context lines; "- two;" was one of them.
  const auto diff = read(head + "@@ -1,4 +1,5 @@\nx = one\n- two;\n+y = 3;\nz = 4;\nw = 5;\n");
  REQUIRE_MESSAGE(diff, to_string(diff ? Diagnostic{} : diff.error()));
  CHECK(signs(diff->files[0].hunks[0].lines) == "  +  ");
  CHECK(diff->files[0].hunks[0].others.empty());
  // Of two lines with '+' one is context: two readings.
  const auto two = read(head + "@@ -1,4 +1,5 @@\nx = one\n+ two;\n+y = 3;\nz = 4;\nw = 5;\n");
  REQUIRE_MESSAGE(two, to_string(two ? Diagnostic{} : two.error()));
  CHECK(signs(two->files[0].hunks[0].lines) == "  +  ");
  REQUIRE(two->files[0].hunks[0].others.size() == 1);
  CHECK(signs(two->files[0].hunks[0].others[0]) == " +   ");
}

TEST_CASE("removed and added lines that look like a file's header") {
  const auto diff = read(head + "@@ -1,2 +1,2 @@\n int a;\n--- i;\n+++ i;\n");
  REQUIRE_MESSAGE(diff, to_string(diff ? Diagnostic{} : diff.error()));
  CHECK(diff->files[0].hunks[0].lines[1].text == "-- i;");
  CHECK(diff->files[0].hunks[0].lines[2].text == "++ i;");
}

TEST_CASE("no newline at the end of a file") {
  const auto diff =
      read(head + "@@ -1 +1 @@\n-int a;\n\\ No newline at end of file\n+int b;\n\\ No newline at end of file\n");
  REQUIRE(diff);
  CHECK(diff->files[0].hunks[0].lines[0].ends_without_newline);
  CHECK(diff->files[0].hunks[0].lines[1].ends_without_newline);
}

TEST_CASE("what is no good unified diff is refused with its line") {
  struct Case {
    const char* text;
    const char* line;
    const char* message;
  };
  const Case cases[] = {
      {"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n int a;\n", "d:3:1", "hunk is cut"},
      {"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n int a;\n@@ -9 +9 @@\n-a\n+b\n", "d:3:1", "hunk is cut"},
      {"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-int a;\n+int b;\n+int c;\n", "d:3:1", "counts"},
      {"--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-int a;\n-int b;\n+int c;\n+int d;\n", "d:3:1", "counts"},
      {"--- a/x\n+++ b/x\n@@ -1 +1\n-a\n+b\n", "d:3:1", "hunk header"},
      {"--- a/x\n+++ b/x\n@@ -99999999999 +1 @@\n-a\n+b\n", "d:3:1", "hunk header"},
      {"--- a/x\n+++ b/x\n@@ -5,2 +5 @@\n-a\n b\n@@ -6 +6 @@\n-c\n+d\n", "d:6:1", "overlaps"},
      {"--- a/x\n+++ b/x\n@@ -50 +50 @@\n-a\n+b\n@@ -6 +6 @@\n-c\n+d\n", "d:6:1", "order"},
      {"--- /dev/null\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "d:3:1", "new file"},
      {"--- a/x\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n", "d:3:1", "deleted file"},
      {"--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n", "d:1:1", "/dev/null"},
      {"--- a/x\n+++ b/x\n@@ -0,1 +1 @@\n-a\n+b\n", "d:3:1", "before the first line"},
      {"--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", "d:1:5", "leaves the tree"},
      {"--- ../../etc/passwd\n+++ ../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", "d:1:5", "leaves the tree"},
      {"--- a/x\n+++ /etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", "d:2:5", "leaves the tree"},
      {"diff --git a/x /etc/passwd\nold mode 100644\nnew mode 100755\n", "d:1:16", "leaves the tree"},
      {"diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to ../y\n", "d:1:1", "leaves the tree"},
      {"diff --git \"a/\\303.c\" \"b/\\303.c\"\n--- \"a/x\"\n", "d:1:12", "quoted path"},
      {"diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 1\nABC\n", "d:3:1", "binary"},
      {"diff --git a/x b/x\nBinary files a/x and b/x differ\n", "d:2:1", "binary"},
      {"*** a/x.c\n--- b/x.c\n***************\n*** 1,2 ****\n", "d:1:1", "context diff"},
      {"diff -c a/x b/x\n*** a/x.c\n--- b/x.c\n***************\n", "d:2:1", "context diff"},
      {"3c3\n< int a;\n---\n> int b;\n", "d:1:1", "ed-style"},
      {"3c\nint b;\n.\n", "d:1:1", "ed-style"},
      {"diff --cc x.c\nindex 1,2..3\n--- a/x.c\n+++ b/x.c\n@@@ -1,2 -1,2 +1,3 @@@\n", "d:1:1", "combined"},
      {"@@ -1 +1 @@\n-a\n+b\n", "d:1:1", "without the header"},
      {"diff --git a/x b/x\n", "d:1:1", "cut"},
      {"diff --git a/x\n", "d:1:1", "cut"},
      {"diff --git a/x b/x\nindex 1234..5678 100644\n", "d:1:1", "cut"},
      {"--- a/x\n+++ b/x\n", "d:1:1", "cut"},
      {"--- a/x\n+++ b/x\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n", "d:1:1", "cut"},
      {" 2 files changed, 1 insertion(+)\n\n---\n 2 files changed, 2 insertions(+)\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n "
       "a\n+b\n",
       "d:4", "diffstat"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto diff = read(c.text);
    REQUIRE_FALSE(diff);
    const std::string said = to_string(diff.error());
    CAPTURE(said);
    CHECK(said.rfind(std::string(c.line) + ":", 0) == 0);
    CHECK(said.find(c.message) != std::string::npos);
  }
}
