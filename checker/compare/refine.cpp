// Signature refinement: split classes by what their nodes can do, until nothing splits.
#include <algorithm>
#include <bit>
#include <numeric>
#include <span>
#include <utility>

#include "checker/compare/graph.hpp"

namespace hotproof::checker::compare {

namespace {

template <class T>
using Large = std::vector<T, explicit_state::LargePages<T>>;

// What can happen, and the class it leads to, in one number.
using Move = std::uint64_t;
Move move_of(LabelId label, std::uint32_t target) {
  return Move{label} << 32U | target;
}

// Sets of moves, in ascending order, and their numbers: equal ones have one. All lie in one array, as there are
// millions.
class Signatures {
 public:
  std::span<const Move> operator[](std::uint32_t number) const {
    return std::span(moves_).subspan(first_[number], first_[number + 1] - first_[number]);
  }

  std::uint32_t number_of(std::span<const Move> signature) {
    if (2 * hashes_.size() >= slots_.size()) grow();
    const std::uint64_t hash = hash_of(signature);
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at] != none; at = (at + 1) & (slots_.size() - 1)) {
      const std::uint32_t number = slots_[at];
      if (hashes_[number] == hash && std::ranges::equal((*this)[number], signature)) return number;
    }
    const auto number = static_cast<std::uint32_t>(hashes_.size());
    slots_[at] = number;
    hashes_.push_back(hash);
    moves_.insert(moves_.end(), signature.begin(), signature.end());
    first_.push_back(moves_.size());
    return number;
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  static std::uint64_t hash_of(std::span<const Move> signature) {
    std::uint64_t hash = 0x9e3779b97f4a7c15U;
    for (const Move move : signature) hash = (hash ^ move) * 0xff51afd7ed558ccdU + (hash >> 29U);
    return hash ^ hash >> 32U;
  }

  void grow() {
    constexpr std::size_t at_first = 1024;
    slots_.assign(std::max(at_first, 2 * slots_.size()), none);
    for (std::uint32_t number = 0; number < hashes_.size(); ++number) {
      std::size_t at = hashes_[number] & (slots_.size() - 1);
      while (slots_[at] != none) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = number;
    }
  }

  Large<Move> moves_;
  Large<std::uint64_t> first_ = {0};  // by number, one more than there are
  Large<std::uint64_t> hashes_;
  Large<std::uint32_t> slots_;
};

// Nodes in classes: those of a class stand side by side, so that some of them are split off without a look at the
// others.
class ClassedNodes {
 public:
  explicit ClassedNodes(Node nodes) : nodes_(nodes), place_(nodes), class_of_(nodes, 0), classes_{{0, nodes}} {
    std::iota(nodes_.begin(), nodes_.end(), Node{0});
    std::iota(place_.begin(), place_.end(), 0U);
  }

  std::uint32_t operator[](Node node) const { return class_of_[node]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(classes_.size()); }
  std::vector<std::uint32_t> take() { return std::move(class_of_); }

  // Where nodes stand: `size` of them, from the `first` place on.
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t size = 0;
  };
  Range range_of(std::uint32_t number) const { return classes_[number]; }
  std::span<const Node> nodes(Range range) const { return std::span(nodes_).subspan(range.first, range.size); }
  void keep(std::uint32_t number, Range range) { classes_[number] = range; }
  void add(Range range) {
    for (const Node node : nodes(range)) class_of_[node] = size();
    classes_.push_back(range);
  }
  // The nodes, all of one class, become its last ones, in this order.
  void move_to_end(std::uint32_t number, std::span<const std::pair<std::uint64_t, Node>> nodes) {
    const std::uint32_t end = classes_[number].first + classes_[number].size;
    for (std::uint32_t i = 0; i < nodes.size(); ++i) exchange(place_[nodes[nodes.size() - 1 - i].second], end - 1 - i);
  }

 private:
  void exchange(std::uint32_t a, std::uint32_t b) {
    std::swap(nodes_[a], nodes_[b]);
    place_[nodes_[a]] = a;
    place_[nodes_[b]] = b;
  }

  Large<Node> nodes_;
  Large<std::uint32_t> place_;  // by node, in nodes_
  std::vector<std::uint32_t> class_of_;
  std::vector<Range> classes_;
};

// Nodes to be looked at, in ascending order; later ones may be added while they are gone through.
class Marked {
 public:
  explicit Marked(Node nodes) : words_((std::size_t{nodes} + 63) / 64, ~std::uint64_t{0}) {
    if (nodes % 64 != 0) words_.back() = (std::uint64_t{1} << nodes % 64) - 1;
  }
  void add(Node node) { words_[node / 64] |= std::uint64_t{1} << node % 64; }
  template <class Look>
  void take_all(Look&& look) {
    for (std::size_t i = 0; i < words_.size(); ++i)
      while (words_[i] != 0) {
        const int bit = std::countr_zero(words_[i]);
        words_[i] &= words_[i] - 1;
        if (!look(static_cast<Node>(64 * i + static_cast<unsigned>(bit)))) return;
      }
  }

 private:
  std::vector<std::uint64_t> words_;
};

