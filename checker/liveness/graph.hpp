// All that fair runs of a system can do, with the letters of a question's atoms: explored once, asked by many formulas.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "checker/explicit/layout.hpp"
#include "checker/explicit/store.hpp"
#include "checker/result.hpp"
#include "model/ir/temporal.hpp"

namespace hotproof::checker::liveness {

// A vertex is a state (0 … states-1, in the order of a breadth-first search), or the end of a run in one: states + s,
// where s may end. A run may end in a state in which everybody who can move (without a fault) rests.
using Vertex = std::uint32_t;
inline constexpr std::uint32_t no_transition = ~std::uint32_t{0};

struct Step {
  Vertex to = 0;
  std::uint32_t transition = no_transition;  // none: the run ends, or has ended
  std::uint32_t letter = 0;                  // number of a letter
};

// Who is taken to be fair in which way. Weak: an actor that must move at some time and from then on at every time, does. It
// must move if it can without a fault and does not rest.
// Strong, by group of transitions: if one of them can be taken again and again, one is taken again and again.
struct Fairness {
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  std::vector<bool> must;              // by transition: its actor must move where it can be taken
  std::vector<std::uint32_t> group;    // by transition, or none
  std::uint32_t groups = 0;
};
// With locks: what acquires one, or tries and succeeds, by actor, location and lock. With choices: each free choice that
// is no fault, where its actor does not rest.
Fairness fairness_of(const ir::TransitionSystem& system, const ir::Assumptions& assumptions);

class Graph {
 public:
  // Explores all states; those in which somebody has halted are not gone on from: such runs are no runs that go on or
  // end in peace, and rules of their own judge them. Limits of `options`: seconds, bytes, interruption. The question must
  // outlive it; ir::fault_in() returns nothing for its system, which has at most 64 actors.
  Graph(const ir::TemporalQuestion& question, const Options& options);

  // If not complete, states that were not looked at have no steps: what is found in it is there, but there may be more.
  bool complete() const { return stopped_by_.empty(); }
  const std::string& stopped_by() const { return stopped_by_; }
  const ir::TemporalQuestion& question() const { return *question_; }

  std::uint32_t states() const { return store_.size(); }
  std::uint32_t vertices() const { return 2 * store_.size(); }
  std::uint32_t initial_states() const { return initial_states_; }  // the first ones
  std::uint64_t transitions() const { return edges_.size(); }
  std::uint32_t depth() const { return depth_; }
  std::uint64_t bytes() const;
  // In the order of actors and transitions.
  std::span<const Step> edges(std::uint32_t state) const {
    return std::span(edges_).subspan(first_[state], first_[state + 1] - first_[state]);
  }
  // A run may end there; with this letter from then on.
  bool may_end(std::uint32_t state) const { return end_letter_[state] != goes_on; }
  std::uint32_t end_letter(std::uint32_t state) const { return end_letter_[state]; }
  // Calls tell(step) for each step from a vertex, that of ending last.
  template <class Tell>
  void each_step(Vertex vertex, Tell&& tell) const {
    if (vertex >= states()) return tell(Step{vertex, no_transition, end_letter_[vertex - states()]});
    for (const Step& step : edges(vertex)) tell(step);
    if (may_end(vertex)) tell(Step{vertex + states(), no_transition, end_letter_[vertex]});
  }
  // Actors that must move there, a bit each.
  std::uint64_t must_move(Vertex vertex) const { return vertex < states() ? must_move_[vertex] : 0; }

  std::size_t letters() const { return letters_.size(); }
  bool is_true(std::uint32_t letter, std::uint32_t atom) const { return (letters_[letter][atom / 64] >> atom % 64 & 1U) != 0; }
  // Marks that some step hits.
  bool reached(ir::MarkId mark) const { return reached_[ir::index(mark)]; }

  ir::State state(std::uint32_t id) const { return layout_.unpack(store_[id]); }
  // Where variables lie in the packed states, for the verifier.
  ReachedStates packed() const;

 private:
  class Builder;
  static constexpr std::uint32_t goes_on = ~std::uint32_t{0};
  const ir::TemporalQuestion* question_;
  explicit_state::Layout layout_;
  explicit_state::StateStore store_;
  std::uint32_t initial_states_ = 0;
  std::uint32_t depth_ = 0;
  std::vector<std::uint64_t> first_;  // by state, one more than there are
  std::vector<Step> edges_;
  std::vector<std::uint32_t> end_letter_;
  std::vector<std::uint64_t> must_move_;
  std::vector<std::vector<std::uint64_t>> letters_;  // bits by atom
  std::vector<bool> reached_;                        // by MarkId
  std::string stopped_by_;
};

}  // namespace hotproof::checker::liveness
