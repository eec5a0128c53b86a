// Certificates of the reference model and of kernel trees: written, accepted by hotproof-verify, and rejected if
// changed.
#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

namespace hotproof::cli {

namespace {

Ran verify(const std::string& arguments) {
  const Scratch scratch;
  const std::string command = std::string(HOTPROOF_VERIFY) + " " + arguments + " >" + scratch.file("out") + " 2>" +
                              scratch.file("err") + " </dev/null";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(scratch.file("out")), text_of(scratch.file("err"))};
}

std::string tree(const std::string& name) {
  const char* const folder = std::getenv("HOTPROOF_KERNELS");
  const std::string path =
      (folder != nullptr ? std::string(folder) : HOTPROOF_SOURCE_DIR "/.cache/kernels") + "/" + name;
  return std::filesystem::exists(path + "/mm/memory_hotplug.c") ? path : "";
}

// Checks, writes a certificate, and has it accepted. Gives the certificate's part of the JSON.
nlohmann::json certified(std::vector<std::string> what, const std::string& file) {
  what.insert(what.end(), {"--format", "json", "--certificate", file});
  const Ran checked = run_program(what, 300);
  CAPTURE(checked.err);
  REQUIRE(checked.exit < 5);
  const auto json = nlohmann::json::parse(checked.out);
  CHECK(json["statistics"]["seconds_verifying"].get<double>() > 0);
  REQUIRE(json.contains("certificate"));
  const Ran verified = verify(file);
  CAPTURE(verified.out);
  CAPTURE(verified.err);
  CHECK(verified.exit == 0);
  CHECK(verified.out.ends_with("\naccepted\n"));
  CHECK(verified.out.find("does not cover: lowering") != std::string::npos);
  CHECK(json["certificate"]["file"] == file);
  CHECK(verified.out.find(json["certificate"]["system_sha256"].get<std::string>()) != std::string::npos);
  return json["certificate"];
}

}  // namespace

TEST_CASE("certificates of the reference model are accepted, and speak of the system before reductions") {
  const Scratch scratch;
  const std::string file = scratch.file("proof.cert");
  for (const char* arch : {"x86_64", "s390x"})
    for (const char* listeners : {"0", "1", "2"})
      CHECK_FALSE(certified({"check", "--arch", arch, "--listeners", listeners}, file)["reduced"].get<bool>());
  certified({"check", "--workers", "2", "--readers", "0", "--stop"}, file);
  certified({"check", "--boot", "--no-merge"}, file);
}

TEST_CASE("certificates of kernel trees are accepted, and only with their own files") {
  const Scratch scratch;
  const std::string file = scratch.file("proof.cert");
  for (const char* name : {"6.1", "6.12"}) {
    if (tree(name).empty()) {
      MESSAGE("no tree of Linux ", name, ": skipped");
      continue;
    }
    for (const char* arch : {"x86_64", "s390x"}) {
      CAPTURE(name);
      CAPTURE(arch);
      certified({"check", "--tree", tree(name), "--arch", arch}, file);
      CHECK(verify(file + " --tree " + tree(name)).exit == 0);
      const std::string other = tree(std::string(name) == "6.1" ? "6.12" : "6.1");
      if (other.empty()) continue;
      if (std::string(name) == "6.12" && std::string(arch) == "x86_64")
        certified({"check", "--tree", tree(name), "--life"}, scratch.file("life.cert"));
      const Ran wrong = verify(file + " --tree " + other);
      CHECK(wrong.exit == 1);
      CHECK(wrong.out.find("is another file than the certificate's") != std::string::npos);
    }
  }
}

