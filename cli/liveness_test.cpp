// What must happen in the end: --liveness, formulas of one's own, runs that go on for ever in every output.

#include "cli/known_answers.hpp"

using namespace hotproof::cli;
using namespace hotproof::cli::known;

namespace {

std::string formula(const std::string& id, const std::string& form) {
  return "property " + id + " { says \"s\"; origin \"o\"; confidence high; " + form + " }\n";
}

// Weak fairness wins no lock that somebody else takes again and again.
const std::string without_assumption =
    formula("wins-without-help", "ltl for actor a assuming choices: G (request(a, _, _) -> F returned(a, _, _, _));");
// A worker may rest for ever.
const std::string one_more =
    formula("goes-on-asking", "ltl F request(_, _, online) -> G F request;");

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

TEST_CASE("formulas of the library are checked if that is asked for") {
  const Json without = ask({"check", "--arch", "x86_64", "--listeners", "1"}, 0);
  for (const Json& p : without["properties"]) CHECK(p["id"] != "request-answered");
  const Json with = ask({"check", "--arch", "x86_64", "--listeners", "1", "--liveness"}, 0);
  CHECK(verdict(with, "request-answered") == "proved");
  CHECK(verdict(with, "going-answered-in-time") == "proved");
  CHECK(verdict(with, "going-answered") == "proved");
  CHECK(property(with, "request-answered")["engine"] == "liveness");
  CHECK(property(with, "request-answered")["triggers"][0]["reached"] == true);
  // By name, too.
  CHECK(verdict(ask({"check", "--arch", "x86_64", "--property", "request-answered"}, 0), "request-answered") == "proved");
}

TEST_CASE("requests are answered with two workers, if locks are won") {
  const Scratch scratch;
  const std::string file = scratch.with("mine.spec", without_assumption);
  const Json answer = ask({"check", "--arch", "x86_64", "--workers", "2", "--listeners", "1", "--specs", file, "--property",
                           "wins-without-help", "--property", "request-answered"},
                          1);
  CHECK(verdict(answer, "request-answered") == "proved");
  CHECK(verdict(answer, "wins-without-help") == "violated");
  const Json trace = property(answer, "wins-without-help")["trace"];
  // One goes on for ever, and the other, which has asked, waits.
  CHECK(trace["loop_start"] < trace["steps"].size());
  CHECK(trace["loop_start"] > 0);
}

TEST_CASE("a run that ends, for ever, in every output") {
  const Scratch scratch;
  const std::string file = scratch.with("mine.spec", one_more);
  const Args args = {"check", "--arch", "x86_64", "--readers", "0", "--specs", file, "--property", "goes-on-asking"};
  const Json trace = property(ask(args, 1), "goes-on-asking")["trace"];
  CHECK(trace["steps"].size() > 0);
  CHECK(trace["loop_start"] == trace["steps"].size());
  const auto output = [&](const char* format) {
    const Ran ran = run_program(args + Args{"--format", format});
    CAPTURE(format);
    CHECK(ran.exit == 1);
    CHECK_FALSE(ran.out.empty());
    return ran.out;
  };
  CHECK(output("sarif").find("nobody moves any more") != std::string::npos);
  CHECK(output("junit").find("nobody") != std::string::npos);  // lines are filled
  CHECK(output("graphml").find("cyclehead\">true") != std::string::npos);
  CHECK(output("witness-yaml").find("a violation_sequence cannot say that\n[]\n") != std::string::npos);
  for (const char* format : {"text", "ktap", "dot", "svg", "html", "life-dot", "life-svg"}) output(format);
}

TEST_CASE("a run that goes round says where it begins to") {
  const Scratch scratch;
  const std::string file = scratch.with("mine.spec", formula("some-end", "ltl F G !request;"));
  const Args args = {"check", "--arch", "x86_64", "--specs", file, "--property", "some-end"};
  const Json trace = property(ask(args, 1), "some-end")["trace"];
  CHECK(trace["loop_start"] < trace["steps"].size());
  const auto output = [&](const char* format) { return run_program(args + Args{"--format", format}).out; };
  for (const char* format : {"sarif", "dot", "svg", "html"})
    CHECK(output(format).find("from here it repeats: ") != std::string::npos);
  CHECK(output("dot").find("again and again") != std::string::npos);
  CHECK(output("graphml").find("cyclehead\">true") != std::string::npos);
}

TEST_CASE("runs for ever in the text about a kernel tree") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Scratch scratch;
  const std::string file = scratch.with("mine.spec", one_more + formula("some-end", "ltl F G !request;"));
  const auto text = [&](const char* id) {
    const std::string out =
        run_program({"check", "--tree", *folder, "--readers", "0", "--specs", file, "--property", id}).out;
    // As if lines were not broken.
    std::string flat;
    for (const char c : out)
      if (c != '\n' && c != ' ')
        flat += c;
      else if (!flat.empty() && flat.back() != ' ')
        flat += ' ';
    return flat;
  };
  CHECK(text("goes-on-asking").find("then nobody moves any more, for ever") != std::string::npos);
  CHECK(text("some-end").find("on it repeats itself for ever") != std::string::npos);
  CHECK(text("some-end").find("from here it repeats: ") != std::string::npos);
}

TEST_CASE("where formulas are not decided, that is said") {
  check_refused({"simulate", "--property", "request-answered"}, "speaks of what happens in the end");
  check_refused({"simulate", "--run-to", "request-answered"}, "speaks of what happens in the end");
  const Json answer = ask({"check", "--arch", "x86_64", "--listeners", "any", "--property", "request-answered"}, 4);
  CHECK(verdict(answer, "request-answered") == "not-understood");
  CHECK(property(answer, "request-answered")["reason"].get<std::string>().find("a formula about what happens in the end") !=
        std::string::npos);
}

TEST_CASE("formulas of the library hold on kernel trees") {
  for (const char* version : {"6.1", "6.12"}) {
    const auto folder = kernel(version);
    if (!folder) continue;
    for (const char* architecture : {"x86_64", "s390x"}) {
      CAPTURE(version);
      CAPTURE(architecture);
      expect({"check", "--tree", *folder, "--arch", architecture},
             {{"request-answered", "proved"}, {"going-answered-in-time", "proved"}});
    }
  }
}

TEST_CASE("a lock that is never given back leaves a request without an answer") {
  const auto folder = kernel("6.12");
  if (!folder) return;
  const Scratch scratch;
  const std::string file = scratch.with("e.edit", "in memory_block_offline\n  delete call mem_hotplug_done\n");
  const Json answer = ask({"check", "--tree", *folder, "--arch", "x86_64", "--edit", file, "--property", "request-answered"}, 1);
  CHECK(verdict(answer, "request-answered") == "violated");
}

TEST_CASE("a run for ever is recorded and explained, and not gone along") {
  const Scratch scratch;
  const std::string file = scratch.with("mine.spec", one_more);
  const std::string folder = scratch.file("traces");
  const Ran ran = run_program({"check", "--arch", "x86_64", "--specs", file, "--property", "goes-on-asking", "--record", folder});
  CHECK(ran.exit == 1);
  CHECK(ran.out.find("1 trace recorded") != std::string::npos);
  const std::string trace = folder + "/goes-on-asking.trace";
  const Ran explained = run_program({"explain", trace});
  CAPTURE(explained.err);
  CHECK(explained.exit == 0);
  CHECK(explained.out.find("goes-on-asking") != std::string::npos);
  CHECK(ask({"explain", trace}, 0)["property"]["trace"].contains("loop_start"));
  check_refused({"simulate", trace}, "for ever");
}
