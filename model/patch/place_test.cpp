#include "model/patch/place.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "model/patch/guess.hpp"
#include "model/patch/test_support.hpp"

using namespace hotproof;
using namespace hotproof::patch;

namespace {

using Kind = Placement::Kind;
using Text = std::vector<std::string>;

std::string joined(const Text& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

// Lines with a sign: the shortest script from `from` to `to` (longest common subsequence).
Text signed_lines(const Text& from, const Text& to) {
  std::vector<std::vector<std::size_t>> common(from.size() + 1, std::vector<std::size_t>(to.size() + 1, 0));
  for (std::size_t i = from.size(); i-- > 0;)
    for (std::size_t j = to.size(); j-- > 0;)
      common[i][j] = from[i] == to[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  Text out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < from.size() || j < to.size()) {
    if (i < from.size() && j < to.size() && from[i] == to[j]) {
      out.push_back(" " + from[i++]);
      ++j;
    } else if (i < from.size() && (j == to.size() || common[i + 1][j] >= common[i][j + 1])) {
      out.push_back("-" + from[i++]);
    } else {
      out.push_back("+" + to[j++]);
    }
  }
  return out;
}

// Hunks with three lines of context; those that would touch are one.
Text unified(const Text& from, const Text& to) {
  const Text all = signed_lines(from, to);
  std::vector<bool> shown(all.size(), false);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i][0] != ' ')
      for (std::size_t k = i < 3 ? 0 : i - 3; k < std::min(all.size(), i + 4); ++k) shown[k] = true;
  Text out = {"--- a/x.c", "+++ b/x.c"};
  std::size_t old_line = 0;
  std::size_t new_line = 0;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    std::size_t old_count = 0;
    std::size_t new_count = 0;
    for (; end < all.size() && shown[end] == shown[i]; ++end) {
      if (all[end][0] != '+') ++old_count;
      if (all[end][0] != '-') ++new_count;
    }
    if (shown[i]) {
      out.push_back("@@ -" + std::to_string(old_line + (old_count > 0 ? 1 : 0)) + "," + std::to_string(old_count) +
                    " +" + std::to_string(new_line + (new_count > 0 ? 1 : 0)) + "," + std::to_string(new_count) +
                    " @@");
      out.insert(out.end(), all.begin() + static_cast<std::ptrdiff_t>(i),
                 all.begin() + static_cast<std::ptrdiff_t>(end));
    }
    old_line += old_count;
    new_line += new_count;
    i = end;
  }
  return out;
}

// What a web archive does: context lines lose their leading white space, lines end in "\r\n".
std::string damaged(const Text& diff, bool strip, bool crlf) {
  std::string out;
  for (const std::string& line : diff) {
    const bool context = !line.empty() && line[0] == ' ';
    out += strip && context ? std::string(trim(line)) : line;
    out += crlf ? "\r\n" : "\n";
  }
  return out;
}

rc::Gen<Text> lines_of(const Text& alphabet) {
  return rc::gen::resize(40, rc::gen::container<Text>(rc::gen::elementOf(alphabet)));
}

const Text code = {"\tone();",   "\ttwo(a, b);", "\tif (ret)",  "\t\tgoto out;", "",       "{",          "}",
                   "\tret = 0;", "out:",         "\treturn 0;", "/* words */",   "\t\tx;", "int f(void)"};
const Text code_with_signs = {"\tone();", "", "\t- one;", "\t+ two;", "\t--x;", "\t++x;", "-1", "+1", "\ttwo();"};

// A few random changes of `lines`.
Text edited(Text lines, const Text& alphabet) {
  const int count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, lines.size() + 1));
    if (*rc::gen::arbitrary<bool>() || at == static_cast<std::ptrdiff_t>(lines.size()))
      lines.insert(lines.begin() + at, *rc::gen::elementOf(alphabet));
    else
      lines.erase(lines.begin() + at);
  }
  return lines;
}

bool all_exact(const std::vector<Placement>& placements) {
  return std::all_of(placements.begin(), placements.end(), [](const Placement& p) { return p.kind == Kind::exact; });
}

SourceTree one_file(const std::string& text) {
  return SourceTree::in_memory("t", {{"x.c", text}});
}

std::string hunk(const std::string& heading, const Text& lines) {
  std::size_t old_count = 0;
  std::size_t new_count = 0;
  for (const std::string& line : lines) {
    if (line[0] != '+') ++old_count;
    if (line[0] != '-') ++new_count;
  }
  return "--- a/x.c\n+++ b/x.c\n@@ -900," + std::to_string(old_count) + " +900," + std::to_string(new_count) + " @@ " +
         heading + "\n" + joined(lines);
}

const std::string two_functions =
    "int lamp_on(struct lamp *l)\n{\n\tint ret;\n\n\tlock(l);\n\tret = warm_up(l);\n\tif (ret)\n\t\tgoto "
    "out;\n\tl->lit = 1;\nout:\n"
    "\tunlock(l);\n\treturn ret;\n}\n\n"
    "int lamp_off(struct lamp *l)\n{\n\tint ret;\n\n\tlock(l);\n\tret = cool_down(l);\n\tif (ret)\n\t\tgoto "
    "out;\n\tl->lit = 0;\nout:\n"
    "\tunlock(l);\n\treturn ret;\n}\n";

}  // namespace

