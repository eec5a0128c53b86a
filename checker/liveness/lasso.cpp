#include "checker/liveness/lasso.hpp"

#include <algorithm>

namespace hotproof::checker::liveness {

LassoBuilder::LassoBuilder(const Product& product, const std::vector<NodeId>& component)
    : product_(product), inside_(product.nodes_.size(), false), entry_(component.front()) {
  for (const NodeId id : component) {
    inside_[id] = true;
    entry_ = std::min(entry_, id);
  }
}

std::uint32_t LassoBuilder::group_of(const Step& step) const {
  return step.transition == no_transition ? Fairness::none : product_.fairness_.group[step.transition];
}

LassoBuilder::Lack LassoBuilder::lack() const {
  Lack out;
  const std::uint32_t sets = product_.automaton_.acceptance_sets;
  out.accepts = sets == 0 ? 0 : ~std::uint64_t{0} >> (64 - sets);
  out.actors = ~std::uint64_t{0};
  out.groups.assign(product_.fairness_.groups, false);
  const auto visit = [&](NodeId id) {
    const Vertex vertex = product_.nodes_[id].vertex;
    out.actors &= product_.graph_.must_move(vertex);
    product_.graph_.each_step(vertex, [&](const Step& step) {
      if (group_of(step) != Fairness::none) out.groups[group_of(step)] = true;
    });
  };
  visit(entry_);
  for (const Taken& taken : cycle_) visit(taken.to);
  const auto& transitions = product_.graph_.question().system.transitions;
  for (const Taken& taken : cycle_) {
    out.accepts &= ~taken.accepts;
    if (taken.step.transition != no_transition)
      out.actors &= ~(std::uint64_t{1} << ir::index(transitions[taken.step.transition].actor));
    if (group_of(taken.step) != Fairness::none) out.groups[group_of(taken.step)] = false;
  }
  out.any_group = std::find(out.groups.begin(), out.groups.end(), true) != out.groups.end();
  return out;
}

bool LassoBuilder::helps(const Lack& lack, const Taken& taken) const {
  if ((lack.accepts & taken.accepts) != 0) return true;
  const auto& transitions = product_.graph_.question().system.transitions;
  std::uint64_t relieved = ~product_.graph_.must_move(product_.nodes_[taken.to].vertex);
  if (taken.step.transition != no_transition)
    relieved |= std::uint64_t{1} << ir::index(transitions[taken.step.transition].actor);
  if ((lack.actors & relieved) != 0) return true;
  return group_of(taken.step) != Fairness::none && lack.groups[group_of(taken.step)];
}

template <class Wanted>
std::vector<LassoBuilder::Taken> LassoBuilder::way(NodeId from, Wanted&& wanted) const {
  std::vector<Taken> queue;
  std::vector<std::size_t> parent;
  std::vector<bool> seen(inside_.size(), false);
  constexpr std::size_t none = ~std::size_t{0};
  std::size_t end = none;
  const auto expand = [&](NodeId id, std::size_t by) {
    product_.each_step(id, [&](NodeId to, const Step& step, std::uint64_t accepts) {
      if (end != none || !inside_[to]) return;
      const Taken taken{id, to, step, accepts};
      const bool is_end = wanted(taken);
      if (!is_end && seen[to]) return;
      seen[to] = true;
      queue.push_back(taken);
      parent.push_back(by);
      if (is_end) end = queue.size() - 1;
    });
  };
  expand(from, none);
  for (std::size_t i = 0; i < queue.size() && end == none; ++i) expand(queue[i].to, i);
  std::vector<Taken> out;
  for (std::size_t i = end; i != none; i = parent[i]) out.push_back(queue[i]);
  std::reverse(out.begin(), out.end());
  return out;
}

void LassoBuilder::go_round() {
  NodeId at = entry_;
  const auto append = [&](const std::vector<Taken>& more) {
    cycle_.insert(cycle_.end(), more.begin(), more.end());
    at = cycle_.back().to;
  };
  // Each round ends with a lack less, and going back may open only groups of which there are finitely many.
  for (;;) {
    const Lack now = lack();
    if (!now.none())
      append(way(at, [&](const Taken& taken) { return helps(now, taken); }));
    else if (cycle_.empty() || at != entry_)
      append(way(at, [&](const Taken& taken) { return taken.to == entry_; }));
    else
      return;
  }
}

// The same word with less: a cycle that is a smaller one several times, and steps before it that it ends with.
void LassoBuilder::shorten(std::vector<Taken>& stem) {
  const auto same = [&](const Taken& a, const Taken& b) {
    return a.step.transition == b.step.transition && a.step.to == b.step.to &&
           product_.nodes_[a.from].vertex == product_.nodes_[b.from].vertex;
  };
  for (std::size_t period = 1; period <= cycle_.size() / 2; ++period) {
    if (cycle_.size() % period != 0) continue;
    bool repeats = true;
    for (std::size_t i = period; i < cycle_.size() && repeats; ++i) repeats = same(cycle_[i], cycle_[i - period]);
    if (!repeats) continue;
    cycle_.resize(period);
    break;
  }
  while (!stem.empty() && same(stem.back(), cycle_.back())) {
    std::rotate(cycle_.begin(), cycle_.end() - 1, cycle_.end());
    stem.pop_back();
  }
}

Lasso LassoBuilder::build() {
  go_round();
  std::vector<Taken> stem;
  for (NodeId id = entry_; product_.nodes_[id].parent != id; id = product_.nodes_[id].parent) {
    const NodeId from = product_.nodes_[id].parent;
    bool found = false;
    product_.each_step(from, [&](NodeId to, const Step& step, std::uint64_t accepts) {
      if (!found && to == id) stem.push_back({from, to, step, accepts});
      found |= to == id;
    });
  }
  std::reverse(stem.begin(), stem.end());
  shorten(stem);
  Lasso out;
  const NodeId first = stem.empty() ? cycle_.front().from : stem.front().from;
  out.initial = product_.graph_.state(product_.nodes_[first].vertex);
  for (const Taken& taken : stem)
    if (taken.step.transition != no_transition) out.steps.push_back(static_cast<ir::TransitionId>(taken.step.transition));
  out.loop_start = out.steps.size();
  for (const Taken& taken : cycle_)
    if (taken.step.transition != no_transition) out.steps.push_back(static_cast<ir::TransitionId>(taken.step.transition));
  return out;
}

}  // namespace hotproof::checker::liveness
