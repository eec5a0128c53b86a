#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace hotproof::cli;

namespace {

using Json = nlohmann::json;

Ran simulated(std::vector<std::string> args, const std::string& input) {
  args.insert(args.begin(), "simulate");
  return run_program(args, 120, input);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Compares with counterexamples/golden/NAME; with HOTPROOF_UPDATE_GOLDEN set, writes the file instead.
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = HOTPROOF_SOURCE_DIR "/counterexamples/golden/" + name;
  if (std::getenv("HOTPROOF_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  CHECK(text == text_of(path));
}

std::string framed(const std::string& json) {
  return "Content-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json;
}

// What an editor sends; requests are numbered from 1.
struct Editor {
  std::string input;
  int seq = 0;
  void ask(const std::string& command, const Json& arguments = Json::object()) {
    input += framed(Json{{"seq", ++seq}, {"type", "request"}, {"command", command}, {"arguments", arguments}}.dump());
  }
  void start() {
    ask("initialize", {{"adapterID", "hotproof"}});
    ask("launch");
    ask("configurationDone");
  }
};

std::vector<Json> messages_in(const std::string& out) {
  std::vector<Json> all;
  for (std::size_t at = 0; at < out.size();) {
    const std::string head = "Content-Length: ";
    REQUIRE(out.compare(at, head.size(), head) == 0);
    const std::size_t length = std::stoul(out.substr(at + head.size()));
    const std::size_t body = out.find("\r\n\r\n", at) + 4;
    REQUIRE(body + length <= out.size());
    all.push_back(Json::parse(out.substr(body, length)));
    CHECK(all.back()["seq"] == all.size());
    at = body + length;
  }
  return all;
}

std::vector<Json> with(const std::vector<Json>& all, const char* name, const char* value) {
  std::vector<Json> out;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out),
               [&](const Json& one) { return one.contains(name) && one[name] == value; });
  return out;
}

}  // namespace

TEST_CASE("a scripted session on the reference model") {
  const std::string script =
      "# set the block online, until a listener is asked\n"
      "2\ngo worker0\nwhere\n\n"
      "# both increments are switched on, then the second listener refuses\n"
      "1\ngo worker0\n1\ngo worker0\nfork refused\n2\ngo worker0\n"
      "props\nlist worker0\nprint mem[0]\nhistory\n"
      "# the same place, and nobody refuses\n"
      "branch main\n1\nbranches\nundo 3\njump 0\n";
  REQUIRE(setenv("LC_ALL", "C.UTF-8", 1) == 0);
  // Not all rules: a new one is no matter of this test.
  const Ran ran = simulated({"--property", "prepare-has-finish", "--property", "lock-balance", "--property",
                             "online-possible", "--property", "going-answered"},
                            script);
  CHECK(ran.err == "");
  CHECK(ran.exit == 0);
  check_golden("simulate.txt", ran.out);
}