TEST_CASE("a diff on its own base gives the edited text, however its blanks and line ends are damaged") {
  CHECK(rc::check([] {
    const Text before = *lines_of(code);
    const Text after = edited(before, code);
    const bool strip = *rc::gen::arbitrary<bool>();
    const Text diff = unified(before, after);
    RC_PRE(diff.size() > 2);
    const auto applied = apply_text(one_file(joined(before)), damaged(diff, strip, *rc::gen::arbitrary<bool>()));
    if (before.empty() && !applied) return;  // `diff -u` of an empty file names no context
    RC_ASSERT(applied.has_value());
    RC_ASSERT(all_exact(applied->placements));
    RC_ASSERT(applied->tree.read("x.c")->text == joined(after));
  }));
}

TEST_CASE("context lines that begin with a sign are read right, or the patch is refused") {
  CHECK(rc::check([] {
    const Text before = *lines_of(code_with_signs);
    const Text after = edited(before, code_with_signs);
    const Text diff = unified(before, after);
    RC_PRE(diff.size() > 2);
    const auto applied = apply_text(one_file(joined(before)), damaged(diff, true, false));
    RC_CLASSIFY(applied.has_value(), "placed");
    if (applied && all_exact(applied->placements)) RC_ASSERT(applied->tree.read("x.c")->text == joined(after));
  }));
}

TEST_CASE("lines put above move the hunks, and nothing else") {
  CHECK(rc::check([] {
    Text before;
    const auto size = *rc::gen::inRange<std::size_t>(1, 40);
    for (std::size_t i = 0; i < size; ++i) before.push_back("\tline_" + std::to_string(i) + "();");
    const Text after = edited(before, code);
    const Text diff = unified(before, after);
    RC_PRE(diff.size() > 2);
    const Text above = *lines_of(code);
    const auto applied =
        apply_text(one_file(joined(above) + joined(before)), damaged(diff, *rc::gen::arbitrary<bool>(), false));
    RC_ASSERT(applied.has_value());
    RC_ASSERT(applied->tree.read("x.c")->text == joined(above) + joined(after));
    for (const std::uint32_t line : applied->tree.read("x.c")->added_lines) RC_ASSERT(line > above.size());
  }));
}

TEST_CASE("on a tree that has moved on, every line of the result comes from the tree or from the patch") {
  CHECK(rc::check([] {
    const Text before = *lines_of(code);
    const Text diff = unified(before, edited(before, code));
    const Text moved = edited(edited(before, code), code);
    RC_PRE(diff.size() > 2);
    const auto applied = apply_text(one_file(joined(moved)), damaged(diff, true, false));
    RC_CLASSIFY(applied.has_value(), "placed");
    if (!applied) return;
    std::size_t added = 0;
    std::size_t removed = 0;
    for (std::size_t i = 2; i < diff.size(); ++i) {
      if (diff[i][0] == '+') ++added;
      if (diff[i][0] == '-') ++removed;
    }
    const auto file = applied->tree.read("x.c");
    RC_ASSERT(file->added_lines.size() == added);
    RC_ASSERT(split_lines(file->text).size() == moved.size() + added - removed);
  }));
}

TEST_CASE("random bytes never do more than give an error") {
  CHECK(rc::check([](const std::string& bytes) {
    (void)apply_text(one_file(two_functions), bytes);
    (void)apply_text(one_file(two_functions), "--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,3 @@\n" + bytes);
    (void)apply_text(one_file(two_functions), "From: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" + bytes);
  }));
}

TEST_CASE("a guess keeps to the function that the header names, and leaves the tree's context as it is") {
  const auto applied = apply_text(
      one_file(two_functions),
      hunk("int lamp_off(struct lamp *l)",
           {" \tret = cool_down(l, 3);", " \tif (ret)", " \t\tgoto out;", "+\tdim(l);", " \tl->lit = 0;", " out:"}));
  REQUIRE_MESSAGE(applied, to_string(applied ? Diagnostic{} : applied.error()));
  CHECK(applied->placements[0].kind == Kind::guessed);
  CHECK(applied->placements[0].line == 20);
  CHECK(applied->placements[0].matched == 4);
  CHECK(applied->placements[0].total == 5);
  const std::string text = applied->tree.read("x.c")->text;
  CHECK(text.find("cool_down(l);\n\tif (ret)\n\t\tgoto out;\n\tdim(l);\n\tl->lit = 0;") != std::string::npos);
}

TEST_CASE("an exact match in another function is no place while the named one has lines much alike") {
  const std::string text =
      hunk("int lamp_off(struct lamp *l)", {" \tret = warm_up(l);", " \tif (ret)", " \t\tgoto out;", "+\tdim(l);"});
  const auto applied = apply_text(one_file(two_functions), text);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message.find("the function that its header names has lines much alike") != std::string::npos);
}