// On a graph without circles of silent steps, whose nodes are numbered so that silent steps lead to smaller ones.
class Refinement {
 public:
  Refinement(const Graph& graph, Patience& patience)
      : graph_(graph),
        patience_(patience),
        partition_(graph.nodes()),
        signature_of_(graph.nodes(), 0),
        stale_(graph.nodes()) {
    find_sources();
  }

  Classes run() {
    while (!patience_.is_over()) {
      if (!sign()) break;
      if (!split()) break;
    }
    const std::uint32_t count = partition_.size();
    return {partition_.take(), count};
  }

 private:
  void find_sources() {
    first_source_.assign(std::size_t{graph_.nodes()} + 1, 0);
    for (const Edge& edge : graph_.edges()) ++first_source_[edge.to + 1];
    std::partial_sum(first_source_.begin(), first_source_.end(), first_source_.begin());
    sources_.resize(graph_.edges().size());
    std::vector<std::uint32_t> next(first_source_.begin(), first_source_.end() - 1);
    for (const Edge& edge : graph_.edges()) sources_[next[edge.to]++] = edge.from;
  }
  std::span<const Node> sources(Node node) const {
    return std::span(sources_).subspan(first_source_[node], first_source_[node + 1] - first_source_[node]);
  }

  // New signatures where an old one may be wrong. False: no signature changed.
  bool sign() {
    touched_.clear();
    stale_.take_all([this](Node node) {
      if (patience_.is_over()) return false;
      write_signature(node);
      const std::uint32_t signature = signatures_.number_of(written_);
      if (signature == signature_of_[node]) return true;
      signature_of_[node] = signature;
      touched_.emplace_back(std::uint64_t{partition_[node]} << 32U | signature, node);
      // Who comes here silently, within the class, can do the same; it has a larger number.
      for (const Node source : sources(node))
        if (source > node && partition_[source] == partition_[node]) stale_.add(source);
      return true;
    });
    return !touched_.empty() && !patience_.is_over();
  }

  void write_signature(Node node) {
    written_.clear();
    const std::uint32_t own = partition_[node];
    for (const Edge& edge : graph_.out(node)) {
      const std::uint32_t target = partition_[edge.to];
      if (edge.label != silent || target != own) {
        written_.push_back(move_of(edge.label, target));
        continue;
      }
      const std::span<const Move> there = signatures_[signature_of_[edge.to]];
      written_.insert(written_.end(), there.begin(), there.end());
    }
    std::sort(written_.begin(), written_.end());
    written_.erase(std::unique(written_.begin(), written_.end()), written_.end());
  }

  // False: none was split.
  bool split() {
    std::sort(touched_.begin(), touched_.end());
    bool any = false;
    for (std::size_t begin = 0; begin < touched_.size();) {
      const std::uint64_t number = touched_[begin].first >> 32U;
      std::size_t end = begin + 1;
      while (end < touched_.size() && touched_[end].first >> 32U == number) ++end;
      any |= split(static_cast<std::uint32_t>(number), std::span(touched_).subspan(begin, end - begin));
      begin = end;
    }
    return any;
  }

  // All nodes of a class had the same signature, and those that were not touched still have it. The nodes with the
  // commonest keep the class's number.
  bool split(std::uint32_t number, std::span<const std::pair<std::uint64_t, Node>> touched) {
    const ClassedNodes::Range whole = partition_.range_of(number);
    partition_.move_to_end(number, touched);
    groups_.clear();
    const auto others = static_cast<std::uint32_t>(whole.size - touched.size());
    for (std::uint32_t begin = 0; begin < touched.size();) {
      std::uint32_t end = begin + 1;
      while (end < touched.size() && touched[end].first == touched[begin].first) ++end;
      groups_.push_back({whole.first + others + begin, end - begin});
      begin = end;
    }
    // In the order of their signatures, so that it does not matter who was touched.
    const auto signature = [this](ClassedNodes::Range range) { return signature_of_[partition_.nodes(range).front()]; };
    const ClassedNodes::Range rest{whole.first, others};
    if (others != 0)
      groups_.insert(std::upper_bound(groups_.begin(), groups_.end(), rest,
                                      [&](const auto& a, const auto& b) { return signature(a) < signature(b); }),
                     rest);
    const auto largest =
        std::max_element(groups_.begin(), groups_.end(), [](const auto& a, const auto& b) { return a.size < b.size; });
    partition_.keep(number, *largest);
    for (auto group = groups_.begin(); group != groups_.end(); ++group) {
      if (group == largest) continue;
      partition_.add(*group);
      for (const Node node : partition_.nodes(*group)) {
        stale_.add(node);
        for (const Node source : sources(node)) stale_.add(source);
      }
    }
    return groups_.size() > 1;
  }

  const Graph& graph_;
  Patience& patience_;
  ClassedNodes partition_;
  Signatures signatures_;
  Large<std::uint32_t> signature_of_;  // by node
  Marked stale_;
  Large<std::uint32_t> first_source_;  // by node, one more than there are
  Large<Node> sources_;
  std::vector<Move> written_;                      // the signature at hand
  Large<std::pair<std::uint64_t, Node>> touched_;  // class and new signature of whoever's changed
  std::vector<ClassedNodes::Range> groups_;        // of the class at hand
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
