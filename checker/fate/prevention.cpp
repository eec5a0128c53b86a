#include <algorithm>
#include <set>
#include <tuple>

#include "checker/fate/fate.hpp"

namespace hotproof::checker::fate {

namespace {

// Whether a state or a step that violates the property is reached without the steps of which `leaves_out` is true.
template <class LeavesOut>
bool violation_reached(const StateGraph& graph, LeavesOut leaves_out) {
  std::vector<bool> met(graph.size(), false);
  std::vector<StateId> open{0};
  met[0] = true;
  while (!open.empty()) {
    const StateId state = open.back();
    open.pop_back();
    if (graph.violates(state)) return true;
    for (const Edge& edge : graph.edges(state)) {
      if (leaves_out(state, edge)) continue;
      if (edge.violates) return true;
      if (met[edge.to]) continue;
      met[edge.to] = true;
      open.push_back(edge.to);
    }
  }
  return false;
}

class Preventions {
 public:
  Preventions(const StateGraph& graph, const ir::Run& run) : graph_(graph), system_(graph.system()), run_(run) {}

  std::vector<Prevention> run() {
    std::vector<bool> seen(run_.steps.size(), false);
    for (std::size_t i = 0; i < run_.steps.size(); ++i) {
      if (seen[i] || system_[run_.steps[i]].choice == ir::Choice::none) continue;
      for (std::size_t later = i; later < run_.steps.size(); ++later)
        seen[later] = seen[later] || same_choice(run_.steps[later], run_.steps[i]);
      add_choice(i);
    }
    add_actors();
    std::stable_sort(out_.begin(), out_.end(), [](const Prevention& a, const Prevention& b) {
      return std::tuple(a.first, a.last) < std::tuple(b.first, b.last);
    });
    return std::move(out_);
  }

 private:
  // Does the same at the same place, whoever does it.
  bool same_choice(ir::TransitionId one, ir::TransitionId other) const {
    const ir::Transition& a = system_[one];
    const ir::Transition& b = system_[other];
    if (a.choice != b.choice || a.faults != b.faults || a.text != b.text || a.span != b.span || a.callers != b.callers)
      return false;
    return std::equal(a.events.begin(), a.events.end(), b.events.begin(), b.events.end(),
                      [](const ir::Event& x, const ir::Event& y) {
                        // The first argument says who.
                        return x.name == y.name && x.args.size() == y.args.size() &&
                               (x.args.empty() || std::equal(x.args.begin() + 1, x.args.end(), y.args.begin() + 1));
                      });
  }

  void add_choice(std::size_t step) {
    std::vector<bool> out(system_.transitions.size());
    for (std::size_t t = 0; t < out.size(); ++t)
      out[t] = same_choice(static_cast<ir::TransitionId>(t), run_.steps[step]);
    if (!violation_reached(graph_, [&](StateId, const Edge& edge) { return out[ir::index(edge.fired)]; }))
      out_.push_back({Prevention::Kind::choice, step, step});
  }

  std::size_t actor_of(ir::TransitionId id) const { return ir::index(system_[id].actor); }

  void add_actors() {
    if (run_.steps.empty()) return;
    for (std::size_t actor = 0; actor < system_.actors.size(); ++actor) {
      std::vector<std::size_t> steps;
      for (std::size_t i = 0; i < run_.steps.size(); ++i)
        if (actor_of(run_.steps[i]) == actor) steps.push_back(i);
      if (steps.empty() || steps.size() == run_.steps.size()) continue;
      const auto his = [&](StateId, const Edge& edge) { return actor_of(edge.fired) == actor; };
      if (actor != actor_of(run_.steps.back()) && !violation_reached(graph_, his))
        out_.push_back({Prevention::Kind::actor, steps.front(), steps.back()});
      add_stretches(actor, steps);
    }
  }

  // The violation is not reached if nobody else moves between the actor's steps number `first` and `last`.
  bool holds_together(std::size_t actor, const std::vector<std::size_t>& steps, std::size_t first,
                      std::size_t last) const {
    std::set<ir::Location> inside;
    for (std::size_t i = first; i < last; ++i) inside.insert(system_[run_.steps[steps[i]]].to);
    return !violation_reached(graph_, [&](StateId state, const Edge& edge) {
      if (actor_of(edge.fired) == actor || !inside.contains(graph_.location(state, actor))) return false;
      // Who waits for others lets them move.
      const auto edges = graph_.edges(state);
      return std::any_of(edges.begin(), edges.end(), [&](const Edge& e) { return actor_of(e.fired) == actor; });
    });
  }

  // More steps together leave less to the others: the least end grows with the beginning.
  void add_stretches(std::size_t actor, const std::vector<std::size_t>& steps) {
    std::size_t last = 0;
    for (std::size_t first = 0; first < steps.size(); ++first) {
      while (last < steps.size() && (last <= first || !holds_together(actor, steps, first, last))) ++last;
      if (last >= steps.size()) return;
      // If it does without the first step, too, that stretch comes next and lies within this one.
      if (last > first + 1 && holds_together(actor, steps, first + 1, last)) continue;
      out_.push_back({Prevention::Kind::together, steps[first], steps[last]});
    }
  }

  const StateGraph& graph_;
  const ir::TransitionSystem& system_;
  const ir::Run& run_;
  std::vector<Prevention> out_;
};

}  // namespace

std::vector<Prevention> preventions(const StateGraph& graph, const ir::Run& run) {
  return Preventions(graph, run).run();
}

}  // namespace hotproof::checker::fate
