// Helpers that take several steps.
#include <algorithm>

#include "counterexamples/simulate/session.hpp"

namespace hotproof::simulate {

namespace {

// Takes the only step of those given. Nothing: it was taken, and nothing is against going on.
std::optional<Stop> take_only(Session& session, const std::vector<ir::TransitionId>& ways) {
  if (ways.empty()) return Stop::stuck;
  if (ways.size() > 1) return Stop::choice;
  if (!session.step(ways.front())) return Stop::limit;
  if (!session.moment().broken.empty()) return Stop::property;
  return std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> depth_of(const Session& session, ir::ActorId actor) {
  const ir::TransitionSystem& system = session.system();
  const std::uint64_t at = session.state()[ir::index(system.actors[ir::index(actor)].control)];
  std::optional<std::uint32_t> out;
  for (const ir::Transition& t : system.transitions)
    if (t.actor == actor && t.from == at) out = std::min(out.value_or(t.depth), t.depth);
  return out;
}

Stop go_on(Session& session, std::size_t limit) {
  for (std::size_t i = 0; i < limit; ++i)
    if (const auto stop = take_only(session, session.enabled())) return *stop;
  return Stop::limit;
}

Stop go_on(Session& session, ir::ActorId actor, std::size_t limit) {
  for (std::size_t i = 0; i < limit; ++i)
    if (const auto stop = take_only(session, session.enabled(actor))) return *stop;
  return Stop::limit;
}

Stop finish(Session& session, ir::ActorId actor, std::size_t limit) {
  const auto from = depth_of(session, actor);
  for (std::size_t i = 0; i < limit; ++i) {
    if (const auto stop = take_only(session, session.enabled(actor))) return *stop;
    const auto now = depth_of(session, actor);
    if (from && now && *now < *from) return Stop::returned;
  }
  return Stop::limit;
}

Stop forward(Session& session, const std::function<bool(const Session&)>& there, std::size_t limit) {
  for (std::size_t i = 0; i < limit; ++i) {
    if (!session.redo()) return Stop::end;
    if (!session.moment().broken.empty()) return Stop::property;
    if (!session.next()) return Stop::end;
    if (there(session)) return Stop::asked;
  }
  return Stop::limit;
}

Stop back(Session& session, const std::function<bool(const Session&)>& there) {
  while (session.undo())
    if (session.position() > 0 && there(session)) return Stop::asked;
  return Stop::end;
}

}  // namespace hotproof::simulate