TEST_CASE("removed lines must be there; added ones may not fall into a statement") {
  const auto gone = apply_text(
      one_file(two_functions),
      hunk("int lamp_on(struct lamp *l)", {" \tlock(l);", "-\tret = warm_up(l, 1);", "+\tret = 0;", " \tif (ret)"}));
  REQUIRE_FALSE(gone);
  CHECK(gone.error().message.find("the lines that it removes are not there") != std::string::npos);

  const std::string wrapped =
      "int f(void)\n{\n\tint ret;\n\n\tstart(one);\n\tret = call_with_many(first, "
      "second,\n\t\t\tthird);\n\tstop(two);\n}\n";
  const auto inside =
      apply_text(one_file(wrapped), hunk("int f(void)", {" \tstart(one);", " \tret = call_with_many(first, second);",
                                                         "+\tmiddle();", " \tgone_since(5);"}));
  REQUIRE_FALSE(inside);
  CHECK(inside.error().message.find("middle of a statement") != std::string::npos);
}

TEST_CASE("what the tree has already is not applied a second time") {
  const std::string on =
      hunk("int lamp_on(struct lamp *l)", {" \tret = warm_up(l);", " \tif (ret)", " \t\tgoto out;",
                                           "+\tlamp_listeners(l, LAMP_ON);", " \tl->lit = 1;", " out:"});
  const auto once = apply_text(one_file(two_functions), on);
  REQUIRE(once);
  const auto twice = apply_text(once->tree, on);
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message.rfind("already applied: hunk 1", 0) == 0);
  // A later form: another argument, and another line beside it.
  std::string later = once->tree.read("x.c")->text;
  later.replace(later.find("lamp_listeners(l, LAMP_ON);"), 27, "lamp_listeners(l, LAMP_ON, 2);\n\tl->warm = 1;");
  const auto again = apply_text(one_file(later), on);
  REQUIRE_FALSE(again);
  CHECK(again.error().message.find("in a later form") != std::string::npos);
}

TEST_CASE("a hunk whose removed line still stands is not said to be applied, though what it adds stands elsewhere") {
  const std::string tree =
      "int f(int a)\n{\n\tif (a == 1)\n\t\tgoto undo_second;\n\tprepare(a);\n\tif (a == 2)\n\t\tgoto undo_first;\n\treturn "
      "0;\nundo_second:\n\tsecond(a);\nundo_first:\n\treturn 1;\n}\n";
  const auto refused = apply_text(
      one_file(tree), hunk("int f(int a)", {" \tunlike(a, b);", " \tcontext(of, nothing);", "-\t\tgoto undo_first;",
                                            "+\t\tgoto undo_second;", " \tnor_this();", " \tnor_that();"}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("applied") == std::string::npos);
}

TEST_CASE("new, deleted and renamed files, and files without a last newline") {
  const SourceTree tree = SourceTree::in_memory("t", {{"a/x.c", "one\ntwo"}, {"a/y.c", "three\n"}});
  const auto applied = apply_text(
      tree,
      "diff --git a/a/new.c b/a/new.c\nnew file mode 100644\n--- /dev/null\n+++ b/a/new.c\n@@ -0,0 +1,2 @@\n+x\n+y\n"
      "\\ No newline at end of file\n"
      "diff --git a/a/y.c b/a/y.c\ndeleted file mode 100644\n--- a/a/y.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-three\n"
      "diff --git a/a/x.c b/a/z.c\nsimilarity index 50%\nrename from a/x.c\nrename to a/z.c\n--- a/a/x.c\n+++ b/a/z.c\n"
      "@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+2\n");
  REQUIRE_MESSAGE(applied, to_string(applied ? Diagnostic{} : applied.error()));
  CHECK(applied->tree.read("a/new.c")->text == "x\ny");
  CHECK_FALSE(applied->tree.exists("a/y.c"));
  CHECK_FALSE(applied->tree.exists("a/x.c"));
  CHECK(applied->tree.read("a/z.c")->text == "one\n2\n");
}

TEST_CASE("paths with a folder for each side, and marks of an earlier patch that move along") {
  const auto once =
      apply_text(one_file("one\ntwo\nthree\n"), "--- old/x.c\n+++ new/x.c\n@@ -2,2 +2,3 @@\n two\n+mine\n three\n");
  REQUIRE_MESSAGE(once, to_string(once ? Diagnostic{} : once.error()));
  const auto twice = apply_text(once->tree, "--- old/x.c\n+++ new/x.c\n@@ -1,2 +1,3 @@\n+top\n one\n-two\n+2\n");
  REQUIRE_MESSAGE(twice, to_string(twice ? Diagnostic{} : twice.error()));
  CHECK(twice->tree.read("x.c")->text == "top\none\n2\nmine\nthree\n");
  CHECK(twice->tree.read("x.c")->added_lines == std::set<std::uint32_t>{1, 3, 4});
}

TEST_CASE("how alike lines are") {
  CHECK(similarity("\tint a;", "int  a;") == 1.0);
  CHECK(similarity("unsigned long n = 0;", "unsigned long n = mem->n;") > 0.6);
  CHECK(similarity("if (a->b)", "if (c) {") < 0.6);
  CHECK(similarity("", "x") == 0.0);
}
