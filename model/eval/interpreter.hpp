// The reference semantics of a transition system: slow, obvious, sharing nothing with the engines. Everything that is
// printed has been replayed here. All functions want a system for which ir::fault_in() returns nothing, and states that
// belong to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/ir/system.hpp"
#include "model/source/diagnostic.hpp"

namespace hotproof::eval {

// The value of an expression in a state.
std::uint64_t evaluate(const ir::ExprPool& pool, ir::ExprId expr, const ir::State& state);
inline bool is_true(const ir::ExprPool& pool, ir::ExprId expr, const ir::State& state) {
  return evaluate(pool, expr, state) != 0;
}

// Its actor stands at `from` and the guard is true.
bool is_enabled(const ir::TransitionSystem& system, ir::TransitionId transition, const ir::State& state);
// All enabled transitions, ascending.
std::vector<ir::TransitionId> enabled(const ir::TransitionSystem& system, const ir::State& state);
// The state after an enabled transition: all updates are evaluated on the old state.
ir::State fire(const ir::TransitionSystem& system, ir::TransitionId transition, const ir::State& state);

// Every initial state, in ascending order of the free variables' values. Fails if more than `limit` candidates would
// have to be tried.
Outcome<std::vector<ir::State>> initial_states(const ir::TransitionSystem& system, std::size_t limit);

// Whether a value lies in the declared range of a variable.
bool in_range(const ir::Variable& variable, std::uint64_t value);
// The first variable whose value is outside its declared range.
std::optional<ir::VarId> out_of_range(const ir::TransitionSystem& system, const ir::State& state);

struct FiredEvent {
  std::uint32_t name = 0;  // index into TransitionSystem::event_names
  std::vector<std::uint64_t> args;
  friend bool operator==(const FiredEvent&, const FiredEvent&) = default;
};
// What happens while a transition fires in a state, in order.
std::vector<FiredEvent> events(const ir::TransitionSystem& system, ir::TransitionId transition, const ir::State& state);
// Properties whose assertions fail when a transition fires in a state; ascending, each once.
std::vector<ir::PropertyId> failed_assertions(const ir::TransitionSystem& system, ir::TransitionId transition,
                                              const ir::State& state);
// Marks reached when a transition fires in a state; ascending, each once.
std::vector<ir::MarkId> marks_hit(const ir::TransitionSystem& system, ir::TransitionId transition,
                                  const ir::State& state);

struct Replay {
  std::vector<ir::State> states;             // one more than the run has steps
  std::optional<std::size_t> left_range_at;  // the first state with a value outside its declared range
};
// Fires the run step by step from its initial state. Fails at the first thing that the semantics do not allow and says
// which step it is (counted from 1; the initial state is step 0) and why.
Outcome<Replay> replay(const ir::TransitionSystem& system, const ir::Run& run);

}  // namespace hotproof::eval
