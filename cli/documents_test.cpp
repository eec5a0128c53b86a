// Answers for other programs, from the whole program.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "cli/run_program.hpp"

using namespace hotproof::cli;

TEST_CASE("every form of the reference model's answer is what independent readers say it is") {
  const std::filesystem::path folder = std::filesystem::path(HOTPROOF_BUILD_DIR) / "documents";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
  for (const char* form :
       {"json", "sarif", "junit", "ktap", "graphml", "witness-yaml", "dot", "svg", "html", "life-dot", "life-svg"}) {
    const std::string file = (folder / (std::string("1.") + form)).string();
    const Ran ran = run_program({"check", "--format", form, "-o", file});
    CAPTURE(form);
    CHECK(ran.exit == 1);
    CHECK(text_of(file).size() > 500);
  }
  for (const char* form : {"sarif", "junit", "ktap"}) {
    const Ran ran = run_program(
        {"series", "--orders", "no", "--format", form, "-o", (folder / (std::string("2.") + form)).string()});
    CHECK(ran.exit == 0);
  }
  unsetenv("SOURCE_DATE_EPOCH");
  const std::string validate =
      "/usr/bin/python3 '" HOTPROOF_SOURCE_DIR "/counterexamples/render/formats/validate.py' '" + folder.string() + "'";
  const int status = std::system(validate.c_str());
  const int exit = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  if (exit == 77 || exit == 127) MESSAGE("skipped in part: a reader is not installed");
  CHECK((exit == 0 || exit == 77 || exit == 127));
}

TEST_CASE("a form about one run says which it shows, and writes nothing if there is none") {
  const Ran both = run_program({"check", "--format", "graphml"});
  CHECK(both.err == "hotproof: the run is that of failed-prepare-leaves-nothing; 1 more is violated, see --property\n");
  CHECK(both.out.find("failed-prepare-leaves-nothing") != std::string::npos);
  const Ran one = run_program({"check", "--format", "graphml", "--property", "prepare-has-finish"});
  CHECK(one.err.empty());
  CHECK(one.exit == 0);  // it is latent
  const Scratch scratch;
  const Ran none = run_program({"check", "--format", "svg", "--property", "lock-balance", "-o", scratch.file("x.svg")});
  CHECK(none.exit == 0);
  CHECK(none.err == "hotproof: no violation with a run: there is nothing to write as svg\n");
  CHECK(scratch.entries() == 0);
  const Ran series = run_program({"series", "--format", "dot"});
  CHECK(series.exit == 2);
  CHECK(series.err.find("is about one run") != std::string::npos);
  CHECK(run_program({"check", "--format", "xml"}).exit == 2);
}

TEST_CASE("the page of a recorded trace is that of the run as it was found") {
  const Scratch scratch;
  setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
  const Ran found = run_program({"check", "--property", "failed-prepare-leaves-nothing", "--format", "html", "--record", scratch.file("traces")});
  const std::string trace = scratch.file("traces") + "/failed-prepare-leaves-nothing.trace";
  const Ran kept = run_program({"explain", "--html", trace});
  unsetenv("SOURCE_DATE_EPOCH");
  CHECK(kept.exit == 0);
  CHECK(found.out.find("memory_block_online()") != std::string::npos);
  const bool same = kept.out == found.out;
  CHECK(same);
  CHECK(run_program({"explain", "--format", "sarif", trace}).exit == 0);
  CHECK(run_program({"explain", "--html", "--mail", trace}).exit == 2);
}

TEST_CASE("repro writes a folder once, and overwrites nothing") {
  const Scratch scratch;
  const std::vector<std::string> args = {"repro", "--property", "prepare-has-finish", "-o", scratch.file("repro")};
  const Ran first = run_program(args);
  CHECK(first.exit == 0);
  const std::string script = text_of(scratch.file("repro") + "/run.sh");
  CHECK(script.find("0 MEM_PREPARE_ONLINE 0x1\n1 MEM_PREPARE_ONLINE 0x8002\nEND") != std::string::npos);
  CHECK(text_of(scratch.file("repro") + "/README").find("The violation is then there to see") != std::string::npos);
  CHECK(text_of(scratch.file("repro") + "/rule.dot").find("\"idle\" -> \"prepared\"") != std::string::npos);
  const Ran second = run_program(args);
  CHECK(second.exit == 2);
  CHECK(second.err.find("the folder is not empty") != std::string::npos);
  CHECK(run_program({"repro", "--property", "prepare-has-finish"}).exit == 2);                        // no folder
  CHECK(run_program({"repro", "--property", "lock-balance", "-o", scratch.file("none")}).exit == 2);  // it holds
  CHECK_FALSE(std::filesystem::exists(scratch.file("none")));
  CHECK(run_program({"repro", scratch.with("bad.trace", "{}"), "-o", scratch.file("none")}).exit == 2);
}
