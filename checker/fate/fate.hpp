// Where a run that violates a property lost its last chance, and what would have prevented the violation: exact answers
// from the state graph.
//
// Actors are taken to be strongly fair: who is able to move again and again, and has not chosen to rest, moves again and
// again. So "it could have waited for ever" is no way out, and a lock is won in the end. What an actor chooses is not
// fair: who may always try again may always try again.
#pragma once

#include <optional>
#include <vector>

#include "checker/explicit/simplest.hpp"
#include "checker/fate/state_graph.hpp"

namespace hotproof::checker::fate {

// By state: some fair run from there never violates the property. A fair run goes on for ever, or ends where all actors
// that could move rest, where nobody can move, or where the run is over for everybody.
//
// Emptiness of Streett automata by taking components apart (Emerson and Lei, Modalities for model checking, 1987, 5):
// in a strongly connected component without a step of some actor that is able to move in it and does not rest, the states
// where that is so can be visited only finitely often.
std::vector<bool> avoidable(const StateGraph& graph);

// free: from the state before it, another step keeps the violation avoidable. only: nothing is lost yet, but no other step
// keeps it avoidable. fated: it could not be avoided any more before this step.
enum class StepFate : std::uint8_t { free, only, fated };

struct Fates {
  std::vector<StepFate> steps;  // one a step of the run
  // The step behind which the violation cannot be avoided: the last one before which it can. Nothing: it cannot from the
  // start, every run violates the property.
  std::optional<std::size_t> no_return;
  std::vector<ir::TransitionId> ways_out;  // in the state before `no_return`: the steps that keep it avoidable, by id
  // The run's steps up to `no_return`, then the least (faults, switches, steps) that never loses the way out, to a state
  // that all actors may stay in; to one that can be come back to for ever where there is none. Without a point of no
  // return: nothing.
  std::optional<ir::Run> good;
};

// `run` starts in the graph's initial state and ends in the violation. The graph is complete.
Fates fates(const StateGraph& graph, const std::vector<bool>& avoidable, const ir::Run& run);

// Something in a run that, if it never happened, would prevent the violation: no run of the system without it violates
// the property.
struct Prevention {
  enum class Kind : std::uint8_t {
    choice,   // the step `first` does not happen: no transition of anybody does this, here or in any other state
    actor,    // the actor of the step `first` does nothing at all
    together  // nobody else moves while the actor of `first` goes from the beginning of step `first` to the end of `last`
  };
  Kind kind = Kind::choice;
  std::size_t first = 0;  // steps of the run, from 0
  std::size_t last = 0;
};

// All of the run's faults, listeners' and free answers, and other actors of which that is true; and for each actor that others
// interrupt, the shortest stretches of its steps (none contains another) of which it is. In the order of `first`. The graph
// is complete.
std::vector<Prevention> preventions(const StateGraph& graph, const ir::Run& run);

}  // namespace hotproof::checker::fate
