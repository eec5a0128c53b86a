// Requests that move a session.
#include <algorithm>

#include "counterexamples/dap/adapter.hpp"
#include "counterexamples/dap/arguments.hpp"

namespace hotproof::dap {

namespace {

using Json = nlohmann::json;
using simulate::Session;
using simulate::Stop;

// A debugger that steps through one line does not stop within it.
constexpr std::size_t most_of_a_line = 10'000;

const ir::Transition& last_step(const Session& session) {
  return session.system()[session.branch().steps[session.position() - 1]];
}

}  // namespace

// Who is looked at: who moves next along a run, else who moved last.
ir::ActorId Adapter::focus(ir::ActorId otherwise) const {
  if (is_loaded() && session_.next()) return session_.system()[*session_.next()].actor;
  return is_loaded() && session_.position() > 0 ? last_step(session_).actor : otherwise;
}

bool Adapter::at_breakpoint(const Session& session, ir::ActorId actor) const {
  const auto stands_there = [&](const ir::SourceSpan& span) {
    if (span.line == 0 || span.file >= session.system().files.size()) return false;
    const auto found = breakpoints_.find(session.system().files[span.file]);
    return found != breakpoints_.end() && found->second.contains(span.line);
  };
  if (is_loaded()) return session.next() && stands_there(session.system()[*session.next()].span);
  const std::vector<ir::TransitionId> open = session.enabled(actor);
  return std::any_of(open.begin(), open.end(),
                     [&](ir::TransitionId t) { return stands_there(session.system()[t].span); });
}

void Adapter::stopped(std::size_t before, ir::ActorId actor, std::string reason, const std::string& description) {
  const std::size_t now = session_.position();
  for (std::size_t k = before + 1; k <= now; ++k) {
    const counterexamples::TraceStep step = view_.step(session_, k);
    event("output", {{"category", "console"},
                     {"output", shown(std::to_string(k) + "  " + step.actor + "  " + (step.faults > 0 ? "✗ " : "") +
                                      simulate::words(step)) +
                                    "\n"}});
  }
  Json body = {{"allThreadsStopped", true}};
  std::string text = description;
  if (now > before && !session_.moment().broken.empty()) {
    const simulate::PropertyView property = view_.property(session_, session_.moment().broken.front());
    reason = "exception";
    text = property.id + " is violated";
    body["text"] = shown(property.why.empty() ? text : property.why);
  } else if (is_loaded() && !session_.next()) {
    text = "the run ends here";
  }
  body["reason"] = reason;
  body["threadId"] = ir::index(focus(actor)) + 1;
  if (!text.empty()) body["description"] = shown(text);
  event("stopped", std::move(body));
}

bool Adapter::move(ir::ActorId actor) {
  must_be_launched();
  if (is_loaded()) return session_.redo();
  const std::vector<ir::TransitionId> open = session_.enabled(actor);
  if (open.empty()) throw Refusal{session_.system().actors[ir::index(actor)].name + " cannot move now"};
  // Going back and forward again leads over the same steps.
  const bool same = session_.next() && std::find(open.begin(), open.end(), *session_.next()) != open.end();
  if (const auto taken = session_.step(same ? *session_.next() : open.front()); !taken)
    throw Refusal{taken.error().message};
  return true;
}

Json Adapter::step_in(const Json& arguments) {
  const ir::ActorId actor = thread(arguments);
  const std::size_t before = session_.position();
  if (arguments.contains("targetId")) return choose(Json{{"id", number_in(arguments, "targetId")}});
  move(actor);
  stopped(before, actor, "step");
  return nullptr;
}

// On to another line of the function that the actor stands in, or out of it; over what it calls. Stops where somebody
// has a choice, and where another actor is to move.
Json Adapter::next(const Json& arguments) {
  const ir::ActorId asked = thread(arguments);
  const std::size_t before = session_.position();
  const ir::ActorId actor = focus(asked);
  const auto depth = simulate::depth_of(session_, actor);
  if (move(asked)) {
    const ir::Transition& first = last_step(session_);
    for (std::size_t i = 0; i < most_of_a_line && session_.moment().broken.empty(); ++i) {
      if (at_breakpoint(session_, actor)) break;
      const std::vector<ir::TransitionId> open = session_.enabled(actor);
      if (is_loaded() ? !session_.next() : open.size() != 1) break;
      const ir::Transition& coming = session_.system()[is_loaded() ? *session_.next() : open.front()];
      const bool deeper = depth && coming.depth > *depth;
      const bool same_line = coming.span.line == first.span.line && coming.span.file == first.span.file;
      if (coming.actor != actor || !(deeper || same_line)) break;
      move(actor);
    }
  }
  stopped(before, asked, "step");
  return nullptr;
}

Json Adapter::step_out(const Json& arguments) {
  const ir::ActorId asked = thread(arguments);
  const std::size_t before = session_.position();
  must_be_launched();
  const ir::ActorId actor = focus(asked);
  const auto depth = simulate::depth_of(session_, actor);
  std::string why;
  if (is_loaded()) {
    simulate::forward(session_, [&](const Session& session) {
      const auto now = simulate::depth_of(session, actor);
      return at_breakpoint(session, actor) || (depth && now && *now < *depth);
    });
  } else {
    if (session_.enabled(actor).size() == 1 || session_.enabled(actor).empty())
      why = simulate::words(simulate::finish(session_, actor));
    else
      move(actor), why = simulate::words(simulate::finish(session_, actor));
  }
  stopped(before, asked, "step", why);
  return nullptr;
}

Json Adapter::go_on(const Json& arguments) {
  const ir::ActorId actor = thread(arguments);
  const std::size_t before = session_.position();
  std::string why;
  if (is_loaded()) {
    must_be_launched();
    simulate::forward(session_, [&](const Session& session) { return at_breakpoint(session, actor); });
  } else {
    move(actor);
    for (std::size_t i = 0;; ++i) {
      const std::size_t open = session_.enabled(actor).size();
      if (at_breakpoint(session_, actor) || !session_.moment().broken.empty()) break;
      if (open != 1 || i == most_of_a_line) {
        why = simulate::words(open > 1 ? Stop::choice : open == 0 ? Stop::stuck : Stop::limit);
        break;
      }
      move(actor);
    }
  }
  stopped(before, actor, at_breakpoint(session_, actor) ? "breakpoint" : "step", why);
  return {{"allThreadsContinued", true}};
}

Json Adapter::step_back(const Json& arguments) {
  const ir::ActorId actor = thread(arguments);
  must_be_launched();
  session_.undo();
  const bool at_start = session_.position() == 0;
  stopped(session_.position(), actor, at_start ? "entry" : "step", at_start ? "the start" : "");
  return nullptr;
}

Json Adapter::go_back(const Json& arguments) {
  const ir::ActorId actor = thread(arguments);
  must_be_launched();
  const Stop stop = simulate::back(session_, [&](const Session& session) { return at_breakpoint(session, actor); });
  const bool at_start = stop == Stop::end;
  stopped(session_.position(), actor, at_start ? "entry" : "breakpoint", at_start ? "the start" : "");
  return nullptr;
}

Json Adapter::pause(const Json& arguments) {
  const ir::ActorId actor = thread(arguments);
  stopped(session_.position(), actor, "pause");
  return nullptr;
}

Json Adapter::target(const simulate::Choice& choice) const {
  return {{"id", choice.number},
          {"label", shown((choice.step.faults > 0 ? "✗ " : "") + simulate::words(choice.step) +
                          (choice.spared ? " (no fault)" : ""))},
          {"line", choice.step.line == 0 ? 0 : choice.step.line - 1 + first_line_}};
}

Json Adapter::step_in_targets(const Json& arguments) {
  const ir::ActorId actor = actor_of_frame(number_in(arguments, "frameId"));
  Json out = Json::array();
  for (const simulate::Choice& choice : view_.choices(session_))
    if (choice.actor == actor) out.push_back(target(choice));
  return {{"targets", out}};
}

Json Adapter::goto_targets(const Json& arguments) {
  const std::string file = file_of(arguments.value("source", Json::object()));
  const std::int64_t line = number_in(arguments, "line") + 1 - first_line_;
  Json out = Json::array();
  for (const simulate::Choice& choice : view_.choices(session_))
    if (!file.empty() && choice.step.file == file && choice.step.line == line) out.push_back(target(choice));
  return {{"targets", out}};
}

Json Adapter::go_to(const Json& arguments) {
  must_be_launched();
  const simulate::Choice wanted = choice(arguments, "targetId");
  const std::size_t before = session_.position();
  if (const auto taken = session_.step(wanted.transition); !taken) throw Refusal{taken.error().message};
  stopped(before, wanted.actor, "goto");
  return nullptr;
}

Json Adapter::choices(const Json&) {
  Json out = Json::array();
  for (const simulate::Choice& choice : view_.choices(session_)) {
    Json one = target(choice);
    one["threadId"] = ir::index(choice.actor) + 1;
    one["fault"] = choice.step.faults > 0;
    if (!choice.step.file.empty()) one["source"] = source_object(choice.step.file, choice.step.environment);
    out.push_back(std::move(one));
  }
  return {{"choices", out}};
}

Json Adapter::choose(const Json& arguments) {
  must_be_launched();
  const simulate::Choice wanted = choice(arguments, "id");
  const std::size_t before = session_.position();
  if (const auto taken = session_.step(wanted.transition); !taken) throw Refusal{taken.error().message};
  stopped(before, wanted.actor, "step");
  return nullptr;
}

}  // namespace hotproof::dap
