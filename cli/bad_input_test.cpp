#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <random>

#include "cli/run_program.hpp"

using namespace hotproof::cli;

namespace {

constexpr unsigned most_seconds = 20;

bool is_clean(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c == '\n' || (c >= 0x20 && c != 0x7f); });
}

// Exit status 2, nothing on standard output, one line that names `where` (a file, perhaps with line and column) and has
// `what` in it.
void check_refused(const std::vector<std::string>& args, const std::string& where, const std::string& what) {
  const Ran ran = run_program(args, most_seconds);
  INFO(where << ": " << what << "\n" << ran.err.substr(0, 1000));
  CHECK(ran.exit == 2);
  CHECK(ran.out.empty());
  CHECK(ran.err.starts_with("hotproof: " + where));
  CHECK(ran.err.find(what) != std::string::npos);
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  CHECK(is_clean(ran.err));
}

// What is strange but could be C: a refusal, or an answer that says what was not understood.
void check_answered(const std::vector<std::string>& args) {
  const Ran ran = run_program(args, most_seconds);
  INFO(args.back() << "\n" << ran.err.substr(0, 1000) << ran.out.substr(0, 1000));
  CHECK((ran.exit == 2 || ran.exit == 4));
  CHECK(ran.err.empty() == (ran.exit == 4));
  CHECK(ran.out.empty() == (ran.exit == 2));
  CHECK(is_clean(ran.err));
  CHECK(is_clean(ran.out));
}

// A folder with a small source file of known text, taken as a tree.
class Tree {
 public:
  Tree() {
    std::filesystem::create_directories(scratch_.file("tree/mm"));
    scratch_.with("tree/memory.c", "int a;\nint b;\nint c;\nint d;\nint e;\n");
  }
  std::string path() const { return scratch_.file("tree"); }
  std::string hotplug() const { return scratch_.file("tree/mm/memory_hotplug.c"); }
  const Scratch& scratch() const { return scratch_; }

  void check_patch(const std::string& text, const std::string& place, const std::string& what) const {
    const std::string mail = scratch_.with("patch", text);
    check_refused({"patch", mail, "--tree", path()}, mail + place, what);
  }
  void check_source(const std::string& text) const {
    scratch_.with("tree/mm/memory_hotplug.c", text);
    for (const char* command : {"check", "model"}) check_answered({command, "--tree", path()});
    const Ran ran = run_program({"check", "--tree", path()}, most_seconds);
    INFO(ran.err);
    if (ran.exit == 2) CHECK(ran.err.find(path()) != std::string::npos);
  }

 private:
  Scratch scratch_;
};

void check_edit(const std::string& text, const std::string& place, const std::string& what) {
  const Scratch scratch;
  const std::string edit = scratch.with("bad.edit", text);
  check_refused({"check", "--edit", edit}, edit + place, what);
}

std::string repeated(const std::string& text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

std::string embedded_mail() {
  return text_of(HOTPROOF_SOURCE_DIR "/model/reference/prepare-online.mbox");
}

const std::string head = "--- a/memory.c\n+++ b/memory.c\n";
const std::string online = "file memory.c\nin memory_block_online\n";

// A patch of the reference model that adds lines to a function.
std::string addition(const std::vector<std::string>& lines) {
  std::string out = "--- a/memory.c\n+++ b/memory.c\n@@ -132,6 +132," + std::to_string(lines.size() + 6) +
                    " @@\n static int memory_block_online(struct memory_block *mem)\n {\n"
                    " \tunsigned long altmap = mem->altmap_pages;\n \tint ret;\n \n \tmem_hotplug_begin();\n";
  for (const std::string& line : lines) out += "+" + line + "\n";
  return out;
}

void check_addition(const std::vector<std::string>& lines) {
  const Scratch scratch;
  check_answered({"patch", scratch.with("strange.diff", addition(lines))});
}

}  // namespace

TEST_CASE("a cut mail is refused where it is cut") {
  const Tree tree;
  const std::string mail = embedded_mail();
  const std::size_t diff = mail.find("diff --git");
  REQUIRE(diff != std::string::npos);
  tree.check_patch(mail.substr(0, 1), ": ", "no diff");
  tree.check_patch(mail.substr(0, diff), ": ", "no diff");
  for (const char* behind : {"@@ -132", "@@ -145", "@@ -153", "@@ -6,6"}) {
    const std::size_t header = mail.find(behind);
    REQUIRE(header != std::string::npos);
    const auto line = std::count(mail.begin(), mail.begin() + static_cast<std::ptrdiff_t>(header), '\n') + 1;
    const std::size_t end = mail.find('\n', mail.find('\n', header) + 1) + 1;
    tree.check_patch(mail.substr(0, end), ":" + std::to_string(line) + ":1: ", "the hunk is cut");
  }
  tree.check_patch(mail.substr(0, mail.find("@@ -132")), ":", "no hunk follows");
}

