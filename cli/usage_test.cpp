#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace hotproof::cli;

namespace {

// Wrong usage: exit status 2, one line that begins with the program's name, nothing on standard output.
void check_refused(const std::vector<std::string>& args, const std::string& part) {
  const Ran ran = run_program(args);
  std::string shown;
  for (const std::string& arg : args) shown += " " + arg.substr(0, 80);
  INFO("hotproof" << shown << "\n" << ran.err);
  CHECK(ran.exit == 2);
  CHECK(ran.out.empty());
  CHECK(ran.err.starts_with("hotproof: "));
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  CHECK(ran.err.find(part) != std::string::npos);
  for (const char c : ran.err) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
}

}  // namespace

TEST_CASE("wrong usage is one clear line and exit status 2") {
  check_refused({}, "no command");
  check_refused({"chekc"}, "no command 'chekc'");
  check_refused({"\x1b[31mred"}, "\\x1b[31mred");
  check_refused({"--no-such-option"}, "--no-such-option");
  check_refused({"specs", "--no-such-option"}, "--no-such-option");
  check_refused({"specs", "no-such-property"}, "no-such-property");
  check_refused({"specs", "prepare-has-finsh"}, "prepare-has-finish");
  check_refused({"specs", "--format", "xml"}, "xml");
  check_refused({"specs", "--format"}, "--format");
  check_refused({"specs", "--color", "sometimes"}, "sometimes");
  check_refused({"specs", "-o", "/no/such/folder/out.txt"}, "/no/such/folder/out.txt");
  check_refused({"specs", "-o", "/"}, "director");
}

TEST_CASE("wrong settings of a check are refused before any work") {
  check_refused({"check", "--engine", "magic"}, "magic");
  check_refused({"check", "--arch", "vax"}, "vax");
  check_refused({"check", "--blocks", "0"}, "--blocks");
  check_refused({"check", "--blocks", "x"}, "--blocks");
  check_refused({"check", "--workers", "1000"}, "--workers");
  check_refused({"check", "--listeners", "-1"}, "--listeners");
  check_refused({"check", "--time-limit", "soon"}, "soon");
  check_refused({"check", "--time-limit", "-3"}, "-3");
  check_refused({"check", "--time-limit", "nan"}, "nan");
  check_refused({"check", "--memory-limit", "4X"}, "4X");
  check_refused({"check", "--memory-limit", "99999999999999999999G"}, "99999999999999999999G");
  check_refused({"check", "--property", "no-such-property"}, "no-such-property");
  check_refused({"check", "--scenario", "no-such-scenario"}, "no-such-scenario");
  check_refused({"check", "--scenario", "s390-standby", "--arch", "x86_64"}, "s390-standby is about s390x");
  check_refused({"check", "--tree", "/no/such/tree"}, "/no/such/tree");
  check_refused({"check", "--tree", "/dev/null"}, "/dev/null");
  check_refused({"check", "--edit", "/no/such.edit"}, "/no/such.edit");
  check_refused({"check", "stray"}, "stray");
}

TEST_CASE("a folder that is no kernel tree is said to be none") {
  const Scratch scratch;
  scratch.with("README", "hello");
  check_refused({"check", "--tree", scratch.file("")}, "no kernel tree");
  check_refused({"model", "--tree", scratch.file("")}, "no kernel tree");
}

TEST_CASE("what is no patch is refused") {
  const Scratch scratch;
  check_refused({"patch"}, "mails");
  check_refused({"patch", scratch.file("missing.mbox")}, "missing.mbox");
  check_refused({"patch", scratch.file("")}, "folder");
  check_refused({"patch", scratch.with("empty", "")}, "empty");
  check_refused({"patch", scratch.with("prose", "Dear list,\nno patch today.\n")}, "prose");
  check_refused({"patch", scratch.with("zeros", std::string(1000, '\0'))}, "zeros");
  check_refused(
      {"patch", scratch.with("outside.diff", "--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n")},
      "outside.diff");
  check_refused({"patch", scratch.with("cut.diff", "--- a/memory.c\n+++ b/memory.c\n@@ -1,5 +1,5 @@\n a\n")},
                "cut.diff:3");
  check_refused({"patch", scratch.with("other.diff", "--- a/no/such.c\n+++ b/no/such.c\n@@ -1 +1 @@\n-a\n+b\n")},
                "no/such.c");
}

