#include "model/eval/reference.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <string>

#include "model/eval/interpreter.hpp"

namespace hotproof::eval {

using namespace ir;

namespace {

struct Reached {
  std::uint32_t depth = 0;
  std::optional<std::pair<State, TransitionId>> before;  // nothing: an initial state
};
using States = std::map<State, Reached>;

Run run_to(const States& states, State state) {
  Run run;
  for (;;) {
    const Reached& reached = states.at(state);
    if (!reached.before) break;
    run.steps.push_back(reached.before->second);
    state = reached.before->first;
  }
  run.initial = state;
  std::reverse(run.steps.begin(), run.steps.end());
  return run;
}

// What a search tells: each state in order of depth, and each transition fired from it.
struct Visitor {
  std::function<void(const States&, const State&)> state;
  std::function<void(const States&, const State&, TransitionId)> fired;
};

Outcome<States> search(const TransitionSystem& system, std::size_t limit, bool with_faults, const Visitor& visitor) {
  const auto initial = initial_states(system, limit);
  if (!initial) return tl::make_unexpected(initial.error());
  States states;
  std::deque<State> queue;
  const auto meet = [&](const State& state, Reached reached) {
    if (states.emplace(state, std::move(reached)).second) queue.push_back(state);
  };
  for (const State& state : *initial) meet(state, {});
  while (!queue.empty()) {
    if (states.size() > limit) return failure({}, "there are more than " + std::to_string(limit) + " states");
    const State state = queue.front();
    queue.pop_front();
    visitor.state(states, state);
    for (const TransitionId t : enabled(system, state)) {
      if (!with_faults && system[t].faults != 0) continue;
      visitor.fired(states, state, t);
      meet(fire(system, t, state), {states.at(state).depth + 1, std::pair{state, t}});
    }
  }
  return states;
}

// Keeps the first, which is the shortest because the search is breadth first.
void note(std::optional<Shortest>& slot, const States& states, const State& state, std::optional<TransitionId> fired) {
  const std::uint32_t depth = states.at(state).depth + (fired ? 1 : 0);
  // A transition's failure is seen when its state is taken up, a level before the states of the same depth.
  if (slot && slot->depth <= depth) return;
  slot = Shortest{depth, run_to(states, state)};
  if (fired) slot->run.steps.push_back(*fired);
}

void check_state(const TransitionSystem& system, Reference& out, const States& states, const State& state) {
  out.depth = std::max(out.depth, states.at(state).depth);
  if (out_of_range(system, state)) out.left_range = true;
  for (std::size_t i = 0; i < system.properties.size(); ++i) {
    const Property& property = system.properties[i];
    const bool broken = (property.kind == PropertyKind::invariant && !is_true(system.pool, property.expr, state)) ||
                        (property.kind == PropertyKind::deadlock && !out.properties[i] && deadlocked(system, state));
    if (broken) note(out.properties[i], states, state, std::nullopt);
  }
}

void check_marks(const TransitionSystem& system, Reference& out, const States& states, const State& state,
                 TransitionId fired, bool with_faults) {
  for (const MarkId mark : marks_hit(system, fired, state)) {
    auto& depth = out.marks[index(mark)];
    if (with_faults && !depth) depth = states.at(state).depth + 1;
    for (std::size_t i = 0; i < system.properties.size(); ++i) {
      const Property& property = system.properties[i];
      if (property.kind == PropertyKind::cover && property.mark == mark && property.cover_without_faults != with_faults)
        note(out.properties[i], states, state, fired);
    }
  }
}

bool in_the_way(LockMode wanted, bool holds_write, bool holds_read) {
  return holds_write || (wanted == LockMode::write && holds_read);
}

// By actor: the actors it waits for.
std::vector<std::vector<bool>> wait_for_graph(const TransitionSystem& system, const State& state,
                                              const std::vector<bool>& can_move) {
  const std::size_t n = system.actors.size();
  std::vector<std::vector<bool>> waits(n, std::vector<bool>(n, false));
  for (std::size_t a = 0; a < n; ++a) {
    if (can_move[a]) continue;
    std::vector<LockClaim> wanted;
    bool only_acquires = true;
    for (const Transition& t : system.transitions) {
      if (index(t.actor) != a || t.from != state[index(system.actors[a].control)]) continue;
      if (t.lock_effect == LockEffect::acquires && t.lock)
        wanted.push_back(*t.lock);
      else
        only_acquires = false;
    }
    if (!only_acquires) continue;
    for (const LockClaim& claim : wanted) {
      const Lock& lock = system.locks[index(claim.lock)];
      for (std::size_t b = 0; b < n; ++b)
        if (in_the_way(claim.mode, is_true(system.pool, lock.held_write[b], state),
                       is_true(system.pool, lock.held_read[b], state)))
          waits[a][b] = true;
    }
  }
  return waits;
}

bool has_circle(const std::vector<std::vector<bool>>& waits) {
  for (std::size_t start = 0; start < waits.size(); ++start) {
    std::vector<bool> seen(waits.size(), false);
    std::vector<std::size_t> open{start};
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      for (std::size_t next = 0; next < waits.size(); ++next) {
        if (!waits[at][next]) continue;
        if (next == start) return true;
        if (!seen[next]) open.push_back(next);
        seen[next] = true;
      }
    }
  }
  return false;
}

}  // namespace

bool deadlocked(const TransitionSystem& system, const State& state) {
  std::vector<bool> can_move(system.actors.size(), false);
  for (const TransitionId t : enabled(system, state)) can_move[index(system[t].actor)] = true;
  if (has_circle(wait_for_graph(system, state, can_move))) return true;
  if (std::find(can_move.begin(), can_move.end(), true) != can_move.end()) return false;
  const auto stands_at = [&](const Actor& actor, const std::vector<Location>& places) {
    return std::find(places.begin(), places.end(), state[index(actor.control)]) != places.end();
  };
  const auto& actors = system.actors;
  if (std::any_of(actors.begin(), actors.end(), [&](const Actor& actor) { return stands_at(actor, actor.halted); }))
    return false;
  return !std::all_of(actors.begin(), actors.end(),
                      [&](const Actor& actor) { return stands_at(actor, actor.resting); });
}

Outcome<Reference> explore(const TransitionSystem& system, std::size_t limit) {
  Reference out;
  out.properties.resize(system.properties.size());
  out.marks.resize(system.marks.size());
  const Visitor visitor{[&](const States& states, const State& state) { check_state(system, out, states, state); },
                        [&](const States& states, const State& state, TransitionId fired) {
                          ++out.transitions;
                          for (const PropertyId property : failed_assertions(system, fired, state))
                            note(out.properties[index(property)], states, state, fired);
                          check_marks(system, out, states, state, fired, true);
                        }};
  const auto states = search(system, limit, true, visitor);
  if (!states) return tl::make_unexpected(states.error());
  out.states = states->size();
  const Visitor faultless{[](const States&, const State&) {},
                          [&](const States& found, const State& state, TransitionId fired) {
                            check_marks(system, out, found, state, fired, false);
                          }};
  if (const auto again = search(system, limit, false, faultless); !again) return tl::make_unexpected(again.error());
  return out;
}

}  // namespace hotproof::eval