TEST_CASE("counts of a hunk that are wrong") {
  const Tree tree;
  tree.check_patch(head + "@@ -1,3 +1,4 @@\n int a;\n+int x;\n", ":3:1: ", "the hunk is cut");
  tree.check_patch(head + "@@ -1,2 +1,3 @@\n int a;\n+int x;\n int b;\n int c;\n int d;\n-int e;\n",
                   ":3:1: ", "counts");
  tree.check_patch(head + "@@ -1,0 +1,99999999999 @@\n+int x;\n", ":3:1: ", "hunk header");
  tree.check_patch(head + "@@ -x,2 +1,3 @@\n int a;\n", ":3:1: ", "hunk header");
}

TEST_CASE("diffs of other kinds") {
  const Tree tree;
  tree.check_patch("diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZ\n\n", ":3:1: ", "binary");
  tree.check_patch("Binary files a/x and b/x differ\n", ":1:1: ", "binary");
  tree.check_patch("3c\nint z;\n.\n", ":1:1: ", "ed-style");
  tree.check_patch("3c3\n< int c;\n---\n> int z;\n", ":1:1: ", "ed-style");
  tree.check_patch("*** memory.c\n--- memory.c.new\n***************\n*** 1,2 ****\n  int a;\n! int b;\n--- 1,2 ----\n",
                   ":1:1: ", "context diff");
  tree.check_patch("diff --cc memory.c\n--- a/memory.c\n+++ b/memory.c\n@@@ -1 -1 +1,2 @@@\n  int a;\n",
                   ":1:1: ", "combined");
  tree.check_patch("@@ -1 +1 @@\n-int a;\n+int z;\n", ":1:1: ", "header of its file");
}

TEST_CASE("a diff outside the tree changes nothing there") {
  const Tree tree;
  tree.check_patch("--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n",
                   ":1:5: ", "leaves the tree");
  tree.check_patch("--- /etc/passwd\n+++ /etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", ":1:5: ", "leaves the tree");
  tree.check_patch("--- /dev/null\n+++ b/../new\n@@ -0,0 +1 @@\n+b\n", ":2:5: ", "leaves the tree");
  CHECK(!std::filesystem::exists(tree.scratch().file("new")));
}

TEST_CASE("a diff that does not fit the tree") {
  const Tree tree;
  tree.check_patch(head + "@@ -900,3 +900,3 @@\n foo1();\n-bar2();\n+baz();\n qux3();\n", ":3:1: ", "no place");
  tree.check_patch("--- a/none.c\n+++ b/none.c\n@@ -1 +1 @@\n-a\n+b\n", ":1:1: ", "no file 'none.c'");
  tree.check_patch("--- /dev/null\n+++ b/memory.c\n@@ -0,0 +1 @@\n+int z;\n", ":1:1: ", "already in the tree");
  tree.check_patch(embedded_mail(), ":", "no place");
  const std::string to_x =
      "diff --git a/memory.c b/memory.c\n" + head + "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int x;\n int c;\n";
  const std::string to_y =
      "diff --git a/memory.c b/memory.c\n" + head + "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int y;\n int c;\n";
  const std::string from = "From 1 Mon Sep 17 00:00:00 2001\nFrom: a@b\nSubject: [PATCH] x\n\nmessage\n---\n";
  tree.check_patch(from + to_x + "\n" + from + to_y, ":25:1: ", "no place");
  const std::string mail = HOTPROOF_SOURCE_DIR "/model/reference/prepare-online.mbox";
  check_refused({"patch", mail, mail}, mail + ":", "already applied");
}

TEST_CASE("inputs that are no text") {
  const Tree tree;
  tree.check_patch("", ": ", "empty");
  tree.check_patch("\n\n\n", ": ", "no diff");
  tree.check_patch(head + std::string("a\0b", 3), ":3:2: ", "NUL");
  tree.check_patch(std::string("\xff\xfe-\0-\0-\0 \0", 10), ":1:4: ", "UTF-16");
  tree.check_patch(std::string("\0-\0-\0-", 6), ":1:1: ", "NUL");
  const std::string base64 = "From: a@b\nSubject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n";
  tree.check_patch(base64 + "!!!garbage%%%\n", ":6:1: ", "base64");
  tree.check_patch(base64 + "AAAA\n////\n", ":6: ", "NUL");
  check_edit(std::string("file memory.c\n\0", 15), ":2:1: ", "NUL");
  const std::string zeros(std::size_t{100} << 20U, '\0');
  tree.check_patch(zeros, ": ", "64 MiB");
  check_edit(zeros, ": ", "64 MiB");
}

