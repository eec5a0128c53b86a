// Bad input must end in one clear error, soon; whatever it holds.
#include <doctest/doctest.h>

#include <chrono>

#include "model/patch/test_support.hpp"

using namespace hotproof;
using namespace hotproof::patch;

namespace {

SourceTree mail_lamps() {
  return SourceTree::in_memory(
      "lamps", {{"lamp.c",
                 "struct lamp {\n\tint lit;\n\tint warm;\n};\n\nint lamp_on(struct lamp *l)\n{\n\tif (l->lit)\n"
                 "\t\treturn -1;\n\tl->lit = 1;\n\treturn 0;\n}\n\nint lamp_off(struct lamp *l)\n{\n"
                 "\tif (!l->lit)\n\t\treturn -1;\n\tl->lit = 0;\n\treturn 0;\n}\n"},
                {"switch.h", "int lamp_on(struct lamp *l);\nint lamp_off(struct lamp *l);\n"}});
}

const std::string good_mail =
    "From: A Person <person@example.org>\nSubject: [PATCH 1/1] lamp: warm up\nDate: today\n\nA lamp is warm when it is "
    "on.\n---\n"
    " lamp.c   | 2 ++\n switch.h | 1 +\n 2 files changed, 3 insertions(+)\n\n"
    "diff --git a/lamp.c b/lamp.c\nindex 1111111..2222222 100644\n--- a/lamp.c\n+++ b/lamp.c\n"
    "@@ -8,5 +8,6 @@ int lamp_on(struct lamp *l)\n \tif (l->lit)\n \t\treturn -1;\n \tl->lit = 1;\n+\tl->warm = 1;\n "
    "\treturn 0;\n }\n"
    "@@ -16,5 +17,6 @@ int lamp_off(struct lamp *l)\n \tif (!l->lit)\n \t\treturn -1;\n \tl->lit = 0;\n+\tl->warm = "
    "0;\n \treturn 0;\n }\n"
    "diff --git a/switch.h b/switch.h\nindex 1111111..2222222 100644\n--- a/switch.h\n+++ b/switch.h\n"
    "@@ -1,2 +1,3 @@\n int lamp_on(struct lamp *l);\n int lamp_off(struct lamp *l);\n+int lamp_warm(struct lamp *l);\n";

double seconds_for(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string multipart(int depth) {
  std::string out = "From: x\n";
  for (int i = 0; i < depth; ++i)
    out += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) + "\n";
  return out + "\n" + good_mail;
}

// The message of the error that this text must give.
std::string refused(const std::string& text) {
  std::string out;
  const double seconds = seconds_for([&] {
    const auto applied = apply_text(mail_lamps(), text);
    CHECK_FALSE(applied);
    if (!applied) out = to_string(applied.error());
  });
  CHECK(seconds < 5);
  CHECK(out.find('\n') == std::string::npos);
  return out;
}

}  // namespace

TEST_CASE("the good mail is good") {
  const auto applied = apply_text(mail_lamps(), good_mail);
  REQUIRE_MESSAGE(applied, to_string(applied ? Diagnostic{} : applied.error()));
  CHECK(applied->tree.read("lamp.c")->text.find("l->warm = 1;\n\treturn 0;") != std::string::npos);
  CHECK(applied->tree.read("lamp.c")->added_lines == std::set<std::uint32_t>{11, 20});
}

TEST_CASE("a mail that is cut anywhere is refused, or was cut behind its diff") {
  for (std::size_t size = 0; size < good_mail.size(); size += 7) {
    const auto applied = apply_text(mail_lamps(), good_mail.substr(0, size));
    CAPTURE(size);
    // Only inside the last added line can a cut stay unseen.
    if (size < good_mail.rfind('+') + 1) CHECK_FALSE(applied);
  }
}

TEST_CASE("zeros, nothing, and texts that are no patch") {
  CHECK(refused(std::string(5U << 20U, '\0')).find("NUL") != std::string::npos);
  CHECK(refused("").find("empty") != std::string::npos);
  CHECK(refused("\n\n\n").find("no diff") != std::string::npos);
  CHECK(refused("Dear all,\nplease turn the lamp off.\n").find("no diff") != std::string::npos);
  CHECK(refused(std::string(1U << 20U, 'x')).find("no diff") != std::string::npos);
  CHECK(refused(std::string(1U << 20U, '\n')).find("no diff") != std::string::npos);
  CHECK(refused("From: x\nSubject: y\n\n> diff --git a/lamp.c b/lamp.c\n").find("no diff") != std::string::npos);
  CHECK(refused(std::string(largest_input + 1, 'x')).find("64 MiB") != std::string::npos);
  CHECK(refused("\xff\xfe" + good_mail.substr(0, 60)).find("no diff") != std::string::npos);
}

