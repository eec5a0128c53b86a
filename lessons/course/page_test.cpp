#include "lessons/course/page.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hotproof::lessons;
using hotproof::render::Style;

namespace {

Page sample(const std::string& words) {
  Page page;
  page.title = words;
  page.above = words;
  for (const Section::Kind kind : {Section::Kind::prose, Section::Kind::program, Section::Kind::plain})
    page.sections.push_back({words, kind, words + "\n\n  " + words + "\n"});
  return page;
}

const std::vector<std::string> payloads = {
    "\x1b[2J",          "\x1b]0;title\x07",  "<script>alert(1)</script>", "</pre><img src=x onerror=alert(1)>",
    "\"><svg onload=1>", "'; drop",           "\xe2\x80\xae" "reversed",   "\xe2\x81\xa6isolate",
    "\xff\xfe",          std::string("\0", 1), "\r overwritten",             "&lt;&amp;",
    std::string(10'000, 'x')};

}  // namespace

TEST_CASE("text is filled, and what stands further in is left alone") {
  Unit unit;
  unit.id = "a";
  unit.title = "A";
  unit.teaches = "b";
  unit.text.text = "one\ntwo\n\n  kept   as is\n\tint x;\n\nthree\n";
  CHECK(text(page_of(unit, 1, 2), Style{false, true, 80}) ==
        "A\nUnit 1 of 2, a. Break it. Teaches b.\n\none two\n\n  kept   as is\n        int x;\n\nthree\n");
}

TEST_CASE("a program has its line numbers") {
  Page page;
  page.title = "T";
  page.above = "a";
  page.sections.push_back({"lesson.c", Section::Kind::program, "int a;\n\n\tb();\n"});
  CHECK(text(page, Style{false, true, 80}) == "T\na\n\nlesson.c\n   1  int a;\n   2\n   3          b();\n");
}

TEST_CASE("nothing in a unit speaks to the terminal or to a browser") {
  for (const std::string& payload : payloads) {
    const std::string shown = text(sample(payload), Style{false, true, 80}) + plain(payload, Style{false, true, 80});
    for (const char c : shown) CHECK((c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)));
    CHECK(shown.find("\xe2\x80\xae") == std::string::npos);
    CHECK(shown.find("\xe2\x81\xa6") == std::string::npos);
    const std::string page = html(sample(payload));
    for (const char c : page) CHECK((c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)));
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("<img") == std::string::npos);
    CHECK(page.find("<svg") == std::string::npos);
    CHECK(page.find("\xe2\x80\xae") == std::string::npos);
    // Every tag that is opened is one of ours.
    CHECK(std::count(page.begin(), page.end(), '<') == std::count(page.begin(), page.end(), '>'));
  }
}

TEST_CASE("the list says what was done") {
  Unit one;
  one.id = "one";
  one.title = "First";
  one.par = Par{0, 1, 2, {}};
  Unit two = one;
  two.id = "two";
  two.title = "Second";
  Progress progress;
  progress["one"] = {0, true, std::array<std::uint32_t, 3>{0, 1, 2}};
  progress["two"] = {1, true, std::array<std::uint32_t, 3>{0, 1, 3}};
  progress["gone"] = {1, true, {}};
  CHECK(list({one, two}, progress, Style{false, true, 80}) ==
        "  1 [x] break it    one  First  at par\n  2 [x] break it    two  Second  over par  1 hint\n\n"
        "2 of 2 done. `hotproof lesson N` shows one; --answer FILE grades, --hint helps.\n");
}

TEST_CASE("words of C stand out on a page, and a single mark is a mark") {
  Page page;
  page.sections.push_back({"", Section::Kind::prose, "see `f(<x>)` there\n\na ` alone\n"});
  const std::string shown = html(page);
  CHECK(shown.find("<p>see <code>f(&lt;x&gt;)</code> there</p>") != std::string::npos);
  CHECK(shown.find("<p>a ` alone</p>") != std::string::npos);
}
