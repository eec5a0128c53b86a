#include "counterexamples/dap/adapter.hpp"

#include <doctest/doctest.h>

#include <random>

#include "counterexamples/dap/frame.hpp"
#include "model/eval/random_system.hpp"

namespace {

using namespace hotproof;
using namespace hotproof::dap;
using Json = nlohmann::json;

// A random system with a run of some length, and an editor's requests.
struct Talk {
  simulate::Model model;
  simulate::View view{model};
  std::optional<Adapter> adapter;
  std::int64_t seq = 0;
  std::int64_t last_seq = 0;

  explicit Talk(std::uint64_t seed, std::size_t loaded = 0) {
    model.system = eval::random_system(seed);
    auto session = simulate::Session::start(model.system);
    if (!session) return;
    std::mt19937 random(static_cast<std::uint32_t>(seed));
    while (session->position() < loaded && !session->enabled().empty()) {
      const auto ways = session->enabled();
      REQUIRE(session->step(ways[random() % ways.size()]).has_value());
    }
    if (loaded > 0) REQUIRE(session->load("run", session->run()).has_value());
    adapter.emplace(view, std::move(*session));
  }

  // The response, which must fit the request, and behind it the events.
  std::vector<Json> ask(const std::string& command, const Json& arguments = Json::object()) {
    const Json request = {{"seq", ++seq}, {"type", "request"}, {"command", command}, {"arguments", arguments}};
    std::vector<Json> out;
    for (const std::string& one : adapter->answer(request.dump())) {
      out.push_back(Json::parse(one));
      CHECK(out.back()["seq"].get<std::int64_t>() == ++last_seq);
    }
    REQUIRE_FALSE(out.empty());
    CHECK(out[0]["type"] == "response");
    CHECK(out[0]["request_seq"] == seq);
    CHECK(out[0]["command"] == command);
    for (std::size_t i = 1; i < out.size(); ++i) CHECK(out[i]["type"] == "event");
    return out;
  }
  void start() {
    ask("initialize", {{"adapterID", "hotproof"}});
    ask("launch");
    ask("configurationDone");
  }
};

Json one_thread(std::int64_t id = 1) {
  return {{"threadId", id}};
}

// The first seed whose system starts and runs for a while.
std::uint64_t long_seed(std::size_t steps) {
  for (std::uint64_t seed = 0;; ++seed) {
    const Talk talk(seed, steps);
    if (talk.adapter && talk.adapter->session().branch().steps.size() == steps) return seed;
  }
}

}  // namespace

TEST_CASE("messages in pieces, several at once, with other headers") {
  Framer framer;
  const std::string two = "Content-Type: x\r\ncontent-LENGTH:  2 \r\n\r\n{}" + framed("[1]");
  std::vector<std::string> found;
  for (const char c : two) {
    framer.add({&c, 1});
    while (true) {
      const auto next = framer.next();
      REQUIRE(next.has_value());
      if (!*next) break;
      found.push_back(**next);
    }
  }
  CHECK(found == std::vector<std::string>{"{}", "[1]"});
  CHECK_FALSE(framer.is_within_message());
}

