#include "counterexamples/render/formats/state_graph.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "checker/fate/fate.hpp"
#include "counterexamples/explain.hpp"
#include "counterexamples/render/formats/escape.hpp"
#include "counterexamples/render/formats/formats.hpp"
#include "counterexamples/render/formats/svg.hpp"

namespace hotproof::render {

namespace {

using namespace counterexamples;
namespace fate = checker::fate;

constexpr std::uint32_t most_states = 200'000;  // that are explored
constexpr std::size_t most_nodes = 400;         // that are drawn
constexpr double most_seconds = 10;

// Which states stay as nodes, and the ways between them.
class Shrinker {
 public:
  Shrinker(const fate::StateGraph& graph, const ir::Run& run) : graph_(graph), ways_in_(graph.size(), 0) {
    avoidable_ = fate::avoidable(graph);
    for (fate::StateId state = 0; state < graph.size(); ++state)
      for (const fate::Edge& edge : graph.edges(state)) ++ways_in_[edge.to];
    fate::StateId at = 0;
    for (const ir::TransitionId step : run.steps) {
      const auto edges = graph.edges(at);
      const auto edge = std::find_if(edges.begin(), edges.end(), [step](const fate::Edge& e) { return e.fired == step; });
      on_run_.emplace(at, step);
      at = edge->to;
      run_states_.insert(at);
    }
    run_states_.insert(0);
    last_ = at;
  }

  SmallGraph shrink() {
    if (!draw()) {
      beside_run_only_ = true;
      if (!draw()) return unknown_graph();
      out_.part = "the run, and one step beside it";
    }
    return std::move(out_);
  }

 private:
  // False: that would be more than anybody looks at.
  bool draw() {
    out_ = {};
    nodes_.clear();
    out_.states = graph_.size();
    node_of(0, 0);
    for (std::size_t i = 0; i < out_.nodes.size() && out_.nodes.size() <= most_nodes; ++i)
      if (out_.nodes[i].state != last_ && (!beside_run_only_ || run_states_.contains(out_.nodes[i].state))) expand(i);
    return out_.nodes.size() <= most_nodes;
  }
  SmallGraph unknown_graph() const {
    SmallGraph out;
    out.states = graph_.size();
    out.unknown = "too many to draw";
    return out;
  }

  bool is_node(fate::StateId state) const {
    if (beside_run_only_ && !run_states_.contains(state)) return true;
    const auto edges = graph_.edges(state);
    if (state == 0 || state == last_ || graph_.violates(state) || edges.size() != 1 || ways_in_[state] != 1) return true;
    return edges[0].violates;
  }

  std::size_t node_of(fate::StateId state, std::size_t depth) {
    const auto [at, fresh] = nodes_.try_emplace(state, out_.nodes.size());
    if (fresh) out_.nodes.push_back({state, depth, graph_.violates(state), avoidable_[state], state == last_});
    return at->second;
  }

  void expand(std::size_t node) {
    const fate::StateId from = out_.nodes[node].state;
    for (const fate::Edge& first : graph_.edges(from)) {
      const ir::Transition& t = graph_.system()[first.fired];
      GraphEdge edge{node, 0, 1, graph_.system().actors[ir::index(t.actor)].name, t.text, on_run_.contains({from, first.fired})};
      bool violates = first.violates;
      fate::StateId to = first.to;
      // Where the last chance is lost, a node stands: nobody else leads there, or it would be one anyway.
      for (; !violates && !is_node(to) && avoidable_[to] == avoidable_[from]; ++edge.steps) {
        violates = graph_.edges(to)[0].violates;
        to = graph_.edges(to)[0].to;
      }
      edge.to = node_of(to, out_.nodes[node].depth + 1);
      if (violates) out_.nodes[edge.to].violates = true;
      if (edge.on_run) out_.nodes[node].on_run = out_.nodes[edge.to].on_run = true;
      out_.edges.push_back(std::move(edge));
    }
  }

