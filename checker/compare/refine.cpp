// Signature refinement: split classes by what their nodes can do, until nothing splits.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "checker/compare/graph.hpp"

namespace hotproof::checker::compare {

namespace {

using Signature = std::vector<std::pair<LabelId, std::uint32_t>>;  // what happens, and the class it leads to; ascending

struct SignatureHash {
  std::size_t operator()(const Signature& signature) const {
    std::uint64_t hash = 0x9e3779b97f4a7c15U;
    for (const auto& [label, target] : signature)
      hash = (hash ^ (std::uint64_t{label} << 32U | target)) * 0xff51afd7ed558ccdU + (hash >> 29U);
    return hash;
  }
};

// On a graph without circles of silent steps, whose nodes are numbered so that silent steps lead to smaller ones.
class Refinement {
 public:
  Refinement(const Graph& graph, Patience& patience)
      : graph_(graph),
        patience_(patience),
        class_of_(graph.nodes(), 0),
        signature_of_(graph.nodes(), 0),
        stale_(graph.nodes(), true),
        sources_(graph.nodes()) {
    for (const Edge& edge : graph.edges())
      if (sources_[edge.to].empty() || sources_[edge.to].back() != edge.from) sources_[edge.to].push_back(edge.from);
    members_.emplace_back();
    for (Node node = 0; node < graph.nodes(); ++node) members_.front().push_back(node);
  }

  Classes run() {
    while (!patience_.is_over()) {
      if (!sign() || !split()) break;
    }
    return {std::move(class_of_), static_cast<std::uint32_t>(members_.size())};
  }

 private:
  // New signatures where an old one may be wrong. False: no signature changed.
  bool sign() {
    touched_.clear();
    for (Node node = 0; node < graph_.nodes(); ++node) {
      if (!stale_[node]) continue;
      stale_[node] = false;
      if (patience_.is_over()) return false;
      const std::uint32_t signature = number_of(signature_at(node));
      if (signature == signature_of_[node]) continue;
      signature_of_[node] = signature;
      touched_.push_back(class_of_[node]);
      // Who comes here silently, within the class, can do the same; it has a larger number.
      for (const Node source : sources_[node])
        if (class_of_[source] == class_of_[node]) stale_[source] = true;
    }
    return !touched_.empty();
  }

  Signature signature_at(Node node) const {
    Signature out;
    for (const Edge& edge : graph_.out(node)) {
      const std::uint32_t target = class_of_[edge.to];
      if (edge.label != silent || target != class_of_[node]) {
        out.emplace_back(edge.label, target);
        continue;
      }
      const Signature& there = *signatures_[signature_of_[edge.to]];
      out.insert(out.end(), there.begin(), there.end());
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  std::uint32_t number_of(Signature signature) {
    const auto [found, fresh] =
        numbers_.try_emplace(std::move(signature), static_cast<std::uint32_t>(signatures_.size()));
    if (fresh) signatures_.push_back(&found->first);
    return found->second;
  }

  // Of each class, the nodes with the commonest signature keep its number. False: none was split.
  bool split() {
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    bool any = false;
    for (const std::uint32_t number : touched_) any |= split(number);
    return any;
  }

  bool split(std::uint32_t number) {
    std::vector<Node> all = std::move(members_[number]);
    std::stable_sort(all.begin(), all.end(), [&](Node a, Node b) { return signature_of_[a] < signature_of_[b]; });
    std::vector<std::pair<std::size_t, std::size_t>> groups;
    for (std::size_t begin = 0; begin < all.size();) {
      std::size_t end = begin + 1;
      while (end < all.size() && signature_of_[all[end]] == signature_of_[all[begin]]) ++end;
      groups.emplace_back(begin, end);
      begin = end;
    }
    const auto size = [](const auto& group) { return group.second - group.first; };
    const auto largest =
        std::max_element(groups.begin(), groups.end(), [&](const auto& a, const auto& b) { return size(a) < size(b); });
    for (auto group = groups.begin(); group != groups.end(); ++group) {
      const auto at = [&](std::size_t i) { return all.begin() + static_cast<std::ptrdiff_t>(i); };
      std::vector<Node> nodes(at(group->first), at(group->second));
      if (group != largest) {
        for (const Node node : nodes) move(node, static_cast<std::uint32_t>(members_.size()));
        members_.push_back(std::move(nodes));
      } else {
        members_[number] = std::move(nodes);
      }
    }
    return groups.size() > 1;
  }

  void move(Node node, std::uint32_t number) {
    class_of_[node] = number;
    stale_[node] = true;
    for (const Node source : sources_[node]) stale_[source] = true;
  }

  const Graph& graph_;
  Patience& patience_;
  std::vector<std::uint32_t> class_of_;
  std::vector<std::uint32_t> signature_of_;
  std::vector<bool> stale_;
  std::vector<std::vector<Node>> sources_;
  std::vector<std::vector<Node>> members_;  // by class
  std::vector<std::uint32_t> touched_;      // classes in which a signature changed
  std::unordered_map<Signature, std::uint32_t, SignatureHash> numbers_;
  std::vector<const Signature*> signatures_;
};

}  // namespace

Classes branching_classes(const Graph& graph, Patience& patience) {
  Classes circles;
  circles.of = silent_circles(graph, circles.count);
  const Classes coarse = Refinement(quotient(graph, circles), patience).run();
  for (std::uint32_t& number : circles.of) number = coarse.of[number];
  return {std::move(circles.of), coarse.count};
}

}  // namespace hotproof::checker::compare
