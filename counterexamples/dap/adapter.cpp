// Requests in, responses and events out; what starts and ends a session.
#include "counterexamples/dap/adapter.hpp"

#include <algorithm>

#include "counterexamples/dap/arguments.hpp"

namespace hotproof::dap {

namespace {

using Json = nlohmann::json;

// Messages nest a few levels deep; what nests without end is no message.
bool nests_too_deep(const std::string& text) {
  constexpr int most = 64;
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > most) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

const std::map<std::string, Adapter::Handler>& Adapter::handlers() {
  static const std::map<std::string, Handler> all = {
      {"initialize", &Adapter::initialize},
      {"launch", &Adapter::launch},
      {"configurationDone", &Adapter::configuration_done},
      {"disconnect", &Adapter::disconnect},
      {"terminate", &Adapter::terminate},
      {"restart", &Adapter::restart},
      {"setExceptionBreakpoints", &Adapter::nothing},
      {"setFunctionBreakpoints", &Adapter::nothing},
      {"threads", &Adapter::threads},
      {"stackTrace", &Adapter::stack_trace},
      {"scopes", &Adapter::scopes},
      {"variables", &Adapter::variables},
      {"evaluate", &Adapter::evaluate},
      {"source", &Adapter::source},
      {"setBreakpoints", &Adapter::set_breakpoints},
      {"exceptionInfo", &Adapter::exception_info},
      {"next", &Adapter::next},
      {"stepIn", &Adapter::step_in},
      {"stepOut", &Adapter::step_out},
      {"continue", &Adapter::go_on},
      {"stepBack", &Adapter::step_back},
      {"reverseContinue", &Adapter::go_back},
      {"stepInTargets", &Adapter::step_in_targets},
      {"gotoTargets", &Adapter::goto_targets},
      {"goto", &Adapter::go_to},
      {"pause", &Adapter::pause},
      {"hotproof/choices", &Adapter::choices},
      {"hotproof/choose", &Adapter::choose},
  };
  return all;
}

Json Adapter::body_of(const std::string& command, const Json& arguments) {
  const auto found = handlers().find(command);
  if (found == handlers().end()) throw Refusal{"there is no request '" + shown(command) + "'"};
  return (this->*found->second)(arguments);
}

std::vector<std::string> Adapter::answer(const std::string& message) {
  events_.clear();
  Json response = {{"type", "response"}, {"request_seq", 0}, {"command", ""}, {"success", false}};
  try {
    const Json request =
        nests_too_deep(message) ? Json(Json::value_t::discarded) : Json::parse(message, nullptr, false);
    if (!request.is_object()) throw Refusal{"this message is no JSON object"};
    response["request_seq"] = number_in(request, "seq", 0);
    if (text_in(request, "type") != "request") throw Refusal{"only requests are understood"};
    const std::string command = text_in(request, "command");
    response["command"] = shown(command);
    // Whoever sends no object sends nothing.
    const auto arguments = request.find("arguments");
    const bool given = arguments != request.end() && arguments->is_object();
    Json body = body_of(command, given ? *arguments : Json::object());
    if (!body.is_null()) response["body"] = std::move(body);
    response["success"] = true;
  } catch (const Refusal& refusal) {
    events_.clear();
    response["message"] = shown(refusal.message);
    response["body"] = {{"error", {{"id", 1}, {"format", shown(refusal.message)}, {"showUser", true}}}};
  }
  std::vector<std::string> out;
  response["seq"] = ++seq_;
  out.push_back(dumped(response));
  for (Json& one : events_) {
    one["seq"] = ++seq_;
    out.push_back(dumped(one));
  }
  return out;
}

void Adapter::event(const char* name, Json body) {
  Json one = {{"type", "event"}, {"event", name}};
  if (!body.is_null()) one["body"] = std::move(body);
  events_.push_back(std::move(one));
}

Json Adapter::initialize(const Json& arguments) {
  const auto at_one = arguments.is_object() ? arguments.find("linesStartAt1") : arguments.end();
  first_line_ =
      arguments.is_object() && at_one != arguments.end() && at_one->is_boolean() && !at_one->get<bool>() ? 0 : 1;
  event("initialized", nullptr);
  Json out;
  for (const char* name : {"supportsConfigurationDoneRequest", "supportsStepBack", "supportsRestartRequest",
                           "supportsStepInTargetsRequest", "supportsGotoTargetsRequest", "supportsExceptionInfoRequest",
                           "supportsTerminateRequest", "supportsEvaluateForHovers"})
    out[name] = true;
  return out;
}

Json Adapter::launch(const Json&) {
  launched_ = true;
  return nullptr;
}

void Adapter::must_be_launched() const {
  if (!launched_) throw Refusal{"nothing is launched yet"};
}

Json Adapter::configuration_done(const Json&) {
  must_be_launched();
  event("output", {{"category", "console"},
                   {"output", shown(view_.model().title) + "\n" + shown(view_.model().scenario) + "\n"}});
  stopped(session_.position(), ir::ActorId{}, "entry", "the start");
  return nullptr;
}

Json Adapter::disconnect(const Json&) {
  done_ = true;
  return nullptr;
}

Json Adapter::terminate(const Json&) {
  event("terminated", nullptr);
  return nullptr;
}

Json Adapter::restart(const Json&) {
  must_be_launched();
  if (const auto there = session_.jump(0); !there) throw Refusal{there.error().message};
  stopped(0, ir::ActorId{}, "entry", "the start");
  return nullptr;
}

Json Adapter::nothing(const Json&) {
  return {{"breakpoints", Json::array()}};
}

}  // namespace hotproof::dap
