#include "model/patch/mail.hpp"

#include <doctest/doctest.h>

#include "model/patch/test_support.hpp"

using namespace hotproof;
using namespace hotproof::patch;

namespace {

const std::string diff_text =
    "diff --git a/lamp.c b/lamp.c\n"
    "--- a/lamp.c\n"
    "+++ b/lamp.c\n"
    "@@ -1,3 +1,4 @@\n"
    " int lit;\n"
    "+int warm;\n"
    " int broken;\n"
    " int old;\n";

std::string mail_text(const std::string& headers, const std::string& body) {
  return "From: A Person <person@example.org>\nDate: Thu, 23 Nov 2023 10:23:40 +0100\n"
         "Subject: [PATCH v2 3/7] lamp: keep it\n warm\n" +
         headers + "\n" + body;
}

const std::string body_text =
    "The lamp cools down.\n\nSigned-off-by: A Person\n---\n lamp.c | 1 +\n 1 file changed, 1 insertion(+)\n\n" +
    diff_text;

std::string base64(const std::string& text) {
  static const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8U | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k <= text.size() ? digits[bits >> (18U - 6U * k) & 63U] : '=';
    if (out.size() % 77 == 76) out += '\n';
  }
  return out + "\n";
}

std::string quoted_printable(const std::string& text) {
  std::string out;
  std::size_t column = 0;
  for (const char c : text) {
    if (column > 40 && c != '\n') {
      out += "=\n";
      column = 0;
    }
    if (c == '=' || c == '+')
      out += c == '=' ? "=3D" : "=2B";
    else
      out += c;
    column = c == '\n' ? 0 : column + 1;
  }
  return out;
}

// Reads a text with one mail whose diff is `diff_text`.
Mail good(const std::string& text) {
  const auto mails = read_mails(text, "m");
  REQUIRE_MESSAGE(mails, to_string(mails ? Diagnostic{} : mails.error()));
  REQUIRE(mails->size() == 1);
  const auto diff = read_diff(mails->front());
  REQUIRE_MESSAGE(diff, to_string(diff ? Diagnostic{} : diff.error()));
  REQUIRE(diff->files.size() == 1);
  CHECK(diff->files[0].new_path == "lamp.c");
  REQUIRE(diff->files[0].hunks.size() == 1);
  CHECK(diff->files[0].hunks[0].lines.size() == 4);
  CHECK(trim(diff->files[0].hunks[0].lines[1].text) == "int warm;");
  return mails->front();
}

void check_all(const Mail& mail) {
  CHECK(mail.subject == "lamp: keep it warm");
  CHECK(mail.version == 2);
  CHECK(mail.number == 3);
  CHECK(mail.total == 7);
  CHECK(mail.author == "A Person <person@example.org>");
  CHECK(mail.date == "Thu, 23 Nov 2023 10:23:40 +0100");
  CHECK(mail.message == "The lamp cools down.\n\nSigned-off-by: A Person\n");
}

std::string with_crlf(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

}  // namespace

TEST_CASE("one mail, in every transfer encoding") {
  check_all(good(mail_text("", body_text)));
  check_all(good(with_crlf(mail_text("", body_text))));
  check_all(good(
      mail_text("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n", base64(body_text))));
  check_all(good(mail_text("Content-Transfer-Encoding: base64\n", base64(with_crlf(body_text)))));
  check_all(good(mail_text("Content-Transfer-Encoding: Quoted-Printable\n", quoted_printable(body_text))));
  check_all(good(mail_text("Content-Type: text/plain; format=flowed\n", body_text)));
}

TEST_CASE("a line of the diff knows its line in the input") {
  const Mail mail = good(mail_text("", body_text));
  CHECK(mail.diff.front().number == 13);
  const Mail quoted = good(mail_text("Content-Transfer-Encoding: quoted-printable\n", quoted_printable(body_text)));
  CHECK(quoted.diff.front().text == "diff --git a/lamp.c b/lamp.c");
  CHECK(quoted.diff.front().number == 14);
}

TEST_CASE("a multipart mail: text and attachment, alternatives, nesting") {
  const std::string type = "Content-Type: multipart/mixed; boundary=\"cut here\"\n";
  const std::string text =
      "preamble\n--cut here\nContent-Type: text/plain\n\nThe lamp cools down.\n\nSigned-off-by: A Person\n---\n"
      "--cut here\nContent-Type: text/x-patch; name=\"x.patch\"\nContent-Transfer-Encoding: base64\n\n" +
      base64(diff_text) + "--cut here--\nepilogue\n";
  check_all(good(mail_text(type, text)));

  const std::string alternative = "--b\nContent-Type: text/plain\n\n" + body_text +
                                  "--b\nContent-Type: text/html\n\n<pre>" + body_text + "</pre>\n--b--\n";
  check_all(good(mail_text("Content-Type: multipart/alternative; boundary=b\n", alternative)));

  const std::string nested =
      "--cut here\nContent-Type: multipart/alternative; boundary=b\n\n" + alternative + "--cut here--\n";
  check_all(good(mail_text(type, nested)));
}

