#include "counterexamples/simulate/view.hpp"

#include <algorithm>
#include <set>

#include "model/eval/interpreter.hpp"

namespace hotproof::simulate {

namespace {

using counterexamples::TraceEvent;
using counterexamples::TraceStep;

std::uint64_t location_of(const Session& session, ir::ActorId actor) {
  return session.state()[ir::index(session.system().actors[ir::index(actor)].control)];
}

std::vector<ir::TransitionId> ways_of(const Session& session, ir::ActorId actor) {
  const ir::TransitionSystem& system = session.system();
  const std::uint64_t at = location_of(session, actor);
  std::vector<ir::TransitionId> out;
  for (std::size_t i = 0; i < system.transitions.size(); ++i)
    if (system.transitions[i].actor == actor && system.transitions[i].from == at)
      out.push_back(static_cast<ir::TransitionId>(i));
  return out;
}

bool stands_at(const std::vector<ir::Location>& places, std::uint64_t at) {
  return std::find(places.begin(), places.end(), at) != places.end();
}

bool truth(const ir::TransitionSystem& system, const std::vector<ir::ExprId>& by_actor, std::size_t actor,
           const ir::State& state) {
  return actor < by_actor.size() && eval::is_true(system.pool, by_actor[actor], state);
}

// Which step of the history changed the variable last.
std::optional<std::size_t> last_change(const Branch& branch, std::size_t variable) {
  for (std::size_t k = branch.at; k > 0; --k)
    if (branch.moments[k].state[variable] != branch.moments[k - 1].state[variable]) return k;
  return std::nullopt;
}

ValueView::Kind kind_of(ir::Role role) {
  return role == ir::Role::local  ? ValueView::Kind::local
         : role == ir::Role::lock ? ValueView::Kind::lock
                                  : ValueView::Kind::shared;
}

std::string words_of(const PropertyState& state) {
  switch (state.kind) {
    case PropertyState::Kind::holds:
      return "holds so far";
    case PropertyState::Kind::silent:
      return "nothing so far that it speaks of";
    case PropertyState::Kind::violated:
      return state.at == 0 ? "violated from the start" : "violated by step " + std::to_string(state.at);
    case PropertyState::Kind::reached:
      return "reached by step " + std::to_string(state.at);
    case PropertyState::Kind::not_reached:
      return "not reached yet";
    case PropertyState::Kind::out_of_reach:
      return "out of reach: something has failed";
  }
  return "";
}

std::string call_of(const TraceEvent& event) {
  std::string out = event.name + "(";
  for (std::size_t i = 0; i < event.args.size(); ++i) {
    out += i == 0 ? "" : ", ";
    out += i < event.shown.size() ? event.shown[i] : std::to_string(event.args[i]);
  }
  return out + ")";
}

}  // namespace

std::string words(const TraceStep& step) {
  if (!step.text.empty()) return step.text;
  std::string out;
  for (const TraceEvent& event : step.events) out += (out.empty() ? "" : ", ") + call_of(event);
  return out.empty() ? "goes on" : out;
}

std::string words(Stop stop) {
  switch (stop) {
    case Stop::choice:
      return "there is more than one way on";
    case Stop::stuck:
      return "there is no way on";
    case Stop::returned:
      return "the function has returned";
    case Stop::property:
      return "a property is violated";
    case Stop::asked:
      return "this was asked for";
    case Stop::end:
      return "there is no more of it";
    case Stop::limit:
      return "these are many steps";
  }
  return "";
}

std::vector<Choice> View::choices(const Session& session) const {
  std::vector<Choice> out;
  for (std::size_t a = 0; a < model_.system.actors.size(); ++a) {
    const auto actor = static_cast<ir::ActorId>(a);
    const std::vector<ir::TransitionId> ways = session.enabled(actor);
    // What fails is called by what is tried, and "fails".
    const auto may_fail = [&](const std::string& text) {
      return !text.empty() && std::any_of(ways.begin(), ways.end(), [&](ir::TransitionId way) {
        return model_.system[way].faults > 0 && model_.system[way].text.starts_with(text);
      });
    };
    for (const ir::TransitionId way : ways) {
      Choice choice;
      choice.number = out.size() + 1;
      choice.transition = way;
      choice.actor = actor;
      choice.step = describer_.step(way, session.state(), eval::fire(model_.system, way, session.state()));
      choice.spared = choice.step.faults == 0 && may_fail(choice.step.text);
      out.push_back(std::move(choice));
    }
  }
  return out;
}

std::vector<Waiting> View::waits_for(const Session& session, ir::ActorId id) const {
  std::vector<Waiting> out;
  for (const ir::TransitionId way : ways_of(session, id)) {
    const ir::Transition& t = model_.system[way];
    if (t.lock_effect != ir::LockEffect::acquires || !t.lock) continue;
    const ir::Lock& lock = model_.system.locks[ir::index(t.lock->lock)];
    const auto known = [&lock](const Waiting& waiting) { return waiting.lock == lock.name; };
    if (std::any_of(out.begin(), out.end(), known)) continue;
    Waiting waiting{lock.name, {}};
    for (std::size_t a = 0; a < model_.system.actors.size(); ++a) {
      const bool writes = truth(model_.system, lock.held_write, a, session.state());
      const bool reads = truth(model_.system, lock.held_read, a, session.state());
      if (writes || (reads && t.lock->mode == ir::LockMode::write))
        waiting.holders.push_back(model_.system.actors[a].name);
    }
    out.push_back(std::move(waiting));
  }
  return out;
}

ActorView View::actor(const Session& session, ir::ActorId id) const {
  const ir::Actor& actor = model_.system.actors[ir::index(id)];
  const std::uint64_t at = location_of(session, id);
  ActorView out;
  out.actor = id;
  out.name = actor.name;
  out.locks = describer_.held(id, session.state());
  const std::vector<ir::TransitionId> ways = ways_of(session, id);
  const std::vector<ir::TransitionId> open = session.enabled(id);
  out.halted = stands_at(actor.halted, at);
  if (ways.empty()) {
    out.kind = ActorView::Kind::ended;
    out.at.actor = actor.name;
    return out;
  }
  out.kind = stands_at(actor.resting, at) ? ActorView::Kind::rests
             : open.empty()               ? ActorView::Kind::waits
                                          : ActorView::Kind::moves;
  if (open.empty()) out.waits_for = waits_for(session, id);
  // A place in the tree says more than one in the environment, and that more than none.
  int best = -1;
  for (const ir::TransitionId way : open.empty() ? ways : open) {
    TraceStep step = describer_.place(way);
    const int rank = step.line == 0 ? 0 : step.environment ? 1 : 2;
    if (rank <= best) continue;
    best = rank;
    out.at = std::move(step);
  }
  return out;
}

std::vector<ActorView> View::actors(const Session& session) const {
  std::vector<ActorView> out;
  for (std::size_t a = 0; a < model_.system.actors.size(); ++a)
    out.push_back(actor(session, static_cast<ir::ActorId>(a)));
  return out;
}

std::vector<LockView> View::locks(const Session& session) const {
  std::vector<LockView> out;
  const std::vector<ActorView> all = actors(session);
  for (const ir::Lock& lock : model_.system.locks) {
    LockView view;
    view.name = lock.name;
    for (std::size_t a = 0; a < model_.system.actors.size(); ++a) {
      const bool writes = truth(model_.system, lock.held_write, a, session.state());
      if (writes || truth(model_.system, lock.held_read, a, session.state()))
        view.holders.push_back({model_.system.actors[a].name, writes});
      for (const Waiting& waiting : all[a].waits_for)
        if (waiting.lock == lock.name) view.wanted_by.push_back(all[a].name);
    }
    if (!view.holders.empty() || !view.wanted_by.empty()) out.push_back(std::move(view));
  }
  return out;
}

std::vector<ValueView> View::values(const Session& session) const {
  std::vector<ValueView> out;
  std::set<std::string> names;
  for (std::size_t v = 0; v < model_.system.variables.size(); ++v) {
    const ir::Variable& variable = model_.system.variables[v];
    names.insert(variable.name);
    if (variable.role == ir::Role::control || variable.role == ir::Role::observer) continue;
    ValueView view{variable.name, describer_.shown_value(variable, session.state()[v]), kind_of(variable.role), "",
                   last_change(session.branch(), v)};
    // A local is called by its actor and its own name.
    const std::string owner = variable.name.substr(0, variable.name.find('.'));
    if (view.kind == ValueView::Kind::local && owner.size() < variable.name.size()) view.actor = owner;
    out.push_back(std::move(view));
  }
  for (const auto& [name, expr] : model_.system.symbols) {
    if (names.contains(name)) continue;
    const std::uint64_t value = eval::evaluate(model_.system.pool, expr, session.state());
    out.push_back({name, std::to_string(value), ValueView::Kind::symbol, "", std::nullopt});
  }
  return out;
}

PropertyView View::property(const Session& session, ir::PropertyId id) const {
  PropertyView out;
  out.id = model_.system.properties[ir::index(id)].id;
  out.state = session.moment().properties[ir::index(id)];
  out.words = words_of(out.state);
  if (out.state.kind == PropertyState::Kind::violated && out.state.at > 0 && model_.reason) {
    const Branch& branch = session.branch();
    out.why = model_.reason(id, branch.steps[out.state.at - 1], branch.moments[out.state.at - 1].state);
  }
  for (std::size_t v = 0; v < model_.system.variables.size(); ++v) {
    const ir::Variable& variable = model_.system.variables[v];
    const bool of_it =
        variable.role == ir::Role::observer && variable.name.substr(0, variable.name.find('[')) == out.id;
    if (!of_it || session.state()[v] == 0) continue;
    const std::string instance = variable.name.substr(out.id.size());
    out.observers.push_back((instance.empty() ? "" : instance + " ") +
                            describer_.shown_value(variable, session.state()[v]));
  }
  return out;
}

std::vector<PropertyView> View::properties(const Session& session) const {
  std::vector<PropertyView> out;
  for (std::size_t p = 0; p < model_.system.properties.size(); ++p)
    out.push_back(property(session, static_cast<ir::PropertyId>(p)));
  return out;
}

TraceStep View::step(const Session& session, std::size_t number) const {
  const Branch& branch = session.branch();
  return describer_.step(branch.steps[number - 1], branch.moments[number - 1].state, branch.moments[number].state);
}

counterexamples::Trace View::trace(const Session& session) const {
  counterexamples::Trace out;
  for (const ir::Actor& actor : model_.system.actors) out.actors.push_back(actor.name);
  for (std::size_t k = 1; k <= session.position(); ++k) out.steps.push_back(step(session, k));
  out.listeners = counterexamples::listeners_of(out.steps);
  for (const PropertyView& property : properties(session)) {
    const bool here = property.state.at == session.position() && session.position() > 0;
    if (here && property.state.kind == PropertyState::Kind::violated && out.property.empty())
      out.property = property.id;
  }
  counterexamples::count(out);
  return out;
}

}  // namespace hotproof::simulate
