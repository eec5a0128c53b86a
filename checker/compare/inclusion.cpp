#include "checker/compare/inclusion.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

namespace hotproof::checker::compare {

namespace {

using Nodes = std::vector<Node>;  // ascending
using SetId = std::uint32_t;

struct NodesHash {
  std::size_t operator()(const Nodes& nodes) const {
    std::uint64_t hash = nodes.size();
    for (const Node node : nodes) hash = (hash ^ node) * 0xff51afd7ed558ccdU + (hash >> 31U);
    return hash;
  }
};

// Sets of nodes, each closed under silent steps and kept once.
class Sets {
 public:
  explicit Sets(const Graph& graph) : graph_(graph), marked_(graph.nodes(), false) {}

  const Nodes& operator[](SetId id) const { return *sets_[id]; }
  SetId closure(const Nodes& from) {
    Nodes all;
    for (const Node node : from) mark(node, all);
    for (std::size_t i = 0; i < all.size(); ++i)
      for (const Edge& edge : graph_.out(all[i])) {
        if (edge.label != silent) break;
        mark(edge.to, all);
      }
    for (const Node node : all) marked_[node] = false;
    std::sort(all.begin(), all.end());
    const auto [found, fresh] = numbers_.try_emplace(std::move(all), static_cast<SetId>(sets_.size()));
    if (fresh) sets_.push_back(&found->first);
    return found->second;
  }

  // Where one can be after the label.
  SetId after(SetId set, LabelId label) {
    const auto [found, fresh] = after_.try_emplace({set, label}, 0);
    if (!fresh) return found->second;
    Nodes next;
    for (const Node node : *sets_[set]) {
      const auto edges = graph_.out(node);
      auto edge = std::lower_bound(edges.begin(), edges.end(), label,
                                   [](const Edge& e, LabelId wanted) { return e.label < wanted; });
      for (; edge != edges.end() && edge->label == label; ++edge) next.push_back(edge->to);
    }
    return found->second = closure(next);
  }

 private:
  void mark(Node node, Nodes& all) {
    if (marked_[node]) return;
    marked_[node] = true;
    all.push_back(node);
  }

  const Graph& graph_;
  std::vector<bool> marked_;
  std::unordered_map<Nodes, SetId, NodesHash> numbers_;
  std::vector<const Nodes*> sets_;
  std::map<std::pair<SetId, LabelId>, SetId> after_;
};

class Search {
 public:
  Search(const Graph& graph, std::uint64_t most_pairs, Patience& patience)
      : graph_(graph), most_pairs_(most_pairs), patience_(patience), sets_(graph), antichains_(graph.nodes()) {}

  Inclusion run(Node left, Node right) {
    meet({left, sets_.closure({right}), no_parent, silent});
    // What happens silently belongs to the level at hand: pairs it leads to are looked at before the next level.
    while (!level_.empty() && !out_.missing && out_.stopped_by.empty()) {
      std::vector<std::uint32_t> next;
      for (std::size_t i = 0; i < level_.size() && !out_.missing && out_.stopped_by.empty(); ++i)
        expand(level_[i], next);
      level_ = std::move(next);
      for (const std::uint32_t pair : level_) note(pair);
      std::erase_if(level_, [&](std::uint32_t pair) { return is_dropped(pair); });
    }
    out_.pairs = pairs_.size();
    return std::move(out_);
  }

 private:
  static constexpr std::uint32_t no_parent = ~std::uint32_t{0};
  struct Pair {
    Node left;
    SetId right;
    std::uint32_t parent;
    LabelId label;  // that led here
    bool dropped = false;
  };

  bool is_dropped(std::uint32_t pair) const { return pairs_[pair].dropped; }

  // The pair at the current level.
  void meet(const Pair& pair) {
    pairs_.push_back(pair);
    const auto number = static_cast<std::uint32_t>(pairs_.size() - 1);
    note(number);
    if (!is_dropped(number)) level_.push_back(number);
  }

  // Drops the pair if a pair that was met, at this level or before, leaves it nothing to find.
  void note(std::uint32_t number) {
    Pair& pair = pairs_[number];
    const Nodes& right = sets_[pair.right];
    pair.dropped = true;
    if (std::binary_search(right.begin(), right.end(), pair.left)) return;
    std::vector<SetId>& known = antichains_[pair.left];
    for (const SetId set : known)
      if (std::includes(right.begin(), right.end(), sets_[set].begin(), sets_[set].end())) return;
    std::erase_if(known, [&](SetId set) {
      return std::includes(sets_[set].begin(), sets_[set].end(), right.begin(), right.end());
    });
    known.push_back(pair.right);
    pair.dropped = false;
  }

  void expand(std::uint32_t number, std::vector<std::uint32_t>& next) {
    if (patience_.is_over()) return stop(patience_.why());
    if (pairs_.size() > most_pairs_) return stop("too many pairs of what the two may be at");
    const Pair pair = pairs_[number];
    for (const Edge& edge : graph_.out(pair.left)) {
      if (edge.label == silent) {
        meet({edge.to, pair.right, number, silent});
        continue;
      }
      const SetId right = sets_.after(pair.right, edge.label);
      if (sets_[right].empty()) return found(number, edge.label);
      pairs_.push_back({edge.to, right, number, edge.label});
      next.push_back(static_cast<std::uint32_t>(pairs_.size() - 1));
    }
  }

  void stop(const std::string& why) { out_.stopped_by = why; }

  void found(std::uint32_t number, LabelId last) {
    Word word{last};
    for (; number != no_parent; number = pairs_[number].parent)
      if (pairs_[number].label != silent) word.push_back(pairs_[number].label);
    std::reverse(word.begin(), word.end());
    out_.missing = std::move(word);
  }

  const Graph& graph_;
  std::uint64_t most_pairs_;
  Patience& patience_;
  Sets sets_;
  std::vector<std::vector<SetId>> antichains_;  // by left node
  std::vector<Pair> pairs_;
  std::vector<std::uint32_t> level_;
  Inclusion out_;
};

}  // namespace

Inclusion included(const Graph& graph, Node left, Node right, std::uint64_t most_pairs, Patience& patience) {
  return Search(graph, most_pairs, patience).run(left, right);
}

}  // namespace hotproof::checker::compare