TEST_CASE("a huge input is refused in no time") {
  const Scratch scratch;
  check_refused({"patch", scratch.with("huge", std::string(std::size_t{100} << 20U, '\0'))}, "64 MiB");
}

TEST_CASE("help is enough to start with, and goes to standard output") {
  for (const char* command : {"check", "patch", "model", "specs"}) {
    const Ran ran = run_program({command, "--help"});
    INFO(command);
    CHECK(ran.exit == 0);
    CHECK(ran.err.empty());
    CHECK(ran.out.find("Examples:") != std::string::npos);
    CHECK(ran.out.find(std::string("hotproof ") + command) != std::string::npos);
    CHECK(ran.out.find("Exit status: 0") != std::string::npos);
    CHECK(ran.out.find("--format") != std::string::npos);
  }
  const Ran all = run_program({"--help"});
  CHECK(all.exit == 0);
  for (const char* command : {"check", "patch", "model", "specs"}) CHECK(all.out.find(command) != std::string::npos);
  CHECK(run_program({"--version"}).out.starts_with("0."));
}

TEST_CASE("specs lists and explains") {
  const Ran list = run_program({"specs"});
  CHECK(list.exit == 0);
  CHECK(list.out.find("prepare-has-finish") != std::string::npos);
  CHECK(list.out.find("lock-balance") != std::string::npos);
  const Ran one = run_program({"specs", "lock-balance"});
  CHECK(one.exit == 0);
  CHECK(one.out.find("comes from") != std::string::npos);
  CHECK(one.out.find("prepare-has-finish") == std::string::npos);
  const auto json = nlohmann::json::parse(run_program({"specs", "--format", "json"}).out);
  CHECK(json["properties"].size() > 10);
  CHECK(json["properties"][0]["id"].is_string());
}

TEST_CASE("-o writes a whole file or none") {
  const Scratch scratch;
  const std::string path = scratch.with("result", "old text that is longer than nothing");
  chmod(path.c_str(), 0640);
  const Ran ran = run_program({"specs", "-o", path});
  CHECK(ran.exit == 0);
  CHECK(ran.out.empty());
  CHECK(text_of(path).find("lock-balance") != std::string::npos);
  struct stat known {};
  REQUIRE(stat(path.c_str(), &known) == 0);
  CHECK((known.st_mode & 0777U) == 0640U);
  CHECK(scratch.entries() == 1);

  CHECK(run_program({"patch", scratch.file("missing.mbox"), "-o", path}).exit == 2);
  CHECK(text_of(path).find("lock-balance") != std::string::npos);
  CHECK(scratch.entries() == 1);
  CHECK(run_program({"patch", scratch.file("missing.mbox"), "-o", scratch.file("new")}).exit == 2);
  CHECK(scratch.entries() == 1);
}

TEST_CASE("-o follows links and writes to what is no file") {
  const Scratch scratch;
  const std::string target = scratch.with("target", "old");
  std::filesystem::create_symlink(target, scratch.file("link"));
  CHECK(run_program({"specs", "-o", scratch.file("link")}).exit == 0);
  CHECK(std::filesystem::is_symlink(scratch.file("link")));
  CHECK(text_of(target).find("lock-balance") != std::string::npos);
  CHECK(run_program({"specs", "-o", "/dev/null"}).exit == 0);
  CHECK(std::filesystem::is_character_file("/dev/null"));
  if (std::filesystem::exists("/dev/full")) CHECK(run_program({"specs", "-o", "/dev/full"}).exit == 2);
}

TEST_CASE("no colour but on terminals, unless asked for") {
  CHECK(run_program({"specs"}).out.find('\x1b') == std::string::npos);
  CHECK(run_program({"specs", "--color", "always"}).out.find('\x1b') != std::string::npos);
}
