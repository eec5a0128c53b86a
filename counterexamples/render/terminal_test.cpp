#include "counterexamples/render/terminal.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace hotproof::render;

TEST_CASE("control characters and invisible ones become escapes") {
  CHECK(safe("a\tb\nc", true) == "a b c");
  CHECK(safe("\x1b[31mred\x1b[0m", true) == "\\x1b[31mred\\x1b[0m");
  CHECK(safe("\x7f", true) == "\\x7f");
  CHECK(safe("\xc2\x9b", true) == "\\u{9b}");        // C1: a one-byte escape to some terminals
  CHECK(safe("\xe2\x80\xae", true) == "\\u{202e}");  // right-to-left override
  CHECK(safe("\xe2\x81\xa6", true) == "\\u{2066}");  // isolate
  CHECK(safe("\xef\xbb\xbf", true) == "\\u{feff}");  // byte order mark
  CHECK(safe(std::string_view("\0", 1), true) == "\\x00");
}

TEST_CASE("only valid UTF-8 passes, and only where it is shown as such") {
  CHECK(safe("é → 字", true) == "é → 字");
  CHECK(safe("é", false) == "\\u{e9}");
  CHECK(safe("\xff\xfe", true) == "\\xff\\xfe");
  CHECK(safe("\xc0\xaf", true) == "\\xc0\\xaf");                    // overlong
  CHECK(safe("\xed\xa0\x80", true) == "\\xed\\xa0\\x80");           // surrogate
  CHECK(safe("\xf4\x90\x80\x80", true) == "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
  CHECK(safe("\xe2\x82", true) == "\\xe2\\x82");                    // cut off
}

TEST_CASE("any bytes become printable text") {
  rc::check([](const std::string& bytes) {
    for (const char c : safe(bytes, false)) RC_ASSERT(c >= 0x20 && c < 0x7f);
    for (const char c : safe(bytes, true)) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
}

TEST_CASE("cutting keeps to the width and to whole characters") {
  CHECK(cut("short", 10, true) == "short");
  CHECK(cut("a long line", 6, true) == "a lon…");
  CHECK(cut("a long line", 6, false) == "a lo..");
  CHECK(cut("字字字字", 5, true) == "字字…");
  CHECK(columns("字a…") == 4);
}

TEST_CASE("filling breaks at blanks only") {
  CHECK(filled("one two  three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(filled("", 7).empty());
  CHECK(filled("unbreakable", 3) == std::vector<std::string>{"unbreakable"});
}

TEST_CASE("colour only where the style has it") {
  CHECK(coloured("x", Colour::red, Style{false, true, 80}) == "x");
  CHECK(coloured("x", Colour::red, Style{true, true, 80}) == "\x1b[31mx\x1b[0m");
}