TEST_CASE("MIME that is damaged") {
  const std::string base64 = "From: x\nContent-Transfer-Encoding: base64\n\n";
  CHECK(refused(base64 + "ZGlm*ZiAt\n").find("t.mail:4:5: this is not base64") != std::string::npos);
  CHECK(refused(base64 + "ZGlmZ\n").find("cut") != std::string::npos);
  CHECK(refused(base64 + "AAAA\n").find("NUL") != std::string::npos);
  CHECK(refused(base64).find("no diff") != std::string::npos);
  CHECK(refused("From: x\nContent-Type: multipart/mixed\n\n" + good_mail).find("boundary") != std::string::npos);
  CHECK(refused("From: x\nContent-Type: text/html\n\n<pre>no</pre>\n").find("no diff") != std::string::npos);
  CHECK(refused(multipart(40)).find("nested too deeply") != std::string::npos);
  CHECK(refused(multipart(20'000)).find("nested too deeply") != std::string::npos);
  CHECK(apply_text(mail_lamps(), multipart(3)));
}

TEST_CASE("a hunk or file that does not fit the tree") {
  CHECK(refused(replaced(good_mail, "-8,5 +8,6", "-8,6 +8,7")).find("t.mail:15:1: the hunk is cut") !=
        std::string::npos);
  CHECK(refused(replaced(good_mail, "-8,5 +8,6", "-8,4 +8,5"))
            .find("t.mail:15:1: the hunk's lines do not have the counts") != std::string::npos);
  CHECK(
      refused(replaced(good_mail, "a/lamp.c\n+++ b/lamp.c", "a/candle.c\n+++ b/candle.c")).find("no file 'candle.c'") !=
      std::string::npos);
  CHECK(refused(replaced(good_mail, "--- a/switch.h", "--- /dev/null")).find("new file") != std::string::npos);
  CHECK(refused("--- /dev/null\n+++ b/lamp.c\n@@ -0,0 +1 @@\n+int x;\n").find("already in the tree") !=
        std::string::npos);
  CHECK(refused("--- a/lamp.c\n+++ b/lamp.c\n@@ -4000,2 +4000,3 @@\n void candle(void)\n {\n+\tburn();\n")
            .find("has no place") != std::string::npos);
  CHECK(refused("--- a/lamp.c\n+++ b/lamp.c\n@@ -3,0 +4 @@\n+int x;\n").find("no context") != std::string::npos);
  CHECK(refused("--- a/switch.h\n+++ /dev/null\n@@ -1 +0,0 @@\n-int lamp_on(struct lamp *l);\n").find("other lines") !=
        std::string::npos);
  CHECK(refused("diff --git a/none b/other\nrename from none\nrename to other\n").find("no file 'none'") !=
        std::string::npos);
  CHECK(
      refused("diff --git a/lamp.c b/switch.h\nrename from lamp.c\nrename to switch.h\n").find("already in the tree") !=
      std::string::npos);
  CHECK(refused(good_mail + good_mail.substr(good_mail.find("diff --git"))).find("applied") != std::string::npos);
}

TEST_CASE("two places that fit as well") {
  const std::string ambiguous =
      "--- a/lamp.c\n+++ b/lamp.c\n@@ -40,2 +40,3 @@\n \t\treturn -1;\n+\tblink(l);\n \tl->lit = 2;\n";
  CHECK(refused(ambiguous).find("fits about as well") != std::string::npos);
  const std::string twice = "--- a/lamp.c\n+++ b/lamp.c\n@@ -40,2 +40,3 @@\n \treturn 0;\n+\tblink(l);\n }\n";
  CHECK(refused(twice).find("matches at 2 places") != std::string::npos);
  CHECK(apply_text(mail_lamps(), replaced(twice, "@@\n", "@@ int lamp_off(struct lamp *l)\n")));
  const std::string swapped =
      "--- a/lamp.c\n+++ b/lamp.c\n@@ -8,2 +8,3 @@\n \tif (!l->lit)\n+\t\t/* off */\n \t\treturn -1;\n"
      "@@ -16,2 +17,3 @@\n \tif (l->lit)\n+\t\t/* on */\n \t\treturn -1;\n";
  CHECK(refused(swapped).find("order of the hunks") != std::string::npos);
}

TEST_CASE("large diffs are limited, and end soon") {
  std::string many = "--- a/lamp.c\n+++ b/lamp.c\n";
  for (std::size_t i = 0; i <= most_hunks; ++i)
    many += "@@ -" + std::to_string(2 * i + 1) + " +" + std::to_string(2 * i + 1) + " @@\n-a\n+b\n";
  CHECK(refused(many).find("over 10000 hunks") != std::string::npos);
  CHECK(refused("--- a/lamp.c\n+++ b/lamp.c\n@@ -1 +1 @@\n-int a;\n+" + std::string(longest_line, 'x') + "\n")
            .find("64 KiB") != std::string::npos);
  std::string counts = "--- a/lamp.c\n+++ b/lamp.c\n@@ -1,50000 +1,50000 @@\n";
  for (int i = 0; i < 50'000; ++i) counts += "+x\n-y\nz\n";
  refused(counts);
}

TEST_CASE("a file of equal lines and a hunk of equal lines take linear time") {
  std::string file;
  for (int i = 0; i < 200'000; ++i) file += "\tnop();\n";
  const SourceTree tree = SourceTree::in_memory("t", {{"x.c", file}});
  std::string text = "--- a/x.c\n+++ b/x.c\n@@ -1,50000 +1,50001 @@\n";
  for (int i = 0; i < 49'999; ++i) text += " \tnop();\n";
  text += "+\tstop();\n \tend();\n";
  CHECK(seconds_for([&] { CHECK_FALSE(apply_text(tree, text)); }) < 5);
}

TEST_CASE("mixed line ends and damaged bytes do not matter where the code is the same") {
  std::string mixed;
  bool crlf = false;
  for (const char c : good_mail) {
    if (c == '\n' && (crlf = !crlf)) mixed += '\r';
    mixed += c;
  }
  const auto applied = apply_text(mail_lamps(), mixed);
  REQUIRE_MESSAGE(applied, to_string(applied ? Diagnostic{} : applied.error()));
  CHECK(applied->tree.read("lamp.c")->text == apply_text(mail_lamps(), good_mail)->tree.read("lamp.c")->text);
  CHECK_FALSE(apply_text(mail_lamps(), replaced(good_mail, "l->lit = 1;", "l->\xc3lit = 1;"))
                  .value_or(Applied{mail_lamps(), {}})
                  .placements.empty());
}
