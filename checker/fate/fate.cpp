#include "checker/fate/fate.hpp"

#include <algorithm>
#include <map>

namespace hotproof::checker::fate {

namespace {

// The states that a run goes through, as far as the graph has them: the one after a step that violates is not.
std::vector<StateId> states_of(const StateGraph& graph, const ir::Run& run) {
  std::vector<StateId> out{0};
  for (const ir::TransitionId step : run.steps) {
    const auto edges = graph.edges(out.back());
    const auto edge = std::find_if(edges.begin(), edges.end(), [step](const Edge& e) { return e.fired == step; });
    out.push_back(edge->to);
  }
  return out;
}

// The least way from a state to the end of a good run.
class WayOut {
 public:
  WayOut(const StateGraph& graph, const std::vector<bool>& avoidable) : graph_(graph), avoidable_(avoidable) {}

  // `last`: who moved to get to `from`, if anybody did.
  std::vector<ir::TransitionId> from(StateId start, std::optional<ir::ActorId> last) {
    const Node begin{start, last ? ir::index(*last) + 1 : 0};
    known_[begin] = {};
    open_.emplace(RunCost{}, begin);
    std::optional<Node> round;  // the first place that the search can come back to
    while (!open_.empty()) {
      const auto [cost, node] = *open_.begin();
      open_.erase(open_.begin());
      if (known_[node].cost < cost) continue;
      // Staying where one is must be another way than the run's own: at least one step.
      if (cost.steps > 0 && may_stay(node.first)) return steps_to(node);
      if (!round && cost.steps > 0 && comes_back(node)) round = node;
      for (const Edge& edge : graph_.edges(node.first))
        if (!edge.violates && avoidable_[edge.to]) go(cost, node, edge);
    }
    return round ? steps_to(*round) : std::vector<ir::TransitionId>{};
  }

 private:
  using Node = std::pair<StateId, std::size_t>;  // and who moved last, plus one
  struct Known {
    RunCost cost;
    std::optional<Node> parent;
    ir::TransitionId step{};
  };

  bool may_stay(StateId state) const {
    if (graph_.halted(state)) return true;
    const auto edges = graph_.edges(state);
    return std::all_of(edges.begin(), edges.end(), [&](const Edge& edge) {
      return graph_.rests(state, ir::index(graph_.system()[edge.fired].actor));
    });
  }
  // Some step leads to a state that the way here went through.
  bool comes_back(const Node& node) {
    const auto edges = graph_.edges(node.first);
    return std::any_of(edges.begin(), edges.end(), [&](const Edge& edge) {
      for (std::optional<Node> at = node; at; at = known_[*at].parent)
        if (at->first == edge.to) return !edge.violates;
      return false;
    });
  }

  void go(const RunCost& cost, const Node& node, const Edge& edge) {
    const ir::Transition& t = graph_.system()[edge.fired];
    const std::size_t actor = ir::index(t.actor) + 1;
    const bool switches = node.second != 0 && node.second != actor;
    const RunCost then{cost.faults + t.faults, cost.switches + (switches ? 1 : 0), cost.steps + 1};
    const auto [at, fresh] = known_.try_emplace({edge.to, actor});
    if (!fresh && at->second.cost <= then) return;
    at->second = {then, node, edge.fired};
    open_.emplace(then, at->first);
  }

  std::vector<ir::TransitionId> steps_to(const Node& end) {
    std::vector<ir::TransitionId> out;
    for (Node at = end; known_[at].parent; at = *known_[at].parent) out.push_back(known_[at].step);
    std::reverse(out.begin(), out.end());
    return out;
  }

  const StateGraph& graph_;
  const std::vector<bool>& avoidable_;
  std::map<Node, Known> known_;
  std::multimap<RunCost, Node> open_;
};

}  // namespace

Fates fates(const StateGraph& graph, const std::vector<bool>& avoidable, const ir::Run& run) {
  Fates out;
  const std::vector<StateId> states = states_of(graph, run);
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    if (!avoidable[states[i]]) {
      out.steps.push_back(StepFate::fated);
      continue;
    }
    out.no_return = i;
    const auto edges = graph.edges(states[i]);
    const bool free = std::any_of(edges.begin(), edges.end(), [&](const Edge& edge) {
      return edge.fired != run.steps[i] && !edge.violates && avoidable[edge.to];
    });
    out.steps.push_back(free ? StepFate::free : StepFate::only);
  }
  if (!out.no_return) return out;
  const std::size_t at = *out.no_return;
  for (const Edge& edge : graph.edges(states[at]))
    if (!edge.violates && avoidable[edge.to]) out.ways_out.push_back(edge.fired);
  std::sort(out.ways_out.begin(), out.ways_out.end());
  std::optional<ir::ActorId> last;
  if (at > 0) last = graph.system()[run.steps[at - 1]].actor;
  ir::Run good{run.initial, {run.steps.begin(), run.steps.begin() + static_cast<std::ptrdiff_t>(at)}};
  const auto rest = WayOut(graph, avoidable).from(states[at], last);
  good.steps.insert(good.steps.end(), rest.begin(), rest.end());
  out.good = std::move(good);
  return out;
}

}  // namespace hotproof::checker::fate