TEST_CASE("encoded words in headers") {
  const auto mails = read_mails(
      "From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\nSubject: =?UTF-8?B?W1BBVENIXSBs?=\n =?UTF-8?B?YW1w?=\n\n" +
          diff_text,
      "m");
  REQUIRE(mails);
  CHECK(mails->front().author == "J\xc3\xbcrgen <j@example.org>");
  CHECK(mails->front().subject == "lamp");
}

TEST_CASE("a mailbox: several mails, quoted From lines, a cover letter") {
  const std::string separator = "From 1234567890 Mon Sep 17 00:00:00 2001\n";
  const std::string cover = "From: A\nSubject: [PATCH 0/2] lamps\n\nTwo.\n>From here on it is warm.\n\n";
  const std::string one = "From: A\nSubject: [PATCH 1/2] one\n\nText.\n\n" + diff_text + "-- \n2.39.2\n\n";
  const auto mails = read_mails(separator + cover + separator + one + separator + one, "box");
  REQUIRE(mails);
  REQUIRE(mails->size() == 3);
  CHECK((*mails)[0].diff.empty());
  CHECK((*mails)[0].number == 0);
  CHECK((*mails)[0].total == 2);
  CHECK((*mails)[0].message == "Two.\nFrom here on it is warm.\n");
  CHECK((*mails)[1].subject == "one");
  CHECK((*mails)[2].line == 26);
  CHECK(read_diff((*mails)[2]));
}

TEST_CASE("brackets of subjects") {
  const auto subject = [](const std::string& text) {
    return read_mails("Subject: " + text + "\n\n" + diff_text, "m")->front();
  };
  CHECK(subject("[RFC PATCH v10 03/12 RESEND] a b").number == 3);
  CHECK(subject("[RFC PATCH v10 03/12 RESEND] a b").version == 10);
  CHECK(subject("Re: [v2,4/5] x").number == 4);
  CHECK(subject("[PATCH] [mm] x").subject == "[mm] x");
  CHECK(subject("[PATCH 99999999999/3] x").number == 0);
  CHECK(subject("[not a patch").subject == "[not a patch");
}

TEST_CASE("a page of an archive, a plain diff, git show") {
  const std::string page =
      "Lamp archive\n[Prev] [Next]\n\n[PATCH v2 3/7] lamp: keep it warm\n\nFrom: A Person <person@example.org>\n"
      "Date: Thu, 23 Nov 2023 10:23:40 +0100\n\n\n" +
      body_text + "--\n2.39.2\n\nNext in thread: other\n";
  check_all(good(page));
  CHECK(good(diff_text).message.empty());
  const Mail shown = good(
      "commit 0123456789abcdef\nAuthor: A Person <person@example.org>\nDate:   Thu\n\n    lamp: warm\n\n    More.\n\n" +
      diff_text);
  CHECK(shown.author == "A Person <person@example.org>");
  CHECK(shown.message == "lamp: warm\n\nMore.\n");
}

TEST_CASE("headers inside the text win, as git takes them") {
  const Mail mail = good("From: list\nSubject: [PATCH] x\n\nFrom: B <b@example.org>\n\nText.\n---\n" + diff_text);
  CHECK(mail.author == "B <b@example.org>");
  CHECK(mail.message == "Text.\n");
}

TEST_CASE("bytes that are no UTF-8 stay in the diff and are replaced elsewhere") {
  const Mail mail = good("From: \xff\nSubject: \xc3\n\nM\xe4.\n---\n" + diff_text);
  CHECK(mail.author == "\xef\xbf\xbd");
  CHECK(mail.message == "M\xef\xbf\xbd.\n");
}

TEST_CASE("lines that a flowed mailer broke are joined where they cannot be the diff's own") {
  const std::string broken =
      "diff --git a/l.c b/l.c\n--- a/l.c\n+++ b/l.c\n@@ -1 +1,2 @@\n int a;\n"
      "+int a_very_long_line_of_code_that_goes_on_and_on(int with, int \nmany, int words);\n";
  const auto mails = read_mails(mail_text("Content-Type: text/plain; format=flowed\n", broken), "m");
  REQUIRE(mails);
  const auto diff = read_diff(mails->front());
  REQUIRE(diff);
  CHECK(diff->files[0].hunks[0].lines[1].text.find("int many, int words);") != std::string::npos);
}
