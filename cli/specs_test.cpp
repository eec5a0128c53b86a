// Properties of one's own: --specs.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

const std::string own = R"(property my-own-rule {
  says "a block never goes offline";
  origin "a wish";
  confidence moderate;
  trigger notify(_, MEM_GOING_OFFLINE, _);
  rule {
    on notify(_, MEM_GOING_OFFLINE, _): error "a block goes offline";
  }
}
)";

// Exit status 2, one line on standard error that has `part`.
void check_refused(const Args& args, const std::string& part) {
  const Ran ran = run_program(args);
  CAPTURE(ran.err);
  CHECK(ran.exit == 2);
  CHECK(ran.out.empty());
  CHECK(ran.err.find(part) != std::string::npos);
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("a property of one's own is listed, explained and checked beside the library's") {
  const Scratch scratch;
  const std::string file = scratch.with("mine.spec", own);
  const Ran list = run_program({"specs", "--specs", file});
  CHECK(list.exit == 0);
  CHECK(list.out.find("my-own-rule") != std::string::npos);
  CHECK(list.out.find("lock-balance") != std::string::npos);
  const Ran one = run_program({"specs", "my-own-rule", "--specs", file});
  CHECK(one.exit == 0);
  CHECK(one.out.find("mine.spec:1:") != std::string::npos);
  CHECK(run_program({"specs", "my-own-rule"}).exit == 2);

  const Args check = {"check", "--arch", "x86_64", "--specs", file};
  const Json found = property(ask(check + Args{"--property", "my-own-rule"}, 1), "my-own-rule");
  CHECK(found["verdict"] == "violated");
  CHECK(found["reason"] == "a block goes offline");
  CHECK(property(ask(check, 1), "lock-balance")["verdict"] == "proved");
  if (const auto folder = kernel("6.12")) {
    const Args tree = {"check", "--tree", *folder, "--specs", file, "--property", "my-own-rule"};
    CHECK(property(ask(tree, 1), "my-own-rule")["verdict"] == "violated");
  }
}

TEST_CASE("several files; an id that is there twice is refused with its place") {
  const Scratch scratch;
  std::string other = own;
  other.replace(other.find("my-own-rule"), 11, "my-other-rule");
  const std::string first = scratch.with("first.spec", own);
  const std::string second = scratch.with("second.spec", other);
  const Ran both = run_program({"specs", "--specs", first, "--specs", second});
  CHECK(both.out.find("my-own-rule") != std::string::npos);
  CHECK(both.out.find("my-other-rule") != std::string::npos);
  check_refused({"specs", "--specs", first, "--specs", first}, "first.spec:1:");
  std::string clash = own;
  clash.replace(clash.find("my-own-rule"), 11, "lock-balance");
  check_refused({"check", "--specs", scratch.with("clash.spec", clash)}, "already a property 'lock-balance'");
}

TEST_CASE("a bad file is refused with line and column") {
  const Scratch scratch;
  check_refused({"specs", "--specs", scratch.file("missing.spec")}, "missing.spec");
  check_refused({"specs", "--specs", scratch.file("")}, "folder");
  check_refused({"specs", "--specs", scratch.with("prose.spec", "once upon a time\n")}, "prose.spec:1:1");
  check_refused({"specs", "--specs", scratch.with("zeros.spec", std::string(1000, '\0'))}, "zeros.spec:1:1");
  std::string unknown = own;
  unknown.replace(unknown.find("on notify"), 9, "on notifu");
  check_refused({"check", "--specs", scratch.with("unknown.spec", unknown)}, "unknown.spec:7:");
  check_refused({"check", "--specs", scratch.with("cut.spec", own.substr(0, own.size() - 3))}, "cut.spec:");
  check_refused({"check", "--specs",
                 scratch.with("deep.spec", "property p { says \"s\"; origin \"o\"; confidence high; invariant " +
                                               std::string(100000, '(') + "\n")},
                "deep.spec:1:");
  std::string huge = own;
  huge.replace(huge.find("rule {"), 6, "rule for n in 0 .. 100000 {");
  check_refused({"check", "--specs", scratch.with("huge.spec", huge), "--property", "my-own-rule"}, "huge.spec:");
}
