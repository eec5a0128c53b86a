// A simulation as an editor debugs it (docs/simulate.md): requests of the Debug Adapter Protocol in, responses and
// events out. Reads and writes no stream itself.
//
// An actor is a thread. Along a loaded run, forward and back move along it, whichever thread is asked; without one, a
// thread that steps takes its first step, and which other ones it has is listed.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "counterexamples/simulate/view.hpp"

namespace hotproof::dap {

class Adapter {
 public:
  // `view` must outlive it.
  Adapter(const simulate::View& view, simulate::Session session) : view_(view), session_(std::move(session)) {}

  // What to send for one message, in order: the response, and the events that follow it. Never fails: what is no
  // request is answered with an unsuccessful response.
  std::vector<std::string> answer(const std::string& message);
  // The editor has said goodbye.
  bool done() const { return done_; }
  const simulate::Session& session() const { return session_; }

 private:
  using Json = nlohmann::json;
  using Handler = Json (Adapter::*)(const Json& arguments);
  static const std::map<std::string, Handler>& handlers();
  Json body_of(const std::string& command, const Json& arguments);

  Json initialize(const Json& arguments);
  Json launch(const Json& arguments);
  Json configuration_done(const Json& arguments);
  Json disconnect(const Json& arguments);
  Json terminate(const Json& arguments);
  Json restart(const Json& arguments);
  Json nothing(const Json& arguments);

  Json threads(const Json& arguments);
  Json stack_trace(const Json& arguments);
  Json scopes(const Json& arguments);
  Json variables(const Json& arguments);
  Json evaluate(const Json& arguments);
  Json source(const Json& arguments);
  Json set_breakpoints(const Json& arguments);
  Json exception_info(const Json& arguments);

  Json next(const Json& arguments);
  Json step_in(const Json& arguments);
  Json step_out(const Json& arguments);
  Json go_on(const Json& arguments);
  Json step_back(const Json& arguments);
  Json go_back(const Json& arguments);
  Json step_in_targets(const Json& arguments);
  Json goto_targets(const Json& arguments);
  Json go_to(const Json& arguments);
  Json choices(const Json& arguments);
  Json choose(const Json& arguments);
  Json pause(const Json& arguments);

  // Of the arguments: an actor; an open step by its number.
  ir::ActorId thread(const Json& arguments) const;
  simulate::Choice choice(const Json& arguments, const char* name) const;
  ir::ActorId actor_of_frame(std::int64_t frame) const;
  // The file of the system that a source object means; empty if none.
  std::string file_of(const Json& source) const;
  Json source_object(const std::string& file, bool environment) const;
  Json target(const simulate::Choice& choice) const;
  Json locals(ir::ActorId actor) const;
  Json locks() const;
  Json shared() const;
  Json properties() const;
  Json frames(ir::ActorId actor) const;

  bool is_loaded() const { return session_.branch().loaded; }
  bool at_breakpoint(const simulate::Session& session, ir::ActorId actor) const;
  void must_be_launched() const;
  // Takes the first step of the thread, or the next one of the loaded run. False: there is none, along a run.
  bool move(ir::ActorId actor);
  // Says with events what the steps from `before` on were, and that it stopped.
  void stopped(std::size_t before, ir::ActorId actor, std::string reason, const std::string& description = "");
  ir::ActorId focus(ir::ActorId otherwise) const;
  void event(const char* name, Json body);

  const simulate::View& view_;
  simulate::Session session_;
  std::map<std::string, std::set<std::uint32_t>> breakpoints_;  // by file, lines from 1
  std::vector<Json> events_;                                    // to be sent behind the response
  std::int64_t seq_ = 0;
  std::uint32_t first_line_ = 1;  // how the editor counts
  bool launched_ = false;
  bool done_ = false;
};

}  // namespace hotproof::dap
