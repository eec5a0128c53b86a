#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>

#include <algorithm>
#include <numeric>

#include "checker/fate/fate.hpp"

namespace hotproof::checker::fate {

namespace {

using Component = std::vector<StateId>;

// The components of a part of the graph, over edges that violate nothing.
class Components {
 public:
  explicit Components(const StateGraph& graph) : graph_(graph), number_(graph.size(), none) {}

  std::vector<Component> of(const Component& part) {
    for (std::size_t i = 0; i < part.size(); ++i) number_[part[i]] = static_cast<std::uint32_t>(i);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
    for (const StateId state : part)
      for (const Edge& edge : graph_.edges(state))
        if (!edge.violates && number_[edge.to] != none) edges.emplace_back(number_[state], number_[edge.to]);
    for (const StateId state : part) number_[state] = none;
    using Csr = boost::compressed_sparse_row_graph<boost::directedS>;
    const Csr csr(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(), part.size());
    std::vector<std::size_t> component(part.size());
    const auto count = boost::strong_components(
        csr, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, csr)));
    std::vector<Component> out(count);
    for (std::size_t i = 0; i < part.size(); ++i) out[component[i]].push_back(part[i]);
    return out;
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  const StateGraph& graph_;
  std::vector<std::uint32_t> number_;  // in the part; none outside
};

class FairStates {
 public:
  explicit FairStates(const StateGraph& graph)
      : graph_(graph), actors_(graph.system().actors.size()), components_(graph), in_(graph.size(), 0) {}

  std::vector<bool> run() {
    std::vector<bool> good(graph_.size(), false);
    Component all;
    for (StateId state = 0; state < graph_.size(); ++state) {
      if (graph_.violates(state)) continue;
      all.push_back(state);
      good[state] = may_end(state);
    }
    std::vector<Component> open = components_.of(all);
    while (!open.empty()) {
      Component part = std::move(open.back());
      open.pop_back();
      split(std::move(part), open, good);
    }
    return back_from(std::move(good));
  }

 private:
  bool wants_to_move(StateId state, std::size_t actor) const {
    if (graph_.rests(state, actor)) return false;
    const auto edges = graph_.edges(state);
    return std::any_of(edges.begin(), edges.end(), [&](const Edge& edge) { return actor_of(edge) == actor; });
  }
  std::size_t actor_of(const Edge& edge) const { return ir::index(graph_.system()[edge.fired].actor); }

  bool may_end(StateId state) const {
    if (graph_.halted(state)) return true;
    for (std::size_t actor = 0; actor < actors_; ++actor)
      if (wants_to_move(state, actor)) return false;
    return true;
  }

  // A component: fair as a whole, or what is left of it without the states that it cannot visit for ever.
  void split(Component part, std::vector<Component>& open, std::vector<bool>& good) {
    ++round_;
    for (const StateId state : part) in_[state] = round_;
    std::vector<bool> moves(actors_, false);
    bool any = false;
    for (const StateId state : part)
      for (const Edge& edge : graph_.edges(state))
        if (!edge.violates && in_[edge.to] == round_) moves[actor_of(edge)] = any = true;
    if (!any) return;
    const auto unfair = [&](StateId state) {
      for (std::size_t actor = 0; actor < actors_; ++actor)
        if (!moves[actor] && wants_to_move(state, actor)) return true;
      return false;
    };
    const std::size_t before = part.size();
    std::erase_if(part, unfair);
    if (part.size() == before) {
      for (const StateId state : part) good[state] = true;
      return;
    }
    for (Component& smaller : components_.of(part)) open.push_back(std::move(smaller));
  }

  // All states from which a good one is reached without a violation.
  std::vector<bool> back_from(std::vector<bool> good) const {
    std::vector<std::uint64_t> first(std::size_t{graph_.size()} + 1, 0);
    const auto each = [&](auto&& tell) {
      for (StateId state = 0; state < graph_.size(); ++state)
        for (const Edge& edge : graph_.edges(state))
          if (!edge.violates && !graph_.violates(edge.to)) tell(state, edge.to);
    };
    each([&](StateId, StateId to) { ++first[to + 1]; });
    std::partial_sum(first.begin(), first.end(), first.begin());
    std::vector<StateId> from(first.back());
    std::vector<std::uint64_t> next(first.begin(), first.end() - 1);
    each([&](StateId state, StateId to) { from[next[to]++] = state; });
    std::vector<StateId> open;
    for (StateId state = 0; state < graph_.size(); ++state)
      if (good[state]) open.push_back(state);
    while (!open.empty()) {
      const StateId state = open.back();
      open.pop_back();
      for (std::uint64_t i = first[state]; i < first[state + 1]; ++i) {
        if (good[from[i]]) continue;
        good[from[i]] = true;
        open.push_back(from[i]);
      }
    }
    return good;
  }

  const StateGraph& graph_;
  std::size_t actors_;
  Components components_;
  std::vector<std::uint32_t> in_;  // the round in which the state was in the component looked at
  std::uint32_t round_ = 0;
};

}  // namespace

std::vector<bool> avoidable(const StateGraph& graph) {
  return FairStates(graph).run();
}

}  // namespace hotproof::checker::fate