TEST_CASE("edits that cannot be read, with line and column") {
  check_edit("", ": ", "changes nothing");
  check_edit("delte call x\n", ":1:1: ", "'delte' is no action");
  check_edit(online + "  delete call\n", ":3:14: ", "expected");
  check_edit(online + "  move call mem_hotplug_begin befor call x\n", ":3:31: ", "position");
  check_edit(online + "  insert { foo(; at start\n", ":3:10: ", "no closing brace");
  check_edit(online + "  delete if \"ret\n", ":3:13: ", "no end on its line");
  check_edit(online + "  delete call memory_notify #99999999999999\n", ":3:29: ", "number");
  check_edit("delete call mem_hotplug_begin\n", ":1:30: ", "no function");
  check_edit("file ../../etc/passwd\n", ":1:6: ", "leaves the tree");
  check_edit("set CONFIG_X = maybe\n", ":1:16: ", "y or n");
  check_edit("about it\nscenario nosuch = 3\n", ":2:10: ", "nosuch");
  check_edit(online + "  delete " + repeated("then of ", 100'000) + "if \"ret\"\n", ":3:", "too many");
}

TEST_CASE("edits of what is not there") {
  check_edit("file nosuch.c\nin memory_block_online\n  delete call x\n", ":3:3: ", "no file 'nosuch.c'");
  check_edit("file memory.c\nin nosuch\n  delete call x\n", ":3:3: ", "no function 'nosuch'");
  check_edit(online + "  delete call nosuch\n", ":3:10: ", "no 'call nosuch'");
  check_edit(online + "  delete call memory_notify\n", ":3:10: ", "has 2");
  check_edit(online + "  delete call memory_notify #99\n", ":3:10: ", "only 2");
  check_edit(online + "  replace argument 77 of call memory_notify #1 by \"0\"\n", ":3:", "2 arguments");
  check_edit(online + "  send goto out #1 to nosuch\n", ":3:3: ", "no label 'nosuch'");
  check_edit(online + "  insert { int = ; } at start\n", ":3:3: ", "C grammar");
}

TEST_CASE("an edit's C that is nested deeply") {
  const std::string open = repeated("(", 100'000);
  const std::string close = repeated(")", 100'000);
  check_edit(online + "  insert { ret = " + open + "1" + close + "; } at start\n", ":3:3: ", "too deep");
  check_edit(online + "  replace condition of if \"ret\" #1 by \"" + open + "1" + close + "\"\n", ":3:", "too deep");
  check_edit(online + "  insert { " + repeated("{", 100'000) + repeated("}", 100'000) + " } at start\n",
             ":3:3: ", "too deep");
}

TEST_CASE("names that nothing has") {
  const Tree tree;
  check_refused({"check", "--property", "nosuch"}, "", "no property is called 'nosuch'");
  check_refused({"check", "--scenario", "nosuch"}, "", "unknown scenario \"nosuch\"");
  check_refused({"check", "--arch", "vax"}, "--arch: ", "'vax' is none of");
}

TEST_CASE("folders and files that are not what they should be") {
  const Tree tree;
  check_refused({"check", "--tree", tree.path() + "/memory.c"}, tree.path() + "/memory.c: ", "not a folder");
  check_refused({"check", "--tree", tree.path() + "/none"}, tree.path() + "/none: ", "not a folder");
  check_refused({"check", "--tree", tree.path() + "/mm"}, tree.path() + "/mm: ", "no mm/memory_hotplug.c");
  check_refused({"check", "--tree", tree.path()}, tree.path() + ": ", "no mm/memory_hotplug.c");
  check_refused({"patch", tree.path()}, tree.path() + ": ", "it is a folder");
  check_refused({"patch", tree.path() + "/none"}, tree.path() + "/none: ", "No such file");
  check_refused({"check", "--edit", tree.path()}, tree.path() + ": ", "it is a folder");
  if (geteuid() == 0) {
    MESSAGE("skipped: root can read every file");
    return;
  }
  const std::string locked = tree.scratch().with("locked", head);
  chmod(locked.c_str(), 0);
  check_refused({"patch", locked}, locked + ": ", "Permission denied");
}

TEST_CASE("a result that cannot be written leaves everything as it is") {
  const Tree tree;
  check_refused({"check", "-o", tree.path()}, tree.path() + ": ", "cannot write");
  const std::string missing = tree.path() + "/none/out.json";
  check_refused({"check", "-o", missing}, missing + ": ", "cannot write");
  const std::string kept = tree.scratch().with("kept", "as it was");
  check_refused({"check", "--tree", tree.path(), "-o", kept}, tree.path() + ": ", "no mm/memory_hotplug.c");
  check_refused({"check", "--property", "nosuch", "-o", kept}, "", "nosuch");
  CHECK(text_of(kept) == "as it was");
  CHECK(tree.scratch().entries() == 2);
}

TEST_CASE("trees whose files are links in a ring, folders or pipes") {
  const Tree tree;
  std::filesystem::create_symlink("memory_hotplug.c", tree.hotplug());
  check_refused({"check", "--tree", tree.path()}, tree.path() + ": ", "no mm/memory_hotplug.c");
  std::filesystem::remove(tree.hotplug());
  std::filesystem::create_directory(tree.hotplug());
  check_refused({"check", "--tree", tree.path()}, tree.path() + ": ", "no mm/memory_hotplug.c");
  std::filesystem::remove(tree.hotplug());
  REQUIRE(mkfifo(tree.hotplug().c_str(), 0600) == 0);
  check_refused({"check", "--tree", tree.path()}, tree.path() + ": ", "no mm/memory_hotplug.c");
  std::filesystem::remove(tree.hotplug());
  std::filesystem::create_directory_symlink("..", tree.path() + "/mm/loop");
  std::filesystem::create_directories(tree.path() + "/include");
  std::filesystem::create_directory_symlink("../include", tree.path() + "/include/linux");
  tree.check_source("#include \"loop/mm/memory_hotplug.c\"\n#include <linux/linux/linux/memory.h>\nint a;\n");
  std::filesystem::create_directory_symlink("ring", tree.scratch().file("ring"));
  check_refused({"check", "--tree", tree.scratch().file("ring")}, tree.scratch().file("ring") + ": ", "not a folder");
}

TEST_CASE("trees whose source is no C, or nested deeply") {
  const Tree tree;
  std::mt19937 random(7);
  std::string bytes(300'000, ' ');
  for (char& byte : bytes) byte = static_cast<char>(random() & 0xffU);
  tree.check_source(bytes);
  tree.check_source("");
  tree.check_source(std::string(1'000'000, '\0'));
  const std::string start = "int online_pages(unsigned long pfn)\n{ return 0; ";
  tree.check_source(start + repeated("{", 100'000) + repeated("}", 100'000) + "}\n");
  tree.check_source("int a = " + repeated("(", 100'000) + "1" + repeated(")", 100'000) + ";\n");
}

TEST_CASE("patches that make the source nested deeply or endless") {
  check_addition({repeated("{", 50'000), repeated("{", 50'000), repeated("}", 50'000), repeated("}", 50'000)});
  check_addition({"ret = " + repeated("(", 50'000), "1", repeated(")", 50'000) + ";"});
  check_addition({"ret = " + repeated("- ", 30'000) + "1;"});
  check_addition({"int " + repeated("*", 60'000) + "p;"});
  check_addition({"again:", "goto again;"});
  check_addition({"memory_block_online(mem);"});
  check_addition({"#include \"memory.c\""});
  check_addition({"/* never ends"});
  check_addition({"ret = \x1b[31m1; /* \x1b]0;title\x07 \x7f */", "foo(\"\x1b[2J\");"});
}

TEST_CASE("patches with very many lines are answered in time") {
  std::vector<std::string> lines(100'000, "ret +");
  lines.front() = "ret = ret +";
  lines.back() = "1;";
  check_addition(lines);
  check_addition(std::vector<std::string>(100'000, "#if 1"));
}

TEST_CASE("nothing that a terminal would obey comes out") {
  const Scratch scratch;
  const std::string mail =
      "From: \x1b[31mEve <e@v>\nSubject: [PATCH] \x1b]0;title\x07 subject\n\n\x1b[2J no functional "
      "change \x7f at all.\n---\n" +
      addition({"\tif (altmap) /* \x1b[2J */", "\t\tmem_hotplug_done();"});
  const std::string path = scratch.with("\x1b[31mred.mbox", mail);
  for (const char* format : {"text", "json"}) {
    const Ran ran = run_program({"patch", path, "--format", format}, most_seconds);
    INFO(ran.out.substr(0, 1000) << ran.err);
    CHECK(ran.exit == 1);
    CHECK(ran.out.find("subject") != std::string::npos);
    CHECK(is_clean(ran.out));
    CHECK(is_clean(ran.err));
  }
  check_refused({"patch", scratch.file("\x1b[31mnone")}, scratch.file("\\x1b[31mnone"), "No such file");
  check_refused({"check", "--property", "\x1b[31m"}, "", "'\\x1b[31m'");
}