  const fate::StateGraph& graph_;
  std::vector<std::uint32_t> ways_in_;
  std::vector<bool> avoidable_;
  std::set<std::pair<fate::StateId, ir::TransitionId>> on_run_;
  std::set<fate::StateId> run_states_;
  bool beside_run_only_ = false;
  fate::StateId last_ = 0;
  std::map<fate::StateId, std::size_t> nodes_;
  SmallGraph out_;
};

SmallGraph unknown(const std::string& why) {
  SmallGraph out;
  out.unknown = why;
  return out;
}

std::string label_of(const GraphEdge& edge) {
  return edge.actor + ": " + plain(edge.text, 60, false) + (edge.steps > 1 ? "\n(" + std::to_string(edge.steps) + " steps)" : "");
}

const char* colour_of(const GraphNode& node) {
  return node.violates ? "\"#b00020\"" : node.avoidable ? "black" : "\"#c77700\"";
}

std::string title_of(const RunView& run, const SmallGraph& graph) {
  return run.property->id + ": " + std::to_string(graph.states) + " states; " +
         (graph.unknown.empty() ? "orange: the violation cannot be avoided any more" : graph.unknown) +
         (graph.part.empty() ? "" : "; shown: " + graph.part);
}

}  // namespace

SmallGraph state_graph_of(const PropertyReport& property) {
  if (!property.system || !property.run) return unknown("the model is not here");
  const auto& all = property.system->properties;
  const auto found = std::find_if(all.begin(), all.end(), [&](const ir::Property& p) { return p.id == property.id; });
  if (found == all.end()) return unknown("the model has no such rule");
  const auto only = only_for(*property.system, static_cast<ir::PropertyId>(found - all.begin()), *property.run,
                             property.run->steps.size());
  if (!only) return unknown("the run is none of the model");
  checker::Options options;
  options.limits.seconds = most_seconds;
  const fate::StateGraph graph(only->smaller.system, ir::PropertyId{0}, only->run.initial, options, most_states);
  if (!graph.complete()) return unknown("not explored to its end (" + graph.stopped_by() + ")");
  return Shrinker(graph, only->run).shrink();
}

std::string graph_dot(const RunView& run, const Context&) {
  const SmallGraph small = state_graph_of(*run.property);
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, GraphNode, GraphEdge>;
  Graph graph;
  for (const GraphNode& node : small.nodes) boost::add_vertex(node, graph);
  for (const GraphEdge& edge : small.edges) boost::add_edge(edge.from, edge.to, edge, graph);
  std::ostringstream out;
  boost::write_graphviz(
      out, graph,
      [&](std::ostream& to, Graph::vertex_descriptor v) {
        const GraphNode& node = graph[v];
        to << "[label=" << dot(v == 0 ? "start" : node.violates ? "violated" : "") << ", color=" << colour_of(node)
           << (node.on_run ? ", penwidth=2" : "") << (node.violates || v == 0 ? ", shape=box" : ", shape=circle, width=0.2") << "]";
      },
      [&](std::ostream& to, Graph::edge_descriptor e) {
        const GraphEdge& edge = graph[e];
        to << "[label=" << dot(label_of(edge)) << (edge.on_run ? ", color=\"#b00020\", penwidth=2" : "") << "]";
      },
      [&](std::ostream& to) {
        to << "label=" << dot(title_of(run, small)) << ";\nlabelloc=t;\nnode [fontname=monospace, fontsize=10];\n"
           << "edge [fontname=monospace, fontsize=8];\n";
      });
  return out.str();
}

std::string graph_svg(const RunView& run, const Context&) {
  constexpr double column = 78, row = 46, left = 40, top = 60;
  const SmallGraph small = state_graph_of(*run.property);
  std::map<std::size_t, std::size_t> rows;  // by depth, how many are there
  std::vector<std::pair<double, double>> at;
  double width = 640;
  double height = top + row;
  for (const GraphNode& node : small.nodes) {
    const std::size_t here = rows[node.depth]++;
    at.emplace_back(left + static_cast<double>(node.depth) * column, top + static_cast<double>(here) * row);
    width = std::max(width, at.back().first + column);
    height = std::max(height, at.back().second + row);
  }
  Svg out;
  for (const bool lit : {false, true})
    for (const GraphEdge& edge : small.edges) {
      if (edge.on_run != lit) continue;
      const auto [x1, y1] = at[edge.from];
      const auto [x2, y2] = at[edge.to];
      // Ways back and ways to oneself go around below.
      const bool forward = x2 > x1;
      out.curve(x1, y1, (x1 + x2) / 2, forward ? (y1 + y2) / 2 : std::max(y1, y2) + row / 2, x2, y2, lit ? "taken" : "possible");
    }
  for (std::size_t i = 0; i < small.nodes.size(); ++i) {
    const GraphNode& node = small.nodes[i];
    out.circle(at[i].first, at[i].second, node.on_run ? 6 : 4, node.violates ? "fault" : node.avoidable ? "step" : "lock1");
  }
  out.text(left, 24, title_of(run, small), "head", width - left);
  if (!small.nodes.empty()) {
    out.text(left - 14, top - 14, "start", "dim", column);
    for (std::size_t i = 0; i < small.nodes.size(); ++i)
      if (small.nodes[i].violates) out.text(at[i].first - 20, at[i].second - 12, "violated", "dim", column);
  }
  return out.document(width, height, "the state graph of " + plain(run.property->id));
}

}  // namespace hotproof::render
