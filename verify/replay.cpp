#include "verify/replay.hpp"

#include <algorithm>

#include "verify/evaluate.hpp"

namespace hotproof::verify {

namespace {

bool is_enabled(const System& system, Evaluator& evaluate, const Transition& t, const Values& state) {
  return state[system.actors[t.actor].control] == t.from && evaluate(t.guard, state) != 0;
}

struct Replayed {
  std::optional<std::string> wrong;
  Values before_last;  // where the last step was taken
  Values last;
};

Replayed replay(const System& system, Evaluator& evaluate, const Run& run) {
  Replayed out;
  if (auto why = not_initial(system, evaluate, run.initial)) return {"its first state is not initial: " + *why, {}, {}};
  out.last = run.initial;
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const std::string step = "step " + std::to_string(i + 1);
    if (run.steps[i] >= system.transitions.size()) return {step + " is no transition", {}, {}};
    const Transition& t = system.transitions[run.steps[i]];
    if (!is_enabled(system, evaluate, t, out.last))
      return {step + ", " + describe(system, run.steps[i]) + ", is not possible there", {}, {}};
    out.before_last = out.last;
    for (const auto& [variable, value] : t.updates) out.last[variable] = evaluate(value, out.before_last);
    out.last[system.actors[t.actor].control] = t.to;
    for (std::size_t v = 0; v < out.last.size(); ++v)
      if (!system.variables[v].contains(out.last[v]))
        return {step + " takes " + system.variables[v].name + " out of its range", {}, {}};
  }
  return out;
}

// By actor: whether it can move.
std::vector<bool> movers(const System& system, Evaluator& evaluate, const Values& state) {
  std::vector<bool> out(system.actors.size(), false);
  for (const Transition& t : system.transitions)
    if (!out[t.actor] && is_enabled(system, evaluate, t, state)) out[t.actor] = true;
  return out;
}

bool stands_in(const std::vector<std::uint32_t>& locations, std::uint64_t at) {
  return std::binary_search(locations.begin(), locations.end(), static_cast<std::uint32_t>(at));
}

bool is_stuck(const System& system, const std::vector<bool>& moves, const Values& state) {
  if (std::find(moves.begin(), moves.end(), true) != moves.end()) return false;
  bool all_rest = true;
  for (const Actor& a : system.actors) {
    if (stands_in(a.halted, state[a.control])) return false;
    all_rest = all_rest && stands_in(a.resting, state[a.control]);
  }
  return !all_rest;
}

// For whom an actor that cannot move waits: nobody, unless all its ways acquire locks.
std::vector<bool> waits_for(const System& system, Evaluator& evaluate, std::size_t actor, const Values& state) {
  const std::vector<bool> nobody(system.actors.size(), false);
  std::vector<bool> out = nobody;
  for (const Transition& t : system.transitions) {
    if (t.actor != actor || state[system.actors[actor].control] != t.from) continue;
    if (!t.acquires) return nobody;
    const Lock& lock = system.locks[t.lock];
    for (std::size_t holder = 0; holder < out.size(); ++holder)
      out[holder] = out[holder] || evaluate(lock.write[holder], state) != 0 ||
                    (t.write && evaluate(lock.read[holder], state) != 0);
  }
  return out;
}

}  // namespace

bool is_deadlock(const System& system, Evaluator& evaluate, const std::vector<std::uint64_t>& state) {
  const std::vector<bool> moves = movers(system, evaluate, state);
  if (is_stuck(system, moves, state)) return true;
  std::vector<std::vector<bool>> waits;
  for (std::size_t a = 0; a < moves.size(); ++a)
    waits.push_back(moves[a] ? std::vector<bool>(moves.size(), false) : waits_for(system, evaluate, a, state));
  // Transitive closure (Warshall, 1962): a circle shows on the diagonal.
  for (std::size_t via = 0; via < moves.size(); ++via)
    for (std::size_t a = 0; a < moves.size(); ++a)
      for (std::size_t b = 0; b < moves.size(); ++b)
        if (waits[a][via] && waits[via][b]) waits[a][b] = true;
  for (std::size_t a = 0; a < moves.size(); ++a)
    if (waits[a][a]) return true;
  return false;
}

std::optional<std::string> does_not_reach(const System& system, const Run& run, std::uint32_t mark,
                                          bool without_faults) {
  Evaluator evaluate(system);
  const Replayed replayed = replay(system, evaluate, run);
  if (replayed.wrong) return replayed.wrong;
  if (run.steps.empty()) return "it has no step";
  if (without_faults && std::any_of(run.steps.begin(), run.steps.end(),
                                    [&](std::uint32_t step) { return system.transitions[step].faulty; }))
    return "there is a fault in it";
  for (const auto& [hit, when] : system.transitions[run.steps.back()].hits)
    if (hit == mark && evaluate(when, replayed.before_last) != 0) return std::nullopt;
  return "its last step does not reach " + system.marks[mark];
}

std::optional<std::string> does_not_break(const System& system, const Run& run, std::uint32_t property) {
  Evaluator evaluate(system);
  const Replayed replayed = replay(system, evaluate, run);
  if (replayed.wrong) return replayed.wrong;
  const Property& p = system.properties[property];
  bool broken = false;
  if (p.kind == PropertyKind::invariant) broken = evaluate(p.expr, replayed.last) == 0;
  if (p.kind == PropertyKind::deadlock) broken = is_deadlock(system, evaluate, replayed.last);
  if (p.kind == PropertyKind::assertion && !run.steps.empty())
    for (const auto& [id, holds] : system.transitions[run.steps.back()].assertions)
      broken = broken || (id == property && evaluate(holds, replayed.before_last) == 0);
  if (broken) return std::nullopt;
  return "it does not break the property at its end";
}

}  // namespace hotproof::verify