TEST_CASE("a certificate by invariants says that it is about the system after reductions; of both engines there are two in one") {
  const Scratch scratch;
  const std::string file = scratch.file("proof.cert");
  CHECK(certified({"check", "--arch", "x86_64", "--listeners", "1", "--engine", "smt"}, file)["reduced"].get<bool>());
  const std::string by_invariants = verify(file + " --no-solver").out;
  CHECK(by_invariants.find("does not cover: the reductions") != std::string::npos);
  CHECK(by_invariants.find("closed set of") == std::string::npos);

  CHECK_FALSE(certified({"check", "--arch", "x86_64", "--listeners", "1", "--engine", "both"}, file)["reduced"].get<bool>());
  const Ran both = verify(file);
  CHECK(both.exit == 0);
  const std::size_t first = both.out.find("\naccepted\n"), second = both.out.rfind("\naccepted\n");
  REQUIRE(first != second);
  CHECK(both.out.substr(0, first).find("closed set of") != std::string::npos);
  CHECK(both.out.substr(0, first).find("does not cover: the reductions") == std::string::npos);
  CHECK(both.out.substr(first).find("(invariant, k = ") != std::string::npos);
  CHECK(both.out.substr(first).find("does not cover: the reductions") != std::string::npos);
  const std::string folder = scratch.file("obligations");
  CHECK(verify(file + " --obligations " + folder).exit == 0);
  CHECK(std::filesystem::exists(folder + "/2-invariant-0-initiation-0.smt2"));

  // Without a solver the second is not checked; damaged, the file is refused, whichever it is in.
  CHECK(verify(file + " --no-solver").exit == 3);
  const std::string bytes = text_of(file);
  const std::size_t behind = bytes.find("hotproof-certificate", 1);
  REQUIRE(behind != std::string::npos);
  for (const std::size_t at : {behind / 2, behind + (bytes.size() - behind) / 2}) {
    std::string changed = bytes;
    changed[at] ^= 1;
    const int exit = verify(scratch.with("changed.cert", changed)).exit;
    CHECK((exit == 1 || exit == 2));
  }
  CHECK(verify(scratch.with("more.cert", bytes + "more\n")).exit == 2);
}

TEST_CASE("a certificate names edits and rules, which are compared when that is asked for") {
  const Scratch scratch;
  const std::string file = scratch.file("proof.cert");
  const std::string rule = scratch.with("mine.spec",
                                        "property mine {\n  says \"a block comes online\";\n"
                                        "  origin \"a test\";\n  confidence high;\n"
                                        "  cover notify(_, MEM_ONLINE, _) without faults;\n}\n");
  const Ran checked = run_program({"check", "--specs", rule, "--certificate", file}, 120);
  REQUIRE(checked.exit < 2);
  CHECK(verify(file + " --inputs").exit == 0);
  std::ofstream(rule, std::ios::app) << "\n";
  CHECK(verify(file + " --inputs").exit == 1);
  CHECK(verify(file).exit == 0);
}

TEST_CASE("a damaged certificate is not accepted, and wrong usage is told") {
  const Scratch scratch;
  const std::string file = scratch.file("proof.cert");
  certified({"check", "--arch", "x86_64"}, file);
  const std::string bytes = text_of(file);
  for (std::size_t i = 1; i < 20; ++i) {
    std::string changed = bytes;
    changed[bytes.size() / 20 * i] ^= 1;
    const Ran ran = verify(scratch.with("changed.cert", changed));
    CHECK((ran.exit == 1 || ran.exit == 2));
    const Ran cut = verify(scratch.with("cut.cert", bytes.substr(0, bytes.size() / 20 * i)));
    CHECK(cut.exit == 2);
    CHECK(cut.err.find("cut.cert:") != std::string::npos);
  }
  CHECK(verify("").exit == 2);
  CHECK(verify("--frobnicate").exit == 2);
  CHECK(verify(file + " --threads 0").exit == 2);
  CHECK(verify(scratch.file("none.cert")).exit == 2);
  CHECK(verify("--help").exit == 0);
  CHECK(run_program({"check", "--certificate", scratch.file("no/such/folder")}).exit == 2);
  CHECK(run_program({"check", "--listeners", "any", "--certificate", scratch.file("any")}).exit == 2);
}

}  // namespace hotproof::cli