TEST_CASE("a mistake in a script is said with its line, and ends it") {
  const Ran ran = simulated({}, "# one\n\nwhere\nfly\nwhere\n");
  CHECK(ran.exit == 2);
  CHECK(ran.err == "hotproof: standard input:4: there is no command 'fly' (`help` lists them)\n");
  CHECK(has(ran.out, "after 0 steps"));
  CHECK(simulated({}, "99\n").err.starts_with("hotproof: standard input:1: there is no step 99"));
  CHECK(simulated({}, std::string(100'000, 'x') + "\n").exit == 2);
  CHECK(simulated({}, std::string("wh\0ere\n\x1b[31m\n", 13)).exit == 2);
  CHECK_FALSE(has(simulated({}, "\x1b[31m\n").err, "\x1b"));
  CHECK(simulated({}, "quit\nfly\n").exit == 0);
  CHECK(simulated({}, "").exit == 0);
}

TEST_CASE("wrong usage is refused before anything is shown") {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--sizes", "symbolic"},
                                             {"--run-to", "no-such"},
                                             {"--property", "no-such"},
                                             {"no-such.trace"},
                                             {"--tree", "/no/such"},
                                             {"--patch", "/no/such"},
                                             {"--run-to", "lock-balance", "x.trace"}}) {
    const Ran ran = simulated(wrong, "where\n");
    CHECK(ran.exit == 2);
    CHECK(ran.out == "");
    CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
  }
  const Ran holds = simulated({"--run-to", "lock-balance"}, "");
  CHECK(holds.exit == 3);
  CHECK(has(holds.err, "proved"));
}

TEST_CASE("a run that is saved can be loaded again") {
  const Scratch scratch;
  const std::string file = scratch.file("a4.trace");
  const Ran none = simulated({}, "save " + file + "\n");
  CHECK(none.exit == 2);
  CHECK(has(none.err, "no step has violated anything yet"));
  CHECK(scratch.entries() == 0);
  const Ran saved = simulated({"--run-to", "prepare-has-finish"}, "end\nsave " + file + "\n");
  CHECK(saved.err == "");
  REQUIRE(saved.exit == 0);
  const Json trace = Json::parse(text_of(file));
  CHECK(trace["property"]["id"] == "prepare-has-finish");
  const std::size_t steps = trace["property"]["trace"]["steps"].size();
  const Ran again = simulated({file}, "end\n");
  CHECK(again.err == "");
  CHECK(has(again.out, "step " + std::to_string(steps) + "  worker0"));
  CHECK(has(again.out, "! violates prepare-has-finish"));
  const Ran other = simulated({"--listeners", "1", file}, "end\n");
  CHECK(other.exit == 2);
  CHECK(has(other.err, "this is no run of the model that is simulated: step "));
}

TEST_CASE("a trace that a check recorded brings its model") {
  const Scratch scratch;
  const Ran recorded = run_program({"check", "--property", "prepare-has-finish", "--record", scratch.file("traces")});
  CHECK(recorded.exit == 0);
  const std::string file = scratch.file("traces/prepare-has-finish.trace");
  const Ran ran = simulated({file}, "end\nsave " + scratch.file("again.trace") + "\n");
  CHECK(ran.err == "");
  CHECK(has(ran.out, "! violates prepare-has-finish: the block is not left online"));
  CHECK(Json::parse(text_of(scratch.file("again.trace")))["arguments"] == Json::parse(text_of(file))["arguments"]);
  CHECK(simulated({scratch.file("again.trace")}, "end\n").exit == 0);
  CHECK(simulated({scratch.with("no.trace", "{}")}, "end\n").exit == 2);
}

TEST_CASE("an editor goes along A4 to the violation and back to the start") {
  Editor editor;
  editor.start();
  editor.ask("setBreakpoints",
             {{"source", {{"path", "memory.c"}}}, {"breakpoints", Json::array({{{"line", 42}}, {{"line", 1}}})}});
  editor.ask("threads");
  editor.ask("continue", {{"threadId", 1}});
  editor.ask("stackTrace", {{"threadId", 1}});
  editor.ask("scopes", {{"frameId", 1000}});
  editor.ask("variables", {{"variablesReference", 1}});
  editor.ask("evaluate", {{"expression", "mem[0].state"}, {"frameId", 1000}});
  editor.ask("source", {{"sourceReference", 0}, {"source", {{"path", "memory.c"}}}});
  editor.ask("setBreakpoints", {{"source", {{"path", "memory.c"}}}, {"breakpoints", Json::array()}});
  for (int i = 0; i < 40; ++i) editor.ask("stepIn", {{"threadId", 1}});
  editor.ask("fly");
  for (int i = 0; i < 40; ++i) editor.ask("stepBack", {{"threadId", 1}});
  editor.ask("continue", {{"threadId", 1}});
  editor.ask("exceptionInfo", {{"threadId", 1}});
  editor.ask("reverseContinue", {{"threadId", 1}});
  editor.ask("disconnect");
  const Ran ran = simulated({"--run-to", "prepare-has-finish", "--dap"}, editor.input);
  CHECK(ran.err == "");
  CHECK(ran.exit == 0);
  const std::vector<Json> all = messages_in(ran.out);
  const std::vector<Json> responses = with(all, "type", "response");
  REQUIRE(responses.size() == static_cast<std::size_t>(editor.seq));
  for (std::size_t i = 0; i < responses.size(); ++i) {
    CHECK(responses[i]["request_seq"] == i + 1);
    CHECK(responses[i]["success"] == (responses[i]["command"] != "fly"));
  }
  CHECK(responses[0]["body"]["supportsStepBack"] == true);
  const Json points = responses[3]["body"]["breakpoints"];
  CHECK(points[0]["verified"] == true);
  CHECK(points[1]["verified"] == false);
  CHECK(responses[4]["body"]["threads"][0]["name"] == "worker0");
  const Json frames = responses[6]["body"]["stackFrames"];
  CHECK(frames[0]["line"] == 42);
  CHECK(frames[0]["name"] == "call_listeners");
  CHECK(frames[1]["name"] == "memory_notify");
  const Json locks = responses[8]["body"]["variables"];
  CHECK(std::any_of(locks.begin(), locks.end(), [](const Json& lock) {
    return lock["name"] == "mem_hotplug_lock" && lock["value"].get<std::string>().starts_with("held by worker0");
  }));
  CHECK(responses[9]["body"]["result"] == "MEM_OFFLINE");
  CHECK(has(responses[10]["body"]["content"], "call_listeners"));
  const std::vector<Json> stops = with(all, "event", "stopped");
  std::vector<std::string> reasons;
  for (const Json& stop : stops) reasons.push_back(stop["body"]["reason"]);
  CHECK(reasons[0] == "entry");
  CHECK(reasons[1] == "breakpoint");
  CHECK(std::count(reasons.begin(), reasons.end(), "exception") == 2);
  const auto violated = std::find(reasons.begin(), reasons.end(), "exception");
  const Json& stop = stops[static_cast<std::size_t>(violated - reasons.begin())];
  CHECK(stop["body"]["description"] == "prepare-has-finish is violated");
  CHECK(has(stop["body"]["text"], "MEM_FINISH_OFFLINE"));
  CHECK(reasons.back() == "entry");
  CHECK(responses[responses.size() - 3]["body"]["exceptionId"] == "prepare-has-finish");
}

TEST_CASE("what is no editor gets one error and exit status 2, and none makes it hang") {
  Editor editor;
  editor.start();
  for (const std::string& wrong :
       {std::string("hello\r\n\r\n"), std::string("Content-Length: 5000000\r\n\r\n{}"),
        std::string("Content-Length: x\r\n\r\n{}"), std::string("Content-Length: 100\r\n\r\n{\"seq\":1"),
        std::string(100'000, 'y'), std::string("Content-Length: 9\r\n")}) {
    const Ran ran = simulated({"--dap"}, editor.input + wrong);
    CHECK(ran.exit == 2);
    CHECK(ran.err.starts_with("hotproof: standard input: "));
    CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
    CHECK(with(messages_in(ran.out), "type", "response").size() == 3);
  }
  const Ran odd = simulated({"--dap"}, framed("{]") + framed("\xff") + editor.input);
  CHECK(odd.exit == 0);  // it went without a goodbye
  CHECK(with(messages_in(odd.out), "type", "response").size() == 5);
}

TEST_CASE("an editor may choose what happens where no run is loaded") {
  Editor editor;
  editor.start();
  editor.ask("hotproof/choices");
  editor.ask("stepInTargets", {{"frameId", 1000}});
  editor.ask("stepIn", {{"threadId", 1}, {"targetId", 2}});
  editor.ask("next", {{"threadId", 2}});
  editor.ask("stepBack", {{"threadId", 1}});
  editor.ask("hotproof/choose", {{"id", 77}});
  editor.ask("disconnect");
  const Ran ran = simulated({"--dap"}, editor.input);
  CHECK(ran.exit == 0);
  const std::vector<Json> responses = with(messages_in(ran.out), "type", "response");
  REQUIRE(responses.size() == 10);
  CHECK(responses[3]["body"]["choices"].size() == 3);
  CHECK(responses[4]["body"]["targets"][1]["label"] == "what is asked for: online");
  CHECK(responses[8]["success"] == false);
}
