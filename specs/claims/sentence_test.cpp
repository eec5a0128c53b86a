#include "specs/claims/sentence.hpp"

#include <doctest/doctest.h>

namespace hotproof::claims {
namespace {

std::vector<std::string> texts(std::string_view message) {
  std::vector<std::string> out;
  for (const Sentence& sentence : sentences_of(message)) out.push_back(sentence.text);
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("sentences: over lines, to the full stop") {
  CHECK(texts("One thing\nhappens. Another one\ndoes! Does it?\n") ==
        Texts{"One thing happens.", "Another one does!", "Does it?"});
  CHECK(texts("See e.g. the file mm/foo.c in 6.1. It is there.") ==
        Texts{"See e.g. the file mm/foo.c in 6.1.", "It is there."});
  CHECK(texts("It calls foo(). bar() is next. a_b is last, e.g. so.") ==
        Texts{"It calls foo().", "bar() is next.", "a_b is last, e.g. so."});
  CHECK(texts("- first point\n- second\n  point\n1. third point") ==
        Texts{"first point", "second point", "third point"});
}

TEST_CASE("sentences: paragraphs are told apart") {
  const auto all = sentences_of("A first one. A second.\n\nA third one.");
  REQUIRE(all.size() == 3);
  CHECK(all[0].paragraph == all[1].paragraph);
  CHECK(all[1].paragraph != all[2].paragraph);
}

TEST_CASE("sentences: quotes, trailers, code and call chains are passed over") {
  CHECK(texts("On Monday, A. Developer wrote:\n> No functional change.\n>> Nor here.\nIt has one.") ==
        Texts{"It has one."});
  CHECK(texts("It works.\n\nFixes: 0123 (\"no functional change\")\nSigned-off-by: A <a@b>\nReviewed-by: B <b@c>\n") ==
        Texts{"It works."});
  CHECK(texts("A. Developer (2):\n  hotadd: a flag\n  hotadd: another one\n\n hotadd.c | 3 ++-\n 1 file changed, 2 "
              "insertions(+)\n\nThe end | of it.\n") == Texts{"The end | of it."});
  CHECK(texts("This calls:\n\n\tmem_hotplug_begin() before this\n    and that\n\nfoo()\n-> bar()\nThe end comes.") ==
        Texts{"This calls:", "The end comes."});
}

TEST_CASE("words: what stands behind a name, quotes, marks") {
  const auto words = words_of("Don't call \u201cfoo_bar\u201d() in x86-64\u2014it's 6.1, OK?");
  std::string shown;
  for (const Word& word : words) shown += word.text + (word.call ? "()" : "") + (word.cited ? "\"" : "") + "|";
  CHECK(shown == "Don't|call|foo_bar\"|(|)|in|x86-64|-|it's|6.1|,|OK|?|");
  CHECK(words_of("online_pages() runs")[0].call);
}

TEST_CASE("sentences: any bytes") {
  std::string all;
  for (int i = 0; i < 4096; ++i) all += static_cast<char>(i * 37 % 256);
  for (const Sentence& sentence : sentences_of(all)) words_of(sentence.text);
  CHECK(sentences_of(std::string(100'000, '.')).empty());
}

}  // namespace hotproof::claims
