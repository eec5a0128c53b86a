#include "checker/compare/weak.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace hotproof::checker::compare {

namespace {

using WeakStep = std::pair<LabelId, std::uint32_t>;  // silently, a label, silently; or silently only
using Steps = std::vector<WeakStep>;                 // ascending
using Partition = std::vector<std::uint32_t>;        // by node: its class

void sort_unique(Steps& steps) {
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
}

class Game {
 public:
  Game(const Graph& graph, std::uint64_t most_weak_steps, Patience& patience)
      : graph_(graph), most_weak_steps_(most_weak_steps), patience_(patience) {}

  Bisimulation run(Node left, Node right) {
    Bisimulation out;
    if (!saturate() || !refine()) {
      out.stopped_by = stopped_by_.empty() ? patience_.why() : stopped_by_;
      return out;
    }
    out.equivalent = rounds_.back()[left] == rounds_.back()[right];
    if (!out.equivalent) out.separation = play(left, right);
    return out;
  }

 private:
  bool saturate() {
    std::vector<std::vector<Node>> silently(graph_.nodes());
    std::uint64_t total = 0;
    for (Node node = 0; node < graph_.nodes(); ++node) silently[node] = reached_silently(node);
    for (Node node = 0; node < graph_.nodes(); ++node) {
      Steps steps;
      for (const Node between : silently[node]) {
        if (patience_.is_over()) return false;
        steps.emplace_back(silent, between);
        for (const Edge& edge : graph_.out(between))
          if (edge.label != silent)
            for (const Node to : silently[edge.to]) steps.emplace_back(edge.label, to);
        if (steps.size() > most_weak_steps_) sort_unique(steps);
        if (total + steps.size() > most_weak_steps_) return give_up();
      }
      sort_unique(steps);
      total += steps.size();
      weak_.push_back(std::move(steps));
    }
    return true;
  }

  bool give_up() {
    stopped_by_ = "too many weak steps";
    return false;
  }

  std::vector<Node> reached_silently(Node node) const {
    std::vector<Node> all{node};
    for (std::size_t i = 0; i < all.size(); ++i)
      for (const Edge& edge : graph_.out(all[i]))
        if (edge.label == silent && std::find(all.begin(), all.end(), edge.to) == all.end()) all.push_back(edge.to);
    return all;
  }

  Steps signature(Node node, const Partition& partition) const {
    Steps out;
    for (const auto& [label, to] : weak_[node]) out.emplace_back(label, partition[to]);
    sort_unique(out);
    return out;
  }

  bool refine() {
    rounds_.emplace_back(graph_.nodes(), 0);
    std::size_t classes = 1;
    while (true) {
      std::map<std::pair<std::uint32_t, Steps>, std::uint32_t> numbers;
      Partition next(graph_.nodes());
      for (Node node = 0; node < graph_.nodes(); ++node) {
        if (patience_.is_over()) return false;
        const auto key = std::pair(rounds_.back()[node], signature(node, rounds_.back()));
        next[node] = numbers.try_emplace(key, static_cast<std::uint32_t>(numbers.size())).first->second;
      }
      rounds_.push_back(std::move(next));
      if (numbers.size() == classes) return true;
      classes = numbers.size();
    }
  }

  // The round that first told them apart; they must be apart.
  std::size_t apart_since(Node a, Node b) const {
    std::size_t round = 0;
    while (rounds_[round][a] == rounds_[round][b]) ++round;
    return round;
  }

  // What `mover` can do at the last round before they came apart, and `answerer` cannot.
  std::optional<WeakStep> advantage(Node mover, Node answerer, const Partition& partition) const {
    const Steps mine = signature(mover, partition);
    const Steps theirs = signature(answerer, partition);
    for (const WeakStep& step : mine)
      if (!std::binary_search(theirs.begin(), theirs.end(), step)) return step;
    return std::nullopt;
  }

  Separation play(Node left, Node right) const {
    Separation out;
    while (true) {
      const Partition& partition = rounds_[apart_since(left, right) - 1];
      auto step = advantage(left, right, partition);
      const bool left_moves = step.has_value();
      if (!left_moves) step = advantage(right, left, partition);
      const Node mover = left_moves ? left : right;
      const Node answerer = left_moves ? right : left;
      const auto answers = [&](const WeakStep& weak) { return weak.first == step->first; };
      if (std::none_of(weak_[answerer].begin(), weak_[answerer].end(), answers)) {
        out.last = step->first;
        out.left_can = left_moves;
        out.left = left;
        out.right = right;
        return out;
      }
      const auto moved = std::find_if(weak_[mover].begin(), weak_[mover].end(), [&](const WeakStep& weak) {
        return answers(weak) && partition[weak.second] == step->second;
      });
      const Node to = moved->second;
      Node answer = 0;
      std::size_t longest = 0;
      for (const WeakStep& weak : weak_[answerer]) {
        if (!answers(weak)) continue;
        const std::size_t since = apart_since(to, weak.second);
        if (since > longest) std::tie(longest, answer) = std::tie(since, weak.second);
      }
      if (step->first != silent) out.common.push_back(step->first);
      left = left_moves ? to : answer;
      right = left_moves ? answer : to;
    }
  }

  const Graph& graph_;
  std::uint64_t most_weak_steps_;
  Patience& patience_;
  std::string stopped_by_;
  std::vector<Steps> weak_;        // by node
  std::vector<Partition> rounds_;  // the last one is the answer
};

}  // namespace

Bisimulation weakly_bisimilar(const Graph& graph, Node left, Node right, std::uint64_t most_weak_steps,
                              Patience& patience) {
  return Game(graph, most_weak_steps, patience).run(left, right);
}

}  // namespace hotproof::checker::compare
