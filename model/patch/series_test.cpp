#include "model/patch/series.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace hotproof;
using namespace hotproof::patch;

namespace {

std::string mail(const std::string& subject, bool diff = true) {
  return "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: " +
         subject + "\n\nWhy.\n" +
         (diff ? "---\n a.c | 1 +\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,1 +1,2 @@\n int a;\n+int b;\n"
               : "") +
         "\n";
}

std::vector<std::string> titles(const Series& series) {
  std::vector<std::string> out;
  for (const Part& part : series.parts) out.push_back(part.title);
  return out;
}

Series good(const std::vector<SeriesInput>& inputs) {
  const auto series = read_series(inputs);
  if (!series) FAIL(to_string(series.error()));
  return *series;
}

void check_refused(const std::string& box, const std::string& part) {
  const auto series = read_series({{"box", box}});
  REQUIRE_FALSE(series.has_value());
  INFO(to_string(series.error()));
  CHECK(to_string(series.error()).find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("a mailbox in any order is ordered by its numbers, and the cover letter is kept") {
  std::vector<std::string> mails = {mail("[PATCH v2 0/3] all of it", false), mail("[PATCH v2 1/3] one"),
                                    mail("[PATCH v2 2/3] two"), mail("[PATCH v2 3/3] three")};
  std::mt19937 random(7);
  for (int turn = 0; turn < 24; ++turn) {
    std::shuffle(mails.begin(), mails.end(), random);
    std::string box;
    for (const std::string& one : mails) box += one;
    const Series series = good({{"box", box}});
    CHECK(titles(series) == std::vector<std::string>{"one", "two", "three"});
    CHECK(series.version == 2);
    REQUIRE(series.cover.has_value());
    CHECK(series.cover->subject == "all of it");
    CHECK(series.parts[2].label == "3");
  }
}

TEST_CASE("the files of git format-patch, numbered or not, and plain diffs") {
  CHECK(titles(good({{"0000.patch", mail("[PATCH 0/2] all", false)},
                     {"0001.patch", mail("[PATCH 2/2] second")},
                     {"0002.patch", mail("[PATCH 1/2] first")}})) == std::vector<std::string>{"first", "second"});
  CHECK(titles(good({{"b", mail("[PATCH] b")}, {"a", mail("[PATCH] a")}})) == std::vector<std::string>{"b", "a"});
  CHECK(titles(good({{"x.diff", "--- a/a.c\n+++ b/a.c\n@@ -1,1 +1,2 @@\n int a;\n+int b;\n"}})) ==
        std::vector<std::string>{"x.diff"});
}

TEST_CASE("answers without a diff are passed over, and a patch alone may have any number") {
  const Series series = good({{"box", mail("[PATCH 1/2] one") + mail("Re: [PATCH 1/2] one", false) +
                                          mail("[PATCH 2/2] two") + mail("Re: [PATCH 0/2] all", false)}});
  CHECK(titles(series) == std::vector<std::string>{"one", "two"});
  const Series alone = good({{"box", mail("[PATCH v2 3/7] three")}});
  CHECK(alone.parts.size() == 1);
  CHECK(alone.parts[0].label == "3");
}

TEST_CASE("edits are patches in the order given") {
  const Series series =
      good({{"b.edit", "about second things first\nin f\n  delete call g\n"}, {"a.edit", "in f\n  delete call h\n"}});
  CHECK(titles(series) == std::vector<std::string>{"second things first", "a.edit"});
  CHECK(series.parts[1].label == "2");
  CHECK_FALSE(read_series({{"a.edit", "in f\n  delete call h\n"}, {"m", mail("[PATCH] m")}}).has_value());
  CHECK_FALSE(read_series({{"a.edit", "nonsense"}}).has_value());
}

TEST_CASE("what is no whole series is refused, with the reason") {
  check_refused(mail("[PATCH 1/4] one") + mail("[PATCH 4/4] four"), "of 4 patches, 2 and 3 are missing");
  check_refused(mail("[PATCH 2/3] two") + mail("[PATCH 3/3] three"), "1 is missing");
  check_refused(mail("[PATCH 1/2] one") + mail("[PATCH 1/2] other"), "a second patch 1/2: other");
  check_refused(mail("[PATCH 1/2] one") + mail("[PATCH 1/2] other") + mail("[PATCH 2/2] two"), "a second patch 1/2");
  check_refused(mail("[PATCH 1/2] one") + mail("[PATCH 2/3] two"), "two series are mixed");
  check_refused(mail("[PATCH 1/2] one") + mail("[PATCH v2 2/2] two"), "versions 1 and 2");
  check_refused(mail("[PATCH 1/2] one") + mail("[PATCH] two"), "without a number");
  check_refused(mail("[PATCH 1/2] one") + mail("[PATCH 9/2] nine"), "no patch 9/2");
  check_refused(mail("[PATCH 0/2] all") + mail("[PATCH 1/2] one") + mail("[PATCH 2/2] two"),
                "a cover letter with a diff");
  check_refused(mail("[PATCH v3 0/1] all", false) + mail("[PATCH v2 1/1] one"), "of another series");
  check_refused(mail("[PATCH 0/2] all", false), "no patch");
  check_refused("", "empty");
  CHECK_FALSE(read_series({}).has_value());
}

TEST_CASE("numbers of any size, and very many mails, are refused in time") {
  check_refused(mail("[PATCH 1/999999999] one") + mail("[PATCH 999999999/999999999] last"),
                "of 999999999 patches, 2, 3, 4, 5, 6 and 999999992 more are missing");
  check_refused(mail("[PATCH 1/2] one") + mail("[PATCH 99999999999999999999/2] two"), "without a number");
  std::string box;
  for (std::size_t i = 0; i <= most_parts; ++i) box += mail("[PATCH] again");
  check_refused(box, "over 1000 patches");
}

TEST_CASE("no cut or shuffled mailbox ends in anything but a series or an error") {
  const std::string box = mail("[PATCH v2 0/3] all of it", false) + mail("[PATCH v2 1/3] one") +
                          mail("[PATCH v2 2/3] two") + mail("[PATCH v2 3/3] three");
  std::mt19937 random(11);
  for (int turn = 0; turn < 300; ++turn) {
    std::string damaged = box;
    for (int i = 0; i < 6; ++i) damaged[random() % damaged.size()] = static_cast<char>(random() % 255 + 1);
    damaged.resize(random() % damaged.size());
    const auto series = read_series({{"box", damaged}});
    if (series) CHECK_FALSE(series->parts.empty());
  }
}
