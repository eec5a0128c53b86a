#include "checker/explicit/claims.hpp"

#include <algorithm>

#include "model/eval/interpreter.hpp"

namespace hotproof::checker::explicit_state {

namespace {

std::vector<ir::Access> accesses_of(const ir::TransitionSystem& system) {
  std::vector<ir::Access> out;
  for (const ir::Transition& transition : system.transitions) out.push_back(ir::access(system, transition));
  return out;
}

bool contains(const std::vector<ir::VarId>& sorted, std::size_t i) {
  return std::binary_search(sorted.begin(), sorted.end(), static_cast<ir::VarId>(i));
}

}  // namespace

ClaimChecker::ClaimChecker(const ir::TransitionSystem& system) : ClaimChecker(system, accesses_of(system)) {}

ClaimChecker::ClaimChecker(const ir::TransitionSystem& system, std::vector<ir::Access> accesses)
    : system_(system), accesses_(std::move(accesses)) {}

std::optional<std::string> ClaimChecker::refuted(const ir::State& state) {
  for (std::size_t i = 0; i < system_.transitions.size(); ++i) {
    const ir::Transition& transition = system_.transitions[i];
    const ir::Actor& actor = system_.actors[ir::index(transition.actor)];
    if (state[ir::index(actor.control)] != transition.from) continue;
    if (auto wrong = refuted(static_cast<ir::TransitionId>(i), state))
      return "transition " + std::to_string(i) + " (" + transition.text + ") of " + actor.name + " " + *wrong;
  }
  return std::nullopt;
}

std::optional<std::string> ClaimChecker::refuted(ir::TransitionId id, const ir::State& state) {
  if (auto missing = missing_lock(system_[id], state)) return missing;
  if (!does_the_same(id, state, scrambled(accesses_[ir::index(id)], state)))
    return "depends on a variable that its read set does not have";
  return undeclared_write(id, state);
}

// Who holds a lock for writing may do all that a reader may.
std::optional<std::string> ClaimChecker::missing_lock(const ir::Transition& transition, const ir::State& state) const {
  const auto holds = [&](const std::vector<ir::ExprId>& held) {
    const std::size_t actor = ir::index(transition.actor);
    return actor < held.size() && eval::is_true(system_.pool, held[actor], state);
  };
  for (const ir::LockClaim& claim : transition.held) {
    const ir::Lock& lock = system_.locks[ir::index(claim.lock)];
    const bool enough = holds(lock.held_write) || (claim.mode == ir::LockMode::read && holds(lock.held_read));
    if (!enough)
      return "claims that " + lock.name + " is held for " + (claim.mode == ir::LockMode::read ? "read" : "write") +
             ", but it is not";
  }
  return std::nullopt;
}

// splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine.
std::uint64_t ClaimChecker::random() {
  std::uint64_t z = random_state_ += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

ir::State ClaimChecker::scrambled(const ir::Access& access, const ir::State& state) {
  ir::State out = state;
  for (std::size_t i = 0; i < out.size(); ++i)
    if (system_.variables[i].role != ir::Role::control && !contains(access.reads, i))
      out[i] = ir::truncate(random(), system_.variables[i].width);
  return out;
}

bool ClaimChecker::does_the_same(ir::TransitionId id, const ir::State& state, const ir::State& other) const {
  const bool enabled = eval::is_enabled(system_, id, state);
  if (enabled != eval::is_enabled(system_, id, other)) return false;
  if (!enabled) return true;
  for (const ir::Update& update : system_[id].updates)
    if (eval::evaluate(system_.pool, update.value, state) != eval::evaluate(system_.pool, update.value, other))
      return false;
  return eval::events(system_, id, state) == eval::events(system_, id, other) &&
         eval::failed_assertions(system_, id, state) == eval::failed_assertions(system_, id, other) &&
         eval::marks_hit(system_, id, state) == eval::marks_hit(system_, id, other);
}

std::optional<std::string> ClaimChecker::undeclared_write(ir::TransitionId id, const ir::State& state) const {
  if (!eval::is_enabled(system_, id, state)) return std::nullopt;
  const ir::State next = eval::fire(system_, id, state);
  const std::size_t control = ir::index(system_.actors[ir::index(system_[id].actor)].control);
  for (std::size_t i = 0; i < next.size(); ++i)
    if (next[i] != state[i] && i != control && !contains(accesses_[ir::index(id)].writes, i))
      return "changes " + system_.variables[i].name + ", which its write set does not have";
  return std::nullopt;
}

}  // namespace hotproof::checker::explicit_state
