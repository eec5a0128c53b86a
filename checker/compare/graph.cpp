#include "checker/compare/graph.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <tuple>

namespace hotproof::checker::compare {

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Tarjan, SIAM J. Comput. 1(2), 1972, over silent steps, without recursion.
class Circles {
 public:
  explicit Circles(const Graph& graph)
      : graph_(graph), of_(graph.nodes(), none), order_(graph.nodes(), none), low_(graph.nodes(), 0) {}

  std::vector<std::uint32_t> run(std::uint32_t& count) {
    for (Node node = 0; node < graph_.nodes(); ++node)
      if (order_[node] == none) search_from(node);
    count = count_;
    return std::move(of_);
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct Frame {
    Node node;
    std::size_t next;
  };

  void enter(Node node) {
    order_[node] = low_[node] = time_++;
    open_.push_back(node);
    frames_.push_back({node, 0});
  }

  void search_from(Node root) {
    enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const Node node = frame.node;
      const auto edges = graph_.out(node);
      // Silent steps come first.
      if (frame.next < edges.size() && edges[frame.next].label == silent) {
        const Node to = edges[frame.next++].to;
        if (order_[to] == none)
          enter(to);
        else if (of_[to] == none)
          low_[node] = std::min(low_[node], order_[to]);
        continue;
      }
      frames_.pop_back();
      if (low_[node] == order_[node]) close(node);
      if (!frames_.empty()) low_[frames_.back().node] = std::min(low_[frames_.back().node], low_[node]);
    }
  }

  void close(Node root) {
    Node node = root;
    do {
      node = open_.back();
      open_.pop_back();
      of_[node] = count_;
    } while (node != root);
    ++count_;
  }

  const Graph& graph_;
  std::vector<std::uint32_t> of_, order_, low_;
  std::vector<Node> open_;
  std::vector<Frame> frames_;
  std::uint32_t time_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace

// Few edges leave a node: putting them where they belong, and then sorting those of each node, is much faster than
// sorting all.
Graph::Graph(std::uint32_t nodes, Edges edges) {
  count(nodes, edges);
  if (std::is_sorted(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.from < b.from; })) {
    edges_ = std::move(edges);
  } else {
    edges_.resize(edges.size());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    for (const Edge& edge : edges) edges_[next[edge.from]++] = edge;
  }
  const auto key = [](const Edge& edge) { return std::tie(edge.label, edge.to, edge.step); };
  for (std::uint32_t node = 0; node < nodes; ++node)
    std::sort(edges_.begin() + first_[node], edges_.begin() + first_[node + 1],
              [&](const Edge& a, const Edge& b) { return key(a) < key(b); });
}

void Graph::count(std::uint32_t nodes, const Edges& edges) {
  first_.assign(std::size_t{nodes} + 1, 0);
  for (const Edge& edge : edges) ++first_[edge.from + 1];
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
}

void Graph::drop_equal_edges() {
  const auto equal = [](const Edge& a, const Edge& b) {
    return std::tie(a.from, a.label, a.to, a.step) == std::tie(b.from, b.label, b.to, b.step);
  };
  edges_.erase(std::unique(edges_.begin(), edges_.end(), equal), edges_.end());
  count(nodes(), edges_);
}

Patience::Patience(double seconds, const volatile bool* interrupted)
    : end_(seconds > 0 ? now() + seconds : 0), interrupted_(interrupted) {}

bool Patience::is_over() {
  constexpr std::uint32_t questions_between_looks = 1024;
  if (*why_ != '\0') return true;
  if (asked_++ % questions_between_looks != 0) return false;
  if (interrupted_ != nullptr && *interrupted_)
    why_ = "interrupted";
  else if (end_ > 0 && now() > end_)
    why_ = "time limit";
  return *why_ != '\0';
}

std::vector<std::uint32_t> silent_circles(const Graph& graph, std::uint32_t& count) {
  return Circles(graph).run(count);
}

Graph quotient(const Graph& graph, const Classes& classes) {
  Edges edges;
  for (const Edge& edge : graph.edges()) {
    const Edge of_class{classes.of[edge.from], classes.of[edge.to], edge.label, no_step};
    if (of_class.label != silent || of_class.from != of_class.to) edges.push_back(of_class);
  }
  Graph out(classes.count, std::move(edges));
  out.drop_equal_edges();
  return out;
}

}  // namespace hotproof::checker::compare