TEST_CASE("what is no message of the protocol is refused, and never waited for") {
  for (const std::string& wrong :
       {std::string("hello\r\n\r\n"), std::string("Content-Length: x\r\n\r\n"),
        std::string("Content-Length: -1\r\n\r\n"), std::string("Content-Length: \r\n\r\n"),
        std::string("Content-Length: 99999999999999999999999\r\n\r\n"), std::string("Content-Length: 2000000\r\n\r\n"),
        std::string("Content-Type: x\r\n\r\n"), std::string("\r\n\r\n"),
        std::string("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), std::string(10'000, 'x'),
        std::string(10'000, '\0')}) {
    Framer framer;
    framer.add(wrong);
    CHECK_FALSE(framer.next().has_value());
  }
  Framer framer;
  framer.add("Content-Length: 10\r\n\r\n{}");
  CHECK_FALSE(*framer.next());
  CHECK(framer.is_within_message());
}

TEST_CASE("what is no request is answered, too") {
  Talk talk(long_seed(5));
  std::string deep(100'000, '[');
  for (const std::string& wrong :
       {std::string(""), std::string("{"), std::string("[]"), std::string("7"), std::string("{}"),
        std::string("\xff\xfe"), std::string(R"({"seq":1})"),
        std::string(R"({"seq":"x","type":"request","command":"threads"})"),
        std::string(R"({"seq":1e99,"type":"request","command":"threads"})"),
        std::string(R"({"seq":1,"type":"response","command":"threads"})"),
        std::string(R"({"seq":1,"type":"request","command":7})"),
        std::string(R"({"seq":1,"type":"request","command":"fly"})"),
        std::string(R"({"seq":1,"type":"request","command":"next","arguments":[]})"),
        std::string(R"({"seq":1,"type":"request","command":"next","arguments":null})"), deep}) {
    INFO(wrong.substr(0, 80));
    const auto answers = talk.adapter->answer(wrong);
    REQUIRE(answers.size() == 1);
    const Json answer = Json::parse(answers[0]);
    CHECK(answer["type"] == "response");
    CHECK(answer["success"] == false);
    CHECK_FALSE(answer["message"].get<std::string>().empty());
  }
}

TEST_CASE("every request with arguments of every kind of nonsense is answered") {
  const std::vector<std::string> commands = {"initialize",
                                             "launch",
                                             "configurationDone",
                                             "terminate",
                                             "restart",
                                             "threads",
                                             "stackTrace",
                                             "scopes",
                                             "variables",
                                             "evaluate",
                                             "source",
                                             "setBreakpoints",
                                             "next",
                                             "exceptionInfo",
                                             "stepIn",
                                             "stepOut",
                                             "continue",
                                             "stepBack",
                                             "goto",
                                             "reverseContinue",
                                             "stepInTargets",
                                             "gotoTargets",
                                             "hotproof/choices",
                                             "hotproof/choose",
                                             "pause",
                                             "setExceptionBreakpoints",
                                             "setFunctionBreakpoints"};
  const std::vector<Json> values = {nullptr,
                                    0,
                                    1,
                                    2,
                                    -1,
                                    1000,
                                    1001,
                                    1u << 31U,
                                    1e30,
                                    "x",
                                    true,
                                    "\x1b[31m",
                                    Json::array(),
                                    Json::object(),
                                    18446744073709551615u,
                                    Json{{"path", "no"}},
                                    Json{{"sourceReference", -7}},
                                    Json{1, "x"},
                                    Json::array({Json{{"line", -5}}})};
  const std::vector<std::string> names = {
      "threadId", "frameId",     "variablesReference", "expression", "source",     "targetId",     "id",
      "line",     "breakpoints", "sourceReference",    "levels",     "startFrame", "linesStartAt1"};
  for (const std::size_t loaded : {std::size_t{0}, std::size_t{6}}) {
    Talk talk(long_seed(6), loaded);
    talk.start();
    std::mt19937 random(1);
    for (int i = 0; i < 6000; ++i) {
      Json arguments = Json::object();
      for (const std::string& name : names)
        if (random() % 2 == 0) arguments[name] = values[random() % values.size()];
      if (i % 50 == 0) arguments = values[random() % values.size()];
      const auto out = talk.ask(commands[random() % commands.size()], arguments);
      CHECK(out[0]["success"].is_boolean());
    }
    CHECK_FALSE(talk.adapter->done());
  }
}

TEST_CASE("along a loaded run, forward to its end and back to its start") {
  Talk talk(long_seed(8), 8);
  CHECK(talk.ask("stepIn", one_thread())[0]["success"] == false);  // not launched
  talk.start();
  for (std::size_t k = 1; k <= 8; ++k) {
    const auto out = talk.ask("stepIn", one_thread());
    CHECK(out[0]["success"] == true);
    CHECK(talk.adapter->session().position() == k);
    CHECK(out.back()["event"] == "stopped");
    const auto next = talk.adapter->session().next();
    if (next) CHECK(out.back()["body"]["threadId"] == ir::index(talk.model.system[*next].actor) + 1);
    if (k == 8 && out.back()["body"]["reason"] != "exception")
      CHECK(out.back()["body"]["description"] == "the run ends here");
  }
  talk.ask("stepIn", one_thread());
  CHECK(talk.adapter->session().position() == 8);
  for (std::size_t k = 8; k-- > 0;) {
    const auto out = talk.ask("stepBack", one_thread());
    CHECK(talk.adapter->session().position() == k);
    CHECK((out.back()["body"]["reason"] == "entry") == (k == 0));
  }
  while (talk.adapter->session().next()) talk.ask("continue", one_thread());
  CHECK(talk.adapter->session().position() == 8);
  talk.ask("reverseContinue", one_thread());
  CHECK(talk.adapter->session().position() == 0);
  talk.ask("continue", one_thread());
  talk.ask("restart");
  CHECK(talk.adapter->session().position() == 0);
}

TEST_CASE("without a run a thread moves itself, and any step may be chosen") {
  Talk talk(long_seed(8));
  talk.start();
  const Json open = talk.ask("hotproof/choices")[0]["body"]["choices"];
  REQUIRE(open.size() == talk.adapter->session().enabled().size());
  const std::int64_t thread = open.back()["threadId"];
  const auto moved = talk.ask("stepIn", one_thread(thread));
  CHECK(moved.back()["body"]["threadId"] == thread);
  CHECK(talk.adapter->session().position() == 1);
  talk.ask("stepBack", one_thread());
  for (const Json& choice : open) {
    const std::int64_t id = choice["id"];
    CHECK(talk.ask("hotproof/choose", {{"id", id}})[0]["success"] == true);
    CHECK(talk.adapter->session().position() == 1);
    talk.ask("stepBack", one_thread());
    const Json targets =
        talk.ask("stepInTargets", {{"frameId", choice["threadId"].get<std::int64_t>() * 1000}})[0]["body"];
    bool listed = false;
    for (const Json& target : targets["targets"]) listed = listed || target["id"] == id;
    CHECK(listed);
    talk.ask("stepIn", {{"threadId", choice["threadId"]}, {"targetId", id}});
    CHECK(talk.adapter->session().position() == 1);
    talk.ask("stepBack", one_thread());
  }
  CHECK(talk.ask("hotproof/choose", {{"id", open.size() + 1}})[0]["success"] == false);
}

TEST_CASE("names from strangers are made harmless") {
  Talk talk(long_seed(3));
  talk.model.system.actors[0].name += "\x1b[2J\xe2\x80\xae\xff";
  talk.model.title = std::string(100'000, 'x') + "\x1b";
  for (ir::Variable& variable : talk.model.system.variables) variable.name += "\x1b\x07";
  talk.start();
  std::string all;
  for (const auto& [command, arguments] :
       std::vector<std::pair<std::string, Json>>{{"threads", {}},
                                                 {"configurationDone", {}},
                                                 {"stackTrace", one_thread()},
                                                 {"variables", {{"variablesReference", 2}}},
                                                 {"stepIn", one_thread()},
                                                 {"\x1b[2J", {}}}) {
    const Json request = {{"seq", 1}, {"type", "request"}, {"command", command}, {"arguments", arguments}};
    for (const std::string& one : talk.adapter->answer(request.dump()))
      all += Json::parse(one).dump(-1, ' ', false, Json::error_handler_t::strict);
  }
  CHECK(all.find("\\\\x1b[2J") != std::string::npos);
  CHECK(all.find("\\u001b") == std::string::npos);
  CHECK(all.find("\xe2\x80\xae") == std::string::npos);
  CHECK(all.size() < 50'000);
}

TEST_CASE("goodbye") {
  Talk talk(long_seed(1));
  CHECK(talk.ask("disconnect")[0]["success"] == true);
  CHECK(talk.adapter->done());
}
