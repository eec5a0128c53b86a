#include "checker/export/graph.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <unordered_map>

#include "checker/export/state_properties.hpp"
#include "model/eval/interpreter.hpp"

namespace hotproof::checker::exports {

namespace {

struct Hash {
  std::size_t operator()(const ir::State& state) const {
    std::uint64_t h = 0x9e3779b97f4a7c15U;
    for (const std::uint64_t value : state) {
      h = (h ^ value) * 0xff51afd7ed558ccdU;
      h ^= h >> 32U;
    }
    return h;
  }
};

class Search {
 public:
  Search(const ir::TransitionSystem& system, std::size_t most_states, const Options& options)
      : system_(system), holds_(state_properties(system_)), most_states_(most_states), options_(options) {
    for (std::size_t t = 0; t < system_.transitions.size(); ++t) {
      const ir::Transition& transition = system_.transitions[t];
      from_[{transition.actor, transition.from}].push_back(static_cast<ir::TransitionId>(t));
    }
  }

  Outcome<Graph> run() {
    const auto initial = eval::initial_states(system_, most_states_);
    if (!initial) return tl::make_unexpected(initial.error());
    for (const ir::State& state : *initial) number_of(state);
    graph_.initial = graph_.states.size();
    for (std::size_t at = 0; at < graph_.states.size() && problem_.empty(); ++at) {
      poll(at);
      expand(at);
    }
    if (!problem_.empty()) return failure({}, problem_, hint_);
    return std::move(graph_);
  }

 private:
  void stop(std::string problem, std::string hint = "") {
    if (!problem_.empty()) return;
    problem_ = std::move(problem);
    hint_ = std::move(hint);
  }

  void poll(std::size_t at) {
    if (at % 256 != 0) return;
    if (options_.interrupted != nullptr && *options_.interrupted) stop("interrupted");
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (options_.limits.seconds > 0 && seconds > options_.limits.seconds) stop("the state graph was not complete when the time was over");
  }

  std::size_t number_of(const ir::State& state) {
    const auto [found, fresh] = numbers_.try_emplace(state, graph_.states.size());
    if (!fresh) return found->second;
    if (graph_.states.size() == most_states_)
      stop("there are more than " + std::to_string(most_states_) + " states", "--most allows more");
    if (const auto var = eval::out_of_range(system_, state)) stop(system_[*var].name + " leaves its declared range");
    graph_.states.push_back(state);
    graph_.violated.emplace_back();
    for (const auto& [property, holds] : holds_)
      if (!eval::is_true(system_.pool, holds, state)) graph_.violated.back().push_back(static_cast<ir::PropertyId>(property));
    return found->second;
  }

  void expand(std::size_t at) {
    // A copy: the list of states grows meanwhile.
    const ir::State state = graph_.states[at];
    std::vector<ir::TransitionId> enabled;
    for (std::size_t a = 0; a < system_.actors.size(); ++a) {
      const auto ways = from_.find({static_cast<ir::ActorId>(a), static_cast<ir::Location>(state[ir::index(system_.actors[a].control)])});
      if (ways == from_.end()) continue;
      for (const ir::TransitionId t : ways->second)
        if (eval::is_true(system_.pool, system_[t].guard, state)) enabled.push_back(t);
    }
    std::sort(enabled.begin(), enabled.end());
    for (const ir::TransitionId t : enabled) {
      Graph::Edge edge{at, number_of(eval::fire(system_, t, state)), t, eval::failed_assertions(system_, t, state), {}};
      const auto hits = eval::marks_hit(system_, t, state);
      for (std::size_t i = 0; i < system_.properties.size(); ++i)
        if (system_.properties[i].kind == ir::PropertyKind::cover && std::binary_search(hits.begin(), hits.end(), system_.properties[i].mark))
          edge.reached.push_back(static_cast<ir::PropertyId>(i));
      graph_.edges.push_back(std::move(edge));
    }
  }

  ir::TransitionSystem system_;
  std::map<std::size_t, ir::ExprId> holds_;  // by property
  std::size_t most_states_;
  const Options& options_;
  std::map<std::pair<ir::ActorId, ir::Location>, std::vector<ir::TransitionId>> from_;
  std::unordered_map<ir::State, std::size_t, Hash> numbers_;
  Graph graph_;
  std::string problem_, hint_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

Outcome<Graph> graph_of(const ir::TransitionSystem& system, std::size_t most_states, const Options& options) {
  return Search(system, most_states, options).run();
}

}  // namespace hotproof::checker::exports
